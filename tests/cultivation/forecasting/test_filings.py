"""The fewest further filings, against filing after filing in fractions."""

from fractions import Fraction as F

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.forecasting.distribution import distribution_of
from cultivation.forecasting.filings import fewest_filings
from cultivation.forecasting.numeric import numeric_distribution
from cultivation.forecasting.trials import Trials

from . import independent

RATES = st.one_of(st.integers(1, 20).map(lambda n: F(n, 20)), st.fractions(F(1, 6), 1, max_denominator=40))


@settings(max_examples=80, deadline=None)
@given(
    groups=st.lists(st.tuples(st.integers(0, 5), st.fractions(0, 1, max_denominator=10)), max_size=3),
    start=st.integers(0, 10),
    target=st.integers(0, 13),
    rate=RATES,
)
def test_as_few_as_one_after_the_other(groups: list[tuple[int, F]], start: int, target: int, rate: F) -> None:
    trials = [Trials(*group) for group in groups]
    chances = independent.convolution([p for count, p in groups for _ in range(count)], start)
    expected = independent.fewest_filings(chances, target, rate)
    assert fewest_filings(distribution_of(trials, start), target, rate) == expected
    assert fewest_filings(numeric_distribution(trials).shifted(start), target, rate) == expected


@pytest.mark.parametrize(
    ("target", "rate", "expected"),
    [
        (10, F(0), None),  # no filing helps
        (10, F(1, 2), 0),  # met already
        (11, F(4, 5), 1),  # exactly four in five counts as reached
        (11, F("0.7999999999999999999999"), 2),
        (11, F(1), 1),
        (15, F(1), 5),
        (11, F(1, 10**9), 1_609_437_912),  # ln 5 / rate
    ],
)
def test_on_the_limit(target: int, rate: F, expected: int | None) -> None:
    assert fewest_filings(distribution_of([], 10), target, rate) == expected


def test_the_limit_can_be_hit_by_the_firms_themselves() -> None:
    assert fewest_filings(distribution_of([Trials(1, F(4, 5))], 10), 11, F(1, 2)) == 0
    assert fewest_filings(distribution_of([Trials(1, F("0.79"))], 10), 11, F(1, 2)) == 1
