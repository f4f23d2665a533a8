"""Filters of lists that a person keeps, alone or for the colleagues of the same office."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now


class SavedFilter(models.Model):
    """A name for what a list is narrowed to.

    ``kind`` is the list as ``FILE_MAKERS`` names it; ``asked`` what its filter form understood, as text by field.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("owner")
    )
    kind = models.CharField(_("list"), max_length=40)
    name = models.CharField(_("name"), max_length=40)
    asked = models.JSONField(_("filter"))
    shared = models.BooleanField(_("shared with the office"), default=False)
    saved_at = models.DateTimeField(_("saved at"), default=now)

    if TYPE_CHECKING:
        owner_id: int

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        verbose_name = _("saved filter")
        verbose_name_plural = _("saved filters")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "kind", "name"], name="person_names_a_filter_of_a_list_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
