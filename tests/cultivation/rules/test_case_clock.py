"""The clock of a case in working days: its boundaries, its pauses, and what no calendar knows."""

import datetime as dt

import pytest

from cultivation.rules.case_clock import (
    Clock,
    clock_of,
    start_after_pause,
    workdays_until,
    working_days_apart,
)
from cultivation.rules.workdays import WorkCalendar, working_days_between

DRAGON_BOAT = dt.date(2019, 6, 7)  # a Friday
CALENDAR = WorkCalendar(
    years=frozenset({2018, 2019}),
    holidays=frozenset({DRAGON_BOAT}),
    make_up_workdays=frozenset({dt.date(2019, 6, 15)}),  # a Saturday
)
TODAY = dt.date(2019, 6, 28)  # a Friday
WORKDAYS = workdays_until(TODAY, CALENDAR)


@pytest.mark.parametrize(
    ("start", "used"),
    [
        (dt.date(2019, 6, 28), 0),  # came today: day one is the next working day
        (dt.date(2019, 6, 27), 1),
        (dt.date(2019, 6, 21), 5),  # a week
        (dt.date(2019, 6, 22), 5),  # came on a Saturday
        (dt.date(2019, 6, 14), 11),  # over the worked Saturday
        (dt.date(2019, 6, 6), 16),  # over the holiday
        (dt.date(2019, 6, 29), 0),  # after the last day known
        (dt.date(2017, 12, 31), len(WORKDAYS.days)),
        (dt.date(2017, 12, 30), None),  # before the calendar
    ],
)
def test_working_days_are_counted_from_the_day_after(start, used):
    assert WORKDAYS.since(start) == used


@pytest.mark.parametrize("limit", range(40))
def test_the_earliest_start_is_exactly_within_the_limit(limit):
    earliest = WORKDAYS.earliest_with(limit)
    assert earliest is not None
    assert WORKDAYS.since(earliest) <= limit
    assert WORKDAYS.since(earliest - dt.timedelta(days=1)) == limit + 1


@pytest.mark.parametrize(
    ("start", "left", "overdue"),
    [
        (dt.date(2019, 6, 28), 5, False),
        (dt.date(2019, 6, 24), 1, False),
        (dt.date(2019, 6, 21), 0, False),  # the fifth working day is in time
        (dt.date(2019, 6, 20), -1, True),
        (dt.date(2019, 6, 13), -7, True),
    ],
)
def test_the_last_day_of_the_limit_is_in_time(start, left, overdue):
    clock = clock_of(start, 5, WORKDAYS)
    assert (clock.left, clock.overdue) == (left, overdue)


def test_without_a_limit_nothing_is_ever_overdue():
    used = working_days_between(dt.date(2018, 1, 2), TODAY, CALENDAR)
    assert clock_of(dt.date(2018, 1, 1), None, WORKDAYS) == Clock(used, limit=None, overdue=False)


def test_before_the_calendar_days_are_not_counted_but_may_be_overdue_for_certain():
    assert clock_of(dt.date(2016, 5, 1), 10, WORKDAYS) == Clock(used=None, limit=10, overdue=True)
    assert clock_of(dt.date(2016, 5, 1), 4000, WORKDAYS) == Clock(used=None, limit=4000, overdue=False)


def test_in_a_year_nobody_has_entered_nothing_is_counted():
    workdays = workdays_until(dt.date(2020, 1, 6), CALENDAR)
    assert clock_of(dt.date(2019, 1, 1), 10, workdays) == Clock(used=None, limit=10, overdue=False)
    assert workdays.earliest_with(0) is None


def test_years_before_a_gap_are_not_counted():
    calendar = WorkCalendar(frozenset({2016, 2018, 2019}), frozenset(), frozenset())
    workdays = workdays_until(TODAY, calendar)
    assert workdays.since(dt.date(2017, 12, 31)) is not None
    assert workdays.since(dt.date(2016, 6, 1)) is None


@pytest.mark.parametrize(
    ("paused", "resumed", "start"),
    [
        # Came on Monday the 3rd; nothing used: the clock begins anew on the day of the return.
        (dt.date(2019, 6, 3), dt.date(2019, 6, 24), dt.date(2019, 6, 24)),
        # Three days used (4th to 6th); back on Monday the 24th.
        (dt.date(2019, 6, 6), dt.date(2019, 6, 24), dt.date(2019, 6, 19)),
        # The holiday is no day used.
        (dt.date(2019, 6, 7), dt.date(2019, 6, 24), dt.date(2019, 6, 19)),
        # Back on the same day: as if nothing had been.
        (dt.date(2019, 6, 5), dt.date(2019, 6, 5), dt.date(2019, 6, 3)),
    ],
)
def test_a_pause_takes_nothing_and_gives_nothing(paused, resumed, start):
    began = dt.date(2019, 6, 3)
    found = start_after_pause(start=began, paused_on=paused, resumed_on=resumed, calendar=CALENDAR)
    one = dt.timedelta(days=1)
    assert found == start
    assert working_days_between(found + one, resumed, CALENDAR) == working_days_between(
        began + one, paused, CALENDAR
    )


def test_a_pause_beyond_the_calendar_moves_the_start_by_its_length():
    found = start_after_pause(
        start=dt.date(2021, 1, 4),
        paused_on=dt.date(2021, 1, 8),
        resumed_on=dt.date(2021, 1, 18),
        calendar=CALENDAR,
    )
    assert found == dt.date(2021, 1, 14)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (dt.date(2019, 6, 3), dt.date(2019, 6, 3), 0),
        (dt.date(2019, 6, 3), dt.date(2019, 6, 10), 4),
        (dt.date(2017, 1, 1), dt.date(2019, 6, 3), None),
    ],
)
def test_days_between_two_days_of_the_past(start, end, days):
    assert working_days_apart(start, end, WORKDAYS) == days
