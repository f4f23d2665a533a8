"""How good the forecasts would have been: each past day's made again from what it knew, and held against the end.

Coverage is read from the randomised PIT: a place drawn evenly inside the step of the distribution at the outcome. Of a
right forecast four in five lie between 10 and 90 %, however coarse the counts; plain P10–P90 holds at least as many. The
draw is fixed by the day, so that a report made again is the same.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from .baselines import last_years_rate, straight_line
from .estimation import Estimation
from .evidence import year_end
from .history import History
from .outlook import Outlook
from .priors import Priors

MODEL, LAST_RATE, LINE = "model", "last_years_rate", "straight_line"
FORECASTERS = (MODEL, LAST_RATE, LINE)
_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Replay:
    """One past forecast with its outcome. ``chances``: of the target by forecaster; empty without a target."""

    as_of: dt.date
    year: int
    p10: int
    p50: int
    p90: int
    actual: int
    place: float
    target: int | None
    chances: Mapping[str, float]

    @property
    def is_covered(self) -> bool:
        """By the randomised PIT."""
        return 0.1 < self.place < 0.9

    @property
    def is_between(self) -> bool:
        """Plainly between P10 and P90."""
        return self.p10 <= self.actual <= self.p90

    @property
    def met(self) -> bool:
        return self.target is not None and self.actual >= self.target


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts whose chance lay in a band: how many, their mean chance, and how often the target was met."""

    lowest: float
    highest: float
    count: int
    chance: float
    met: float


@dataclass(frozen=True)
class Report:
    """All replays, and what they say together; figures are ``None`` where there is nothing to count."""

    replays: tuple[Replay, ...]

    @property
    def coverage(self) -> float | None:
        """Share within 10–90 % by the randomised PIT; 80 % is right."""
        return _share([replay.is_covered for replay in self.replays])

    @property
    def plain_coverage(self) -> float | None:
        """Share between P10 and P90, ends included; at least 80 % is right."""
        return _share([replay.is_between for replay in self.replays])

    @cached_property
    def with_target(self) -> tuple[Replay, ...]:
        return tuple(replay for replay in self.replays if replay.target is not None)

    def brier(self, forecaster: str = MODEL) -> float | None:
        """Mean square of (chance - outcome): 0 is perfect, a quarter is a coin's."""
        return _share([(replay.chances[forecaster] - replay.met) ** 2 for replay in self.with_target])

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Calibration: targets given a chance of x should be met in a share x."""
        found = []
        for low, high in pairwise(_EDGES):
            rows = [
                r
                for r in self.with_target
                if low <= r.chances[MODEL] < high or (high == 1 == r.chances[MODEL])
            ]
            if rows:
                chance = sum(row.chances[MODEL] for row in rows) / len(rows)
                found.append(Bin(low, high, len(rows), chance, sum(row.met for row in rows) / len(rows)))
        return tuple(found)


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def replay(
    history: History,
    priors: Priors,
    as_of: dt.date,
    target: int | None,
    settled: History,
    seed: int | None = None,
) -> Replay:
    """The forecast of ``as_of`` for the end of its year beside what came; ``settled`` is the record that knows it.

    ``seed`` fixes the draw of the PIT; the day does where none is given.
    """
    estimation = Estimation(history, priors, as_of)
    distribution = Outlook(estimation, as_of.year).distribution
    end = year_end(as_of.year)
    actual = len(settled.stock_on(end))
    masses = dict(distribution.masses())
    below = float(sum(mass for number, mass in masses.items() if number < actual))
    draw = np.random.default_rng(as_of.toordinal() if seed is None else seed).random()
    chances: dict[str, float] = {}
    if target is not None:
        rate = last_years_rate(estimation)
        line = straight_line(_year_ends(estimation), as_of.year)
        chances = {
            MODEL: float(distribution.at_least(target)),
            LAST_RATE: float(rate[target:].sum()),
            LINE: line.at_least(target),
        }
    p10, p50, p90 = (distribution.quantile(percent) for percent in (10, 50, 90))
    place = below + draw * float(masses.get(actual, 0))
    return Replay(as_of, as_of.year, p10, p50, p90, actual, place, target, chances)


def _year_ends(estimation: Estimation) -> dict[int, int]:
    """Stock at the year-ends before the day, as it knew them."""
    return {
        year: len(estimation.history.stock_on(year_end(year)))
        for year in (dt.date.fromordinal(past.end).year for past in estimation.past)
    }


def replay_days(history: History, until: dt.date) -> Iterator[dt.date]:
    """Ends of the first three quarters of every year that was over by ``until`` and had a year on record before."""
    first = history.first_event
    if first is None:
        return
    for year in range(dt.date.fromordinal(first).year + 1, until.year):
        for month, day in ((3, 31), (6, 30), (9, 30)):
            yield dt.date(year, month, day)


def backtest(
    history: History,
    priors_on: Callable[[dt.date], Priors],
    targets: Mapping[int, int],
    until: dt.date,
    days: Sequence[dt.date] | None = None,
) -> Report:
    """Replay every past day (``days``, or the quarters on record) whose year was over by ``until``."""
    settled = history.known_on(until)
    chosen = list(replay_days(settled, until)) if days is None else days
    return Report(
        tuple(
            replay(history, priors_on(day), day, targets.get(day.year), settled)
            for day in chosen
            if year_end(day.year) <= until.toordinal()
        )
    )
