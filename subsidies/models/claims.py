"""What else bears on a firm's award: why it is excluded, what it has received elsewhere, what was objected."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import ExclusionKind, ObjectionOutcome, ReceiptKind

from .awards import Award, Calculation
from .schemes import Scheme


class Exclusion(models.Model):
    """A finding of an authority that keeps a firm from an award while it lasts; ended, never deleted."""

    firm = models.ForeignKey("cultivation.Firm", models.PROTECT, related_name="exclusions")
    kind = models.CharField(_("kind"), max_length=20, choices=ExclusionKind)
    effective_from = models.DateField(_("effective from"))
    effective_until = models.DateField(_("effective until, exclusive"), null=True, blank=True)
    authority = models.CharField(_("authority"), max_length=120)
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    remark = models.CharField(_("remark"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(_("ended at"), null=True)
    end_reason = models.CharField(_("reason of the end"), max_length=300, blank=True)

    if TYPE_CHECKING:
        firm_id: int
        recorded_by_id: int

    class Meta:
        ordering = ["firm", "-effective_from", "-pk"]
        verbose_name = _("exclusion")
        verbose_name_plural = _("exclusions")
        constraints = [
            models.CheckConstraint(condition=~Q(document_number=""), name="exclusion_names_its_document"),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gt=F("effective_from")),
                name="exclusion_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True, end_reason="")
                | (
                    Q(ended_by__isnull=False, ended_at__isnull=False, effective_until__isnull=False)
                    & ~Q(end_reason="")
                ),
                name="ended_exclusion_names_person_time_and_reason",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True) | ~Q(ended_by=F("recorded_by")),
                name="exclusion_is_ended_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.kind}"


class OtherReceipt(models.Model):
    """Money a firm received elsewhere for the same matter, or from the city before this system (append-only).

    Counts once a second person has confirmed it; a withdrawal is a further row that names the first.
    """

    firm = models.ForeignKey("cultivation.Firm", models.PROTECT, related_name="other_receipts")
    accreditation = models.ForeignKey(
        "cultivation.Accreditation", models.PROTECT, related_name="other_receipts"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ReceiptKind)
    scheme = models.ForeignKey(Scheme, models.PROTECT, null=True, blank=True, related_name="past_receipts")
    payer = models.CharField(_("paid by"), max_length=120)
    amount = MoneyField(_("amount"))
    paid_on = models.DateField(_("paid on"), null=True, blank=True)
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    source_file = models.ForeignKey("documents.Attachment", models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)
    withdrawn_reason = models.CharField(_("reason of the withdrawal"), max_length=300, blank=True)

    if TYPE_CHECKING:
        firm_id: int
        accreditation_id: int
        scheme_id: int | None
        recorded_by_id: int

    class Meta:
        ordering = ["firm", "document_date", "pk"]
        verbose_name = _("other receipt")
        verbose_name_plural = _("other receipts")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="other_receipt_is_positive"),
            models.CheckConstraint(condition=~Q(document_number=""), name="other_receipt_names_its_document"),
            models.CheckConstraint(
                condition=~Q(kind=ReceiptKind.PAST_AWARD) | Q(scheme__isnull=False),
                name="past_award_names_its_scheme",
            ),
            models.UniqueConstraint(
                fields=["accreditation", "payer", "document_number"],
                condition=Q(withdrawn_at__isnull=True),
                name="other_receipt_is_recorded_once",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="confirmed_receipt_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("recorded_by")),
                name="other_receipt_is_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_receipt_names_person_time_and_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.firm_id} {self.payer} {self.amount}"


class Objection(models.Model):
    """A written objection in real name to a disclosed award as it was calculated; approval waits for its answer."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="objections")
    calculation = models.ForeignKey(Calculation, models.PROTECT, related_name="objections")
    disclosure = models.ForeignKey("cultivation.DisclosurePeriod", models.PROTECT, related_name="objections")
    raised_by = models.CharField(_("raised by"), max_length=120)
    contact = models.CharField(_("contact"), max_length=120, blank=True)
    raised_on = models.DateField(_("raised on"))
    text = models.TextField(_("objection"), max_length=2000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), default=now)
    outcome = models.CharField(_("outcome"), max_length=10, choices=ObjectionOutcome, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered at"), null=True)

    if TYPE_CHECKING:
        award_id: int
        disclosure_id: int

    class Meta:
        ordering = ["award", "raised_on", "pk"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="", answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (
                    Q(outcome__in=ObjectionOutcome.values)
                    & ~Q(answer="")
                    & Q(answered_by__isnull=False, answered_at__isnull=False)
                ),
                name="answered_objection_names_answer_person_and_time",
            ),
            models.CheckConstraint(condition=~Q(raised_by=""), name="objection_is_raised_in_real_name"),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.raised_on}"
