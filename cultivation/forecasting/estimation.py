"""What the history up to a day, drawn toward the priors, says of the open cases, the certificates and those to come."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from .evidence import (
    DAYS_OF_A_YEAR,
    PastYear,
    Window,
    arrivals_of_later_years,
    past_full_years,
    past_years,
    year_end,
)
from .history import History
from .pooling import Leaf, Posterior, Tree, posterior
from .priors import (
    COUNTY_LIKENESS,
    GROUP_LIKENESS,
    LATER_NEWCOMERS,
    LONG_IN_STAGE,
    LOSS,
    NEWCOMERS,
    NEXT_YEAR,
    PASSING,
    RENEWAL,
    Priors,
)

_UNDECIDED = ("filed", "disclosed")
# Which decision falls where a case goes back to them; a declined one may be in the pool again by then.
_UNDOES = {
    "accredited": "accredited",
    **dict.fromkeys(("declined", "pooled", "training", "expense_review"), "declined"),
}
# How many open firms of a group of a county there are: by (stage or renewal, group, division).
Cell = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Share:
    """A probability known as a Beta: of ``seen`` firms ``came``, beside a prior worth ``weight`` firms."""

    mean: float
    weight: float
    seen: int
    came: int

    @property
    def alpha(self) -> float:
        return self.mean * self.weight + self.came

    @property
    def beta(self) -> float:
        return (1 - self.mean) * self.weight + self.seen - self.came

    @property
    def probability(self) -> float:
        return self.alpha / (self.alpha + self.beta)


@dataclass(frozen=True, slots=True)
class Rate:
    """A number a year known as a Gamma: ``counted`` over ``exposure``, beside a prior."""

    mean: float
    weight: float
    counted: int
    exposure: float

    @property
    def shape(self) -> float:
        return self.mean * self.weight + self.counted

    @property
    def rate(self) -> float:
        return self.weight + self.exposure

    @property
    def expected(self) -> float:
        return self.shape / self.rate


def _counts(tables: Sequence[pd.DataFrame], root: str) -> dict[Cell, tuple[int, int]]:
    """Firms seen and come through by cell."""
    if not tables:
        return {}
    rows = pd.concat(tables, ignore_index=True)
    if rows.empty:
        return {}
    stage = rows["stage"] if root == "stage" else pd.Series(root, index=rows.index)
    found = rows.assign(root=stage).groupby(["root", "group", "division"])["came"].agg(["size", "sum"])
    return {cell: (int(seen), int(came)) for cell, seen, came in found.itertuples()}


class Estimation:
    """The estimates of one day for the end of its own year; several years and places are put together from them."""

    def __init__(self, history: History, priors: Priors, as_of: dt.date) -> None:
        self.priors = priors
        self.as_of = as_of
        self.history = history.known_on(as_of)
        self._long = priors.value(LONG_IN_STAGE)
        self.now = Window(self.history, as_of.toordinal(), year_end(as_of.year), self._long)
        self.past: list[PastYear] = past_years(self.history, as_of, self._long)

    @property
    def days_left(self) -> int:
        return self.now.end - self.now.start

    @cached_property
    def with_cases(self) -> list[PastYear]:
        """Past years whose day lies in the time of recorded cases."""
        first = self.history.first_event
        return [year for year in self.past if first is not None and year.start >= first]

    @cached_property
    def seen(self) -> dict[Cell, tuple[int, int]]:
        """Firms seen in the past and how many came through, by cell."""
        cases = [year.pipeline.assign(came=year.came(year.pipeline)) for year in self.with_cases]
        ends = [year.expiring.assign(came=year.came(year.expiring)) for year in self.past]
        return _counts(cases, "stage") | _counts(ends, RENEWAL)

    def firms_by_cell(self, division: int | None = None) -> dict[Cell, tuple[int, ...]]:
        """Firms with an open case or a certificate that runs out this year, by cell; of one division where given."""
        return {cell: tuple(firms) for cell, firms in self._open_firms(division).items()}

    def _open_firms(self, division: int | None, *, first_only: bool = False) -> dict[Cell, list[int]]:
        cells: dict[Cell, list[int]] = {}
        pipeline = self.now.pipeline
        if first_only:
            pipeline = pipeline[pipeline["is_first"].astype(bool)]
        for rows, root in ((pipeline, None), (self.now.expiring, RENEWAL)):
            here = rows if division is None else rows[rows["division"] == division]
            for firm, stage, group, place in zip(
                here.index, here["stage"], here["group"], here["division"], strict=True
            ):
                cells.setdefault((root or stage, group, int(place)), []).append(int(firm))
        return cells

    def cells_open(self, division: int | None = None, *, first_only: bool = False) -> dict[Cell, int]:
        """How many of them there are by cell; of the open cases, first ones alone where asked for."""
        found = self._open_firms(division, first_only=first_only)
        return {cell: len(firms) for cell, firms in found.items()}

    def tree(self, root: str, open_cells: Mapping[Cell, int]) -> Tree:
        """Of a stage or of the renewals: its prior, what was seen, and the open firms."""
        prior = self.priors[root]
        cells = {cell for cell in (*self.seen, *open_cells) if cell[0] == root}
        groups: dict[str, list[Leaf]] = {}
        for cell in sorted(cells):
            seen, came = self.seen.get(cell, (0, 0))
            groups.setdefault(cell[1], []).append(Leaf(seen, came, open_cells.get(cell, 0)))
        return Tree(
            mean=prior.share_with(self.days_left),
            weight=float(prior.weight),
            group_likeness=self.priors.value(GROUP_LIKENESS),
            county_likeness=self.priors.value(COUNTY_LIKENESS),
            groups=tuple(tuple(leaves) for leaves in groups.values()),
        )

    def posterior(self, root: str, open_cells: Mapping[Cell, int]) -> Posterior:
        """What prior and history say of the open firms of a stage, or of the renewals."""
        tree = self.tree(root, open_cells)
        if tree not in self._posteriors:
            self._posteriors[tree] = posterior(tree)
        return self._posteriors[tree]

    @cached_property
    def _posteriors(self) -> dict[Tree, Posterior]:
        return {}

    def _share(self, key: str, seen: int, came: int) -> Share:
        prior = self.priors[key]
        return Share(float(prior.value), float(prior.weight), seen, came)

    @cached_property
    def passing(self) -> Share:
        """Of decisions on filed cases that were not undone again, accreditations."""
        events = self.history.events
        before = events.groupby("case")["stage"].shift()
        decided = events["stage"].where(before.isin(_UNDECIDED))
        undone = before.where(events["stage"].isin(_UNDECIDED)).map(_UNDOES)
        came, failed = (
            int((decided == outcome).sum()) - int((undone == outcome).sum())
            for outcome in ("accredited", "declined")
        )
        return self._share(PASSING, came + failed, came)

    @cached_property
    def next_year(self) -> Share:
        """Of cases open at a year's end, those accredited in the whole year after it."""
        seen = came = 0
        for year in past_full_years(self.history, self.as_of, self._long):
            seen += len(year.pipeline)
            came += int(year.came(year.pipeline).sum())
        return self._share(NEXT_YEAR, seen, came)

    @cached_property
    def loss(self) -> Rate:
        """Revocations and moves away of firms whose certificate would have lasted, a firm and year."""
        exposure = sum(len(year.lasting) * (year.end - year.start) for year in self.past) / DAYS_OF_A_YEAR
        prior = self.priors[LOSS]
        return Rate(float(prior.value), float(prior.weight), sum(year.lost for year in self.past), exposure)

    @property
    def _well_recorded(self) -> list[PastYear]:
        first = self.history.first_event
        return [year for year in self.past if first is not None and year.start >= first + DAYS_OF_A_YEAR]

    @cached_property
    def newcomers(self) -> Rate:
        """Firms without a case on the day that are accredited by the year's end, a year.

        In its first year a record does not know yet which firms had a case.
        """
        prior = self.priors[NEWCOMERS]
        return Rate(
            float(prior.value) * self.days_left / DAYS_OF_A_YEAR,
            float(prior.weight),
            sum(len(year.newcomers) for year in self._well_recorded),
            len(self._well_recorded),
        )

    def later_newcomers(self, ahead: int) -> Rate:
        """Firms without a case on the day that are accredited in the ``ahead``-th year after it."""
        counts = arrivals_of_later_years(self.history, self.as_of, ahead)
        prior = self.priors[LATER_NEWCOMERS]
        return Rate(float(prior.value), float(prior.weight), sum(counts), len(counts))

    def part_of_city(self, division: int | None) -> float:
        """Share of a division in the firms of the city that have, or are on the way to, a certificate."""
        if division is None:
            return 1.0
        places = pd.concat([self.now.pipeline["division"], self._divisions_of_stock])
        return float((places == division).mean()) if len(places) else 0.0

    @property
    def _divisions_of_stock(self) -> "pd.Series[int]":
        return pd.concat([self.now.lasting["division"], self.now.expiring["division"]])

    def lasting_by_year(self, division: int | None) -> dict[int, int]:
        """Firms whose certificate outlasts this year, by the year-end it no longer reaches."""
        rows = self.now.lasting
        here = rows if division is None else rows[rows["division"] == division]
        # A certificate that ends on 31 December still counts on it and drops out of the next year-end.
        ends = [dt.date.fromordinal(int(last) + 1).year for last in here["last"]]
        return {year: ends.count(year) for year in sorted(set(ends))}

    def arrivals(self, division: int | None) -> list[int]:
        """Last days of the certificates of announced firms that arrive after the day."""
        rows = self.history.arrivals
        rows = rows[(rows["moved"] > self.now.start) & (rows["last"] >= rows["moved"])]
        if division is not None:
            rows = rows[rows["division"] == division]
        return sorted(rows.drop_duplicates("firm")["last"].tolist())
