"""Two simple forecasts to be better than, each as a distribution: last year's rates, and the straight line."""

import numpy as np
from numpy.typing import NDArray

from .counts import Array, binomials, sums
from .estimation import Estimation
from .evidence import PastYear

# What is thought of a share or a spread of which last year says nothing.
_EVEN = 0.5
_LEAST_SPREAD = 0.5


def _rate(year: PastYear | None, which: str) -> float:
    rows = None if year is None else getattr(year, which)
    return _EVEN if year is None or rows is None or rows.empty else float(year.came(rows).mean())


def last_years_rate(estimation: Estimation, division: int | None = None) -> Array:
    """P(stock = 0, 1, …): open cases and certificates running out come through as often as last year's did."""
    last = estimation.past[-1] if estimation.past else None
    cells = estimation.cells_open(division)
    ending = sum(count for cell, count in cells.items() if cell[0] == "renewal")
    cases = sum(cells.values()) - ending
    certain = np.zeros(sum(estimation.lasting_by_year(division).values()) + 1)
    certain[-1] = 1
    total = sums(certain[None, :], binomials(ending, np.array([_rate(last, "expiring")])))
    return sums(total, binomials(cases, np.array([_rate(last, "pipeline")])))[0]


def straight_line(year_ends: dict[int, int], year: int) -> "StraightLine":
    """The least-squares line through the year-ends before ``year``; its spread from what they leave over."""
    years: NDArray[np.float64] = np.array(sorted(year_ends), dtype=np.float64)
    stock: NDArray[np.float64] = np.array([year_ends[int(one)] for one in years], dtype=np.float64)
    count = len(years)
    if count == 0:
        return StraightLine(0.0, _LEAST_SPREAD, 1)
    if count < 3:
        return StraightLine(float(stock[-1] + (stock[-1] - stock[0])), max(float(np.sqrt(stock[-1])), 1.0), 1)
    slope, level = np.polyfit(years, stock, 1)
    rest = stock - (slope * years + level)
    spread = np.sqrt((rest @ rest) / (count - 2))
    around = years.mean()
    reach = np.sqrt(1 + 1 / count + (year - around) ** 2 / ((years - around) @ (years - around)))
    return StraightLine(float(slope * year + level), float(max(spread * reach, _LEAST_SPREAD)), count - 2)


class StraightLine:
    """A t distribution round the line's figure."""

    def __init__(self, centre: float, spread: float, freedom: int) -> None:
        self.centre, self.spread, self.freedom = centre, spread, freedom

    def at_least(self, target: int) -> float:
        """P(stock >= target), a whole number standing for half a firm either side."""
        from scipy.stats import t

        return float(t.sf((target - 0.5 - self.centre) / self.spread, self.freedom))
