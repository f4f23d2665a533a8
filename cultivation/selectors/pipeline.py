"""The pipeline as a whole: how many cases lie where, and which have lain too long."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Q, QuerySet

from cultivation.enums import (
    POOL_CASE_STATES,
    CaseState,
    ParameterKey,
)
from cultivation.models import CultivationCase, User
from cultivation.permissions import visible_cases

from .parameters import parameter

_CULTIVATED = (*POOL_CASE_STATES, CaseState.DECLINED)


@dataclass(frozen=True, slots=True)
class StateCount:
    state: CaseState
    label: str
    count: int


def counts_by_state(user: User | AnonymousUser) -> list[StateCount]:
    """Every state with the number of cases the person may see, in the order of a case's way (one query)."""
    counts = dict(
        visible_cases(user).order_by().values_list("state").annotate(n=Count("pk")).values_list("state", "n")
    )
    return [
        StateCount(state=state, label=str(state.label), count=counts.get(state.value, 0))
        for state in CaseState
    ]


def overdue_in_pool(user: User | AnonymousUser, on: dt.date) -> QuerySet[CultivationCase]:
    """Cases enrolled for more than ``pool_years_limit`` years that are neither filed nor accredited.

    To be reviewed for removal (edge case 45; plan, annex 4, 二（二）: 通过1—2年的努力达到认定标准). The years run from
    enrolment, through a decline and the return to the pool; on the day itself they are not yet over.
    """
    return (
        visible_cases(user)
        .filter(overdue(pool_limit(on)))
        .select_related("firm", "handler")
        .order_by("pooled_on", "pk")
    )


def pool_limit(on: dt.date) -> dt.date:
    """Cases enrolled before this day have been in the pool for longer than ``pool_years_limit`` (one query)."""
    return _years_before(on, parameter(ParameterKey.POOL_YEARS_LIMIT, on))


def overdue(limit: dt.date) -> Q:
    """The condition behind :func:`overdue_in_pool`, given the day from :func:`pool_limit`."""
    returned = Q(state=CaseState.RETURNED, returned_from=CaseState.EXPENSE_REVIEW)
    return (Q(state__in=_CULTIVATED) | returned) & Q(pooled_on__lt=limit)


def is_overdue(case: CultivationCase, limit: dt.date) -> bool:
    """The same of one case at hand."""
    returned = case.state == CaseState.RETURNED and case.returned_from == CaseState.EXPENSE_REVIEW
    return case.pooled_on is not None and case.pooled_on < limit and (case.state in _CULTIVATED or returned)


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
