"""Progress of the "11155" programme: what was promised for a year and what is recorded, for the city and its counties."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from cultivation.enums import TargetMeasure
from cultivation.models import Achievement, AnnualTarget, Division
from cultivation.rules.programme import (
    FIRST_YEAR,
    LAST_YEAR,
    PROGRAMME,
    Counting,
    counted_years,
)

from .stock import stock_on, year_end
from .stock_records import year_ends
from .targets import counties


@dataclass(frozen=True, slots=True)
class Progress:
    """One count in one year. ``reached`` of the year that runs is what there is so far."""

    measure: TargetMeasure
    counting: Counting
    year: int
    target: int | None
    reached: int
    is_over: bool

    @property
    def label(self) -> str:
        return str(self.measure.label)

    @property
    def difference(self) -> int | None:
        return None if self.target is None else self.reached - self.target

    @property
    def met(self) -> bool | None:
        """``None`` without a target and while a year runs that is not yet met."""
        if self.target is None or (not self.is_over and self.reached < self.target):
            return None
        return self.reached >= self.target


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One of the five counts over the years of the plan, with what the plan wants in the end."""

    measure: TargetMeasure
    counting: Counting
    clause: str
    years: list[Progress]
    total: int
    reached: int

    @property
    def label(self) -> str:
        return str(self.measure.label)


@dataclass(frozen=True, slots=True)
class CountyProgress:
    """One county's five counts in a year, in the order of the programme."""

    division: Division
    name: str
    cells: list[Progress]


def programme_years() -> list[int]:
    return list(range(FIRST_YEAR, LAST_YEAR + 1))


def programme(on: dt.date, division: Division | None = None) -> list[ProgrammeRow]:
    """The five counts as known on a day, of the city or of one county; the plan's total stands for the city alone."""
    targets = _targets(division)
    achieved = _achieved(on, division)
    stocks = _stocks(on, division)
    rows = []
    for count in PROGRAMME:
        measure = TargetMeasure(count.measure)
        years = [
            _progress(measure, count.counting, year, targets, achieved, stocks, on)
            for year in programme_years()
        ]
        wanted = count.total if division is None else _wanted(count.counting, years)
        rows.append(ProgrammeRow(measure, count.counting, count.clause, years, wanted, _so_far(years, on)))
    return rows


def counties_progress(on: dt.date, year: int) -> list[CountyProgress]:
    """Every county's counts in ``year``, under the names of the day; a fixed number of queries."""
    stock = stock_on(min(on, year_end(year))).by_division
    targets: dict[int, dict[tuple[str, int], int]] = {}
    for row in AnnualTarget.objects.filter(division__isnull=False):
        targets.setdefault(row.division_id or 0, {})[row.measure, row.year] = row.value
    achieved: dict[int, Counter[tuple[str, int]]] = {}
    for measure, day, key in _standing(on).values_list("measure", "achieved_on", "division"):
        achieved.setdefault(key or 0, Counter())[measure, day.year] += 1
    return [
        CountyProgress(
            division,
            name,
            [
                _progress(
                    TargetMeasure(count.measure),
                    count.counting,
                    year,
                    targets.get(division.pk, {}),
                    achieved.get(division.pk, Counter()),
                    {year: stock.get(division.pk, 0)},
                    on,
                )
                for count in PROGRAMME
            ],
        )
        for division, name in counties(on)
    ]


def _progress(
    measure: TargetMeasure,
    counting: Counting,
    year: int,
    targets: Mapping[tuple[str, int], int],
    achieved: Mapping[tuple[str, int], int],
    stocks: Mapping[int, int],
    on: dt.date,
) -> Progress:
    if counting is Counting.STOCK:
        reached = stocks.get(year, 0)
    else:
        first, last = counted_years(measure, year)
        reached = sum(achieved.get((measure, counted), 0) for counted in range(first, last + 1))
    return Progress(measure, counting, year, targets.get((measure, year)), reached, year < on.year)


def _so_far(years: list[Progress], on: dt.date) -> int:
    """What stands against the plan's total: the latest year begun, or for yearly counts all of them together."""
    if years[0].counting is Counting.YEARLY:
        return sum(progress.reached for progress in years)
    begun = [progress for progress in years if progress.year <= on.year]
    return begun[-1].reached if begun else 0


def _wanted(counting: Counting, years: list[Progress]) -> int:
    """A county's part of the total: what its own targets say; none entered, nothing wanted."""
    targets = [progress.target for progress in years if progress.target is not None]
    if counting is Counting.YEARLY:
        return sum(targets)
    return targets[-1] if targets else 0


def _targets(division: Division | None) -> dict[tuple[str, int], int]:
    rows = AnnualTarget.objects.filter(division=division)
    return {(row.measure, row.year): row.value for row in rows}


def _standing(on: dt.date) -> QuerySet[Achievement]:
    return Achievement.objects.standing().filter(achieved_on__lte=on)


def _achieved(on: dt.date, division: Division | None) -> Counter[tuple[str, int]]:
    rows = _standing(on) if division is None else _standing(on).filter(division=division)
    return Counter((measure, day.year) for measure, day in rows.values_list("measure", "achieved_on"))


def _stocks(on: dt.date, division: Division | None) -> dict[int, int]:
    ended = year_ends(FIRST_YEAR, min(on.year - 1, LAST_YEAR), division)
    stocks = {year: found.firms for year, found in ended.items()}
    if FIRST_YEAR <= on.year <= LAST_YEAR:
        stocks[on.year] = stock_on(on, division).total
    return stocks
