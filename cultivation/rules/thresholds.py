"""The records a rule set is made of: every threshold names its document, its article and how far it was
verified.
"""

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Annotated

from .dated import NOT_HASHED, DatedRules, Listed, Stated
from .score_items import ScoreItem


class Mark(StrEnum):
    """How a threshold was verified: read in the source, second-hand, or not verified."""

    READ = "核"
    SECOND_HAND = "旁"
    UNVERIFIED = "未核"


@dataclass(frozen=True, slots=True)
class Source:
    """Document and article; ``also`` is a second document that says how the first is to be applied."""

    document: str
    article: str
    also: "Source | None" = None
    mark: Mark = field(default=Mark.READ, metadata=NOT_HASHED)
    remark: str = field(default="", metadata=NOT_HASHED)

    def __str__(self) -> str:
        own = f"{self.document} {self.article}"
        return f"{own}；{self.also}" if self.also else own


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit with its unit (天, 比例, 分, 人) and source; ``meaning`` is the rule in a few Chinese words."""

    value: Fraction
    unit: str
    meaning: str
    source: Source


@dataclass(frozen=True, slots=True)
class IntensityBand:
    """R&D over sales required of firms whose latest year's sales reach at most ``sales_up_to`` yuan
    (``None``: any).
    """

    sales_up_to: Fraction | None
    required: Fraction


@dataclass(frozen=True, slots=True)
class Points:
    """The points experts may give, both ends included."""

    low: int
    high: int

    def __contains__(self, score: Decimal) -> bool:
        """Whole points only (各级指标均按整数打分)."""
        return self.low <= score <= self.high and score % 1 == 0

    def __add__(self, other: "Points") -> "Points":
        return Points(self.low + other.low, self.high + other.high)

    def __str__(self) -> str:
        return f"{self.low}–{self.high}" if self.low != self.high else str(self.low)


@dataclass(frozen=True, slots=True)
class Band:
    """Points for a figure of at least ``floor`` (more than ``floor`` where ``above``)."""

    letter: str
    floor: Fraction
    points: Points
    above: bool = False

    def reached_by(self, value: Fraction) -> bool:
        return value > self.floor if self.above else value >= self.floor


NO_POINTS = Points(0, 0)


@dataclass(frozen=True, slots=True)
class InnovationRules:
    """国科发火〔2016〕195号 三（七）: the four indicators. Points inside a band belong to the experts."""

    source: Source
    over: Threshold
    growth_bands: Annotated[tuple[Band, ...], Listed("Growth rate", "growth_source")]
    growth_source: Source
    growth_flagged: Annotated[
        Fraction, Stated("正文与附件 4 写法不一的增长率，取正文并提示人工核对", "比例", "growth_source")
    ]
    conversion_bands: Annotated[tuple[Band, ...], Listed("Conversions a year", "conversion_source")]
    conversion_source: Source
    class_one_bands: Annotated[
        tuple[Band, ...], Listed("Intellectual property of class I, items", "ip_source")
    ]
    class_two_bands: Annotated[
        tuple[Band, ...], Listed("Intellectual property of class II, items", "ip_source")
    ]
    ip_source: Source
    ip_most: Annotated[int, Stated("知识产权得分的上限（含加分）", "分", "ip_source")]
    ip_free_points: Annotated[
        Points, Stated("技术先进程度、核心支持作用与参与标准制定加分之和", "分", "ip_source")
    ]
    """No figure ties these three."""
    ip_own_points: Annotated[Points, Stated("获得方式：有自主研发", "分", "ip_source")]
    ip_acquired_points: Annotated[Points, Stated("获得方式：仅有受让、受赠和并购等", "分", "ip_source")]
    organisation_points: Annotated[Points, Stated("研究开发组织管理水平", "分", "organisation_source")]
    organisation_source: Source
    items: Annotated[tuple[ScoreItem, ...], Listed("Items of the score sheets", "items_source")]
    items_source: Source
    experts_least: Threshold
    technical_experts_share: Threshold
    finance_experts_least: Threshold


@dataclass(frozen=True, slots=True)
class RuleSet(DatedRules):
    """All thresholds of the accreditation, for filings in the period of the set."""

    registered_days: Threshold
    core_ip: Threshold
    technical_fields: Annotated[tuple[str, ...], Listed("Technical fields", "technical_fields_source")]
    technical_fields_source: Source
    main_products_share: Threshold
    staff_share: Threshold
    technical_days: Threshold
    intensity_bands: Annotated[tuple[IntensityBand, ...], Listed("R&D intensity", "intensity_source")]
    intensity_source: Source
    accounting_years: Annotated[int, Stated("研究开发费用与成长性按近几个会计年度计算", "年", "years_source")]
    years_source: Source
    outsourced_share: Threshold
    other_cap_share: Threshold
    domestic_share: Threshold
    high_tech_share: Threshold
    incident_days: Threshold
    innovation: InnovationRules
