"""Working days against the published calendar as another library keeps it."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.rules.workdays import (
    CalendarUnknown,
    WorkCalendar,
    next_step_from,
    working_day_after,
    working_days_between,
)

YEARS = (2018, 2019)


def published_calendar():
    days = [date(2018, 1, 1) + timedelta(days=n) for n in range(730)]
    return WorkCalendar(
        years=frozenset(YEARS),
        holidays=frozenset(d for d in days if d.weekday() < 5 and not chinese_calendar.is_workday(d)),
        make_up_workdays=frozenset(d for d in days if d.weekday() >= 5 and chinese_calendar.is_workday(d)),
    )


CALENDAR = published_calendar()


@settings(deadline=None)
@given(st.dates(date(2018, 1, 1), date(2019, 10, 1)), st.integers(1, 40), st.booleans())
def test_the_last_day_is_the_nth_working_day(start, n, count_start_day):
    last = working_day_after(start, n, CALENDAR, count_start_day=count_start_day)
    first = start if count_start_day else start + timedelta(days=1)
    counted = [first + timedelta(days=k) for k in range((last - first).days + 1)]
    assert chinese_calendar.is_workday(last)
    assert sum(chinese_calendar.is_workday(day) for day in counted) == n
    assert working_days_between(first, last, CALENDAR) == n


def test_the_next_step_is_the_day_after_the_last_working_day():
    # Friday 14 June 2019: ten working days end on Friday 28 June.
    assert working_day_after(date(2019, 6, 14), 10, CALENDAR) == date(2019, 6, 28)
    assert next_step_from(date(2019, 6, 14), CALENDAR) == date(2019, 6, 29)
    assert next_step_from(date(2019, 6, 14), CALENDAR, working_days=5) == date(2019, 6, 22)


def test_a_period_that_leaves_the_calendar_is_refused():
    with pytest.raises(CalendarUnknown, match="2020"):
        working_day_after(date(2019, 12, 20), 10, CALENDAR)
    with pytest.raises(CalendarUnknown, match="2017"):
        CALENDAR.is_working_day(date(2017, 12, 31))


def test_a_calendar_cannot_say_both():
    day = frozenset({date(2019, 10, 1)})
    with pytest.raises(ValueError, match="2019-10-01"):
        WorkCalendar(years=frozenset({2019}), holidays=day, make_up_workdays=day)


def test_a_period_has_at_least_one_day():
    with pytest.raises(ValueError, match="at least one"):
        working_day_after(date(2019, 6, 14), 0, CALENDAR)


def test_no_working_days_between_turned_dates():
    assert working_days_between(date(2019, 6, 14), date(2019, 6, 13), CALENDAR) == 0
