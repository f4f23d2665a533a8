"""Daily seals: past days hashed onto one another, and every later change visible."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import Refused
from subsidies.models import AwardEvent, DailySeal, LedgerEntry, ListEvent
from subsidies.selectors.seals import check_seals, next_day_with_events
from subsidies.services.seals import seal_day, seal_through
from tests.subsidies.paying import answer, desk
from tests.subsidies.tampering import tamper

FIRST, SECOND, THIRD = dt.date(2019, 5, 6), dt.date(2019, 5, 8), dt.date(2019, 5, 10)
LAST = dt.date(2019, 6, 29)


@pytest.fixture
def history(cast, clock):
    """Approved on one day, released on a second, answered on a third."""
    clock(FIRST)
    paying = desk(cast)
    clock(SECOND)
    payment_list = paying.released()
    clock(THIRD)
    paying.load(payment_list, *(answer(line) for line in payment_list.lines.order_by("number")))
    clock(dt.date(2019, 6, 30))
    return paying


def codes() -> list[str]:
    return [problem.code for problem in check_seals()[1]]


class TestSealing:
    def test_every_past_day_with_events_gets_one_seal_on_the_one_before(self, history):
        seals = seal_through(day=LAST)
        assert [seal.day for seal in seals] == [FIRST, SECOND, THIRD]
        assert seals[0].previous == ""
        assert [seal.previous for seal in seals[1:]] == [seal.sha256 for seal in seals[:2]]
        records = AwardEvent.objects.count() + ListEvent.objects.count() + LedgerEntry.objects.count()
        assert sum(seal.events for seal in seals) == records
        assert check_seals() == (3, [])

    def test_again_it_finds_nothing_to_do(self, history):
        seal_through(day=LAST)
        assert seal_through(day=LAST) == []
        assert seal_day(day=FIRST) == DailySeal.objects.get(day=FIRST)

    def test_goes_on_where_it_stopped(self, history):
        assert [seal.day for seal in seal_through(day=SECOND)] == [FIRST, SECOND]
        assert [seal.day for seal in seal_through(day=LAST)] == [THIRD]
        assert codes() == []

    def test_a_day_that_is_not_over_is_not_sealed(self, history):
        for seal in (seal_day, seal_through):
            with pytest.raises(Refused) as caught:
                seal(day=dt.date(2019, 6, 30))
            assert caught.value.code == "day_not_over"

    def test_the_chain_grows_at_its_end_alone(self, history):
        seal_day(day=THIRD)
        with pytest.raises(Refused) as caught:
            seal_day(day=FIRST)
        assert caught.value.code == "day_before_last_seal"

    def test_the_same_records_give_the_same_seal(self, history):
        first = [seal.sha256 for seal in seal_through(day=LAST)]
        tamper("DELETE FROM subsidies_dailyseal")
        assert [seal.sha256 for seal in seal_through(day=LAST)] == first

    def test_days_are_those_of_the_office(self, history):
        """Eleven at night in London is the next day in Baise."""
        tamper("UPDATE subsidies_awardevent SET at = %s", [dt.datetime(2019, 5, 5, 23, tzinfo=dt.UTC)])
        assert next_day_with_events(dt.date(2019, 5, 6)) == FIRST
        assert next_day_with_events(dt.date.min) == FIRST

    def test_without_events_there_is_nothing_to_seal(self, db):
        assert seal_through(day=LAST) == []
        assert check_seals() == (0, [])


class TestChecking:
    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            ("UPDATE subsidies_awardevent SET reason = 'x' WHERE number = 2", "seal_broken"),
            ("UPDATE subsidies_listevent SET actor_id = actor_id - 1 WHERE number = 1", "seal_broken"),
            ("UPDATE subsidies_ledgerentry SET amount = amount + 1 WHERE kind = 'paid'", "seal_broken"),
            ("UPDATE subsidies_ledgerentry SET note = 'x' WHERE kind = 'paid'", "seal_broken"),
            ("DELETE FROM subsidies_ledgerentry WHERE kind = 'paid'", "seal_count"),
            ("DELETE FROM subsidies_listevent WHERE number = 4", "seal_count"),
            ("UPDATE subsidies_dailyseal SET sha256 = 'x' WHERE day = '2019-05-06'", "seal_chain"),
            ("DELETE FROM subsidies_dailyseal WHERE day = '2019-05-06'", "seal_chain"),
        ],
    )
    def test_a_later_change_shows(self, history, statement, code):
        seal_through(day=LAST)
        tamper(statement)
        assert code in codes()

    def test_a_record_put_into_a_day_that_was_passed_over_shows(self, history, clock):
        seal_through(day=LAST)
        event = AwardEvent.objects.order_by("-pk").first()
        AwardEvent.objects.create(
            award=event.award,
            number=event.number + 1,
            at=dt.datetime(2019, 5, 7, 9, tzinfo=dt.UTC),
            actor=event.actor,
            action="x",
            from_state=event.to_state,
            to_state=event.to_state,
        )
        assert codes() == ["outside_seals"]

    def test_the_database_refuses_to_change_a_seal(self, history):
        seal_through(day=LAST)
        with pytest.raises(IntegrityError), transaction.atomic():
            DailySeal.objects.update(sha256="x")
