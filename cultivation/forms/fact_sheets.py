"""Facts into the inputs of the self-check and back again; nothing is judged here."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from config.common.money import FEN
from cultivation.models import RD_CATEGORIES
from cultivation.rules.conditions import NUMERALS
from cultivation.rules.intellectual_property import class_of

from .amounts import Unit, amount_text
from .fact_words import STATED_FIGURES, YEAR_FIGURES, year_field

MONTHS = range(1, 13)
HEADS = ("employees", "technical")
EDGES = ("opening", "closing")
# What the page shows without asking for it: it comes with a file or from the case.
CARRIED = ("main_products", "conversion_items", "expert_scores", "experts", "expert_sheets")
BUREAU_CARRIED = ("expert_scores", "experts", "expert_sheets")
_FIELD = re.compile(f"([{NUMERALS}]+)(.*)")
_NONE, _SOME = "none", "some"


def accounting_years(filing_year: int) -> tuple[int, ...]:
    """The three years before the year of filing, oldest first."""
    return tuple(range(filing_year - 3, filing_year))


def filing_year_of(facts: Mapping[str, Any], otherwise: int) -> int:
    """The year of the planned filing, else the year after the last one given, else ``otherwise``."""
    if filed_on := facts.get("filed_on"):
        return int(str(filed_on)[:4])
    given = [row["year"] for row in facts.get("years") or () if row.get("year")]
    return max(given) + 1 if given else otherwise


def initial_of(facts: Mapping[str, Any], unit: Unit) -> dict[str, Any]:
    """The values of the single inputs."""
    first, rest = _split_field(facts.get("field_code"))
    incidents = facts.get("incidents")
    values = {
        "filed_on": facts.get("filed_on"),
        "registered_on": facts.get("registered_on"),
        "field_first": first,
        "field_rest": rest,
        "core_ip_owned": _yes_no_text(facts.get("core_ip_owned")),
        "incident_state": "" if incidents is None else _SOME if incidents else _NONE,
        **{f"{who}_average": _number_text(facts.get(f"{who}_average")) for who in HEADS},
    }
    for who in HEADS:
        for index, month in enumerate((facts.get(f"{who}_monthly") or ())[: len(MONTHS)], start=1):
            number = month.get("month", index)
            values |= {f"{who}_{edge}_{number}": _number_text(month.get(edge)) for edge in EDGES}
    years = facts.get("years") or ()
    for row in years:
        spent = row.get("rd") or {}
        for name in YEAR_FIGURES:
            amount = spent.get(name) if name in RD_CATEGORIES else row.get(name)
            values[year_field(row.get("year"), name)] = amount_text(amount, unit)
    for row, number in zip(years, facts.get("conversions") or (), strict=False):
        values[year_field(row.get("year"), "conversions")] = "" if number is None else str(number)
    return values


def initial_rows(facts: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The values of the rows of ``ip`` or ``incidents``."""
    yes_no = ("used_before", "serious")
    return [
        {name: _yes_no_text(value) if name in yes_no else value for name, value in row.items()}
        for row in facts.get(key) or ()
    ]


def facts_of(
    cleaned: Mapping[str, Any],
    properties: Sequence[Mapping[str, Any]],
    incidents: Sequence[Mapping[str, Any]],
    *,
    years: Sequence[int],
    carried: Mapping[str, Any],
) -> dict[str, Any]:
    """The FACTS object of what was entered; what was left empty is absent, except that a running year keeps its place."""
    kept = _years_of(cleaned, years)
    conversions = [cleaned.get(year_field(year, "conversions")) for year in kept]
    state = cleaned["incident_state"] or (_SOME if incidents else "")
    facts: dict[str, Any] = {
        "filed_on": _iso(cleaned["filed_on"]),
        "registered_on": _iso(cleaned["registered_on"]),
        "years": [_year_of(cleaned, year, zeros=cleaned["empty_is_zero"]) for year in kept],
        "employees_average": _plain(cleaned["employees_average"]),
        "technical_average": _plain(cleaned["technical_average"]),
        **{f"{who}_monthly": _months_of(cleaned, who) for who in HEADS},
        "ip": [_without_blanks(property_row(row)) for row in properties] or None,
        "field_code": f"{cleaned['field_first']}{cleaned['field_rest']}" or None,
        "core_ip_owned": _yes_no(cleaned["core_ip_owned"]),
        "conversions": conversions if any(number is not None for number in conversions) else None,
        "incidents": [_without_blanks(_incident_row(row)) for row in incidents] if state else None,
        **carried,
    }
    return {key: value for key, value in facts.items() if value is not None}


def property_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """One item; the kind says the class."""
    kind = row.get("kind") or None
    return {
        "number": row.get("number"),
        "title": row.get("title"),
        "class": None if kind is None else class_of(kind),
        "kind": kind,
        "obtained": row.get("obtained"),
        "used_before": _yes_no(row.get("used_before")),
        "co_owned_used_by_other": True if row.get("co_owned_used_by_other") else None,
    }


def _incident_row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "date": _iso(row.get("date")),
        "kind": row.get("kind"),
        "serious": _yes_no(row.get("serious")),
        "document": row.get("document"),
    }


def _years_of(cleaned: Mapping[str, Any], years: Iterable[int]) -> list[int]:
    """The years that were filled in at all, and those in which the firm was at work from January on."""
    registered = cleaned["registered_on"]
    names = (*YEAR_FIGURES, "conversions")
    return [
        year
        for year in years
        if any(cleaned.get(year_field(year, name)) is not None for name in names)
        or registered is None
        or year > registered.year
    ]


def _year_of(cleaned: Mapping[str, Any], year: int, *, zeros: bool) -> dict[str, Any]:
    def amount(name: str) -> str | None:
        value = cleaned.get(year_field(year, name))
        return None if value is None else str(value.quantize(FEN))

    spent = {name: amount(name) for name in RD_CATEGORIES}
    if zeros:
        spent = {name: value or "0.00" for name, value in spent.items()}
    return {
        "year": year,
        **_without_blanks({name: amount(name) for name in STATED_FIGURES}),
        "rd": _without_blanks(spent),
    }


def _months_of(cleaned: Mapping[str, Any], who: str) -> list[dict[str, Any]] | None:
    months = [
        {
            "month": number,
            **{edge: _plain(cleaned[f"{who}_{edge}_{number}"]) for edge in EDGES},
        }
        for number in MONTHS
        if cleaned.get(f"{who}_opening_{number}") is not None
    ]
    return months or None


def _split_field(code: Any) -> tuple[str, str]:
    """The first level, where it can be told, and the rest as it was written."""
    text = unicodedata.normalize("NFKC", code).replace(" ", "") if isinstance(code, str) else ""
    found = _FIELD.fullmatch(text)
    if found is None or len(found[1]) > 1 or found[1] not in NUMERALS[:8]:
        return "", text
    return found[1], found[2].replace("(", "（").replace(")", "）")


def _without_blanks(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None and value != ""}


def _iso(day: dt.date | None) -> str | None:
    return None if day is None else day.isoformat()


def _plain(number: Decimal | None) -> str | None:
    return None if number is None else format(number.normalize(), "f")


def _number_text(value: Any) -> str:
    return "" if value is None else str(value)


def _yes_no(text: Any) -> bool | None:
    return {"yes": True, "no": False}.get(text)


def _yes_no_text(value: Any) -> str:
    return "" if value is None else "yes" if value else "no"
