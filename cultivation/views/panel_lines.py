"""What the page of a panel shows: ranges, averages and sheets in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from cultivation.enums import ExpertKind
from cultivation.models import ExpertSheet
from cultivation.rules.display import number_text
from cultivation.rules.innovation import NAMES
from cultivation.selectors.expert_sheets import Panel, SheetLine


@dataclass(frozen=True, slots=True)
class RangeLine:
    """One item: ``decided_by_person`` where the facts give no range."""

    indicator: str
    item: str
    expert: str
    points: str
    why: str
    decided_by_person: bool


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One item of a sheet; ``problem`` where it no longer fits the facts."""

    item: str
    points: int | None
    problem: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    sheet: ExpertSheet
    indicators: Sequence[tuple[str, int]]
    total: int
    items: Sequence[ItemLine]
    problems: Sequence[str]


def range_lines(panel: Panel) -> list[RangeLine]:
    return [
        RangeLine(
            indicator=NAMES[allowed.item.indicator],
            item=allowed.item.name,
            expert=str(ExpertKind(allowed.item.expert).label),
            points=str(allowed.points),
            why=allowed.why,
            decided_by_person=allowed.is_open,
        )
        for allowed in panel.ranges.items.values()
    ]


def average_lines(panel: Panel) -> list[tuple[str, str]]:
    """The exact average of each indicator; empty where nobody has scored it yet."""
    return [
        (name, number_text(panel.averages[key]) if key in panel.averages else "")
        for key, name in NAMES.items()
    ]


def sheet_rows(panel: Panel) -> list[SheetRow]:
    return [_row(line, panel) for line in panel.lines]


def _row(line: SheetLine, panel: Panel) -> SheetRow:
    wrong = {problem.item: problem.message for problem in line.problems}
    return SheetRow(
        sheet=line.sheet,
        indicators=[(NAMES[key], points) for key, points in line.points.items()],
        total=line.total,
        items=[
            ItemLine(allowed.item.name, line.sheet.scores.get(key), wrong.get(key, ""))
            for key, allowed in panel.ranges.items.items()
            if allowed.item.expert == line.sheet.kind
        ],
        problems=list(wrong.values()),
    )
