"""The list of cases, paged by key, and everything the page of one case shows."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from config.common.clock import today
from config.common.paging import Page, page_by_key
from cultivation.enums import CaseState, CheckKind
from cultivation.models import (
    Assessment,
    CaseCheck,
    CaseEvent,
    CaseFacts,
    Contact,
    CultivationCase,
    Division,
    ExpenseYear,
    User,
)
from cultivation.permissions import visible_cases

from .actions import Action, allowed_actions
from .case_documents import DocumentLine, document_lines
from .facts import expense_years_before, latest_assessment
from .firm_search import matching_cases
from .pipeline import overdue
from .readiness import standing_checks
from .training import training_minutes, training_minutes_required


@dataclass(frozen=True, slots=True)
class CheckLine:
    """One of the three checks with its standing outcome."""

    kind: CheckKind
    label: str
    check: CaseCheck | None

    @property
    def done(self) -> bool:
        return self.check is not None and self.check.passed


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """What the page of a case shows; minutes of training are counted since enrolment."""

    case: CultivationCase
    events: Sequence[CaseEvent]
    checks: Sequence[CheckLine]
    documents: Sequence[DocumentLine]
    contacts: Sequence[Contact]
    declared: dict[str, object]
    assessment: Assessment | None
    expense_years: Sequence[ExpenseYear]
    training_minutes: int
    training_minutes_required: int
    actions: Sequence[Action]


def case_list(
    user: User | AnonymousUser,
    *,
    state: str | None = None,
    division: Division | None = None,
    text: str = "",
    enrolled_before: dt.date | None = None,
    after: str = "",
    size: int = 50,
) -> Page[CultivationCase]:
    """The cases the person may see, the latest moved first (two queries, whatever the size).

    ``text`` is what :mod:`.firm_search` finds, and acceptance numbers; ``enrolled_before`` (a
    ``pool_limit``) leaves those to be reviewed for removal (edge case 45); ``after`` is a page's ``next`` (one that
    cannot be read gives the first page).
    """
    cases = visible_cases(user)
    if enrolled_before is not None:
        cases = cases.filter(overdue(enrolled_before))
    if state:
        cases = cases.filter(state=state)
    if division is not None:
        cases = cases.filter(firm__division=division)
    if text := text.strip():
        cases = cases.filter(matching_cases(text))
    cases = cases.select_related("firm__division", "handler").prefetch_related("firm__division__names")
    return page_by_key(cases, "state_since", after=after, size=size)


def case_detail(case_id: int, user: User) -> CaseDetail:
    """One case with all that belongs to it, in a fixed number of queries.

    Raises ``CultivationCase.DoesNotExist`` for a case the person may not see.
    """
    case = (
        visible_cases(user)
        .select_related("firm__division", "firm__industry_field", "handler", "disclosure", "accreditation")
        .prefetch_related("firm__names", "firm__division__names")
        .get(pk=case_id)
    )
    standing = standing_checks(case)
    enrolled = case.pooled_on is not None
    before = case.filed_on if case.filed_on and case.state not in _STILL_WORKED_ON else today()
    return CaseDetail(
        case=case,
        events=list(CaseEvent.objects.filter(case=case).select_related("actor").order_by("number")),
        checks=[
            CheckLine(kind=kind, label=str(kind.label), check=standing.get(kind.value)) for kind in CheckKind
        ],
        documents=document_lines(case, user),
        contacts=list(Contact.objects.filter(firm_id=case.firm_id)),
        declared=CaseFacts.objects.filter(case=case).values_list("declared", flat=True).first() or {},
        assessment=latest_assessment(case),
        expense_years=expense_years_before(case.firm_id, before),
        training_minutes=training_minutes(case),
        training_minutes_required=training_minutes_required(case) if enrolled else 0,
        actions=allowed_actions(case, user),
    )


# After a decline and the return to the pool the next filing's years count, not those of the last one.
_STILL_WORKED_ON = (
    CaseState.RETURNED,
    CaseState.POOLED,
    CaseState.TRAINING,
    CaseState.EXPENSE_REVIEW,
    CaseState.READY,
)
