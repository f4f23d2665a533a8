"""One clock, which the demonstration and tests can set."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from config.common import clock

DAY = dt.date(2019, 6, 30)


def test_the_calendar_counts_in_the_offices_time_zone(settings) -> None:
    settings.MIAOPU_TODAY = None
    with time_machine.travel(dt.datetime(2019, 6, 30, 16, 30, tzinfo=dt.UTC), tick=False):
        assert clock.today() == dt.date(2019, 7, 1)
        assert clock.now() == timezone.now()


def test_the_setting_fixes_the_day_and_lets_the_time_run(settings) -> None:
    settings.MIAOPU_TODAY = "2019-06-30"
    with time_machine.travel(dt.datetime(2026, 11, 23, 2, 15, tzinfo=dt.UTC), tick=False):
        assert clock.today() == DAY
        assert clock.now().isoformat() == "2019-06-30T10:15:00+08:00"


def test_a_fixed_day_goes_before_the_setting_and_ends_with_its_block(settings) -> None:
    settings.MIAOPU_TODAY = "2019-06-30"
    with clock.fixed(dt.date(2017, 12, 31)):
        with clock.fixed(dt.date(2018, 1, 1)):
            assert clock.now().isoformat() == "2018-01-01T09:00:00+08:00"
        assert clock.today() == dt.date(2017, 12, 31)
    assert clock.today() == DAY


def test_a_fixed_day_ends_with_an_error_too() -> None:
    with pytest.raises(LookupError), clock.fixed(dt.date(2017, 12, 31)):
        raise LookupError
    assert clock.today() == DAY


def test_instants_are_aware() -> None:
    assert timezone.is_aware(clock.now())
