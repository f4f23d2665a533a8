"""The experts' score sheets of a case: as facts, and as the panel the bureau looks at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cultivation.models import CultivationCase, ExpertSheet
from cultivation.rules.assessment import assess
from cultivation.rules.facts import Facts, parse_facts
from cultivation.rules.innovation import gap_to_pass
from cultivation.rules.panel import indicator_averages, panel_problems
from cultivation.rules.score_ranges import ScoreRanges, score_ranges
from cultivation.rules.score_sheets import (
    ItemRange,
    ScoreSheet,
    SheetProblem,
    indicator_points,
    sheet_problems,
)
from cultivation.rules.thresholds import InnovationRules


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A standing sheet with its points by indicator, and what no longer fits the facts."""

    sheet: ExpertSheet
    points: Mapping[str, int]
    problems: Sequence[SheetProblem]

    @property
    def total(self) -> int:
        return sum(self.points.values())


@dataclass(frozen=True, slots=True)
class Panel:
    """All standing sheets against the ranges of the case's facts.

    ``average`` is the exact total of the indicators' averages, ``None`` until every indicator is scored;
    ``gap`` says in words what a panel that does not pass lacks.
    """

    ranges: ScoreRanges
    lines: Sequence[SheetLine]
    problems: Sequence[str]
    averages: Mapping[str, Fraction]
    average: Fraction | None
    passed: bool
    gap: str

    @property
    def is_sound(self) -> bool:
        """Whether nothing keeps the sheets from being used."""
        return not self.problems and not any(line.problems for line in self.lines)


def standing_sheets(case: CultivationCase) -> list[ExpertSheet]:
    """The sheets that count, in the order they came in (one query)."""
    sheets = ExpertSheet.objects.filter(case_id=case.pk, withdrawn_at__isnull=True)
    return list(sheets.select_related("recorded_by").order_by("pk"))


def withdrawn_sheets(case: CultivationCase) -> list[ExpertSheet]:
    sheets = ExpertSheet.objects.filter(case_id=case.pk, withdrawn_at__isnull=False)
    return list(sheets.select_related("withdrawn_by").order_by("pk"))


def sheet_facts(case: CultivationCase) -> list[dict[str, Any]]:
    """The standing sheets in the shape of the facts, without the experts' names (one query)."""
    rows = ExpertSheet.objects.filter(case_id=case.pk, withdrawn_at__isnull=True).order_by("pk")
    return [
        {"kind": kind, "leader": leader, "scores": scores}
        for kind, leader, scores in rows.values_list("kind", "is_leader", "scores")
    ]


def ranges_of(facts: Facts) -> tuple[ScoreRanges, InnovationRules]:
    """The ranges the facts leave to the experts, and the rules they follow from."""
    judged = assess(facts)
    rules = judged.rule_set.innovation
    return score_ranges(facts, rules, judged.net_assets_growth, judged.sales_growth), rules


def panel_of(sheets: Sequence[ExpertSheet], gathered: Mapping[str, Any]) -> Panel:
    """The panel of these sheets under the case's facts (see ``selectors.facts.gather_facts``)."""
    ranges, rules = ranges_of(parse_facts(gathered))
    read = [as_rules_see(sheet) for sheet in sheets]
    averages = indicator_averages(read, rules)
    complete = len(averages) == len(ranges.indicators)
    average = sum(averages.values(), Fraction(0)) if complete else None
    passed = average is not None and average > rules.over.value
    return Panel(
        ranges=ranges,
        lines=[_line(sheet, seen, ranges.items, rules) for sheet, seen in zip(sheets, read, strict=True)],
        problems=panel_problems(read, rules, "专家组"),
        averages=averages,
        average=average,
        passed=passed,
        gap="" if average is None or passed else gap_to_pass(average, rules),
    )


def as_rules_see(sheet: ExpertSheet) -> ScoreSheet:
    scores = {key: Decimal(points) for key, points in sheet.scores.items()}
    return ScoreSheet(kind=sheet.kind, leader=sheet.is_leader, scores=scores)


def _line(
    sheet: ExpertSheet, seen: ScoreSheet, ranges: Mapping[str, ItemRange], rules: InnovationRules
) -> SheetLine:
    points = indicator_points(seen, rules.items, rules.ip_most)
    return SheetLine(
        sheet=sheet,
        points={indicator: int(value) for indicator, value in points.items()},
        problems=sheet_problems(seen, ranges),
    )
