"""Disclosure periods by the published calendar (edge case 43)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import DisclosureKind, ParameterKey
from cultivation.models import CalendarDay, CalendarYear, DisclosurePeriod, Parameter
from cultivation.selectors.calendar import disclosure_is_over, work_calendar
from cultivation.selectors.parameters import parameter
from cultivation.services.disclosure import open_disclosure
from tests.factories import staff

pytestmark = pytest.mark.django_db


def _open(published_on: dt.date, **arguments: object) -> DisclosurePeriod:
    arguments = {"actor": staff().caseworker, "place": "演示公示网", **arguments}
    with clock.fixed(max(published_on, clock.today())):
        return open_disclosure(kind=DisclosureKind.AWARD, published_on=published_on, **arguments)


def _code(published_on: dt.date, **arguments: object) -> str:
    with pytest.raises(Refused) as refusal:
        _open(published_on, **arguments)
    assert not DisclosurePeriod.objects.exists()
    return refusal.value.code


@pytest.mark.parametrize(
    ("published_on", "last_day"),
    [
        ("2019-06-14", "2019-06-28"),  # Friday; two plain weeks
        ("2019-06-15", "2019-06-28"),  # Saturday
        ("2019-01-28", "2019-02-14"),  # the week of the Spring Festival off, 2 and 3 February worked
        ("2019-09-25", "2019-10-14"),  # National Day off; 29 September and 12 October worked
        ("2019-04-28", "2019-05-14"),  # Labour Day 1–4 May off; 5 May worked
    ],
)
def test_edge_43_ten_working_days_by_the_published_calendar(published_on: str, last_day: str) -> None:
    with clock.fixed(dt.date(2019, 12, 1)):
        period = open_disclosure(
            kind=DisclosureKind.AWARD,
            published_on=dt.date.fromisoformat(published_on),
            place="演示公示网",
            actor=staff().caseworker,
        )
    assert period.last_day == dt.date.fromisoformat(last_day)


def test_edge_43_the_next_step_is_open_from_the_day_after() -> None:
    period = _open(dt.date(2019, 6, 14))
    assert not disclosure_is_over(period, dt.date(2019, 6, 28))
    assert disclosure_is_over(period, dt.date(2019, 6, 29))


def test_edge_43_the_day_of_publication_counts_where_the_parameter_says_so() -> None:
    Parameter.objects.filter(key=ParameterKey.DISCLOSURE_FIRST_DAY).update(value=0)
    assert _open(dt.date(2019, 6, 14)).last_day == dt.date(2019, 6, 27)


def test_a_period_of_another_length() -> None:
    assert _open(dt.date(2019, 6, 14), working_days=5).last_day == dt.date(2019, 6, 21)
    assert _code_of_length(0) == "no_working_days"


def _code_of_length(days: int) -> str:
    with pytest.raises(Refused) as refusal:
        _open(dt.date(2019, 6, 14), working_days=days)
    return refusal.value.code


class TestOutsideTheCalendar:
    """Nothing is guessed: a caseworker names the day, with a reason."""

    day = dt.date(2035, 6, 1)

    def test_edge_43_no_day_is_guessed(self) -> None:
        assert _code(self.day) == "calendar_unknown"

    def test_a_year_end_reaches_into_the_unknown(self) -> None:
        last = max(work_calendar().years)
        assert _code(dt.date(last, 12, 28)) == "calendar_unknown"

    def test_a_day_by_hand_needs_a_reason(self) -> None:
        assert _code(self.day, last_day=dt.date(2035, 6, 15)) == "reason_missing"

    def test_ten_working_days_cannot_take_less_than_ten_days(self) -> None:
        assert _code(self.day, last_day=dt.date(2035, 6, 9), reason="手工核定") == "last_day_too_early"

    def test_a_day_by_hand_is_taken(self) -> None:
        period = _open(self.day, last_day=dt.date(2035, 6, 18), reason="按省公告手工核定")
        assert period.last_day == dt.date(2035, 6, 18)

    def test_a_day_by_hand_is_not_taken_where_the_calendar_knows(self) -> None:
        arguments = {"last_day": dt.date(2019, 6, 20), "reason": "手工核定"}
        assert _code(dt.date(2019, 6, 14), **arguments) == "last_day_known"

    def test_a_year_becomes_known_by_entering_it(self) -> None:
        CalendarYear.objects.create(year=2035, source="演示")
        CalendarDay.objects.create(day=dt.date(2035, 6, 11), is_workday=False, source="演示")
        CalendarDay.objects.create(day=dt.date(2035, 6, 16), is_workday=True, source="演示")
        assert _open(self.day).last_day == dt.date(2035, 6, 16)


def test_place_and_day_are_looked_at() -> None:
    assert _code(dt.date(2019, 6, 14), place="  ") == "place_missing"
    with pytest.raises(Refused) as refusal:
        open_disclosure(
            kind=DisclosureKind.AWARD,
            published_on=clock.today() + dt.timedelta(days=1),
            place="演示公示网",
            actor=staff().caseworker,
        )
    assert refusal.value.code == "published_in_future"


def test_an_equal_period_is_shared_and_another_place_is_another_period() -> None:
    first, second = _open(dt.date(2019, 6, 14)), _open(dt.date(2019, 6, 14))
    assert first == second
    assert _open(dt.date(2019, 6, 14), place="另一网站") != first


def test_is_opened_by_a_caseworker() -> None:
    with pytest.raises(NotAllowed):
        _open(dt.date(2019, 6, 14), actor=staff().reviewer)


def test_a_parameter_has_a_value_only_in_its_span() -> None:
    Parameter.objects.create(
        key="demo", value=1, valid_from=dt.date(2019, 1, 1), valid_to=dt.date(2019, 7, 1), source="演示"
    )
    Parameter.objects.create(key="demo", value=2, valid_from=dt.date(2019, 7, 1), source="演示")
    # The vocabulary is closed; the span is the same for every key.
    Parameter.objects.filter(key=ParameterKey.TRAINING_HOURS).delete()
    Parameter.objects.filter(key="demo").update(key=ParameterKey.TRAINING_HOURS)
    values = {
        day: parameter(ParameterKey.TRAINING_HOURS, dt.date.fromisoformat(day))
        for day in ("2019-01-01", "2019-06-30", "2019-07-01")
    }
    assert values == {"2019-01-01": 1, "2019-06-30": 1, "2019-07-01": 2}
    with pytest.raises(Refused) as refusal:
        parameter(ParameterKey.TRAINING_HOURS, dt.date(2018, 12, 31))
    assert refusal.value.code == "parameter_missing"


def test_the_database_knows_the_same_period_once():
    period = _open(dt.date(2019, 6, 3))
    twin = DisclosurePeriod(
        kind=period.kind,
        published_on=period.published_on,
        place=period.place,
        working_days=period.working_days,
        last_day=period.last_day,
        opened_by=period.opened_by,
    )
    with pytest.raises(IntegrityError, match=r"opened_once|UNIQUE"), transaction.atomic():
        twin.save()
