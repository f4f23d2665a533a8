"""Distributions of a count in floating point, for populations too large for whole-number arithmetic.

Independent firms: pairwise products of the probabilities' polynomials, each cut to the window outside which
Bernstein's inequality leaves less than 1e-20, so that half a million firms are some thousand terms wide. All terms
are positive and added directly, so nothing cancels: errors stay below 1e-12, well inside the 1e-9 promised. Only
very wide beta-binomial parts go through the Fourier transform, clipped at 0.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .trials import Trials

Array = NDArray[np.float64]

_LOG_OF_CUT = -log(1e-20 / 2)
_NEGLIGIBLE = 1e-25
_LEAF = 64
# Product of the lengths of two factors up to which they are multiplied directly.
_LARGEST_DIRECT = 400_000_000


@dataclass(frozen=True, slots=True)
class _Part:
    """Masses from ``lowest`` on. ``variance`` None: tails heavier than a sum of independent firms has."""

    lowest: int
    masses: Array
    mean: float
    variance: float | None


def _cut(part: _Part) -> _Part:
    """Leave out what lies in tails that are certainly negligible; bring the rest back to the sum of one."""
    if part.variance is None:
        kept = np.flatnonzero(part.masses > _NEGLIGIBLE)
        first, last = int(kept[0]), int(kept[-1])
    else:
        third = _LOG_OF_CUT / 3
        reach = third + sqrt(third**2 + 2 * _LOG_OF_CUT * part.variance)
        first = max(floor(part.mean - reach) - part.lowest, 0)
        last = min(ceil(part.mean + reach) - part.lowest, len(part.masses) - 1)
    masses = part.masses[first : last + 1]
    # Rounding of p and 1 - p to doubles adds up in one direction over many equal firms; the sum is known to be one.
    return _Part(part.lowest + first, masses / masses.sum(), part.mean, part.variance)


def _product(left: _Part, right: _Part) -> _Part:
    if len(left.masses) * len(right.masses) <= _LARGEST_DIRECT:
        masses = np.convolve(left.masses, right.masses)
    else:
        from scipy.signal import fftconvolve

        masses = np.clip(fftconvolve(left.masses, right.masses), 0, None)
    variance = None if left.variance is None or right.variance is None else left.variance + right.variance
    return _cut(_Part(left.lowest + right.lowest, masses, left.mean + right.mean, variance))


def _multiply(parts: Sequence[_Part]) -> _Part:
    """Product of all parts, in pairs of like size."""
    while len(parts) > 1:
        pairs = [_product(left, right) for left, right in zip(parts[::2], parts[1::2], strict=False)]
        parts = pairs + list(parts[len(pairs) * 2 :])
    return parts[0] if parts else _Part(0, np.ones(1), 0.0, 0.0)


def _of_probabilities(probabilities: Array) -> _Part:
    """One firm a probability: blocks of 64 side by side, then pairwise products."""
    certain = int(np.count_nonzero(probabilities == 1))
    open_ones = probabilities[(probabilities > 0) & (probabilities < 1)]
    table = np.zeros((-(-len(open_ones) // _LEAF), _LEAF))
    table.flat[: len(open_ones)] = open_ones
    masses = np.zeros((len(table), _LEAF + 1))
    masses[:, 0] = 1
    for column in range(_LEAF):
        hit = table[:, column : column + 1]
        carried = masses[:, :-1] * hit
        masses *= 1 - hit
        masses[:, 1:] += carried
    means, variances = table.sum(axis=1), (table * (1 - table)).sum(axis=1)
    parts = [
        _cut(_Part(0, row, float(mean), float(variance)))
        for row, mean, variance in zip(masses, means, variances, strict=True)
    ]
    return _product(_Part(certain, np.ones(1), float(certain), 0.0), _multiply(parts))


def _of_trials(trials: Trials) -> _Part:
    if trials.is_certain:
        return _Part(int(trials.mean), np.ones(1), float(trials.mean), 0.0)
    from scipy.stats import betabinom, binom

    if trials.weight is not None:
        alpha = float(trials.probability * trials.weight)
        masses = betabinom.pmf(np.arange(trials.count + 1), trials.count, alpha, float(trials.weight) - alpha)
        return _cut(_Part(0, masses, float(trials.mean), None))
    mean, variance = float(trials.mean), float(trials.variance)
    reach = _LOG_OF_CUT / 3 + sqrt((_LOG_OF_CUT / 3) ** 2 + 2 * _LOG_OF_CUT * variance)
    lowest, highest = max(floor(mean - reach), 0), min(ceil(mean + reach), trials.count)
    masses = binom.pmf(np.arange(lowest, highest + 1), trials.count, float(trials.probability))
    return _cut(_Part(lowest, masses, mean, variance))


@dataclass(frozen=True, slots=True)
class NumericDistribution:
    """P(N = lowest + i) = probabilities[i], to 1e-12."""

    lowest: int
    probabilities: Array

    # A cumulative probability this close to a limit counts as having reached it: the limit may be hit exactly.
    tolerance = Decimal("1e-12")

    @property
    def highest(self) -> int:
        return self.lowest + len(self.probabilities) - 1

    def shifted(self, by: int) -> "NumericDistribution":
        return NumericDistribution(self.lowest + by, self.probabilities)

    def quantile(self, percent: int) -> int:
        """The least n with P(N <= n) >= percent / 100."""
        sums = np.cumsum(self.probabilities)
        index = int(np.searchsorted(sums, percent / 100 - float(self.tolerance)))
        return self.lowest + min(index, len(sums) - 1)

    def at_least(self, number: int) -> Decimal:
        """P(N >= number)."""
        first = max(number - self.lowest, 0)
        if first == 0:
            return Decimal(1)
        return Decimal(min(float(self.probabilities[first:].sum()), 1.0))

    def masses(self) -> Iterator[tuple[int, Decimal]]:
        for index, mass in enumerate(self.probabilities.tolist()):
            yield self.lowest + index, Decimal(mass)

    def shortfall_after(self, target: int, filings: int, rate: float) -> Decimal:
        """P(N + B < target) where B of ``filings`` further firms come through, each with ``rate``."""
        from scipy.stats import binom

        gaps = np.arange(
            target - 1 - self.highest, target - self.lowest
        )  # B <= gap fails when N = target-1-gap
        fails = binom.cdf(gaps, filings, rate)
        return Decimal(float((self.probabilities[::-1] * fails).sum()))


def poisson_binomial(probabilities: ArrayLike) -> NumericDistribution:
    """How many of independent firms come through, one probability each; half a million take about a second."""
    part = _of_probabilities(np.asarray(probabilities, dtype=np.float64).ravel())
    return NumericDistribution(part.lowest, part.masses)


def numeric_distribution(groups: Sequence[Trials]) -> NumericDistribution:
    """Distribution of how many firms of independent groups come through."""
    singles = [float(group.probability) for group in groups if group.count == 1]
    parts = [_of_trials(group) for group in groups if group.count > 1]
    parts.append(_of_probabilities(np.asarray(singles)))
    part = _multiply(sorted(parts, key=lambda part: len(part.masses)))
    return NumericDistribution(part.lowest, part.masses)
