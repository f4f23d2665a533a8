"""The points the firm's facts leave to the experts, by indicator and by item of the sheets (195号 三（七）)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .conversions import counted_conversions
from .display import decimal_text, percent_text
from .facts import Facts
from .growth import Growth
from .intellectual_property import CountedProperty, count_property
from .periods import missing_figures, missing_years
from .score_items import ScoreItem
from .score_sheets import ItemRange
from .thresholds import NO_POINTS, InnovationRules, Points

CLASS_NAMES = {1: "Ⅰ类", 2: "Ⅱ类"}


@dataclass(frozen=True, slots=True)
class ScoreRanges:
    """What binds the experts: the range by item and by indicator (``None``: for a person to judge).

    ``problems`` keep the software from using any score, ``flags`` are to be looked at.
    """

    items: Mapping[str, ItemRange]
    indicators: Mapping[str, Points | None]
    problems: tuple[str, ...]
    flags: tuple[str, ...]


def score_ranges(facts: Facts, rules: InnovationRules, net_assets: Growth, sales: Growth) -> ScoreRanges:
    """The ranges for a firm with these facts and growths."""
    problems: list[str] = []
    flags = [f"{name}：{growth.note}" for name, growth in _growths(net_assets, sales) if growth.note]
    counted = _counted(facts, problems, flags)
    average = _average_of_conversions(facts, problems, flags)
    conversion = None if average is None else conversion_points(average, rules)
    if average is not None and conversion is None:
        problems.append(
            f"科技成果转化年平均 {two_places(average)} 项，介于 0 与 1 之间，条文没有档位，由技术专家判定"
        )
    _look_at_growth(facts, net_assets, sales, problems)
    bound = {
        **_property_items(counted, rules),
        "conversion": (conversion, _conversion_reason(average)),
        "net_assets": _growth_item(net_assets),
        "sales": _growth_item(sales),
    }
    return ScoreRanges(
        items={item.key: _item_range(item, bound) for item in rules.items},
        indicators={
            "ip": None if counted is None else ip_points(counted, rules),
            "conversion": conversion,
            "organisation": rules.organisation_points,
            "growth": growth_points((net_assets, sales)),
        },
        problems=tuple(problems),
        flags=tuple(flags),
    )


def quantity_points(counted: CountedProperty, rules: InnovationRules) -> Points:
    """The band of the number of items: one of class I outweighs any number of class II."""
    bands, quantity = rules.class_two_bands, counted.class_two
    if counted.class_one:
        bands, quantity = rules.class_one_bands, counted.class_one
    return next(band.points for band in bands if band.reached_by(Fraction(quantity)))


def obtained_points(counted: CountedProperty, rules: InnovationRules) -> Points:
    """The way of obtaining; without any property neither line of the table applies."""
    if not counted.total:
        return NO_POINTS
    return rules.ip_own_points if counted.own else rules.ip_acquired_points


def ip_points(counted: CountedProperty, rules: InnovationRules) -> Points:
    """The range of the property indicator: quantity and way of obtaining bind, the rest is free."""
    points = quantity_points(counted, rules) + obtained_points(counted, rules) + rules.ip_free_points
    return Points(points.low, min(points.high, rules.ip_most))


def conversion_points(average: Fraction, rules: InnovationRules) -> Points | None:
    """The band of the yearly average; ``None`` above 0 and below 1, for which the text has none."""
    if average == 0:
        return NO_POINTS
    return next((band.points for band in rules.conversion_bands if band.reached_by(average)), None)


def growth_points(growths: Sequence[Growth]) -> Points | None:
    """The two growth bands added; ``None`` where one of them is for a person to judge."""
    total = NO_POINTS
    for growth in growths:
        if growth.points is None:
            return None
        total = total + growth.points
    return total


def conversion_average(facts: Facts) -> Fraction | None:
    """Conversions a year; ``None`` where a year is missing."""
    return _average_of_conversions(facts, [], [])


def two_places(number: Fraction) -> str:
    """A number for reading, such as 4.67."""
    return decimal_text(number, 2, 0)


Bound = tuple[Points | None, str]


def _item_range(item: ScoreItem, bound: Mapping[str, Bound]) -> ItemRange:
    full = Points(0, item.most)
    if item.key not in bound:
        return ItemRange(item, full, "由专家评定")
    points, why = bound[item.key]
    return ItemRange(item, full if points is None else points, why, is_open=points is None)


def _property_items(counted: CountedProperty | None, rules: InnovationRules) -> dict[str, Bound]:
    if counted is None:
        unsure = (None, "知识产权数据不全，须人工核对")
        return {"ip_quantity": unsure, "ip_obtained": unsure}
    if counted.class_one:
        quantity = f"Ⅰ类 {counted.class_one} 项"
    else:
        quantity = f"Ⅱ类 {counted.class_two} 项" if counted.class_two else "可用 0 项"
    obtained = (
        "有自主研发" if counted.own else "仅有受让、受赠和并购等" if counted.total else "没有可用的知识产权"
    )
    return {
        "ip_quantity": (quantity_points(counted, rules), quantity),
        "ip_obtained": (obtained_points(counted, rules), obtained),
    }


def _conversion_reason(average: Fraction | None) -> str:
    if average is None:
        return "各年转化项数不全，须人工核对"
    between = "，介于 0 与 1 之间，条文没有档位" if 0 < average < 1 else ""
    return f"年平均 {two_places(average)} 项{between}"


def _growth_item(growth: Growth) -> Bound:
    if growth.points is None or growth.rate is None:
        return growth.points, growth.note
    return growth.points, f"增长率 {percent_text(growth.rate)}，{growth.band} 档"


def _growths(net_assets: Growth, sales: Growth) -> tuple[tuple[str, Growth], ...]:
    return ("净资产增长率", net_assets), ("销售收入增长率", sales)


def _counted(facts: Facts, problems: list[str], flags: list[str]) -> CountedProperty | None:
    if facts.ip is None:
        problems.append("缺少 ip（知识产权）")
        return None
    counted = count_property(facts.ip)
    problems += counted.unclear
    flags += counted.excluded
    return None if counted.unclear else counted


def _average_of_conversions(facts: Facts, problems: list[str], flags: list[str]) -> Fraction | None:
    counted = counted_conversions(facts)
    problems += counted.problems
    flags += counted.flags
    return None if counted.by_year is None else Fraction(sum(counted.by_year), len(counted.by_year))


def _look_at_growth(facts: Facts, net_assets: Growth, sales: Growth, problems: list[str]) -> None:
    unsure = [name for name, growth in _growths(net_assets, sales) if growth.points is None]
    if not unsure:
        return
    missing = [
        *missing_years(facts),
        *missing_figures(facts, "net_assets_end"),
        *missing_figures(facts, "sales"),
    ]
    if missing:
        problems.append(f"缺少 {'、'.join(missing)}")
    problems.append(f"成长性须人工判定（{'、'.join(unsure)}）")
