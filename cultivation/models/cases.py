"""The cultivation case and its state machine: one firm's way from application to accreditation.

The machine only says which way is open and touches its own row. Who may go, and whether the rules allow it,
is asked in ``services.case_flow``; nothing else may call a transition.
"""

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_fsm import GET_STATE, ConcurrentTransitionMixin, FSMField, transition

from config.common.clock import now, today
from cultivation.enums import (
    CLOSED_CASE_STATES,
    OPEN_CASE_STATES,
    POOL_CASE_STATES,
    AttachmentKind,
    CaseKind,
    CaseState,
)

from .disclosure import DisclosurePeriod
from .firms import Firm
from .people import User

if TYPE_CHECKING:
    from .accreditations import Accreditation

# States that lie behind enrolment, filing and the region's disclosure.
_ENROLLED = (
    CaseState.POOLED,
    CaseState.TRAINING,
    CaseState.EXPENSE_REVIEW,
    CaseState.READY,
    CaseState.FILED,
    CaseState.DISCLOSED,
    CaseState.ACCREDITED,
    CaseState.DECLINED,
)
_FILED = (CaseState.FILED, CaseState.DISCLOSED, CaseState.ACCREDITED, CaseState.DECLINED)
RETURNABLE_CASE_STATES = (CaseState.SUBMITTED, CaseState.EXPENSE_REVIEW)
# From where a wrong determination is undone, and where it had been made; a declined case may be in the pool by then.
REOPENABLE_CASE_STATES = (CaseState.ACCREDITED, CaseState.DECLINED, *POOL_CASE_STATES)
UNDER_DECISION_CASE_STATES = (CaseState.FILED, CaseState.DISCLOSED)


class CultivationCase(ConcurrentTransitionMixin, models.Model):
    """One application of a firm. A firm has at most one open case."""

    firm = models.ForeignKey(Firm, models.PROTECT, related_name="cases", verbose_name=_("firm"))
    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind, default=CaseKind.FIRST)
    state = FSMField(_("state"), max_length=20, choices=CaseState, default=CaseState.DRAFT, protected=True)
    state_since = models.DateTimeField(_("in this state since"))
    clock_from = models.DateField(
        _("clock runs from"),
        default=today,
        help_text=_(
            "The day after it is the first counted; later than the state where the clock stood still"
        ),
    )
    clock_held_from = models.DateField(_("clock of the office, held, ran from"), null=True, blank=True)
    state_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField(_("opened on"))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="handled_cases"
    )
    returned_from = models.CharField(
        _("returned from"),
        max_length=20,
        choices=[(s.value, s.label) for s in RETURNABLE_CASE_STATES],
        blank=True,
    )
    pooled_on = models.DateField(_("enrolled on"), null=True, blank=True)
    filed_on = models.DateField(_("filed on"), null=True, blank=True)
    disclosure = models.ForeignKey(
        "cultivation.DisclosurePeriod", models.PROTECT, null=True, blank=True, related_name="cases"
    )
    accreditation = models.OneToOneField(
        "cultivation.Accreditation", models.PROTECT, null=True, blank=True, related_name="case"
    )

    if TYPE_CHECKING:
        firm_id: int
        state_by_id: int
        handler_id: int | None

    class Meta:
        ordering = ["-state_since", "-pk"]
        verbose_name = _("cultivation case")
        verbose_name_plural = _("cultivation cases")
        indexes = [
            models.Index(fields=["state", "-state_since", "-id"], name="case_by_state"),
            models.Index(fields=["state", "clock_from", "id"], name="case_by_clock"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=Q(state__in=OPEN_CASE_STATES), name="firm_has_one_open_case"
            ),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state=CaseState.RETURNED) | Q(returned_from__in=RETURNABLE_CASE_STATES),
                name="returned_case_knows_where_it_came_from",
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.RETURNED) | Q(clock_held_from__isnull=False),
                name="returned_case_holds_the_clock_of_the_office",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_ENROLLED) | Q(pooled_on__isnull=False),
                name="enrolled_case_has_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=_FILED) | Q(filed_on__isnull=False), name="filed_case_has_its_date"
            ),
            models.CheckConstraint(
                condition=~Q(state=CaseState.DISCLOSED) | Q(disclosure__isnull=False),
                name="disclosed_case_has_its_disclosure_period",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.ACCREDITED, accreditation__isnull=False)
                | (~Q(state=CaseState.ACCREDITED) & Q(accreditation__isnull=True)),
                name="accredited_case_and_only_it_has_a_certificate",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """The number of the case (案件编号), such as PY2019-00012; its submissions are numbered in ``Acceptance``."""
        return f"PY{self.opened_on.year}-{self.pk:05d}"

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED_CASE_STATES

    def _entered(self, by: User) -> None:
        self.state_since = now()
        self.state_by = by
        self.clock_from, self.clock_held_from = today(), None

    @transition(field=state, source=CaseState.DRAFT, target=CaseState.SUBMITTED)
    def submit(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=RETURNABLE_CASE_STATES, target=CaseState.RETURNED)
    def return_for_correction(self, *, by: User) -> None:
        self.returned_from = self.state
        held = self.clock_from
        self._entered(by)
        self.clock_held_from = held

    @transition(
        field=state,
        source=CaseState.RETURNED,
        target=GET_STATE(
            lambda case, **kwargs: CaseState(case.returned_from), states=list(RETURNABLE_CASE_STATES)
        ),
    )
    def resubmit(self, *, by: User, clock_from: dt.date) -> None:
        """Back to where it was returned from, and nowhere else; the office's clock goes on from where it stood."""
        self._entered(by)
        self.clock_from = clock_from

    @transition(field=state, source=CaseState.SUBMITTED, target=CaseState.RECOMMENDED)
    def recommend(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=CaseState.RECOMMENDED, target=CaseState.POOLED)
    def enrol(self, *, by: User, on: dt.date) -> None:
        self.pooled_on = on
        self._entered(by)

    @transition(field=state, source=CaseState.POOLED, target=CaseState.TRAINING)
    def start_training(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=CaseState.TRAINING, target=CaseState.EXPENSE_REVIEW)
    def start_expense_review(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=CaseState.EXPENSE_REVIEW, target=CaseState.READY)
    def clear_for_filing(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=CaseState.READY, target=CaseState.FILED)
    def file(self, *, by: User, on: dt.date) -> None:
        self.filed_on = on
        self._entered(by)

    @transition(field=state, source=CaseState.FILED, target=CaseState.DISCLOSED)
    def disclose(self, *, by: User, period: DisclosurePeriod) -> None:
        self.disclosure = period
        self._entered(by)

    @transition(field=state, source=[CaseState.FILED, CaseState.DISCLOSED], target=CaseState.ACCREDITED)
    def accredit(self, *, by: User, accreditation: "Accreditation") -> None:
        self.accreditation = accreditation
        self._entered(by)

    @transition(field=state, source=[CaseState.FILED, CaseState.DISCLOSED], target=CaseState.DECLINED)
    def decline(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=CaseState.DECLINED, target=CaseState.POOLED)
    def return_to_pool(self, *, by: User) -> None:
        self._entered(by)

    @transition(
        field=state,
        source=REOPENABLE_CASE_STATES,
        target=GET_STATE(
            lambda case, back_to, **kwargs: CaseState(back_to), states=list(UNDER_DECISION_CASE_STATES)
        ),
    )
    def reopen(self, *, by: User, back_to: str) -> None:
        """The determination was recorded wrongly: back to where it was made."""
        self.accreditation = None
        self._entered(by)

    @transition(field=state, source=OPEN_CASE_STATES, target=CaseState.WITHDRAWN)
    def withdraw(self, *, by: User) -> None:
        self._entered(by)

    @transition(field=state, source=OPEN_CASE_STATES, target=CaseState.REMOVED)
    def remove(self, *, by: User) -> None:
        self._entered(by)


class CaseDocument(models.Model):
    """A file that belongs to a case."""

    case = models.ForeignKey(CultivationCase, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=20, choices=AttachmentKind)
    attachment = models.OneToOneField("documents.Attachment", models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added at"), default=now)

    class Meta:
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.kind}"

    if TYPE_CHECKING:
        case_id: int
