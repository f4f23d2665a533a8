"""Acceptance numbers (受理编号): every submission of a case gets the next number of its year."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .cases import CultivationCase
from .events import CaseEvent


class AcceptanceSeries(models.Model):
    """The row that is locked to number a submission: the last number given out in a year."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        ordering = ["year"]
        verbose_name = _("series of acceptance numbers")
        verbose_name_plural = _("series of acceptance numbers")

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"


class Acceptance(models.Model):
    """One submission, first or again after a correction; ``sequence`` runs 1…n in a year without gap or repeat."""

    append_only = True

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="acceptances")
    event = models.OneToOneField(CaseEvent, models.PROTECT, related_name="acceptance")
    year = models.PositiveSmallIntegerField(_("year"))
    sequence = models.PositiveIntegerField(_("number in the year"))

    if TYPE_CHECKING:
        case_id: int

    class Meta:
        ordering = ["case", "pk"]
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [
            models.UniqueConstraint(
                fields=["year", "sequence"], name="acceptance_number_is_given_once_a_year"
            ),
            models.CheckConstraint(condition=Q(sequence__gt=0), name="acceptance_numbers_start_at_one"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is printed, such as SL2019-00012."""
        return f"SL{self.year}-{self.sequence:05d}"
