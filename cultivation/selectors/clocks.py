"""The clocks of cases today: whose, how many working days are left, and by what limit."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.timezone import localdate

from cultivation.enums import OPEN_CASE_STATES, CaseState, ParameterKey
from cultivation.models import CultivationCase, Parameter
from cultivation.rules.case_clock import Clock, Workdays, clock_of, workdays_until, working_days_apart
from cultivation.rules.workdays import CalendarUnknown, working_day_after
from cultivation.waiting import STAGE_LIMITS, WAITING, WaitingFor

from .calendar import work_calendar
from .parameters import parameter_rows

_SOON = 3  # working days


@dataclass(frozen=True, slots=True)
class CaseClock:
    """The clock of one open case. ``held`` is that of the office while the firm corrects: it stands still."""

    waiting_for: WaitingFor
    clock: Clock
    held: Clock | None = None

    @property
    def over(self) -> int:
        """Working days beyond the limit."""
        return max(-(self.clock.left or 0), 0)

    @property
    def soon(self) -> bool:
        """Whether the last days have come."""
        return self.clock.left is not None and self.clock.left <= _SOON


@dataclass(frozen=True, slots=True)
class Standards:
    """The working days until today and the limits in force, asked once for a page (three queries)."""

    workdays: Workdays
    limits: Mapping[str, Parameter]

    def limit(self, state: str) -> int | None:
        """The working days of a stage; ``None`` where the bureau has set none."""
        key = STAGE_LIMITS.get(state)
        row = self.limits.get(key) if key else None
        return row.value if row else None

    def source(self, state: str) -> str:
        """Where the limit of a stage comes from."""
        row = self.limits.get(STAGE_LIMITS[state]) if state in STAGE_LIMITS else None
        return row.source if row else ""

    def clock(self, case: CultivationCase) -> CaseClock | None:
        """``None`` for a closed case: nobody is waited for."""
        if case.state not in WAITING:
            return None
        held = None
        if case.state == CaseState.RETURNED and case.clock_held_from is not None:
            used = working_days_apart(case.clock_held_from, localdate(case.state_since), self.workdays)
            held = Clock(used, self.limit(case.returned_from), overdue=False)
        running = clock_of(case.clock_from, self.limit(case.state), self.workdays)
        return CaseClock(WAITING[case.state], running, held)

    def overdue(self) -> Q:
        """The cases whose clock has run beyond its limit."""
        late = Q(pk__in=[])
        for state in OPEN_CASE_STATES:
            limit = self.limit(state)
            due = None if limit is None else self.workdays.earliest_with(limit)
            if due is not None:
                late |= Q(state=state, clock_from__lt=due)
        return late

    def stalled_before(self) -> dt.date | None:
        """An open case without an event on or after this day is stalled; ``None`` where that cannot be said."""
        row = self.limits.get(ParameterKey.DAYS_STALLED)
        return self.workdays.earliest_with(row.value) if row else None


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when a firm may correct: ``limit`` in working days, ``source`` says whose number it is.

    ``limit`` is ``None`` where none is set, ``last_day`` also where the calendar does not reach it.
    """

    limit: int | None = None
    last_day: dt.date | None = None
    source: str = ""


def correction_deadline(case: CultivationCase, on: dt.date) -> Deadline:
    """The last day of a returned case by the limit in force on ``on``; the day of the return is not counted."""
    row = parameter_rows([ParameterKey.DAYS_RETURNED], on).get(ParameterKey.DAYS_RETURNED)
    if row is None:
        return Deadline()
    try:
        last_day = (
            working_day_after(case.clock_from, row.value, work_calendar()) if row.value else case.clock_from
        )
    except CalendarUnknown:
        last_day = None
    return Deadline(row.value, last_day, row.source)


def standards(on: dt.date) -> Standards:
    keys = (*STAGE_LIMITS.values(), ParameterKey.DAYS_STALLED)
    return Standards(workdays_until(on, work_calendar()), parameter_rows(keys, on))
