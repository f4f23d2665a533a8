"""A firm's R&D auxiliary ledger as it was handed in: projects, lines, what they say together, what looks wrong."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from cultivation.enums import LedgerDecision, LedgerFindingCode, RdCategory

from .firms import Firm

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager


class RdLedger(models.Model):
    """One workbook taken over. A later one takes its place; the earlier one is kept with its lines."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="rd_ledgers")
    attachment = models.ForeignKey("documents.Attachment", models.PROTECT, related_name="+")
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), default=now)
    replaced_at = models.DateTimeField(_("replaced at"), null=True)

    if TYPE_CHECKING:
        firm_id: int
        projects: RelatedManager["RdProject"]
        lines: RelatedManager["RdLedgerLine"]
        stated: RelatedManager["RdStatedAmount"]
        findings: RelatedManager["RdLedgerFinding"]

    class Meta:
        ordering = ["-imported_at", "-pk"]
        verbose_name = _("R&D ledger")
        verbose_name_plural = _("R&D ledgers")
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=Q(replaced_at__isnull=True), name="firm_has_one_standing_ledger"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.imported_at:%Y-%m-%d}"


class RdProject(models.Model):
    """A research project by its number (RD01 …); without dates its period is not known."""

    ledger = models.ForeignKey(RdLedger, models.PROTECT, related_name="projects")
    code = models.CharField(_("project number"), max_length=10)
    name = models.CharField(_("project"), max_length=120, blank=True)
    starts_on = models.DateField(_("begins on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        ordering = ["ledger", "code"]
        constraints = [
            models.UniqueConstraint(fields=["ledger", "code"], name="ledger_names_a_project_once"),
        ]

    def __str__(self) -> str:
        return self.code


class RdLedgerLine(models.Model):
    """One booking. ``category`` is empty where the text names none of the eight; amounts in yuan, credits negative."""

    ledger = models.ForeignKey(RdLedger, models.PROTECT, related_name="lines")
    project = models.ForeignKey(RdProject, models.PROTECT, null=True, related_name="lines")
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    sheet = models.CharField(_("sheet"), max_length=31)
    row = models.PositiveIntegerField(_("row"))
    booked_on = models.DateField(_("booked on"))
    voucher = models.CharField(_("voucher"), max_length=40, blank=True)
    invoice = models.CharField(_("invoice"), max_length=40, blank=True)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=RdCategory, blank=True)
    category_text = models.CharField(_("category as written"), max_length=60)
    amount = MoneyField(_("amount"))
    payee = models.CharField(_("paid to"), max_length=120, blank=True)
    is_related_party = models.BooleanField(_("related party"), default=False)
    person = models.CharField(_("person"), max_length=60, blank=True)
    month = models.PositiveSmallIntegerField(_("month"), null=True)
    asset = models.CharField(_("asset"), max_length=120, blank=True)
    identity = models.CharField(_("what makes it the same expense"), max_length=64, db_index=True)

    if TYPE_CHECKING:
        ledger_id: int
        project_id: int | None

    class Meta:
        ordering = ["ledger", "year", "row"]
        indexes = [models.Index(fields=["ledger", "year"], name="ledger_line_by_year")]

    def __str__(self) -> str:
        return f"{self.sheet}!{self.row}"


class RdStatedAmount(models.Model):
    """What the firm's own table states (195号 附件2 五): one amount a year, project and category, in yuan."""

    ledger = models.ForeignKey(RdLedger, models.PROTECT, related_name="stated")
    project = models.ForeignKey(RdProject, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("fiscal year"))
    category = models.CharField(_("category"), max_length=20, choices=RdCategory)
    amount = MoneyField(_("amount"))

    class Meta:
        ordering = ["ledger", "year", "project"]
        constraints = [
            models.UniqueConstraint(
                fields=["ledger", "year", "project", "category"], name="ledger_states_an_amount_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.category}"


class RdLedgerFinding(models.Model):
    """Something about a line. ``excludes``: not counted by rule; else counted until a person strikes it."""

    ledger = models.ForeignKey(RdLedger, models.PROTECT, related_name="findings")
    line = models.ForeignKey(RdLedgerLine, models.PROTECT, related_name="findings")
    code = models.CharField(_("finding"), max_length=30, choices=LedgerFindingCode)
    excludes = models.BooleanField(_("not counted"))
    note = models.CharField(_("note"), max_length=300)
    decision = models.CharField(_("decision"), max_length=10, choices=LedgerDecision, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)

    if TYPE_CHECKING:
        line_id: int

    class Meta:
        ordering = ["ledger", "line", "code"]
        indexes = [models.Index(fields=["ledger", "decision"], name="ledger_finding_by_decision")]
        constraints = [
            models.UniqueConstraint(fields=["line", "code"], name="line_has_a_finding_once"),
            models.CheckConstraint(
                condition=Q(decision="", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(decision="") & ~Q(reason="") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="ledger_decision_names_its_person_time_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.code}"
