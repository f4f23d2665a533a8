"""The stock of a day as it was put on record: a preliminary version, and a final one that a second person locks."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import AccreditationKind, StockStage

from .accreditations import Accreditation
from .divisions import Division, IndustryField
from .firms import Firm

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class StockRecord(models.Model):
    """One version of a day's stock, numbered 1, 2, … a day and never changed (edge case 44).

    A version drawn up after a final one says why and by which document; that final one stays as it was.
    """

    append_only = True

    day = models.DateField(_("day"))
    number = models.PositiveSmallIntegerField(_("version"))
    stage = models.CharField(_("stage"), max_length=12, choices=StockStage)
    total = models.PositiveIntegerField(_("firms"))
    sha256 = models.CharField(_("SHA-256 of the lines"), max_length=64)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    document = models.CharField(_("document"), max_length=120, blank=True)
    drawn_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("drawn up by")
    )
    drawn_up_at = models.DateTimeField(_("drawn up at"), default=now)
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("locked by")
    )
    locked_at = models.DateTimeField(_("locked at"), null=True)

    if TYPE_CHECKING:
        drawn_up_by_id: int
        locked_by_id: int | None
        lines: RelatedManager["StockLine"]

    class Meta:
        ordering = ["day", "number"]
        verbose_name = _("version of a stock")
        verbose_name_plural = _("versions of the stock")
        constraints = [
            models.UniqueConstraint(fields=["day", "number"], name="version_of_a_stock_has_its_number"),
            models.CheckConstraint(
                condition=Q(stage=StockStage.FINAL, locked_by__isnull=False, locked_at__isnull=False)
                | Q(stage=StockStage.PRELIMINARY, locked_by__isnull=True, locked_at__isnull=True),
                name="final_stock_names_who_locked_it",
            ),
            models.CheckConstraint(
                condition=Q(locked_by__isnull=True) | ~Q(locked_by=F("drawn_up_by")),
                name="stock_is_locked_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.stage} {self.number}"


class StockLine(models.Model):
    """A firm that counted: where, in which field, by which certificate."""

    append_only = True

    record = models.ForeignKey(StockRecord, models.PROTECT, related_name="lines")
    firm = models.ForeignKey(Firm, models.PROTECT, related_name="+")
    division = models.ForeignKey(Division, models.PROTECT, related_name="+")
    industry_field = models.ForeignKey(IndustryField, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=10, choices=AccreditationKind)
    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="+")

    if TYPE_CHECKING:
        record_id: int
        firm_id: int
        division_id: int
        industry_field_id: int | None
        accreditation_id: int

    class Meta:
        ordering = ["record", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["record", "firm"], name="firm_counts_once_in_a_stock"),
        ]

    def __str__(self) -> str:
        return f"{self.record_id} {self.firm_id}"
