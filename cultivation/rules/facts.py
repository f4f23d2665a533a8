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

from .definitions import MONTHS, MonthlyHeads, net_assets, total_income
from .reading import MalformedFacts, Reader, loads_facts, sha256_of
from .score_sheets import EXPERT_KINDS, ScoreSheet, read_sheet

__all__ = [
    "EXPENSE_KEYS",
    "ConversionItem",
    "Expert",
    "ExpertScores",
    "Facts",
    "Incident",
    "IntellectualProperty",
    "MainProduct",
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
MOST_YEARS = 3
EARLIEST_YEAR, LATEST_YEAR = 1900, 2999
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
    """One accounting year, in yuan. Total income is net of 不征税收入; net assets may be negative.

    Where they are not given as such they follow from ``gross_income`` and ``untaxed_income``, and from
    ``total_assets`` and ``total_liabilities``.
    """

    year: int | None
    sales: Decimal | None
    total_income: Decimal | None
    high_tech_income: Decimal | None
    net_assets_end: Decimal | None
    rd: RdExpenses | None


@dataclass(frozen=True, slots=True)
class IntellectualProperty:
    """``ip_class`` is 1 or 2; ``obtained`` is own, transferred, donated, merged or licensed.

    ``number`` (of the registration) and ``title`` name the item; ``ledger`` tells which filings on record
    stand against it.
    """

    ip_class: int | None
    kind: str | None
    obtained: str | None
    used_before: bool | None
    co_owned_used_by_other: bool
    number: str | None = None
    title: str | None = None
    ledger: str | None = None


@dataclass(frozen=True, slots=True)
class ConversionItem:
    """One conversion: the result, the accounting year, and into what (a product, a process, a licence …)."""

    result: str | None
    year: int | None
    form: str | None


@dataclass(frozen=True, slots=True)
class MainProduct:
    """A high-tech product or service with its income of the latest year, in yuan; ``core_ip``: the firm owns the
    property that supports it.
    """

    name: str | None
    income: Decimal | None
    core_ip: bool | None


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
    """Everything the nine findings need. Years ascend; head counts are averages over twelve months, or month by
    month.
    """

    filed_on: date | None
    registered_on: date | None
    years: tuple[YearFigures, ...] | None
    employees_average: Decimal | None
    technical_average: Decimal | None
    employees_monthly: tuple[MonthlyHeads, ...] | None
    technical_monthly: tuple[MonthlyHeads, ...] | None
    ip: tuple[IntellectualProperty, ...] | None
    field_code: str | None
    core_ip_owned: bool | None
    main_products: tuple[MainProduct, ...] | None
    conversions: tuple[int | None, ...] | None
    conversion_items: tuple[ConversionItem, ...] | None
    expert_scores: ExpertScores | None
    experts: tuple[Expert, ...] | None
    expert_sheets: tuple[ScoreSheet, ...] | None
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
        employees_monthly=_each(root, "employees_monthly", _month, MONTHS),
        technical_monthly=_each(root, "technical_monthly", _month, MONTHS),
        ip=_each(root, "ip", _ip),
        field_code=root.text("field_code", empty=True),
        core_ip_owned=root.boolean("core_ip_owned"),
        main_products=_each(root, "main_products", _main_product),
        conversions=_conversions(root),
        conversion_items=_each(root, "conversion_items", _conversion_item),
        expert_scores=_expert_scores(root),
        experts=_each(root, "experts", _expert),
        expert_sheets=_each(root, "expert_sheets", read_sheet),
        incidents=_each(root, "incidents", _incident),
        inputs_sha256=sha256_of(mapping),
    )


T = TypeVar("T")


def _each(
    root: Reader, key: str, read: Callable[[Reader], T], most: int = MOST_ENTRIES
) -> tuple[T, ...] | None:
    entries = root.objects(key, most)
    return None if entries is None else tuple(read(entry) for entry in entries)


def _years(root: Reader, filed_on: date | None) -> tuple[YearFigures, ...] | None:
    entries = root.objects("years", MOST_YEARS)
    if entries is None:
        return None
    years = []
    previous: int | None = None
    for entry in entries:
        year = entry.whole_number("year", EARLIEST_YEAR, LATEST_YEAR)
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
                total_income=_total_income(entry),
                high_tech_income=entry.amount("high_tech_income"),
                net_assets_end=_net_assets(entry),
                rd=_expenses(entry),
            )
        )
    return tuple(years)


def _total_income(entry: Reader) -> Decimal | None:
    given, gross = entry.amount("total_income"), entry.amount("gross_income")
    untaxed = entry.amount("untaxed_income")
    if gross is None or untaxed is None:
        return given
    if untaxed > gross:
        raise MalformedFacts(entry.path("untaxed_income"), "不征税收入大于收入总额 gross_income")
    return _agreed(
        entry, "total_income", given, total_income(gross, untaxed), "gross_income − untaxed_income"
    )


def _net_assets(entry: Reader) -> Decimal | None:
    given = entry.amount("net_assets_end", negative=True)
    assets, liabilities = entry.amount("total_assets"), entry.amount("total_liabilities")
    if assets is None or liabilities is None:
        return given
    derived = net_assets(assets, liabilities)
    return _agreed(entry, "net_assets_end", given, derived, "total_assets − total_liabilities")


def _agreed(entry: Reader, key: str, given: Decimal | None, derived: Decimal, how: str) -> Decimal:
    if given is not None and given != derived:
        raise MalformedFacts(entry.path(key), f"{given} 与 {how}（{derived}）不符")
    return derived


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
        number=entry.text("number", empty=True),
        title=entry.text("title", empty=True),
        ledger=entry.text("ledger", empty=True),
    )


def _month(entry: Reader) -> MonthlyHeads:
    return MonthlyHeads(opening=entry.head_count("opening"), closing=entry.head_count("closing"))


def _main_product(entry: Reader) -> MainProduct:
    return MainProduct(
        name=entry.text("name", empty=True),
        income=entry.amount("income"),
        core_ip=entry.boolean("core_ip"),
    )


def _conversion_item(entry: Reader) -> ConversionItem:
    return ConversionItem(
        result=entry.text("result"),
        year=entry.whole_number("year", EARLIEST_YEAR, LATEST_YEAR),
        form=entry.text("form", empty=True),
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
