"""The facts a technology SME is evaluated on (国科发政〔2017〕115号), in calibers of their own, and their strict reading.

Head counts are those of the six months (第九条（一）、（二）), R&D expenses those of the super-deduction (第九条（三）). The
facts of an accreditation, with their 183 days and their 195号 expenses, are refused by name and by type (edge case 17).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeVar

from .reading import MalformedFacts, Reader, sha256_of
from .super_deduction import (
    MOST_PROJECTS,
    DeductibleYear,
    ResearchProject,
    deductible,
    missing_amounts,
    read_projects,
    rules_of_year,
)

__all__ = ["MalformedFacts", "SmeFacts", "parse_sme_facts"]

MOST_ENTRIES = 1_000
CONDUCT_KINDS = ("safety", "quality", "environment", "research_dishonesty")
INSTITUTION_LEVELS = ("national", "provincial", "other")
STANDARD_LEVELS = ("international", "national", "industry", "other")
INDICATORS = ("sales", "costs")
_ACCREDITATION_KEYS = {
    "years": "用 sales、assets、costs、super_deduction 填写上一年度数据",
    "rd": "用 super_deduction 填写加计扣除口径的研发费用",
    "employees_average": "用 employees 填写职工总数（兼职、临时聘用累计工作 6 个月以上）",
    "technical_average": "用 technical 填写科技人员数（兼职、临时聘用累计工作 6 个月以上）",
    "employees_monthly": "用 employees 填写职工总数（兼职、临时聘用累计工作 6 个月以上）",
    "technical_monthly": "用 technical 填写科技人员数（兼职、临时聘用累计工作 6 个月以上）",
}


@dataclass(frozen=True, slots=True)
class SixMonthHeads:
    """People by 第九条: those in service, and part-time or temporary ones with six months or more in the year."""

    in_service: Decimal | None
    part_time: Decimal | None

    @property
    def total(self) -> Fraction | None:
        if self.in_service is None or self.part_time is None:
            return None
        return Fraction(self.in_service) + Fraction(self.part_time)


@dataclass(frozen=True, slots=True)
class DeductionExpenses:
    """R&D of a year in the caliber of the super-deduction: its projects, or the total the firm states."""

    year: int | None
    projects: tuple[ResearchProject, ...] | None
    stated: Decimal | None

    @property
    def missing(self) -> tuple[str, ...]:
        return missing_amounts(self.projects or ())

    def aggregated(self) -> DeductibleYear | None:
        """The projects under the rules of their year; ``None`` where there are none or something is missing."""
        if self.projects is None or self.year is None or self.missing:
            return None
        return deductible(self.projects, rules_of_year(self.year))

    @property
    def total(self) -> Fraction | None:
        aggregated = self.aggregated()
        if aggregated is not None:
            return aggregated.total
        return None if self.stated is None or self.projects is not None else Fraction(self.stated)


@dataclass(frozen=True, slots=True)
class SmeProperty:
    """An item of intellectual property; unlike in an accreditation earlier use does not matter."""

    ip_class: int | None
    kind: str | None
    in_force: bool | None
    disputed: bool | None
    for_main_products: bool | None


@dataclass(frozen=True, slots=True)
class Misconduct:
    date: date | None
    kind: str | None
    serious: bool | None
    document: str | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A high-new-tech certificate; ``last_day`` is the last day on which it counts."""

    number: str | None
    issued_on: date | None
    last_day: date | None


@dataclass(frozen=True, slots=True)
class Honour:
    """A national award, a research institution or a standard; ``rank`` is the firm's place among the units named."""

    name: str | None
    date: date | None
    level: str | None
    rank: int | None
    document: str | None


@dataclass(frozen=True, slots=True)
class SmeFacts:
    """Everything the evaluation needs; figures are those of the year before ``filled_on``, in yuan."""

    filled_on: date | None
    resident: bool | None
    employees: SixMonthHeads | None
    technical: SixMonthHeads | None
    sales: Decimal | None
    assets: Decimal | None
    costs: Decimal | None
    super_deduction: DeductionExpenses | None
    rd_indicator: str | None
    ip: tuple[SmeProperty, ...] | None
    prohibited_products: bool | None
    misconduct: tuple[Misconduct, ...] | None
    abnormal_listing: bool | None
    dishonest_listing: bool | None
    certificate: Certificate | None
    national_awards: tuple[Honour, ...]
    institutions: tuple[Honour, ...]
    standards: tuple[Honour, ...]
    inputs_sha256: str


def parse_sme_facts(mapping: Mapping[str, Any]) -> SmeFacts:
    """The facts in a decoded JSON object; raises :class:`MalformedFacts`, also for a key of the accreditation."""
    root = Reader.of(mapping)
    for key, instead in _ACCREDITATION_KEYS.items():
        if key in mapping:
            raise MalformedFacts(key, f"是高新技术企业认定的口径，科技型中小企业评价不得使用：请{instead}")
    filled_on = root.date("filled_on")
    return SmeFacts(
        filled_on=filled_on,
        resident=root.boolean("resident"),
        employees=_heads(root, "employees"),
        technical=_heads(root, "technical"),
        sales=root.amount("sales"),
        assets=root.amount("assets"),
        costs=root.amount("costs"),
        super_deduction=_expenses(root, filled_on),
        rd_indicator=root.choice("rd_indicator", INDICATORS),
        ip=_each(root, "ip", _property),
        prohibited_products=root.boolean("prohibited_products"),
        misconduct=_each(root, "misconduct", _misconduct),
        abnormal_listing=root.boolean("abnormal_listing"),
        dishonest_listing=root.boolean("dishonest_listing"),
        certificate=_certificate(root),
        national_awards=_each(root, "national_awards", lambda entry: _honour(entry, ())) or (),
        institutions=_each(root, "institutions", lambda entry: _honour(entry, INSTITUTION_LEVELS)) or (),
        standards=_each(root, "standards", lambda entry: _honour(entry, STANDARD_LEVELS)) or (),
        inputs_sha256=sha256_of(mapping),
    )


T = TypeVar("T")


def _each(root: Reader, key: str, read: Callable[[Reader], T]) -> tuple[T, ...] | None:
    entries = root.objects(key, MOST_ENTRIES)
    return None if entries is None else tuple(read(entry) for entry in entries)


def _heads(root: Reader, key: str) -> SixMonthHeads | None:
    heads = root.object(key)
    if heads is None:
        return None
    return SixMonthHeads(heads.head_count("in_service"), heads.head_count("part_time_six_months"))


def _expenses(root: Reader, filled_on: date | None) -> DeductionExpenses | None:
    """The year is the one before the form is filled in."""
    entry = root.object("super_deduction")
    if entry is None:
        return None
    projects = entry.objects("projects", MOST_PROJECTS)
    stated = entry.amount("total")
    if projects is not None and stated is not None:
        raise MalformedFacts(entry.path("total"), "已按项目（projects）填写的，不再填写合计")
    return DeductionExpenses(
        year=filled_on.year - 1 if filled_on else None,
        projects=None if projects is None else read_projects(projects),
        stated=stated,
    )


def _property(entry: Reader) -> SmeProperty:
    return SmeProperty(
        ip_class=entry.whole_number("class", 1, 2),
        kind=entry.text("kind"),
        in_force=entry.boolean("in_force"),
        disputed=entry.boolean("disputed"),
        for_main_products=entry.boolean("for_main_products"),
    )


def _misconduct(entry: Reader) -> Misconduct:
    return Misconduct(
        date=entry.date("date"),
        kind=entry.choice("kind", CONDUCT_KINDS),
        serious=entry.boolean("serious"),
        document=entry.text("document", empty=True),
    )


def _certificate(root: Reader) -> Certificate | None:
    entry = root.object("certificate")
    if entry is None:
        return None
    return Certificate(entry.text("number"), entry.date("issued_on"), entry.date("last_day"))


def _honour(entry: Reader, levels: tuple[str, ...]) -> Honour:
    return Honour(
        name=entry.text("name"),
        date=entry.date("date"),
        level=entry.choice("level", levels) if levels else None,
        rank=entry.whole_number("rank", 1, 10_000),
        document=entry.text("document", empty=True),
    )
