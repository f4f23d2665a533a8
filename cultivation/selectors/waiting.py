"""What waits for a second person in cultivation: figures for the front pages, each with the list or record behind it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from cultivation.enums import CaseState, CorrectionState
from cultivation.models import (
    AccreditationCorrection,
    CalendarYear,
    CultivationCase,
    Delegation,
    DeterminationCorrection,
    RefusedAttempt,
    User,
)

from .accounts import waiting_accounts

# How many records are named one by one; the rest is told as a number.
NAMED = 5
# Nobody reads a larger number; counting stops there.
MOST = 1000


@dataclass(frozen=True, slots=True)
class DecisionsWaiting:
    """Proposals of others, the oldest first where they are named; ``in_review``: cases whose expenses are reviewed."""

    accounts: int
    corrections: list[AccreditationCorrection]
    liftings: list[DeterminationCorrection]
    in_review: int


def decisions_waiting(user: User) -> DecisionsWaiting:
    """What this person may decide because somebody else proposed it; the services look at it again (four eyes)."""
    corrections = AccreditationCorrection.objects.filter(state=CorrectionState.PROPOSED)
    liftings = DeterminationCorrection.objects.filter(state=CorrectionState.PROPOSED)
    return DecisionsWaiting(
        accounts=bounded(waiting_accounts().exclude(proposed_by=user)),
        corrections=list(
            corrections.exclude(proposed_by=user)
            .select_related("accreditation__firm")
            .order_by("proposed_at", "pk")[:NAMED]
        ),
        liftings=list(
            liftings.exclude(proposed_by=user)
            .select_related("determination__firm")
            .order_by("proposed_at", "pk")[:NAMED]
        ),
        in_review=bounded(CultivationCase.objects.filter(state=CaseState.EXPENSE_REVIEW)),
    )


def bounded(rows: QuerySet[Any]) -> int:
    """How many rows there are, up to ``MOST``."""
    return rows.order_by()[:MOST].count()


def refused_since(day: dt.datetime) -> int:
    return bounded(RefusedAttempt.objects.filter(at__gte=day))


def delegations_today(on: dt.date) -> int:
    return bounded(Delegation.objects.filter(starts_on__lte=on, ends_on__gte=on, ended_at=None))


def last_calendar_year() -> int | None:
    """The last year whose holidays are known; deadlines beyond it are manual (edge case 43)."""
    return CalendarYear.objects.order_by("-year").values_list("year", flat=True).first()
