"""Distributions of a count in whole numbers: no rounding anywhere, so that a tie with 10 %, 50 % or 80 % is seen.

Floating point puts P(N <= 0) of a firm with p = 0.9 at 0.0999… and moves the P10 by one; whole numbers over one
common denominator do not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from itertools import accumulate
from math import comb, lcm

from .trials import Trials

_DIGITS = 50
# Bits of the whole table of numerators up to which the arithmetic takes well under a second.
_LARGEST_TABLE_BITS = 4_000_000


def to_decimal(value: Fraction, digits: int = _DIGITS) -> Decimal:
    """The fraction to ``digits`` significant digits, rounded once."""
    context = Context(prec=digits)
    return context.divide(Decimal(value.numerator), Decimal(value.denominator))


@dataclass(frozen=True, slots=True)
class ExactDistribution:
    """P(N = lowest + i) = numerators[i] / denominator."""

    lowest: int
    numerators: tuple[int, ...]
    denominator: int

    # How close to a limit a cumulative probability counts as having reached it.
    tolerance = Decimal(0)

    @property
    def highest(self) -> int:
        return self.lowest + len(self.numerators) - 1

    def shifted(self, by: int) -> "ExactDistribution":
        return ExactDistribution(self.lowest + by, self.numerators, self.denominator)

    def quantile(self, percent: int) -> int:
        """The least n with P(N <= n) >= percent / 100."""
        for index, total in enumerate(accumulate(self.numerators)):
            if total * 100 >= percent * self.denominator:
                return self.lowest + index
        raise AssertionError("the probabilities add up to one")

    def at_least(self, number: int) -> Decimal:
        """P(N >= number)."""
        first = max(number - self.lowest, 0)
        return to_decimal(Fraction(sum(self.numerators[first:]), self.denominator))

    def masses(self) -> Iterator[tuple[int, Decimal]]:
        for index, numerator in enumerate(self.numerators):
            yield self.lowest + index, to_decimal(Fraction(numerator, self.denominator))

    def shortfalls(self, target: int) -> list[Decimal]:
        """P(N + j < target) for j = 0, 1, … as long as it is not zero."""
        gap = max(target - self.lowest, 0)
        sums = [0, *accumulate(self.numerators)]
        last = len(self.numerators)
        return [
            to_decimal(Fraction(sums[min(target - j - self.lowest, last)], self.denominator), 60)
            for j in range(gap)
        ]


def _binomial(trials: Trials) -> ExactDistribution:
    hit, of = trials.probability.numerator, trials.probability.denominator
    miss, n = of - hit, trials.count
    hits = list(accumulate([1] + [hit] * n, lambda power, factor: power * factor))
    misses = list(accumulate([1] + [miss] * n, lambda power, factor: power * factor))
    return ExactDistribution(0, tuple(comb(n, k) * hits[k] * misses[n - k] for k in range(n + 1)), of**n)


def _rising(start: int, step: int, count: int) -> list[int]:
    """start·(start+step)·…: the products of 0, 1, … ``count`` factors."""
    return list(
        accumulate([1] + [start + step * i for i in range(count)], lambda power, factor: power * factor)
    )


def _beta_binomial(trials: Trials, weight: Fraction) -> ExactDistribution:
    alpha = trials.probability * weight
    beta = weight - alpha
    unit, n = lcm(alpha.denominator, beta.denominator), trials.count
    hits, misses = _rising(int(alpha * unit), unit, n), _rising(int(beta * unit), unit, n)
    return ExactDistribution(
        0,
        tuple(comb(n, k) * hits[k] * misses[n - k] for k in range(n + 1)),
        _rising(int(weight * unit), unit, n)[n],
    )


def _of(trials: Trials) -> ExactDistribution:
    return _binomial(trials) if trials.weight is None else _beta_binomial(trials, trials.weight)


def _times(left: Sequence[int], right: Sequence[int]) -> tuple[int, ...]:
    """Product of two polynomials of non-negative whole numbers, as one product of two long numbers."""
    largest = max(left).bit_length() + max(right).bit_length() + min(len(left), len(right)).bit_length()
    width = largest // 8 + 1
    packed = [
        int.from_bytes(b"".join(number.to_bytes(width, "little") for number in numbers), "little")
        for numbers in (left, right)
    ]
    length = len(left) + len(right) - 1
    product = (packed[0] * packed[1]).to_bytes(width * length, "little")
    return tuple(int.from_bytes(product[i * width : (i + 1) * width], "little") for i in range(length))


def convolve(left: ExactDistribution, right: ExactDistribution) -> ExactDistribution:
    """Distribution of the sum of two independent counts."""
    return ExactDistribution(
        left.lowest + right.lowest,
        _times(left.numerators, right.numerators),
        left.denominator * right.denominator,
    )


def _bits(trials: Trials) -> int:
    """About how many bits the denominator of a group has."""
    if trials.weight is None:
        return trials.count * trials.probability.denominator.bit_length()
    alpha = trials.probability * trials.weight
    unit = lcm(alpha.denominator, trials.weight.denominator)
    return trials.count * (int(trials.weight * unit) + unit * trials.count).bit_length()


def is_feasible(groups: Sequence[Trials]) -> bool:
    """Whether whole-number arithmetic is quick enough for these groups (some hundred firms)."""
    return (sum(group.count for group in groups) + 1) * sum(map(_bits, groups)) <= _LARGEST_TABLE_BITS


def exact_distribution(groups: Sequence[Trials]) -> ExactDistribution:
    """Distribution of how many firms of independent groups come through."""
    result = ExactDistribution(0, (1,), 1)
    for group in sorted(groups, key=lambda group: group.count):
        result = result.shifted(int(group.mean)) if group.is_certain else convolve(result, _of(group))
    return result
