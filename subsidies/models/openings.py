"""What a funding line had when this system was taken into use: by document, in force once a second person confirms it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import ZERO, MoneyField
from subsidies.enums import OpeningState

from .funding import FundingLine


class OpeningBalance(models.Model):
    """Yuan by the document: money given to the line, and what of it was committed and paid outside this system.

    ``committed`` and ``paid`` may be below zero, in a later document: a commitment of old that was paid or dropped.
    """

    line = models.ForeignKey(FundingLine, models.PROTECT, related_name="openings")
    appropriated = MoneyField(_("appropriated"), default=ZERO)
    committed = MoneyField(_("committed before this system"), default=ZERO)
    paid = MoneyField(_("paid before this system"), default=ZERO)
    document_number = models.CharField(_("document number"), max_length=60)
    document_date = models.DateField(_("date of the document"))
    note = models.CharField(_("note"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=OpeningState, default=OpeningState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    if TYPE_CHECKING:
        line_id: int
        proposed_by_id: int

    class Meta:
        ordering = ["line", "pk"]
        verbose_name = _("opening balance")
        verbose_name_plural = _("opening balances")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "document_number"],
                condition=~Q(state=OpeningState.REJECTED),
                name="document_opens_a_line_once",
            ),
            models.CheckConstraint(
                condition=Q(appropriated__gte=0) & ~(Q(appropriated=0) & Q(committed=0) & Q(paid=0)),
                name="opening_balance_says_something",
            ),
            models.CheckConstraint(condition=~Q(document_number=""), name="opening_balance_has_a_document"),
            models.CheckConstraint(
                condition=Q(state=OpeningState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=OpeningState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="decided_opening_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="opening_is_decided_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id} {self.document_number}"
