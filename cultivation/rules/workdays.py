"""Working days over a published calendar, for disclosure periods (国科发火〔2016〕32号 第十二条).

The calendar is passed in; outside the years it knows nothing is guessed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DISCLOSURE_WORKING_DAYS = 10
SATURDAY = 5
ONE_DAY = timedelta(days=1)


class CalendarUnknown(ValueError):
    """The calendar has no published arrangement for this year; the deadline is for a person to set."""

    def __init__(self, year: int) -> None:
        super().__init__(f"工作日历中没有 {year} 年的放假安排")
        self.year = year


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The years that are known, the holidays off and the weekend days worked to make up for them."""

    years: frozenset[int]
    holidays: frozenset[date]
    make_up_workdays: frozenset[date]

    def __post_init__(self) -> None:
        if both := self.holidays & self.make_up_workdays:
            raise ValueError(f"both a holiday and a make-up workday: {min(both).isoformat()}")

    def is_working_day(self, day: date) -> bool:
        """Raises :class:`CalendarUnknown` outside the known years."""
        if day.year not in self.years:
            raise CalendarUnknown(day.year)
        if day in self.make_up_workdays:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays


def working_day_after(start: date, n: int, calendar: WorkCalendar, *, count_start_day: bool = False) -> date:
    """The n-th working day of a period that begins on the day after ``start`` (on ``start`` with
    ``count_start_day``).

    Raises :class:`CalendarUnknown` where the period leaves the calendar, ``ValueError`` for ``n`` below 1.
    """
    if n < 1:
        raise ValueError("a period has at least one working day")
    day = start if count_start_day else start + ONE_DAY
    left = n - calendar.is_working_day(day)
    while left:
        day += ONE_DAY
        left -= calendar.is_working_day(day)
    return day


def next_step_from(
    published: date,
    calendar: WorkCalendar,
    *,
    working_days: int = DISCLOSURE_WORKING_DAYS,
    count_start_day: bool = False,
) -> date:
    """The first day on which the step after a disclosure is allowed: the day after its last working day."""
    return working_day_after(published, working_days, calendar, count_start_day=count_start_day) + ONE_DAY


def working_days_between(first: date, last: date, calendar: WorkCalendar) -> int:
    """Working days from ``first`` to ``last``, both included; 0 where ``last`` comes before ``first``."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return sum(calendar.is_working_day(day) for day in days)
