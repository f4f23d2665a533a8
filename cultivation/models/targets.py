"""Annual targets of the city and, where the bureau has entered them, of the counties."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cultivation.enums import Origin, TargetMeasure

from .divisions import Division


class AnnualTarget(models.Model):
    """One figure of a plan for one year; no division: the whole city. The history keeps what it was before, and why."""

    measure = models.CharField(_("measure"), max_length=20, choices=TargetMeasure)
    division = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="targets", verbose_name=_("division")
    )
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.PositiveIntegerField(_("value"))
    origin = models.CharField(_("origin"), max_length=10, choices=Origin)
    basis = models.ForeignKey(
        "documents.PolicyDocument", models.PROTECT, null=True, blank=True, verbose_name=_("policy basis")
    )
    source = models.CharField(_("source"), max_length=300)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    history = HistoricalRecords(history_change_reason_field=models.CharField(max_length=500, null=True))

    if TYPE_CHECKING:
        division_id: int | None
        entered_by_id: int | None

    class Meta:
        ordering = ["measure", "year", "division"]
        verbose_name = _("annual target")
        verbose_name_plural = _("annual targets")
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "division", "year"], name="division_target_is_set_once_a_year"
            ),
            # NULLs are distinct to a unique index on SQLite, so the city has a constraint of its own.
            models.UniqueConstraint(
                fields=["measure", "year"],
                condition=Q(division__isnull=True),
                name="city_target_is_set_once_a_year",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="target_names_its_source"),
        ]

    def __str__(self) -> str:
        return f"{self.measure} {self.year}: {self.value}"
