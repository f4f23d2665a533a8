"""What each kind of entry does to a funding line's figures."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subsidies import enums
from subsidies.rules.balances import Figures, Kind, Movement, effect_of, fold

A = Decimal("80000.00")
O = Decimal("0.00")  # noqa: E741


@pytest.mark.parametrize(
    ("kind", "direction", "change"),
    [
        (Kind.APPROPRIATED, 1, (A, O, O)),
        (Kind.ADJUSTED, 1, (A, O, O)),
        (Kind.ADJUSTED, -1, (-A, O, O)),
        (Kind.CARRIED_OVER, 1, (A, O, O)),
        (Kind.CARRIED_OVER, -1, (-A, O, O)),
        (Kind.COMMITTED, 1, (O, A, O)),
        (Kind.DECOMMITTED, 1, (O, -A, O)),
        (Kind.PAID, 1, (O, -A, A)),
        (Kind.RETURNED, 1, (O, A, -A)),
        (Kind.RECOVERED, 1, (O, O, O)),
    ],
)
def test_effect_of_each_kind(kind: Kind, direction: int, change: tuple[Decimal, Decimal, Decimal]) -> None:
    assert effect_of(Movement(kind, A, direction)) == Figures(*change)


def test_recovered_money_returns_only_where_the_scheme_says_so() -> None:
    assert effect_of(Movement(Kind.RECOVERED, A, 1, returns_to_line=True)) == Figures(O, O, -A)


def test_a_payment_and_its_return_leave_what_was_committed() -> None:
    before = [Movement(Kind.APPROPRIATED, A), Movement(Kind.COMMITTED, A)]
    after = [*before, Movement(Kind.PAID, A), Movement(Kind.RETURNED, A)]
    assert fold(after) == fold(before)


AMOUNT = st.integers(min_value=1, max_value=10**12).map(lambda fen: Decimal(fen).scaleb(-2))
MOVEMENT = st.builds(Movement, st.sampled_from(Kind), AMOUNT, st.sampled_from([1, -1]), st.booleans())


@given(st.lists(MOVEMENT), st.lists(MOVEMENT))
def test_the_order_and_the_cut_of_the_entries_do_not_matter(
    some: list[Movement], others: list[Movement]
) -> None:
    assert fold(some + others) == fold(others) + fold(some)


@given(st.lists(MOVEMENT))
def test_reversing_every_entry_gives_nothing(movements: list[Movement]) -> None:
    reversed_ones = [
        Movement(row.kind, row.amount, -row.direction, row.returns_to_line) for row in reversed(movements)
    ]
    assert fold([*movements, *reversed_ones]) == Figures()


@given(st.lists(MOVEMENT))
def test_available_moves_with_appropriation_and_commitment_alone(movements: list[Movement]) -> None:
    free = {
        Kind.APPROPRIATED: 1,
        Kind.ADJUSTED: 1,
        Kind.CARRIED_OVER: 1,
        Kind.COMMITTED: -1,
        Kind.DECOMMITTED: 1,
        Kind.PAID: 0,
        Kind.RETURNED: 0,
        Kind.OPENING_COMMITTED: -1,
        Kind.OPENING_PAID: -1,
    }
    expected = sum(
        (
            row.amount * row.direction * (free[row.kind] if row.kind in free else int(row.returns_to_line))
            for row in movements
        ),
        O,
    )
    assert fold(movements).available == expected


def test_the_kinds_are_those_of_the_table() -> None:
    assert {kind.value for kind in Kind} == set(enums.EntryKind.values)
