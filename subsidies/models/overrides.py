"""An amount set by hand: proposed with a reason under a cap, in force only once a second person confirms it."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.common.clock import now
from config.common.money import MoneyField
from subsidies.enums import OverrideState

from .awards import Award, Calculation


class AmountOverride(models.Model):
    """``cap`` is the most that could be set when it was proposed; the confirmed one is a calculation of its own."""

    award = models.ForeignKey(Award, models.PROTECT, related_name="overrides")
    replaces = models.ForeignKey(Calculation, models.PROTECT, related_name="+")
    amount = MoneyField(_("amount"))
    cap = MoneyField(_("cap"))
    reason = models.CharField(_("reason"), max_length=500)
    document_number = models.CharField(_("document number"), max_length=60)
    state = models.CharField(_("state"), max_length=10, choices=OverrideState, default=OverrideState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"), default=now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    calculation = models.OneToOneField(Calculation, models.PROTECT, null=True, related_name="override")

    if TYPE_CHECKING:
        award_id: int
        replaces_id: int
        proposed_by_id: int
        decided_by_id: int | None

    class Meta:
        ordering = ["award", "pk"]
        verbose_name = _("amount set by hand")
        verbose_name_plural = _("amounts set by hand")
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(state=OverrideState.PROPOSED),
                name="award_has_one_override_waiting",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("cap")), name="override_is_positive_and_under_its_cap"
            ),
            models.CheckConstraint(
                condition=~Q(reason="") & ~Q(document_number=""), name="override_has_a_reason_and_a_document"
            ),
            models.CheckConstraint(
                condition=Q(state=OverrideState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state=OverrideState.PROPOSED) & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="decided_override_names_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=OverrideState.CONFIRMED) | ~Q(decided_by=F("proposed_by")),
                name="override_is_confirmed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state=OverrideState.CONFIRMED, calculation__isnull=False)
                | (~Q(state=OverrideState.CONFIRMED) & Q(calculation__isnull=True)),
                name="confirmed_override_and_only_it_has_a_calculation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.award_id} {self.amount}"
