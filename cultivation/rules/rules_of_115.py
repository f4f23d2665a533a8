"""科技型中小企业评价办法 (国科发政〔2017〕115号), in force from 3 May 2017: the gates, the score, the direct routes."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated

from .dated import DatedRules, Listed, Stated, in_order
from .thresholds import NO_POINTS, Band, Points, Source, Threshold

MEASURES = "国科发政〔2017〕115号"


@dataclass(frozen=True, slots=True)
class SmeRules(DatedRules):
    """All thresholds of the evaluation, for forms filled in during the period of the set."""

    resident_source: Source
    employees_most: Threshold
    sales_most: Threshold
    assets_most: Threshold
    products_source: Source
    conduct_source: Source
    score_least: Threshold
    staff_months: Threshold
    staff_bands: Annotated[tuple[Band, ...], Listed("Technical staff over all staff", "staff_source")]
    staff_source: Source
    rd_sales_bands: Annotated[tuple[Band, ...], Listed("R&D expenses over sales", "rd_source")]
    rd_cost_bands: Annotated[tuple[Band, ...], Listed("R&D expenses over costs", "rd_source")]
    rd_source: Source
    class_one_bands: Annotated[
        tuple[Band, ...], Listed("Intellectual property of class I, items", "ip_source")
    ]
    class_two_bands: Annotated[
        tuple[Band, ...], Listed("Intellectual property of class II, items", "ip_source")
    ]
    ip_source: Source
    routes_source: Source
    award_years: Annotated[int, Stated("近几年内获得过国家级科技奖励", "年", "routes_source")]
    award_rank: Annotated[int, Stated("在获奖单位中排在前几名", "名", "routes_source")]
    standard_years: Annotated[int, Stated("近几年内主导制定过国际、国家或行业标准", "年", "routes_source")]
    standard_rank: Annotated[int, Stated("主导制定：在起草单位中排名前几", "名", "standard_source")]
    standard_source: Source


def _article(article: str, also: str = "") -> Source:
    return Source(MEASURES, article, also=Source(MEASURES, also) if also else None)


def _bands(*rows: tuple[str, int]) -> tuple[Band, ...]:
    """Bands from A on by their floor, each with its one number of points; the last, F, gives none."""
    named = zip("ABCDE", rows, strict=True)
    return (
        *(Band(letter, Fraction(floor), Points(points, points)) for letter, (floor, points) in named),
        Band("F", Fraction(0), NO_POINTS),
    )


RULES_OF_2017 = SmeRules(
    name="gkfz-2017-115",
    title="科技型中小企业评价办法（国科发政〔2017〕115号）",
    valid_from=date(2017, 5, 3),
    valid_until=None,
    resident_source=_article("第六条（一）"),
    employees_most=Threshold(Fraction(500), "人", "职工总数不超过", _article("第六条（二）", "第九条（二）")),
    sales_most=Threshold(
        Fraction(200_000_000), "元", "年销售收入不超过", _article("第六条（二）", "第九条（四）")
    ),
    assets_most=Threshold(Fraction(200_000_000), "元", "资产总额不超过", _article("第六条（二）")),
    products_source=_article("第六条（三）"),
    conduct_source=_article("第六条（四）"),
    score_least=Threshold(Fraction(60), "分", "综合评价所得分值不低于", _article("第六条（五）")),
    staff_months=Threshold(
        Fraction(6), "个月", "兼职、临时聘用人员全年须在企业累计工作", _article("第九条（一）、（二）")
    ),
    staff_bands=_bands(("0.30", 20), ("0.25", 16), ("0.20", 12), ("0.15", 8), ("0.10", 4)),
    staff_source=_article("第七条1", "第九条（一）"),
    rd_sales_bands=_bands(("0.06", 50), ("0.05", 40), ("0.04", 30), ("0.03", 20), ("0.02", 10)),
    rd_cost_bands=_bands(("0.30", 50), ("0.25", 40), ("0.20", 30), ("0.15", 20), ("0.10", 10)),
    rd_source=_article("第七条2", "第九条（三）"),
    class_one_bands=(Band("A", Fraction(1), Points(30, 30)),),
    class_two_bands=(
        Band("B", Fraction(4), Points(24, 24)),
        Band("C", Fraction(3), Points(18, 18)),
        Band("D", Fraction(2), Points(12, 12)),
        Band("E", Fraction(1), Points(6, 6)),
        Band("F", Fraction(0), NO_POINTS),
    ),
    ip_source=_article("第七条3", "第九条（五）"),
    routes_source=_article("第八条"),
    award_years=5,
    award_rank=3,
    standard_years=5,
    standard_rank=5,
    standard_source=_article("第九条（六）"),
)

SME_RULE_SETS: tuple[SmeRules, ...] = in_order(RULES_OF_2017)
"""Oldest first."""
