"""Targets as people enter them: what each county has been given beside what the city has to reach, and what was before."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cultivation.enums import TargetMeasure
from cultivation.models import AnnualTarget
from cultivation.rules.programme import PROGRAMME

from .targets import counties


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A recorded target with the name of its county, empty for the city."""

    target: AnnualTarget
    county: str


@dataclass(frozen=True, slots=True)
class MeasureSum:
    """The city's figure of a year and the sum of the counties', shown side by side and never made equal (edge case 48)."""

    label: str
    city: int | None
    counties: int | None

    @property
    def difference(self) -> int | None:
        return None if self.city is None or self.counties is None else self.city - self.counties


@dataclass(frozen=True, slots=True)
class TargetsOfAYear:
    year: int
    sums: list[MeasureSum]
    lines: list[TargetLine]


def target_years() -> list[int]:
    """Years that have a target."""
    return list(AnnualTarget.objects.order_by("year").values_list("year", flat=True).distinct())


def targets_of(year: int, on: dt.date) -> TargetsOfAYear:
    """Everything recorded for a year, the city first, the counties under their names of ``on``; three queries."""
    names = {county.pk: name for county, name in counties(on)}
    measures = {measure: place for place, measure in enumerate(TargetMeasure.values)}
    found = AnnualTarget.objects.filter(year=year).select_related("entered_by")
    lines = [
        TargetLine(target, names.get(target.division_id, "") if target.division_id else "")
        for target in found
    ]
    lines.sort(
        key=lambda line: (line.county != "", measures[line.target.measure], line.target.division_id or 0)
    )
    return TargetsOfAYear(year, [_sum(count.measure, lines) for count in PROGRAMME], lines)


def _sum(measure: str, lines: Sequence[TargetLine]) -> MeasureSum:
    targets = [line.target for line in lines if line.target.measure == measure]
    city = [target.value for target in targets if target.division_id is None]
    given = [target.value for target in targets if target.division_id is not None]
    label = str(TargetMeasure(measure).label)
    return MeasureSum(label, city[0] if city else None, sum(given) if given else None)


def history_of(target: AnnualTarget) -> list[Any]:
    """What the target was before, the newest first, each with who changed it and why."""
    return list(target.history.select_related("history_user").order_by("-history_date", "-history_id"))
