"""Technology SMEs and gazelles: criteria as data with their source, and the recommendations on record."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from config.common.clock import now
from cultivation.enums import FirmTier, TierOutcome, Verification

from .firms import Firm


class TierCriterion(models.Model):
    """One criterion of a tier from a day on. ``least`` is empty where no number was found in the source."""

    tier = models.CharField(_("tier"), max_length=20, choices=FirmTier)
    key = models.SlugField(_("key"), max_length=40)
    text = models.CharField(_("criterion"), max_length=200)
    least = models.DecimalField(_("at least"), max_digits=17, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    verification = models.CharField(_("verification"), max_length=20, choices=Verification)
    source = models.CharField(_("source"), max_length=300)

    history = HistoricalRecords()

    class Meta:
        ordering = ["tier", "order", "key"]
        verbose_name = _("criterion of a tier")
        verbose_name_plural = _("criteria of tiers")
        constraints = [
            models.UniqueConstraint(
                fields=["tier", "key", "valid_from"], name="criterion_is_set_once_from_a_day"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="criterion_names_its_source"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="criterion_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tier} {self.key}"


class TierRecord(models.Model):
    """What a document says of a firm's tier in a year, with the facts and findings it was looked at by."""

    append_only = True

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="tier_records")
    tier = models.CharField(_("tier"), max_length=20, choices=FirmTier)
    year = models.PositiveSmallIntegerField(_("year"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=TierOutcome)
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    rule_set = models.CharField(_("rule set"), max_length=40, blank=True)
    facts = models.JSONField(_("facts"), default=dict)
    result = models.JSONField(_("result"), default=dict)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)

    if TYPE_CHECKING:
        firm_id: int

    class Meta:
        ordering = ["-document_date", "-pk"]
        verbose_name = _("record of a tier")
        verbose_name_plural = _("records of tiers")
        constraints = [
            models.CheckConstraint(condition=~Q(document_number=""), name="tier_record_names_its_document"),
            models.CheckConstraint(condition=~Q(tier=FirmTier.NONE), name="tier_record_names_a_tier"),
            models.UniqueConstraint(
                fields=["firm", "tier", "document_number", "outcome"],
                name="document_says_a_tier_of_a_firm_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.tier} {self.year} {self.outcome}"
