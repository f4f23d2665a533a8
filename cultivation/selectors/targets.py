"""Targets of the plan and of the bureau, and the stock beside them."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from cultivation.enums import TargetMeasure
from cultivation.models import AnnualTarget, Division, DivisionName

from .stock import is_city, stock_on


@dataclass(frozen=True, slots=True)
class CountyTargets:
    """Firm targets of the counties against the city's; empty until the bureau has entered some (edge case 48)."""

    city: int | None
    by_division: dict[int, int]

    @property
    def entered(self) -> int:
        return sum(self.by_division.values())

    @property
    def difference(self) -> int | None:
        """The city's target less what the counties have been given; ``None`` without a target of the city."""
        return None if self.city is None else self.city - self.entered


@dataclass(frozen=True, slots=True)
class DivisionRow:
    """One county on the board, under the code and name in force on the day."""

    division: Division
    code: str
    name: str
    stock: int
    target: int | None


def division_of_code(code: str) -> Division:
    """The unit that has or had a code: 451021 and 451003 are one (edge case 25). ``LookupError`` for an unknown code."""
    divisions = list(Division.objects.filter(names__code=code).distinct())
    if len(divisions) != 1:
        raise LookupError(code)
    return divisions[0]


def name_of(division: Division, on: dt.date) -> DivisionName | None:
    """Code and name in force on a day, the latest known before it otherwise."""
    rows = list(division.names.all())
    in_force = [row for row in rows if row.in_force_on(on)]
    return in_force[0] if in_force else max(rows, key=lambda row: row.valid_from, default=None)


def _targets(division: Division | None) -> QuerySet[AnnualTarget]:
    targets = AnnualTarget.objects.filter(measure=TargetMeasure.STOCK)
    return targets.filter(division=None if is_city(division) else division)


def stock_targets(division: Division | None = None) -> dict[int, int]:
    """Year-end targets by year."""
    return dict(_targets(division).order_by("year").values_list("year", "value"))


def stock_target(year: int, division: Division | None = None) -> int | None:
    return stock_targets(division).get(year)


def county_targets(year: int) -> CountyTargets:
    """What each county has been given for a year, with the city's target; one query."""
    rows: dict[int | None, int] = dict(
        AnnualTarget.objects.filter(measure=TargetMeasure.STOCK, year=year).values_list("division", "value")
    )
    by_division = {division: value for division, value in rows.items() if division is not None}
    return CountyTargets(city=rows.get(None), by_division=by_division)


def counties(on: dt.date) -> list[tuple[Division, str]]:
    """Every county with the name in force on a day, else the latest known, in the order of the lists (one query)."""
    rows = (
        DivisionName.objects.filter(division__parent__isnull=False)
        .select_related("division")
        .order_by("division__order", "division__key", "valid_from")
    )
    names: dict[Division, str] = {}
    settled = set()
    for row in rows:
        if row.division not in settled:
            names[row.division] = row.name
        if row.in_force_on(on):
            settled.add(row.division)
    return list(names.items())


def division_board(day: dt.date) -> list[DivisionRow]:
    """Every county with its stock on a day and its target for that year's end; four queries."""
    stock = stock_on(day).by_division
    targets = county_targets(day.year).by_division
    rows = []
    for division in Division.objects.filter(parent__isnull=False).prefetch_related("names"):
        name = name_of(division, day)
        rows.append(
            DivisionRow(
                division=division,
                code=name.code if name else "",
                name=name.name if name else division.key,
                stock=stock.get(division.pk, 0),
                target=targets.get(division.pk),
            )
        )
    return rows
