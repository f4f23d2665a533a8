"""The ledger: positive amounts with a direction, one idempotency key each, never changed."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import EntryKind

from .awards import Award
from .funding import FundingLine


class LedgerEntry(models.Model):
    """One movement on a funding line."""

    append_only = True

    line = models.ForeignKey(FundingLine, models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=20, choices=EntryKind)
    amount = MoneyField(_("amount"))
    direction = models.SmallIntegerField(_("direction"), default=1, help_text=_("1: adds; -1: takes away"))
    award = models.ForeignKey(Award, models.PROTECT, null=True, related_name="entries")
    reverses = models.OneToOneField("self", models.PROTECT, null=True, related_name="reversed_by")
    idempotency_key = models.CharField(_("idempotency key"), max_length=120, unique=True)
    returns_to_line = models.BooleanField(
        _("returns to the line"),
        default=False,
        help_text=_("Recovered money that may be spent again, where the scheme says so."),
    )
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    on = models.DateField(_("booked on"), db_index=True)
    at = models.DateTimeField(_("at"), default=now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    if TYPE_CHECKING:
        line_id: int
        award_id: int | None
        reverses_id: int | None

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="ledger_amount_is_positive"),
            models.CheckConstraint(condition=Q(direction__in=[1, -1]), name="ledger_direction_is_known"),
            models.CheckConstraint(
                condition=Q(returns_to_line=False) | Q(kind=EntryKind.RECOVERED),
                name="only_recovered_money_returns_to_the_line",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[EntryKind.APPROPRIATED, EntryKind.ADJUSTED, EntryKind.CARRIED_OVER])
                | ~Q(document_number=""),
                name="appropriation_names_its_document",
            ),
            models.CheckConstraint(
                condition=~Q(
                    kind__in=[
                        EntryKind.COMMITTED,
                        EntryKind.DECOMMITTED,
                        EntryKind.PAID,
                        EntryKind.RETURNED,
                        EntryKind.RECOVERED,
                    ]
                )
                | Q(award__isnull=False),
                name="commitment_and_payment_name_their_award",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[EntryKind.OPENING_COMMITTED, EntryKind.OPENING_PAID])
                | (Q(award__isnull=True) & ~Q(document_number="")),
                name="opening_entry_names_its_document_and_no_award",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
