"""Messages on a case: between office and firm, and notes of the office; what was written stays as it is."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import MessageKind

from .cases import CultivationCase


class CaseMessage(models.Model):
    """One message or note; the table only grows."""

    append_only = True

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="messages")
    kind = models.CharField(_("kind"), max_length=10, choices=MessageKind)
    text = models.CharField(_("text"), max_length=2000)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"), default=now)

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        ordering = ["case", "pk"]
        verbose_name = _("message on a case")
        verbose_name_plural = _("messages on cases")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MessageKind.values), name="message_kind_is_known"),
            models.CheckConstraint(condition=~Q(text=""), name="message_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"


class MessageMark(models.Model):
    """Up to which message a person has read the thread of a case."""

    case = models.ForeignKey(CultivationCase, models.CASCADE, related_name="message_marks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    last = models.ForeignKey(CaseMessage, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "case"], name="person_has_one_mark_a_thread"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"
