"""Duties while a certificate runs: yearly reports and reported changes (国科发火〔2016〕32号 第十三条, 第十七条)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from cultivation.enums import ChangeKind

from .accreditations import Accreditation
from .firms import Firm


class AnnualReport(models.Model):
    """The report on a year of a certificate's term, due by the end of May of the next year.

    A wrong entry stays and is followed by one that ``corrects`` it, by a second person and with a reason; the last of
    such a chain counts. A correction without ``reported_on`` says that there was no report.
    """

    append_only = True

    accreditation = models.ForeignKey(Accreditation, models.PROTECT, related_name="annual_reports")
    year = models.PositiveSmallIntegerField(_("year reported on"))
    reported_on = models.DateField(_("reported on"), null=True, blank=True)
    document = models.CharField(_("document"), max_length=120, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="corrected_by", verbose_name=_("corrects")
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    if TYPE_CHECKING:
        accreditation_id: int
        corrects_id: int | None
        recorded_by_id: int

    class Meta:
        ordering = ["accreditation", "year", "pk"]
        verbose_name = _("annual report")
        verbose_name_plural = _("annual reports")
        constraints = [
            models.UniqueConstraint(
                fields=["accreditation", "year"],
                condition=Q(corrects__isnull=True),
                name="year_is_reported_once_a_term",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, reported_on__isnull=False)
                | (Q(corrects__isnull=False) & ~Q(reason="")),
                name="report_has_its_day_and_a_correction_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.accreditation_id} {self.year}"


class MaterialChange(models.Model):
    """A rename or another material change that the firm has to report within three months.

    ``due_on`` is the last day for that by the rule in force when it was recorded.
    """

    append_only = True

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="material_changes")
    kind = models.CharField(_("kind"), max_length=20, choices=ChangeKind)
    happened_on = models.DateField(_("happened on"))
    due_on = models.DateField(_("to be reported by"))
    reported_on = models.DateField(_("reported on"))
    document = models.CharField(_("document"), max_length=120)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    if TYPE_CHECKING:
        firm_id: int

    class Meta:
        ordering = ["happened_on", "pk"]
        verbose_name = _("material change")
        verbose_name_plural = _("material changes")
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_on__gte=F("happened_on")), name="change_is_reported_after_it_happened"
            ),
            models.CheckConstraint(condition=~Q(document=""), name="change_names_its_document"),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.kind} {self.happened_on}"

    @property
    def is_late(self) -> bool:
        return self.reported_on > self.due_on
