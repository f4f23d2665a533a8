"""How and when an issued notice reached its addressee."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from documents.enums import DeliveryKind

from .notices import Notice


class NoticeDelivery(models.Model):
    """One delivery: the firm downloaded it, or it was handed over or sent; never changed."""

    append_only = True

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="deliveries")
    kind = models.CharField(_("kind"), max_length=12, choices=DeliveryKind)
    delivered_on = models.DateField(_("delivered on"))
    receiver = models.CharField(_("received by"), max_length=120)
    proof = models.CharField(_("proof"), max_length=200, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"))

    if TYPE_CHECKING:
        notice_id: int

    class Meta:
        ordering = ["notice", "delivered_on", "pk"]
        verbose_name = _("delivery of a notice")
        verbose_name_plural = _("deliveries of notices")
        constraints = [
            models.CheckConstraint(condition=~Q(receiver=""), name="delivery_names_its_receiver"),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.kind}"
