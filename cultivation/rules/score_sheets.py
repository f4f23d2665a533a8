"""One expert's score sheet: how it is read, what is wrong with it, what it adds up to.

国科发火〔2016〕195号 二（四） and 三（七）: a technical expert fills in 附件3, a finance expert 附件4, in whole points. The
points inside a range belong to the expert; nothing here ever picks one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .reading import MalformedFacts, Reader, shown
from .score_items import ITEM_KEYS, ScoreItem
from .thresholds import Points

EXPERT_KINDS = ("technical", "finance", "other")
KIND_NAMES = {"technical": "技术专家", "finance": "财务专家", "other": "其他专家"}
SHEET_NAMES = {"technical": "附件3《技术专家评价表》", "finance": "附件4《财务专家评价表》"}


@dataclass(frozen=True, slots=True)
class ScoreSheet:
    """The points of one expert by item; a missing key or ``None`` is an item left open."""

    kind: str | None
    leader: bool
    scores: Mapping[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class ItemRange:
    """The points the facts leave to the expert for one item, and why in a few Chinese words.

    ``is_open``: the text has no band or a fact is missing, so a person decides; ``points`` is then what the
    item can bear at all.
    """

    item: ScoreItem
    points: Points
    why: str
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class SheetProblem:
    """What is wrong with one item of a sheet (``item`` empty: with the sheet as a whole)."""

    item: str
    code: str
    message: str


def read_sheet(entry: Reader) -> ScoreSheet:
    """A sheet among the facts; raises :class:`~cultivation.rules.reading.MalformedFacts` for an item that no
    sheet has.
    """
    scores = entry.object("scores")
    if scores is None:
        raise MalformedFacts(entry.path("scores"), "缺少各项得分")
    keys = scores.keys()
    if unknown := sorted(set(keys) - ITEM_KEYS):
        raise MalformedFacts(scores.path(unknown[0]), "评价表没有这一项")
    return ScoreSheet(
        kind=entry.choice("kind", EXPERT_KINDS),
        leader=entry.boolean("leader") or False,
        scores={key: scores.score(key) for key in keys},
    )


def items_for(kind: str | None, items: Sequence[ScoreItem]) -> tuple[ScoreItem, ...]:
    """The items a kind of expert fills in; none for an expert the text has no sheet for."""
    return tuple(item for item in items if item.expert == kind)


def sheet_problems(sheet: ScoreSheet, ranges: Mapping[str, ItemRange]) -> list[SheetProblem]:
    """Every item that is missing, not the expert's, not whole, or outside its range; empty where all is well."""
    if sheet.kind is None:
        return [SheetProblem("", "kind_missing", "缺少 kind（专家类别）")]
    own = items_for(sheet.kind, [found.item for found in ranges.values()])
    if not own:
        kinds = KIND_NAMES[sheet.kind]
        return [SheetProblem("", "no_sheet", f"{kinds}没有对应的评价表（只有附件3、附件4）")]
    keys = {item.key for item in own}
    problems = [
        SheetProblem(
            key,
            "not_this_expert",
            f"{ranges[key].item.name}不在{SHEET_NAMES[sheet.kind]}内，不由{KIND_NAMES[sheet.kind]}评分",
        )
        for key, score in sheet.scores.items()
        if key in ranges and key not in keys and score is not None
    ]
    for item in own:
        score, allowed = sheet.scores.get(item.key), ranges[item.key]
        if score is None:
            problems.append(SheetProblem(item.key, "score_missing", f"缺少{item.name}得分"))
        elif score != score.to_integral_value():
            message = f"{item.name}为 {shown(score)} 分，须按整数打分"
            problems.append(SheetProblem(item.key, "not_whole", message))
        elif score not in allowed.points:
            message = f"{item.name}为 {shown(score)} 分，须为 {allowed.points} 的整数分（{allowed.why}）"
            problems.append(SheetProblem(item.key, "out_of_range", message))
    return problems


def indicator_points(sheet: ScoreSheet, items: Sequence[ScoreItem], ip_most: int) -> dict[str, Decimal]:
    """The sheet's points by indicator; the bonus never lifts the property over ``ip_most`` (195号 三（七）1（5）)."""
    totals: dict[str, Decimal] = {}
    for item in items_for(sheet.kind, items):
        totals[item.indicator] = totals.get(item.indicator, Decimal(0)) + (sheet.scores.get(item.key) or 0)
    if "ip" in totals:
        totals["ip"] = min(totals["ip"], Decimal(ip_most))
    return totals
