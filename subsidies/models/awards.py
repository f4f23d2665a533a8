"""The city's award for one accreditation: state machine, people, and the calculation behind the amount."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, ConcurrentTransitionMixin, FSMField, transition

from config.common.clock import now, today
from config.common.money import MoneyField
from subsidies.enums import AwardState

from .funding import FundingLine
from .regional_awards import RegionalAward
from .schemes import Scheme, SchemeVersion

if TYPE_CHECKING:
    from cultivation.api import DisclosurePeriod, User

WAITING_AWARD_STATES = (AwardState.AWAITING_BASIS, AwardState.AWAITING_POLICY)
# Before payment and on no list: where an award may be frozen or revoked.
FREEZABLE_AWARD_STATES = (
    *WAITING_AWARD_STATES,
    AwardState.CALCULATED,
    AwardState.REVIEWED,
    AwardState.DISCLOSED,
    AwardState.APPROVED,
)
# Approval commits; these states have an approver. A frozen award keeps what it had.
APPROVED_AWARD_STATES = (
    AwardState.APPROVED,
    AwardState.LISTED,
    AwardState.PAID,
    AwardState.RECOVERING,
    AwardState.RECOVERED,
)
_REVIEWED_STATES = (AwardState.REVIEWED, AwardState.DISCLOSED, *APPROVED_AWARD_STATES)
_CALCULATED_STATES = (AwardState.CALCULATED, *_REVIEWED_STATES)


class Award(ConcurrentTransitionMixin, models.Model):
    """One accreditation is matched once per scheme (edge case 29)."""

    scheme = models.ForeignKey(Scheme, models.PROTECT, related_name="awards")
    accreditation = models.ForeignKey("cultivation.Accreditation", models.PROTECT, related_name="awards")
    firm = models.ForeignKey("cultivation.Firm", models.PROTECT, related_name="awards")
    state = FSMField(
        _("state"), max_length=20, choices=AwardState, default=AwardState.AWAITING_BASIS, protected=True
    )
    state_since = models.DateTimeField(_("in this state since"))
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    applied_on = models.DateField(_("application received on"), null=True, blank=True)
    application_document = models.CharField(_("application"), max_length=120, blank=True)
    waiting_for = models.CharField(_("what it waits for"), max_length=300, blank=True)
    version = models.ForeignKey(SchemeVersion, models.PROTECT, null=True, related_name="awards")
    regional_award = models.ForeignKey(RegionalAward, models.PROTECT, null=True, related_name="awards")
    amount = MoneyField(_("amount"), null=True)
    calculation = models.OneToOneField("subsidies.Calculation", models.PROTECT, null=True, related_name="+")
    calculated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    calculated_at = models.DateTimeField(_("calculated at"), null=True)
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True)
    disclosure = models.ForeignKey(
        "cultivation.DisclosurePeriod", models.PROTECT, null=True, related_name="awards"
    )
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(_("approved at"), null=True)
    funding_line = models.ForeignKey(FundingLine, models.PROTECT, null=True, related_name="awards")
    notice = models.OneToOneField("documents.Notice", models.PROTECT, null=True, related_name="+")
    paid_on = models.DateField(_("paid on"), null=True)
    frozen_from = models.CharField(_("frozen from"), max_length=20, choices=AwardState, blank=True)

    if TYPE_CHECKING:
        scheme_id: int
        firm_id: int
        accreditation_id: int
        state_by_id: int
        version_id: int | None
        regional_award_id: int | None
        calculation_id: int | None
        calculated_by_id: int | None
        reviewed_by_id: int | None
        approved_by_id: int | None
        disclosure_id: int | None
        funding_line_id: int | None
        notice_id: int | None

    class Meta:
        ordering = ["-state_since", "-pk"]
        verbose_name = _("award")
        verbose_name_plural = _("awards")
        indexes = [models.Index(fields=["state", "-state_since", "-id"], name="award_by_state")]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "accreditation"], name="accreditation_is_matched_once_a_scheme"
            ),
            models.UniqueConstraint(
                fields=["scheme", "regional_award"], name="regional_award_is_matched_once_a_scheme"
            ),
            models.CheckConstraint(condition=Q(state__in=AwardState.values), name="award_state_is_known"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0), name="award_is_positive"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_CALCULATED_STATES)
                | Q(
                    amount__isnull=False,
                    calculation__isnull=False,
                    regional_award__isnull=False,
                    version__isnull=False,
                    calculated_by__isnull=False,
                    calculated_at__isnull=False,
                ),
                name="calculated_award_names_amount_basis_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_REVIEWED_STATES)
                | Q(reviewed_by__isnull=False, reviewed_at__isnull=False),
                name="reviewed_award_names_its_person_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=AwardState.DISCLOSED) | Q(disclosure__isnull=False),
                name="disclosed_award_has_its_disclosure_period",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=APPROVED_AWARD_STATES)
                | Q(approved_by__isnull=False, approved_at__isnull=False, funding_line__isnull=False),
                name="approved_award_names_person_time_and_funding_line",
            ),
            models.CheckConstraint(
                condition=~Q(state=AwardState.PAID) | Q(paid_on__isnull=False), name="paid_award_has_its_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=AwardState.FROZEN) | Q(frozen_from__in=FREEZABLE_AWARD_STATES),
                name="frozen_award_knows_where_it_came_from",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("calculated_by")),
                name="award_is_reviewed_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("calculated_by")),
                name="award_is_approved_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """Reference of the award, such as JL-00012."""
        return f"JL-{self.pk:05d}"

    @property
    def is_committed(self) -> bool:
        """Whether the line holds money for it that is not yet paid."""
        return self.state in (AwardState.APPROVED, AwardState.LISTED) or (
            self.state == AwardState.FROZEN and self.frozen_from == AwardState.APPROVED
        )

    def _entered(self, by: "User") -> None:
        self.state_since = now()
        self.state_by = by

    @transition(field=state, source=AwardState.AWAITING_POLICY, target=AwardState.AWAITING_BASIS)
    def await_basis(self, *, by: "User", reason: str) -> None:
        self.waiting_for = reason
        self._entered(by)

    @transition(field=state, source=AwardState.AWAITING_BASIS, target=AwardState.AWAITING_POLICY)
    def await_policy(self, *, by: "User", reason: str) -> None:
        self.waiting_for = reason
        self._entered(by)

    @transition(field=state, source=WAITING_AWARD_STATES, target=AwardState.CALCULATED)
    def calculate(self, *, by: "User", calculation: "Calculation", regional_award: RegionalAward) -> None:
        self.calculation = calculation
        self.version = calculation.version
        self.regional_award = regional_award
        self.amount = calculation.amount
        self.waiting_for = ""
        self.calculated_by, self.calculated_at = by, now()
        self._entered(by)

    @transition(
        field=state,
        source=[AwardState.CALCULATED, AwardState.REVIEWED, AwardState.DISCLOSED, AwardState.APPROVED],
        target=AwardState.AWAITING_BASIS,
    )
    def send_back(self, *, by: "User", reason: str) -> None:
        """To be calculated afresh; the rejected calculation stays on record. What was committed is given back before."""
        self.waiting_for = reason
        self.amount = self.calculation = self.regional_award = self.version = None
        self.calculated_by = self.calculated_at = self.reviewed_by = self.reviewed_at = None
        self.approved_by = self.approved_at = self.funding_line = None
        self.disclosure = self.notice = None
        self._entered(by)

    @transition(field=state, source=AwardState.CALCULATED, target=AwardState.REVIEWED)
    def review(self, *, by: "User") -> None:
        self.reviewed_by, self.reviewed_at = by, now()
        self._entered(by)

    @transition(field=state, source=AwardState.REVIEWED, target=AwardState.DISCLOSED)
    def disclose(self, *, by: "User", period: "DisclosurePeriod") -> None:
        self.disclosure = period
        self._entered(by)

    @transition(field=state, source=[AwardState.REVIEWED, AwardState.DISCLOSED], target=AwardState.APPROVED)
    def approve(self, *, by: "User", funding_line: FundingLine) -> None:
        self.funding_line = funding_line
        self.approved_by, self.approved_at = by, now()
        self._entered(by)

    @transition(field=state, source=AwardState.APPROVED, target=AwardState.LISTED)
    def put_on_list(self, *, by: "User") -> None:
        self._entered(by)

    @transition(field=state, source=AwardState.LISTED, target=AwardState.APPROVED)
    def take_off_list(self, *, by: "User") -> None:
        """The list was cancelled or the bank refused the line."""
        self._entered(by)

    @transition(field=state, source=AwardState.LISTED, target=AwardState.PAID)
    def pay(self, *, by: "User") -> None:
        self.paid_on = today()
        self._entered(by)

    @transition(field=state, source=AwardState.PAID, target=AwardState.APPROVED)
    def bounce(self, *, by: "User") -> None:
        """The bank sent the money back later (退汇): still owed."""
        self.paid_on = None
        self._entered(by)

    @transition(field=state, source=FREEZABLE_AWARD_STATES, target=AwardState.FROZEN)
    def freeze(self, *, by: "User") -> None:
        self.frozen_from = self.state
        self._entered(by)

    @transition(
        field=state,
        source=AwardState.FROZEN,
        target=GET_STATE(
            lambda award, **kwargs: AwardState(award.frozen_from), states=list(FREEZABLE_AWARD_STATES)
        ),
    )
    def unfreeze(self, *, by: "User") -> None:
        self._entered(by)

    @transition(field=state, source=[*FREEZABLE_AWARD_STATES, AwardState.FROZEN], target=AwardState.REVOKED)
    def revoke(self, *, by: "User") -> None:
        self._entered(by)

    @transition(field=state, source=[AwardState.PAID, AwardState.RECOVERED], target=AwardState.RECOVERING)
    def open_recovery(self, *, by: "User") -> None:
        """Once more after a recovery where the region takes away more."""
        self._entered(by)

    @transition(field=state, source=AwardState.RECOVERING, target=AwardState.RECOVERED)
    def close_recovery(self, *, by: "User") -> None:
        self._entered(by)


class Calculation(models.Model):
    """How an amount came about, kept whole: inputs with hashes, every step in words, SHA-256 over all of it."""

    append_only = True

    award = models.ForeignKey(Award, models.PROTECT, related_name="calculations")
    rule_set = models.CharField(_("rule set"), max_length=40)
    version = models.ForeignKey(SchemeVersion, models.PROTECT, related_name="+")
    inputs = models.JSONField(_("inputs"))
    steps = models.JSONField(_("steps"))
    amount = MoneyField(_("amount"))
    sha256 = models.CharField(_("hash"), max_length=64)
    calculated_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    calculated_at = models.DateTimeField(_("calculated at"), default=now)

    class Meta:
        ordering = ["award", "pk"]
        verbose_name = _("calculation")
        verbose_name_plural = _("calculations")

    def __str__(self) -> str:
        return f"{self.award_id} {self.amount}"

    if TYPE_CHECKING:
        award_id: int
        version_id: int
