"""What the awards of the year's new accreditations may add up to: a number of firms times a spread of amounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, gcd, lcm, sqrt
from statistics import NormalDist

from .distribution import Distribution, distribution_of
from .exact import ExactDistribution
from .figures import plain
from .trials import Trials

PERCENTS = (10, 50, 90)
# Additions of long whole numbers that take about a second or two.
_MOST_STEPS = 1_000_000


@dataclass(frozen=True, slots=True)
class AwardAmount:
    """One size of award in yuan with its share of the firms; the shares of all add up to one."""

    amount: Decimal
    share: Fraction
    source: str

    def as_json(self) -> dict[str, str]:
        return {"amount": f"{self.amount:.2f}", "share": plain(self.share), "source": self.source}


def in_yuan(fen: int | Fraction) -> Decimal:
    """Yuan with two decimals of an amount in fen; parts of a fen, which only a mean has, round half up."""
    whole = fen if isinstance(fen, int) else (fen.numerator * 2 + fen.denominator) // (fen.denominator * 2)
    return Decimal(whole).scaleb(-2)


@dataclass(frozen=True, slots=True)
class Exposure:
    """Money in whole fen. ``is_exact``: the quantiles rest on the whole distribution, not on a normal one."""

    mean: Fraction
    quantiles: dict[int, int]
    is_exact: bool

    def as_json(self) -> dict[str, str]:
        """Mean and quantiles in yuan."""
        return {
            "mean": f"{in_yuan(self.mean):f}",
            **{f"p{percent}": f"{in_yuan(fen):f}" for percent, fen in self.quantiles.items()},
        }


def _fen(amount: AwardAmount) -> int:
    return int(Fraction(amount.amount) * 100)


def _is_feasible(firms: ExactDistribution, sizes: set[int]) -> bool:
    """Whether the totals can be listed: counts the steps, as many as there are totals, sizes and firms."""
    highest_in_units = max(sizes) // (gcd(*sizes) or 1)
    steps, totals = 0, 1
    for count in range(1, firms.highest + 1):
        steps += totals * len(sizes)
        # Multisets of ``count`` sizes, and never more totals than multiples of the common unit.
        totals = min(totals * (count + len(sizes)) // count, highest_in_units * count + 1)
        if steps > _MOST_STEPS:
            return False
    return True


def _totals(firms: ExactDistribution, amounts: Sequence[AwardAmount]) -> list[tuple[int, Fraction]]:
    """Every total in fen with its probability, ascending: Σ P(n firms)·(distribution of one award)^n, by Horner."""
    unit = lcm(*(row.share.denominator for row in amounts))
    award: dict[int, int] = {}
    for row in amounts:
        award[_fen(row)] = award.get(_fen(row), 0) + int(row.share * unit)
    counted = [0] * firms.lowest + list(firms.numerators)
    totals: dict[int, int] = {0: counted[-1]}
    scale = 1
    for numerator in reversed(counted[:-1]):
        longer: dict[int, int] = {}
        for total, weight in totals.items():
            for fen, share in award.items():
                longer[total + fen] = longer.get(total + fen, 0) + weight * share
        scale *= unit
        longer[0] = longer.get(0, 0) + numerator * scale
        totals = longer
    denominator = firms.denominator * scale
    return [(total, Fraction(weight, denominator)) for total, weight in sorted(totals.items())]


def _quantiles(totals: Sequence[tuple[int, Fraction]]) -> dict[int, int]:
    found: dict[int, int] = {}
    reached = Fraction(0)
    for total, probability in totals:
        reached += probability
        for percent in PERCENTS:
            if percent not in found and reached * 100 >= percent:
                found[percent] = total
    return found


def exposure(firms: Sequence[Trials], amounts: Sequence[AwardAmount]) -> Exposure:
    """Distribution of the sum of one award a firm that comes through, its size drawn from ``amounts``.

    The mean is exact. The quantiles are exact to the fen while the totals can be listed (about a hundred firms);
    beyond that they are those of :func:`exposure_of`.
    """
    number = distribution_of(firms)
    if isinstance(number, ExactDistribution) and _is_feasible(number, set(map(_fen, amounts))):
        mean = sum((group.mean for group in firms), Fraction(0)) * _mean_award(amounts)
        return Exposure(mean, _quantiles(_totals(number, amounts)), is_exact=True)
    mean_firms = sum((group.mean for group in firms), Fraction(0))
    variance_firms = sum((group.variance for group in firms), Fraction(0))
    return _normal(mean_firms, variance_firms, amounts)


def _mean_award(amounts: Sequence[AwardAmount]) -> Fraction:
    return sum((_fen(row) * row.share for row in amounts), Fraction(0))


def _normal(mean_firms: Fraction, variance_firms: Fraction, amounts: Sequence[AwardAmount]) -> Exposure:
    """By the normal distribution with the exact mean and variance, rounded up to the fen."""
    mean_award = _mean_award(amounts)
    square = sum((_fen(row) ** 2 * row.share for row in amounts), Fraction(0))
    variance = mean_firms * (square - mean_award**2) + variance_firms * mean_award**2
    mean = mean_firms * mean_award
    normal = NormalDist(float(mean), sqrt(variance) or 1.0)
    return Exposure(mean, {p: max(ceil(normal.inv_cdf(p / 100)), 0) for p in PERCENTS}, is_exact=False)


def exposure_of(number: Distribution, amounts: Sequence[AwardAmount]) -> Exposure:
    """The same for a number of firms whose distribution is known; the quantiles to the fen while that is feasible."""
    masses = [(count, Fraction(mass)) for count, mass in number.masses()]
    mean_firms = sum((count * mass for count, mass in masses), Fraction(0))
    from .totals import totals_of

    totals = totals_of(number, {_fen(row): row.share for row in amounts})
    if totals is not None:
        return Exposure(mean_firms * _mean_award(amounts), totals.quantiles(PERCENTS), is_exact=True)
    variance = sum((count**2 * mass for count, mass in masses), Fraction(0)) - mean_firms**2
    return _normal(mean_firms, variance, amounts)
