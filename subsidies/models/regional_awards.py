"""What the region granted, exactly as its document says; the only source of an amount."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import Reconciliation


class RegionalAwardDocument(models.Model):
    """One award document of the region with its source file."""

    policy = models.OneToOneField("documents.PolicyDocument", models.PROTECT, related_name="+")
    source_file = models.ForeignKey("documents.Attachment", models.PROTECT, related_name="+")
    sha256 = models.CharField(_("hash of the source file"), max_length=64)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField(_("imported at"), default=now)

    class Meta:
        ordering = ["imported_at", "pk"]
        verbose_name = _("regional award document")
        verbose_name_plural = _("regional award documents")

    def __str__(self) -> str:
        return str(self.policy)


class RegionalAward(models.Model):
    """One row of the region's document (append-only); a later document corrects it by a further row.

    A row that found no firm or certificate is judged again when the same document is imported again: the new
    finding is a further ``attempt``, and the last one counts. A row with another amount for the same
    certificate ``corrects`` the one that stood until then.
    """

    append_only = True

    document = models.ForeignKey(RegionalAwardDocument, models.PROTECT, related_name="rows")
    row = models.PositiveIntegerField(_("row"))
    attempt = models.PositiveSmallIntegerField(_("attempt"), default=1)
    firm_name = models.CharField(_("firm as named by the region"), max_length=120)
    credit_code = models.CharField(_("unified social credit code"), max_length=18, db_index=True)
    amount = MoneyField(_("amount granted by the region"))
    firm = models.ForeignKey("cultivation.Firm", models.PROTECT, null=True, related_name="regional_awards")
    accreditation = models.ForeignKey(
        "cultivation.Accreditation", models.PROTECT, null=True, related_name="regional_awards"
    )
    outcome = models.CharField(_("reconciliation"), max_length=20, choices=Reconciliation)
    corrects = models.OneToOneField("self", models.PROTECT, null=True, related_name="corrected_by")
    note = models.CharField(_("note"), max_length=300, blank=True)

    if TYPE_CHECKING:
        document_id: int
        firm_id: int | None
        accreditation_id: int | None
        corrects_id: int | None

    class Meta:
        ordering = ["document", "row"]
        verbose_name = _("regional award")
        verbose_name_plural = _("regional awards")
        indexes = [models.Index(fields=["accreditation", "outcome"], name="regional_award_by_certificate")]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "row", "attempt"], name="document_row_is_recorded_once_an_attempt"
            ),
            models.UniqueConstraint(
                fields=["document", "credit_code", "attempt"], name="document_grants_a_firm_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="regional_amount_is_not_negative"),
            models.CheckConstraint(
                condition=Q(outcome=Reconciliation.AMOUNT_CHANGED, corrects__isnull=False)
                | (~Q(outcome=Reconciliation.AMOUNT_CHANGED) & Q(corrects__isnull=True)),
                name="changed_amount_and_only_it_names_the_row_it_corrects",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Reconciliation.MATCHED)
                | Q(firm__isnull=False, accreditation__isnull=False),
                name="matched_row_names_firm_and_certificate",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.credit_code} {self.amount}"
