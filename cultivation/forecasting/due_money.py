"""The distribution of awards falling due by quarter and year: numbers of firms times a spread of amounts, by cohort."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import gcd

import numpy as np

from .compound import AwardAmount, in_yuan
from .counts import Array, sums
from .distribution import Distribution
from .due import Cohort, Due, DueMoney, Quarter
from .numeric import NumericDistribution
from .totals import totals_of

# Cells of the grid of amounts, and cells times firms that take about a second.
_MOST_CELLS = 1 << 16
_MOST_WORK = 50_000_000
_QUARTERS = (1, 2, 3, 4)


def due_money(
    cohorts: Sequence[Cohort],
    coming: Distribution,
    amounts: Sequence[AwardAmount],
    *,
    now: Quarter,
    last_year: int,
    certain: Decimal,
    available: Mapping[int, Decimal],
) -> DueMoney | None:
    """From the running quarter to the end of ``last_year``; ``None`` where there are too many firms to list the totals.

    ``coming``: firms still to be accredited this year. ``certain``: yuan that are due now whatever comes.
    ``available``: what there is of each year's money; a year without an entry has no chance of a shortfall to tell.
    """
    grid = _Grid(cohorts, coming, amounts)
    if any(masses is None for masses in grid.masses):
        return None
    quarters, years = [], []
    for year in range(now.year, last_year + 1):
        extra = certain if year == now.year else Decimal(0)
        for number in _QUARTERS:
            quarter = Quarter(year, number)
            if quarter < now:
                continue
            until = grid.window(_through(quarter))
            here = grid.window(quarter.__eq__)
            due_now = extra if quarter == now else Decimal(0)
            quarters.append(
                grid.due(year, number, here, due_now, beyond=_beyond(grid, until, extra, available.get(year)))
            )
        whole = grid.window(_through(Quarter(year, 4)))
        years.append(
            grid.due(year, None, whole, extra, beyond=_beyond(grid, whole, extra, available.get(year)))
        )
    return DueMoney(tuple(quarters), tuple(years), in_yuan(grid.unit) if grid.is_rounded else Decimal(0))


def _through(quarter: Quarter) -> Callable[[Quarter], bool]:
    """The quarters of its year up to ``quarter``."""
    return lambda one: one.year == quarter.year and one <= quarter


def _beyond(
    grid: "_Grid", shares: Sequence[Fraction], extra: Decimal, available: Decimal | None
) -> Decimal | None:
    if available is None:
        return None
    room = int((available - extra) * 100)
    if room < 0:
        return Decimal(1)
    chance = float(grid.total(shares)[room // grid.unit + 1 :].sum())
    return Decimal(f"{min(chance, 1.0):.12f}")


class _Grid:
    """Totals of every cohort in whole steps of one unit of fen."""

    def __init__(
        self, cohorts: Sequence[Cohort], coming: Distribution, amounts: Sequence[AwardAmount]
    ) -> None:
        self.cohorts = cohorts
        self._numbers = [
            coming.shifted(one.waiting) if one.is_running else NumericDistribution(one.waiting, np.ones(1))
            for one in cohorts
        ]
        sizes = {int(Fraction(row.amount) * 100): Fraction(0) for row in amounts}
        for row in amounts:
            sizes[int(Fraction(row.amount) * 100)] += row.share
        self._mean_award = sum((fen * share for fen, share in sizes.items()), Fraction(0))
        firms = sum(number.highest for number in self._numbers)
        step, largest = gcd(*sizes) or 1, max(sizes, default=0) * firms
        cells = max(min(_MOST_CELLS, _MOST_WORK // max(firms, 1)), 1)
        self.is_rounded = largest // step > cells
        self.unit = -(-largest // cells) if self.is_rounded else step
        awards: dict[int, Fraction] = {}
        for fen, share in sizes.items():
            cell = -(-fen // self.unit) * self.unit
            awards[cell] = awards.get(cell, Fraction(0)) + share
        self.masses = [self._totals(number, awards) for number in self._numbers]

    def _totals(self, number: Distribution, awards: Mapping[int, Fraction]) -> Array | None:
        found = totals_of(number, awards)
        if found is None:
            return None
        every = found.unit // self.unit
        masses = np.zeros((len(found.masses) - 1) * every + 1)
        masses[::every] = found.masses
        return masses

    def window(self, holds: Callable[[Quarter], bool]) -> list[Fraction]:
        """The chance of each cohort that its award falls into the quarters that ``holds`` says."""
        return [
            sum((share for quarter, share in one.timing.items() if holds(quarter)), Fraction(0))
            for one in self.cohorts
        ]

    def total(self, shares: Sequence[Fraction]) -> Array:
        total = np.ones((1, 1))
        for masses, share in zip(self.masses, shares, strict=True):
            if masses is None or not share:
                continue
            part = masses * float(share)
            part[0] += float(1 - share)
            total = sums(total, part[None, :])
        return total[0]

    def due(
        self,
        year: int,
        quarter: int | None,
        shares: Sequence[Fraction],
        extra: Decimal,
        *,
        beyond: Decimal | None,
    ) -> Due:
        reached = np.cumsum(self.total(shares))
        p10, p50, p90 = (
            extra + in_yuan(int(np.searchsorted(reached, percent / 100 - 1e-12)) * self.unit)
            for percent in (10, 50, 90)
        )
        firms = sum(
            (share * _mean(number) for number, share in zip(self._numbers, shares, strict=True)), Fraction(0)
        )
        return Due(year, quarter, extra + in_yuan(firms * self._mean_award), p10, p50, p90, beyond)


def _mean(number: Distribution) -> Fraction:
    return sum((count * Fraction(mass) for count, mass in number.masses()), Fraction(0))
