"""The records a rule set is made of: every threshold names its document, its article and how far it was
verified.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


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
    mark: Mark = Mark.READ
    remark: str = ""

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
    growth_bands: tuple[Band, ...]
    growth_source: Source
    growth_flagged: Fraction
    """A rate on which body and annex contradict each other: the body is taken and the finding says so."""
    conversion_bands: tuple[Band, ...]
    conversion_source: Source
    class_one_bands: tuple[Band, ...]
    class_two_bands: tuple[Band, ...]
    ip_source: Source
    ip_most: int
    ip_free_points: Points
    """Technical level, support of the main products and the standards bonus together: no figure ties them."""
    ip_own_points: Points
    ip_acquired_points: Points
    organisation_points: Points
    experts_least: Threshold
    technical_experts_share: Threshold
    finance_experts_least: Threshold


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All thresholds of the accreditation that hold for filings from ``valid_from`` to before
    ``valid_until``.
    """

    name: str
    title: str
    valid_from: date
    valid_until: date | None
    registered_days: Threshold
    core_ip: Threshold
    technical_fields: tuple[str, ...]
    technical_fields_source: Source
    staff_share: Threshold
    intensity_bands: tuple[IntensityBand, ...]
    intensity_source: Source
    accounting_years: int
    outsourced_share: Threshold
    other_cap_share: Threshold
    domestic_share: Threshold
    high_tech_share: Threshold
    incident_days: Threshold
    innovation: InnovationRules

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)
