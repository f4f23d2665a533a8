"""How good the forecasts would have been: each past day's made again from what it knew, and held against the end."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from .baselines import last_years_rate, straight_line
from .estimation import Estimation
from .evidence import year_end
from .history import History
from .outlook import Outlook
from .priors import Priors
from .report import LAST_RATE, LINE, MODEL, Replay, Report


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
    """Ends of the first three quarters, after the first recorded step of a case, of every year that was over by ``until``."""
    first = history.first_event
    if first is None:
        return
    for year in range(dt.date.fromordinal(first).year, until.year):
        for month, number in ((3, 31), (6, 30), (9, 30)):
            day = dt.date(year, month, number)
            if day.toordinal() > first:
                yield day


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
