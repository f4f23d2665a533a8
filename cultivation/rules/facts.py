"""The facts a firm is judged on, as frozen records, and their strict reading.

A fact that is absent (or null) is ``None`` and makes its finding manual; a fact that is wrong raises
:class:`MalformedFacts` naming the key path, as in ``years[2].rd.personnel``.
Amounts are yuan, exact to the fen.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from .reading import MalformedFacts, Reader, loads_facts, sha256_of

__all__ = [
    "EXPENSE_KEYS",
    "Expert",
    "ExpertScores",
    "Facts",
    "Incident",
    "IntellectualProperty",
    "MalformedFacts",
    "RdExpenses",
    "YearFigures",
    "loads_facts",
    "parse_facts",
]

EXPENSE_KEYS = (
    "personnel",
    "direct_input",
    "depreciation",
    "intangibles",
    "design",
    "commissioning",
    "other",
    "outsourced_domestic",
    "outsourced_foreign",
)
INDICATORS = ("ip", "conversion", "organisation", "growth")
INCIDENT_KINDS = ("safety", "quality", "environment")
EXPERT_KINDS = ("technical", "finance", "other")
MOST_YEARS = 3
MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class RdExpenses:
    """R&D spending of one year by the eight categories of 国科发火〔2016〕195号 三（六）2, in yuan, as
    actually spent.

    Outsourced spending (category seven) is given in two parts and before its 80 %.
    """

    personnel: Decimal | None = None
    direct_input: Decimal | None = None
    depreciation: Decimal | None = None
    intangibles: Decimal | None = None
    design: Decimal | None = None
    commissioning: Decimal | None = None
    other: Decimal | None = None
    outsourced_domestic: Decimal | None = None
    outsourced_foreign: Decimal | None = None


@dataclass(frozen=True, slots=True)
class YearFigures:
    """One accounting year, in yuan. Total income is net of 不征税收入; net assets may be negative."""

    year: int | None
    sales: Decimal | None
    total_income: Decimal | None
    high_tech_income: Decimal | None
    net_assets_end: Decimal | None
    rd: RdExpenses | None


@dataclass(frozen=True, slots=True)
class IntellectualProperty:
    """``ip_class`` is 1 or 2; ``obtained`` is own, transferred, donated, merged or licensed."""

    ip_class: int | None
    kind: str | None
    obtained: str | None
    used_before: bool | None
    co_owned_used_by_other: bool


@dataclass(frozen=True, slots=True)
class Expert:
    kind: str | None
    leader: bool


@dataclass(frozen=True, slots=True)
class ExpertScores:
    """The score sheets: for each indicator one score an expert, in the same order of experts."""

    ip: tuple[Decimal | None, ...] | None
    conversion: tuple[Decimal | None, ...] | None
    organisation: tuple[Decimal | None, ...] | None
    growth: tuple[Decimal | None, ...] | None


@dataclass(frozen=True, slots=True)
class Incident:
    date: date | None
    kind: str | None
    serious: bool | None
    document: str | None


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the nine findings need. Years ascend; head counts are averages over twelve months."""

    filed_on: date | None
    registered_on: date | None
    years: tuple[YearFigures, ...] | None
    employees_average: Decimal | None
    technical_average: Decimal | None
    ip: tuple[IntellectualProperty, ...] | None
    field_code: str | None
    core_ip_owned: bool | None
    conversions: tuple[int | None, ...] | None
    expert_scores: ExpertScores | None
    experts: tuple[Expert, ...] | None
    incidents: tuple[Incident, ...] | None
    inputs_sha256: str


def parse_facts(mapping: Mapping[str, Any]) -> Facts:
    """The facts in a decoded FACTS object; raises :class:`MalformedFacts`.

    Amounts may be strings, integers or ``Decimal``, dates ISO strings or ``date``. Keys that are not known
    are ignored (they count in the hash).
    """
    root = Reader.of(mapping)
    filed_on = root.date("filed_on")
    registered_on = root.date("registered_on")
    if filed_on and registered_on and registered_on > filed_on:
        raise MalformedFacts("registered_on", "注册日期晚于申报日期 filed_on")
    return Facts(
        filed_on=filed_on,
        registered_on=registered_on,
        years=_years(root, filed_on),
        employees_average=root.head_count("employees_average"),
        technical_average=root.head_count("technical_average"),
        ip=_each(root, "ip", _ip),
        field_code=root.text("field_code", empty=True),
        core_ip_owned=root.boolean("core_ip_owned"),
        conversions=_conversions(root),
        expert_scores=_expert_scores(root),
        experts=_each(root, "experts", _expert),
        incidents=_each(root, "incidents", _incident),
        inputs_sha256=sha256_of(mapping),
    )


T = TypeVar("T")


def _each(root: Reader, key: str, read: Callable[[Reader], T]) -> tuple[T, ...] | None:
    entries = root.objects(key, MOST_ENTRIES)
    return None if entries is None else tuple(read(entry) for entry in entries)


def _years(root: Reader, filed_on: date | None) -> tuple[YearFigures, ...] | None:
    entries = root.objects("years", MOST_YEARS)
    if entries is None:
        return None
    years = []
    previous: int | None = None
    for entry in entries:
        year = entry.whole_number("year", 1900, 2999)
        if year is not None:
            if previous is not None and year <= previous:
                raise MalformedFacts(entry.path("year"), f"年度须递增且不重复：{year} 排在 {previous} 之后")
            if filed_on and year >= filed_on.year:
                raise MalformedFacts(
                    entry.path("year"), f"会计年度须早于申报年度 {filed_on.year}（不含申报年）"
                )
            previous = year
        years.append(
            YearFigures(
                year=year,
                sales=entry.amount("sales"),
                total_income=entry.amount("total_income"),
                high_tech_income=entry.amount("high_tech_income"),
                net_assets_end=entry.amount("net_assets_end", negative=True),
                rd=_expenses(entry),
            )
        )
    return tuple(years)


def _expenses(entry: Reader) -> RdExpenses | None:
    expenses = entry.object("rd")
    return RdExpenses(*(expenses.amount(key) for key in EXPENSE_KEYS)) if expenses else None


def _ip(entry: Reader) -> IntellectualProperty:
    return IntellectualProperty(
        ip_class=entry.whole_number("class", 1, 2),
        kind=entry.text("kind"),
        obtained=entry.text("obtained"),
        used_before=entry.boolean("used_before"),
        co_owned_used_by_other=entry.boolean("co_owned_used_by_other") or False,
    )


def _expert(entry: Reader) -> Expert:
    return Expert(kind=entry.choice("kind", EXPERT_KINDS), leader=entry.boolean("leader") or False)


def _incident(entry: Reader) -> Incident:
    return Incident(
        date=entry.date("date"),
        kind=entry.choice("kind", INCIDENT_KINDS),
        serious=entry.boolean("serious"),
        document=entry.text("document", empty=True),
    )


def _conversions(root: Reader) -> tuple[int | None, ...] | None:
    entries = root.items("conversions", MOST_YEARS)
    if entries is None:
        return None
    return tuple(entries.whole_number(index, 0, 1_000_000) for index in entries.indices())


def _expert_scores(root: Reader) -> ExpertScores | None:
    sheets = root.object("expert_scores")
    if sheets is None:
        return None
    lists = (sheets.items(key, MOST_ENTRIES) for key in INDICATORS)
    return ExpertScores(
        *(
            None if scores is None else tuple(scores.score(index) for index in scores.indices())
            for scores in lists
        )
    )
