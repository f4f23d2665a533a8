"""Filters of the work queue that a person keeps, alone or for the colleagues of the same office."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now


class SavedFilter(models.Model):
    """A name for the query part of the queue's address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(_("filter"), max_length=400)
    shared = models.BooleanField(_("shared with the office"), default=False)
    saved_at = models.DateTimeField(_("saved at"), default=now)

    if TYPE_CHECKING:
        owner_id: int

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="person_names_a_filter_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
