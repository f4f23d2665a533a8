"""The clock of a case: how many working days it has waited where it lies, and how many are left.

The day on which a case comes to somebody is not counted, the next working day is day one; the limit's last day is in
time. While the firm corrects, the clock of the office stands still and goes on afterwards from where it stood. No
document sets these limits: they are the bureau's own service standard and come from outside. Where the calendar knows
nothing, nothing is counted and nothing is guessed.
"""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import date, timedelta

from .workdays import ONE_DAY, CalendarUnknown, WorkCalendar, working_days_between


@dataclass(frozen=True, slots=True)
class Workdays:
    """The working days up to a day, ascending, as far back as the calendar knows every year.

    ``first`` is the earliest day from which can be counted; ``None`` where the calendar does not know the day itself.
    """

    days: tuple[date, ...]
    first: date | None

    def since(self, start: date) -> int | None:
        """Working days after ``start``; ``None`` where they cannot be counted."""
        if self.first is None or start < self.first:
            return None
        return len(self.days) - bisect_right(self.days, start)

    def earliest_with(self, most: int) -> date | None:
        """The earliest start since which at most ``most`` working days have passed; ``None``: before the calendar."""
        return self.days[-most - 1] if 0 <= most < len(self.days) else None


def workdays_until(day: date, calendar: WorkCalendar) -> Workdays:
    """Every working day up to ``day``, back to the first year that joins it without a gap."""
    if day.year not in calendar.years:
        return Workdays((), None)
    year = day.year
    while year - 1 in calendar.years:
        year -= 1
    start = date(year, 1, 1)
    known = (start + timedelta(days=offset) for offset in range((day - start).days + 1))
    return Workdays(tuple(one for one in known if calendar.is_working_day(one)), start - ONE_DAY)


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the clock of one case stands, in working days; ``limit`` is ``None`` where none is set, ``used`` and
    ``left`` where they cannot be counted. ``left`` is 0 on the last day and negative after it."""

    used: int | None
    limit: int | None
    overdue: bool

    @property
    def left(self) -> int | None:
        return None if self.used is None or self.limit is None else self.limit - self.used


def clock_of(start: date, limit: int | None, workdays: Workdays) -> Clock:
    """The clock of a case that runs since ``start``. What began before the calendar is overdue for certain once the
    days that are known alone exceed the limit."""
    due = None if limit is None else workdays.earliest_with(limit)
    return Clock(workdays.since(start), limit, due is not None and start < due)


def start_after_pause(*, start: date, paused_on: date, resumed_on: date, calendar: WorkCalendar) -> date:
    """From where a clock counts that stood still between two days: what was used before the pause is still used.

    Where the calendar does not know the days, the start moves by the length of the pause.
    """
    try:
        used = working_days_between(start + ONE_DAY, paused_on, calendar)
        day = resumed_on
        while used:
            used -= calendar.is_working_day(day)
            day -= ONE_DAY
    except CalendarUnknown:
        return start + (resumed_on - paused_on)
    return day


def working_days_apart(start: date, end: date, workdays: Workdays) -> int | None:
    """Working days after ``start`` through ``end``, both of them not after the last day known."""
    if workdays.first is None or start < workdays.first:
        return None
    return max(bisect_right(workdays.days, end) - bisect_left(workdays.days, start + ONE_DAY), 0)
