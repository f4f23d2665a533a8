"""The ledger: what it lets through, what it refuses, and that nothing of it can be changed."""

import datetime as dt
from contextlib import nullcontext
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from config.common.clock import fixed
from config.common.errors import Refused
from subsidies.enums import AwardState, EntryKind
from subsidies.models import FundingLine, LedgerEntry
from subsidies.rules.balances import OPENING_KINDS, TWO_WAY_KINDS, Figures, Kind, Movement, effect_of
from subsidies.selectors.balances import award_entry_problems, entries_of, figures_on, guard_problems
from subsidies.services.ledger import figures_of, lock_lines, post_entry
from tests.subsidies.factories import award_at, funding_line, office

THOUSAND = Decimal("1000.00")


@pytest.fixture
def line(db):
    return funding_line("1000.00")


@pytest.fixture
def award(db):
    return award_at(AwardState.AWAITING_BASIS)


def book(line, kind, amount, key="k", **options):
    return post_entry(
        line=line, kind=kind, amount=Decimal(amount), actor=office().finance, key=key, **options
    )


class TestPosting:
    def test_the_figures_follow_every_entry(self, line, award):
        book(line, EntryKind.COMMITTED, "400.00", "1", award=award)
        book(line, EntryKind.PAID, "300.00", "2", award=award)
        book(line, EntryKind.RETURNED, "100.00", "3", award=award)
        book(line, EntryKind.DECOMMITTED, "150.00", "4", award=award)
        book(line, EntryKind.ADJUSTED, "50.00", "5", direction=-1, document_number="演示财〔2019〕9号")
        expected = Figures(Decimal("950.00"), Decimal("50.00"), Decimal("200.00"))
        assert figures_of(line) == expected == figures_on(line)
        assert guard_problems() == []

    def test_what_is_available_may_be_committed_to_the_last_fen(self, line, award):
        book(line, EntryKind.COMMITTED, "1000.00", award=award)
        assert figures_of(line).available == 0

    def test_one_fen_more_is_refused_with_both_amounts(self, line, award):
        with pytest.raises(Refused) as refused:
            book(line, EntryKind.COMMITTED, "1000.01", award=award)
        assert refused.value.code == "overdrawn"
        assert refused.value.details == {"available": "1000.00", "needed": "1000.01"}
        assert "1000.00" in refused.value.message
        assert "1000.01" in refused.value.message
        line.refresh_from_db()
        assert line.committed == 0
        assert entries_of(line).count() == 1

    def test_an_appropriation_is_not_cut_below_what_is_committed(self, line, award):
        book(line, EntryKind.COMMITTED, "900.00", "1", award=award)
        with pytest.raises(Refused, match=r"100\.00"):
            book(line, EntryKind.ADJUSTED, "100.01", "2", direction=-1, document_number="演示财〔2019〕9号")
        book(line, EntryKind.ADJUSTED, "100.00", "3", direction=-1, document_number="演示财〔2019〕9号")

    @pytest.mark.parametrize("kind", [EntryKind.PAID, EntryKind.DECOMMITTED, EntryKind.RETURNED])
    def test_nothing_is_taken_from_what_is_not_there(self, line, award, kind):
        with pytest.raises(Refused) as refused:
            book(line, kind, "0.01", award=award)
        assert refused.value.code == "figures_negative"

    @pytest.mark.parametrize("amount", ["0.00", "-0.01", "-1000.00"])
    def test_edge_case_32_zero_and_less_is_no_entry(self, line, award, amount):
        with pytest.raises(Refused) as refused:
            book(line, EntryKind.COMMITTED, amount, award=award)
        assert refused.value.code == "amount_not_positive"

    def test_a_kind_that_adds_takes_away_only_to_reverse_an_equal_entry(self, line, award):
        first = book(line, EntryKind.COMMITTED, "400.00", "1", award=award)
        for options in ({}, {"reverses": first, "award": None}):
            with pytest.raises(Refused) as refused:
                book(line, EntryKind.COMMITTED, "400.00", "2", direction=-1, **{"award": award, **options})
            assert refused.value.code == "direction_not_open"
        book(line, EntryKind.COMMITTED, "400.00", "3", direction=-1, award=award, reverses=first)
        assert figures_of(line).committed == 0

    def test_an_entry_is_reversed_once(self, line, award):
        first = book(line, EntryKind.COMMITTED, "400.00", "1", award=award)
        book(line, EntryKind.COMMITTED, "400.00", "2", award=award)
        book(line, EntryKind.COMMITTED, "400.00", "3", direction=-1, award=award, reverses=first)
        with pytest.raises(IntegrityError), transaction.atomic():
            book(line, EntryKind.COMMITTED, "400.00", "4", direction=-1, award=award, reverses=first)

    def test_recovered_money_goes_back_to_the_line_only_where_told(self, line, award):
        book(line, EntryKind.COMMITTED, "400.00", "1", award=award)
        book(line, EntryKind.PAID, "400.00", "2", award=award)
        book(line, EntryKind.RECOVERED, "100.00", "3", award=award)
        assert figures_of(line).paid == Decimal("400.00")
        book(line, EntryKind.RECOVERED, "100.00", "4", award=award, returns_to_line=True)
        assert figures_of(line) == Figures(THOUSAND, Decimal("0.00"), Decimal("300.00")) == figures_on(line)

    def test_large_amounts_keep_their_fen(self, award):
        line = funding_line("90000000000000000.00")
        book(line, EntryKind.COMMITTED, "89999999999999999.99", award=award)
        assert figures_of(line).available == Decimal("0.01")


class TestIdempotency:
    def test_the_same_entry_again_is_the_one_that_stands(self, line, award):
        first = book(line, EntryKind.COMMITTED, "400.00", award=award)
        again = book(line, EntryKind.COMMITTED, "400.00", award=award, note="again")
        assert again.pk == first.pk
        assert figures_of(line).committed == Decimal("400.00")
        assert entries_of(line).count() == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"amount": "400.01"},
            {"kind": EntryKind.DECOMMITTED},
            {"award": None, "kind": EntryKind.APPROPRIATED, "document_number": "演示财〔2019〕9号"},
        ],
    )
    def test_another_entry_under_the_same_key_is_refused(self, line, award, other):
        book(line, EntryKind.COMMITTED, "400.00", award=award)
        with pytest.raises(Refused) as refused:
            book(line, **{"kind": EntryKind.COMMITTED, "amount": "400.00", "award": award, **other})
        assert refused.value.code == "key_reused"

    def test_a_replay_succeeds_even_when_the_line_is_used_up(self, line, award):
        first = book(line, EntryKind.COMMITTED, "1000.00", award=award)
        assert book(line, EntryKind.COMMITTED, "1000.00", award=award) == first


class TestGuards:
    def test_an_entry_is_neither_changed_nor_deleted(self, line):
        entry = entries_of(line).get()
        for change in (
            lambda: LedgerEntry.objects.filter(pk=entry.pk).update(note="x"),
            lambda: LedgerEntry.objects.filter(pk=entry.pk).delete(),
        ):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
                change()

    @pytest.mark.parametrize(
        "figures",
        [
            {"committed": Decimal("1000.01")},
            {"paid": Decimal("1000.01")},
            {"committed": Decimal("500.00"), "paid": Decimal("500.01")},
            {"appropriated": Decimal("-0.01")},
            {"committed": Decimal("-0.01")},
            {"paid": Decimal("-0.01")},
        ],
    )
    def test_the_database_refuses_an_overdraw_by_any_way(self, line, figures):
        with pytest.raises(IntegrityError), transaction.atomic():
            FundingLine.objects.filter(pk=line.pk).update(**figures)

    @pytest.mark.parametrize("fields", [{"amount": 0}, {"direction": 2}, {"document_number": ""}])
    def test_the_database_refuses_a_malformed_entry(self, line, fields):
        values = {
            "line": line,
            "kind": EntryKind.APPROPRIATED,
            "amount": 1,
            "direction": 1,
            "document_number": "n",
            "idempotency_key": "k",
            "on": dt.date(2019, 6, 30),
            "actor": office().finance,
        }
        with pytest.raises(IntegrityError), transaction.atomic():
            LedgerEntry.objects.create(**{**values, **fields})

    def test_a_guard_that_was_tampered_with_is_found(self, line):
        FundingLine.objects.filter(pk=line.pk).update(paid=Decimal("0.01"))
        (problem,) = guard_problems()
        assert (problem.code, problem.record) == ("guard_differs_from_ledger", str(line))
        assert "0.01" in problem.message

    @pytest.mark.parametrize("state", list(AwardState))
    def test_the_entries_of_an_award_agree_with_its_state(self, db, state):
        award_at(state)
        assert award_entry_problems() == []
        assert guard_problems() == []

    def test_an_award_with_a_missing_entry_is_found(self, db):
        award = award_at(AwardState.APPROVED)
        book(award.funding_line, EntryKind.DECOMMITTED, "80000.00", "behind the back", award=award)
        (problem,) = award_entry_problems()
        assert (problem.code, problem.record) == ("award_differs_from_ledger", award.number)


def test_the_balance_as_of_a_day(db, award):
    with fixed(dt.date(2019, 3, 1)):
        line = funding_line("1000.00")
    with fixed(dt.date(2019, 4, 1)):
        book(line, EntryKind.COMMITTED, "400.00", award=award)
    assert figures_on(line, dt.date(2019, 2, 28)) == Figures()
    assert figures_on(line, dt.date(2019, 3, 31)) == Figures(THOUSAND, Decimal("0.00"), Decimal("0.00"))
    assert figures_on(line, dt.date(2019, 4, 1)).available == Decimal("600.00")


def test_balances_cost_the_same_however_many_entries(db, award, django_assert_num_queries):
    line = funding_line("1000.00")
    for number in range(5):
        book(line, EntryKind.COMMITTED, "1.00", str(number), award=award)
    with django_assert_num_queries(1):
        figures_on(line)
    with django_assert_num_queries(2):
        guard_problems()


def test_lines_are_locked_in_the_order_of_their_keys(db):
    lines = [funding_line("1.00") for _ in range(3)]
    assert lock_lines(reversed(lines)) == lines


class TestAnySequence(TestCase):
    """Whatever is tried, the guards are the entries, and never overdrawn."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.sampled_from(Kind), st.integers(1, 60_000), st.sampled_from([1, -1]), st.booleans()),
            max_size=15,
        )
    )
    def test_guards_equal_entries_and_hold(self, tries):
        award, line = award_at(AwardState.AWAITING_BASIS), funding_line("1000.00")
        expected = Figures(THOUSAND, Decimal("0.00"), Decimal("0.00"))
        for number, (kind, fen, direction, returns) in enumerate(tries):
            movement = Movement(kind, Decimal(fen).scaleb(-2), direction, returns and kind is Kind.RECOVERED)
            after = expected + effect_of(movement)
            one_way = direction == -1 and kind not in TWO_WAY_KINDS
            with (
                pytest.raises(Refused)
                if one_way or after.is_overdrawn or after.is_negative
                else nullcontext()
            ):
                book(
                    line,
                    EntryKind(kind.value),
                    movement.amount,
                    f"try:{number}",
                    direction=direction,
                    award=None if kind in OPENING_KINDS else award,
                    document_number="n",
                    returns_to_line=movement.returns_to_line,
                )
                expected = after
            assert figures_of(line) == expected == figures_on(line)
            assert not expected.is_overdrawn
            assert not expected.is_negative
