"""What the same day of past years showed: who was where, and who had a certificate at that year's end."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from .history import NOWHERE, History

# How far a firm whose certificate runs out has come with its renewal.
NOT_BEGUN, PREPARING, APPLIED = "not_begun", "preparing", "applied"
PROGRESS = (NOT_BEGUN, PREPARING, APPLIED)
_APPLIED_STAGES = ("filed", "disclosed")
# Certificates that run out in the last quarter are renewed by other rounds of filing than earlier ones.
EARLY, LATE = "early", "late"
_LAST_QUARTER = 92
DAYS_OF_A_YEAR = 365


def year_end(year: int) -> int:
    return dt.date(year, 12, 31).toordinal()


def same_day(day: dt.date, year: int) -> dt.date:
    """The same day of another year; of 29 February the 28th."""
    return day.replace(year=year, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=year)


@dataclass(frozen=True)
class Window:
    """What a day knew (``history``) or came to know of the firms in Baise on it, up to its year's end.

    ``long_in_stage``: days in a stage beyond which a case counts as having stayed long.
    """

    history: History
    start: int
    end: int
    long_in_stage: float

    @cached_property
    def stock(self) -> "pd.Series[int]":
        return self.history.stock_on(self.start)

    @cached_property
    def cases(self) -> pd.DataFrame:
        """Open cases by firm, of all firms."""
        return self.history.open_on(self.start)

    @cached_property
    def pipeline(self) -> pd.DataFrame:
        """Open cases of firms outside the stock, with their group; those of firms in it are renewals."""
        rows = self.cases[~self.cases.index.isin(self.stock.index)]
        age = (rows["age"] > self.long_in_stage).map({True: "long", False: "recent"})
        return rows.assign(group=age + "/" + rows["finding"])

    @cached_property
    def expiring(self) -> pd.DataFrame:
        """Firms in the stock whose last certificate runs out before the end, by how far the renewal has come."""
        lasting = self.stock[self.stock < self.end]
        stage = self.cases["stage"].reindex(lasting.index)
        progress = stage.map(lambda one: APPLIED if one in _APPLIED_STAGES else PREPARING)
        season = (lasting > self.end - _LAST_QUARTER).map({True: LATE, False: EARLY})
        group = progress.where(stage.notna(), NOT_BEGUN) + "/" + season
        return pd.DataFrame({"group": group, "stage": stage, "division": self._place(lasting)})

    @cached_property
    def lasting(self) -> pd.DataFrame:
        """Firms in the stock whose certificate lasts: last day and division."""
        rows = self.stock[self.stock >= self.end]
        return pd.DataFrame({"last": rows, "division": self._place(rows)})

    def _place(self, firms: "pd.Series[int]") -> "pd.Series[int]":
        return self._divisions.reindex(firms.index).fillna(NOWHERE).astype(int)

    @cached_property
    def _divisions(self) -> "pd.Series[int]":
        return self.history.division_on(self.start)


@dataclass(frozen=True)
class PastYear(Window):
    """A window whose end is over: what became of its firms."""

    def came(self, rows: pd.DataFrame) -> "pd.Series[bool]":
        return pd.Series(rows.index.isin(self._stock_at_end.index), index=rows.index)

    @cached_property
    def _stock_at_end(self) -> "pd.Series[int]":
        return self.history.stock_on(self.end)

    @property
    def newcomers(self) -> "pd.Series[int]":
        """Division at the end of firms accredited since the day that had neither certificate nor open case on it."""
        firms = self._stock_at_end.index
        fresh = self.history.certificates
        fresh = fresh[(fresh["issued"] > self.start) & (fresh["issued"] <= self.end)]
        known = self.stock.index.union(self.cases.index)
        new = firms[firms.isin(fresh["firm"]) & ~firms.isin(known)]
        return self.history.division_on(self.end).reindex(new)

    @property
    def lost(self) -> int:
        """Firms that left the stock though their certificate would have lasted: revoked or moved away."""
        return int((~self.came(self.lasting)).sum())


def past_years(history: History, as_of: dt.date, long_in_stage: float) -> list[PastYear]:
    """The same day of every past year on record, oldest first."""
    firsts = [day for day in (history.first_event, history.first_certificate) if day is not None]
    first = dt.date.fromordinal(min(firsts)).year if firsts else as_of.year
    return [
        PastYear(history, same_day(as_of, year).toordinal(), year_end(year), long_in_stage)
        for year in range(first, as_of.year)
    ]


def past_full_years(history: History, as_of: dt.date, long_in_stage: float) -> Iterator[PastYear]:
    """Whole calendar years that are over, from the last day of the year before."""
    if history.first_event is None:
        return
    for year in range(dt.date.fromordinal(history.first_event).year, as_of.year - 1):
        end = year_end(year + 1)
        if end <= as_of.toordinal():
            yield PastYear(history, year_end(year), end, long_in_stage)


def arrivals_of_later_years(history: History, as_of: dt.date, ahead: int) -> list[int]:
    """For every past year with room: firms first in the stock at the end of the ``ahead``-th year after it, and
    without certificate or case on the day."""
    counts: list[int] = []
    if history.first_event is None:
        return counts
    for year in range(dt.date.fromordinal(history.first_event).year, as_of.year - ahead):
        start = same_day(as_of, year).toordinal()
        if start < history.first_event:
            continue
        before, end = year_end(year + ahead - 1), year_end(year + ahead)
        new = history.stock_on(end).index.difference(history.stock_on(before).index)
        known = history.stock_on(start).index.union(history.open_on(start).index)
        fresh = history.certificates
        fresh = fresh[(fresh["issued"] > before) & (fresh["issued"] <= end)]["firm"]
        counts.append(int((new.isin(fresh) & ~new.isin(known)).sum()))
    return counts
