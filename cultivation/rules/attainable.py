"""Which innovation scores the facts leave possible (国科发火〔2016〕195号 三（七）): ranges, never points."""

from dataclasses import dataclass
from typing import Any

from .assessment import AssessmentResult
from .facts import Facts
from .growth import Growth
from .score_ranges import score_ranges
from .thresholds import Points

PARTS = ("ip", "conversion", "organisation", "growth_net_assets", "growth_sales")
"""The indicators, growth in its two halves, in the order of the text."""


@dataclass(frozen=True, slots=True)
class Attainable:
    """What experts may give for one part. ``known`` is false where the facts do not settle it: then it is the
    widest range. ``note`` says what the range rests on, or what is missing.
    """

    points: Points
    known: bool = True
    note: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"low": self.points.low, "high": self.points.high, "known": self.known, "note": self.note}


def attainable(facts: Facts, result: AssessmentResult) -> dict[str, Attainable]:
    """The range of each part and of the ``total``, without any expert's word."""
    rules = result.rule_set.innovation
    net_assets, sales = result.net_assets_growth, result.sales_growth
    ranges = score_ranges(facts, rules, net_assets, sales)
    most_growth = Points(0, max(band.points.high for band in rules.growth_bands))
    most_conversion = Points(0, max(band.points.high for band in rules.conversion_bands))

    def part(points: Points | None, widest: Points, item: str) -> Attainable:
        return Attainable(points or widest, points is not None, ranges.items[item].why)

    def growth(growth: Growth, item: str) -> Attainable:
        return part(growth.points, most_growth, item)

    indicators = ranges.indicators
    parts = {
        "ip": part(indicators["ip"], Points(0, rules.ip_most), "ip_quantity"),
        "conversion": part(indicators["conversion"], most_conversion, "conversion"),
        "organisation": Attainable(rules.organisation_points, note="由专家评定"),
        "growth_net_assets": growth(net_assets, "net_assets"),
        "growth_sales": growth(sales, "sales"),
    }
    points = [part.points for part in parts.values()]
    total = Points(sum(each.low for each in points), sum(each.high for each in points))
    return {**parts, "total": Attainable(total, all(part.known for part in parts.values()))}
