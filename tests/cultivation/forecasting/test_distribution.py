"""The distribution against an independent reckoning, and at the places where floating point goes wrong."""

import time
from fractions import Fraction as F
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.forecasting.distribution import distribution_of
from cultivation.forecasting.exact import ExactDistribution, exact_distribution
from cultivation.forecasting.numeric import NumericDistribution, numeric_distribution, poisson_binomial
from cultivation.forecasting.trials import Trials

from .independent import at_least, convolution, quantile

PROBABILITIES = st.one_of(
    st.sampled_from([F(0), F(1), F(1, 2), F(1, 10), F(9, 10), F(4, 5)]),
    st.integers(0, 1000).map(lambda n: F(n, 1000)),
    st.fractions(0, 1, max_denominator=10**9),
)
GROUPS = st.lists(st.tuples(st.integers(0, 7), PROBABILITIES), max_size=5)


def firms(groups: list[tuple[int, F]]) -> list[F]:
    return [p for count, p in groups for _ in range(count)]


@settings(max_examples=150, deadline=None)
@given(groups=GROUPS, start=st.integers(0, 60))
def test_whole_numbers_give_exactly_the_convolution(groups: list[tuple[int, F]], start: int) -> None:
    made = distribution_of([Trials(*group) for group in groups], start)
    expected = convolution(firms(groups), start)
    assert isinstance(made, ExactDistribution)
    got = {made.lowest + i: F(n, made.denominator) for i, n in enumerate(made.numerators)}
    assert {n: p for n, p in got.items() if p} == {n: p for n, p in expected.items() if p}
    for percent in (10, 50, 90):
        assert made.quantile(percent) == quantile(expected, percent)
    for target in (start, start + 3, start + 40, 0):
        assert abs(F(made.at_least(target)) - at_least(expected, target)) < F(1, 10**40)


@settings(max_examples=60, deadline=None)
@given(groups=GROUPS)
def test_the_numeric_way_agrees_to_a_billionth(groups: list[tuple[int, F]]) -> None:
    expected = convolution(firms(groups))
    for made in (
        numeric_distribution([Trials(*group) for group in groups]),
        poisson_binomial([float(p) for p in firms(groups)]),
    ):
        got = {number: float(mass) for number, mass in made.masses()}
        for number in expected.keys() | got.keys():
            assert abs(got.get(number, 0.0) - float(expected.get(number, 0))) < 1e-12
        for percent in (10, 50, 90):
            assert made.quantile(percent) == quantile(expected, percent)


@pytest.mark.parametrize(
    ("count", "p", "percent", "expected"),
    [
        (1, "0.9", 10, 0),  # P(0) = 0.1 exactly; in floating point 1 - 0.9 < 0.1
        (1, "0.9000000000000000000001", 10, 1),
        (1, "0.8999999999999999999999", 10, 0),
        (1, "0.5", 50, 0),
        (1, "0.5000000000000000000001", 50, 1),
        (1, "0.1", 90, 0),
        (1, "0.1000000000000000000001", 90, 1),
        (3, "0.5", 50, 1),
        (99, "0.5", 50, 49),
    ],
)
def test_a_quantile_is_decided_exactly_on_its_limit(count: int, p: str, percent: int, expected: int) -> None:
    assert distribution_of([Trials(count, F(p))]).quantile(percent) == expected


def test_a_tie_is_seen_in_large_populations_too() -> None:
    made = distribution_of([Trials(99_999, F(1, 2))])
    assert isinstance(made, NumericDistribution)
    assert made.quantile(50) == 49_999


def test_nobody_and_the_certain_ones() -> None:
    empty = distribution_of([], 35)
    assert (empty.quantile(10), empty.quantile(90), empty.at_least(35), empty.at_least(36)) == (35, 35, 1, 0)
    certain = distribution_of([Trials(4, F(1)), Trials(9, F(0))], 30)
    assert [(n, int(p)) for n, p in certain.masses()] == [(34, 1)]


@settings(max_examples=60, deadline=None)
@given(
    count=st.integers(0, 12),
    p=st.fractions(0, 1, max_denominator=20),
    weight=st.fractions(F(1, 10), 30, max_denominator=10),
)
def test_an_estimated_group_is_beta_binomial(count: int, p: F, weight: F) -> None:
    """Pólya's urn: every firm that comes through makes the next one likelier."""
    chances = {(0, 0): F(1)}
    for drawn in range(count):
        following: dict[tuple[int, int], F] = {}
        for (_, hits), chance in chances.items():
            hit = (p * weight + hits) / (weight + drawn)
            following[drawn + 1, hits + 1] = following.get((drawn + 1, hits + 1), F(0)) + chance * hit
            following[drawn + 1, hits] = following.get((drawn + 1, hits), F(0)) + chance * (1 - hit)
        chances = following
    made = exact_distribution([Trials(count, p, weight)])
    got = {made.lowest + i: F(n, made.denominator) for i, n in enumerate(made.numerators)}
    assert {n: c for n, c in got.items() if c} == {hits: c for (_, hits), c in chances.items() if c}
    mean = sum(n * c for n, c in got.items())
    assert mean == Trials(count, p, weight).mean
    assert sum(n * n * c for n, c in got.items()) - mean**2 == Trials(count, p, weight).variance


def test_an_estimate_from_little_evidence_gives_a_wider_interval() -> None:
    known = distribution_of([Trials(30, F(1, 2))])
    estimated = distribution_of([Trials(30, F(1, 2), F(4))])
    assert estimated.quantile(10) < known.quantile(10) < known.quantile(90) < estimated.quantile(90)


def test_beta_binomial_in_large_populations() -> None:
    groups = [Trials(40, F(1, 3), F(7)), Trials(25, F(3, 5), F(11)), Trials(30, F(1, 4))]
    exact, numeric = exact_distribution(groups), numeric_distribution(groups)
    got = dict(numeric.masses())
    assert all(abs(mass - got.get(number, 0)) < 1e-11 for number, mass in exact.masses())


def test_half_a_million_probabilities_in_seconds() -> None:
    probabilities = np.random.default_rng(7).random(500_000)
    begun = time.perf_counter()
    made = poisson_binomial(probabilities)
    assert time.perf_counter() - begun < 5
    assert abs(made.probabilities.sum() - 1) < 1e-12
    mean = made.lowest + float((made.probabilities * np.arange(len(made.probabilities))).sum())
    assert mean == pytest.approx(probabilities.sum(), abs=1e-6)


def test_many_equal_firms_follow_the_binomial_to_a_billionth() -> None:
    """A long sum of equal roundings would drift; checked against whole numbers."""
    n, made = 3000, poisson_binomial(np.full(3000, 1e-5))
    p = F(1e-5)
    for number, mass in made.masses():
        if number < 8:
            exact = comb(n, number) * p**number * (1 - p) ** (n - number)
            assert abs(float(mass) - float(exact)) < 1e-13
