"""What the awards may add up to, against every combination of firms and amounts."""

from decimal import Decimal
from fractions import Fraction as F
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.forecasting.compound import AwardAmount, Exposure, exposure, in_yuan
from cultivation.forecasting.trials import Trials


def awards(*rows: tuple[str, F]) -> list[AwardAmount]:
    return [AwardAmount(Decimal(amount), share, "演示") for amount, share in rows]


def by_listing(probabilities: list[F], amounts: list[AwardAmount]) -> dict[int, F]:
    """Every firm gets nothing or one of the amounts; all combinations."""
    totals: dict[int, F] = {}
    for choice in product([None, *amounts], repeat=len(probabilities)):
        chance, total = F(1), 0
        for p, row in zip(probabilities, choice, strict=True):
            chance *= 1 - p if row is None else p * row.share
            total += 0 if row is None else int(row.amount * 100)
        totals[total] = totals.get(total, F(0)) + chance
    return totals


@settings(max_examples=60, deadline=None)
@given(
    probabilities=st.lists(st.fractions(0, 1, max_denominator=10), min_size=1, max_size=4),
    cents=st.lists(st.integers(1, 10_000_001), min_size=1, max_size=3, unique=True),
    cuts=st.integers(1, 9),
)
def test_mean_and_quantiles_are_exact(probabilities: list[F], cents: list[int], cuts: int) -> None:
    shares = [F(cuts, 10 * len(cents))] * (len(cents) - 1)
    amounts = [
        AwardAmount(Decimal(fen).scaleb(-2), share, "演示")
        for fen, share in zip(cents, [*shares, 1 - sum(shares, F(0))], strict=True)
    ]
    expected = by_listing(probabilities, amounts)
    made = exposure([Trials(1, p) for p in probabilities], amounts)
    assert made.is_exact
    assert made.mean == sum(total * chance for total, chance in expected.items())
    for percent, found in made.quantiles.items():
        assert sum(c for total, c in expected.items() if total <= found) >= F(percent, 100)
        assert sum((c for total, c in expected.items() if total < found), F(0)) < F(percent, 100)


def test_a_tie_with_ten_percent() -> None:
    made = exposure([Trials(1, F(9, 10))], awards(("80000.00", F(1))))
    assert made == Exposure(F(7_200_000), {10: 0, 50: 8_000_000, 90: 8_000_000}, is_exact=True)
    assert made.as_json() == {"mean": "72000.00", "p10": "0.00", "p50": "80000.00", "p90": "80000.00"}


def test_a_hundred_firms_and_three_amounts_are_still_exact() -> None:
    amounts = awards(("50000.00", F(1, 2)), ("80000.00", F(1, 4)), ("100000.00", F(1, 4)))
    assert exposure([Trials(60, F(3, 5)), Trials(40, F(1, 4), F(9))], amounts).is_exact


def test_a_large_population_is_near_the_normal_distribution() -> None:
    amounts = awards(("80000.00", F(1, 2)), ("100000.01", F(1, 2)))
    made = exposure([Trials(40_000, F(1, 2))], amounts)
    assert not made.is_exact
    assert made.mean == 20_000 * F(18_000_001, 2)
    assert made.quantiles[10] < made.quantiles[50] < made.quantiles[90]
    assert abs(made.quantiles[50] - made.mean) <= 1


def test_nobody_to_come_costs_nothing() -> None:
    made = exposure([], awards(("80000.00", F(1))))
    assert made.as_json() == {"mean": "0.00", "p10": "0.00", "p50": "0.00", "p90": "0.00"}


@pytest.mark.parametrize(("fen", "yuan"), [(F(1, 2), "0.01"), (F(49, 100), "0.00"), (12345, "123.45")])
def test_parts_of_a_fen_round_half_up(fen: F | int, yuan: str) -> None:
    assert f"{in_yuan(fen):f}" == yuan
