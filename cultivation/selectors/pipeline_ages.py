"""How long the open cases have been where they are."""

import datetime as dt
from dataclasses import dataclass
from statistics import median_high

from django.utils.timezone import localdate

from cultivation.enums import OPEN_CASE_STATES, CaseState
from cultivation.models import CultivationCase, Division

from .stock import is_city

# Upper ends of the age classes in days, the last one open; see ``charts.funnel``.
AGE_LIMITS = (182, 365, 730)


@dataclass(frozen=True, slots=True)
class StageAges:
    """Open cases of one state by age class, youngest first."""

    state: CaseState
    by_age: tuple[int, ...]
    median_days: int | None


def stage_ages(on: dt.date, division: Division | None = None) -> list[StageAges]:
    """Every open state in the order of the way, with the ages in it today; one query."""
    cases = CultivationCase.objects.filter(state__in=OPEN_CASE_STATES).order_by()
    if not is_city(division):
        cases = cases.filter(firm__division=division)
    days: dict[str, list[int]] = {state: [] for state in OPEN_CASE_STATES}
    for state, since in cases.values_list("state", "state_since"):
        days[state].append(max((on - localdate(since)).days, 0))
    return [
        StageAges(CaseState(state), _classes(ages), median_high(ages) if ages else None)
        for state, ages in days.items()
    ]


def _classes(ages: list[int]) -> tuple[int, ...]:
    counts = [0] * (len(AGE_LIMITS) + 1)
    for age in ages:
        counts[sum(age > limit for limit in AGE_LIMITS)] += 1
    return tuple(counts)
