"""The keys of the facts in words: what a figure is called on the page, and in which field it is entered.

Notes of the rules name missing facts by key path (``years[2].rd.other``); people read a name and follow a link.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cultivation.models import RD_CATEGORIES, ExpenseYear

STATED_FIGURES = ("sales", "total_income", "high_tech_income", "net_assets_end")
YEAR_FIGURES = (*STATED_FIGURES, *RD_CATEGORIES)

NAMES: Mapping[str, Any] = {
    **{name: getattr(ExpenseYear._meta.get_field(name), "verbose_name", name) for name in YEAR_FIGURES},
    "filed_on": gettext_lazy("Planned filing date"),
    "registered_on": gettext_lazy("Registered on"),
    "field_code": gettext_lazy("Technical field"),
    "core_ip_owned": gettext_lazy("Ownership of core intellectual property"),
    "employees_average": gettext_lazy("Employees, yearly average"),
    "technical_average": gettext_lazy("Technical staff, yearly average"),
    "employees_monthly": gettext_lazy("Employees by month"),
    "technical_monthly": gettext_lazy("Technical staff by month"),
    "conversions": gettext_lazy("Conversions of research results"),
    "conversion_items": gettext_lazy("List of conversions"),
    "main_products": gettext_lazy("Main products"),
    "ip": gettext_lazy("Intellectual property"),
    "incidents": gettext_lazy("Incidents"),
    "expert_scores": gettext_lazy("Experts' scores"),
    "experts": gettext_lazy("Experts"),
    "expert_sheets": gettext_lazy("Score sheets of the experts"),
    "years": gettext_lazy("Figures of three years"),
    "rd": gettext_lazy("R&D expenses"),
    "year": gettext_lazy("Accounting year"),
    "gross_income": gettext_lazy("Total revenue before non-taxable income"),
    "untaxed_income": gettext_lazy("Non-taxable income"),
    "total_assets": gettext_lazy("Total assets"),
    "total_liabilities": gettext_lazy("Total liabilities"),
    "opening": gettext_lazy("number at the beginning of the month"),
    "closing": gettext_lazy("number at the end of the month"),
    "class": gettext_lazy("Class"),
    "kind": gettext_lazy("Kind"),
    "obtained": gettext_lazy("How obtained"),
    "used_before": gettext_lazy("Used in an earlier filing"),
    "co_owned_used_by_other": gettext_lazy("Co-owner has used it"),
    "number": gettext_lazy("Registration number"),
    "title": gettext_lazy("Title"),
    "date": gettext_lazy("Date"),
    "serious": gettext_lazy("Serious"),
    "document": gettext_lazy("Document of the authority"),
}
# The form asks for kind and class in one, and for the field in two.
_FIELDS = {"class": "kind", "field_code": "field_first", "incidents": "incident_state"}

# Plain keys that a note may carry; the short ones could be words of another language and stand alone here.
_BARE = sorted(
    (*(key for key in NAMES if "_" in key), "conversions", "incidents", "experts", "years", "ip", "closing"),
    key=len,
)
_PATH = re.compile(
    r"years\[(?P<year>\d+)\](?P<rd>\.rd)?(?:\.(?P<figure>[a-z_]+))?"
    r"|conversions\[(?P<conversion>\d+)\]"
    r"|(?P<list>ip|incidents)\[(?P<row>\d+)\](?:\.(?P<part>[a-z_]+))?"
    r"|(?P<months>employees|technical)_monthly\[(?P<month>\d+)\](?:\.(?P<edge>[a-z]+))?"
    r"|years：(?P<missing>\d{4}) 年度"
    rf"|(?<![A-Za-z0-9_.])(?P<bare>{'|'.join(reversed(_BARE))})(?:[.\[][a-z0-9_\].\[]*)?(?![A-Za-z0-9_])"
)
# What the notes say in brackets is the name once more.
_REPEATED = re.compile(
    r"(?<=[a-z\]])（(?:知识产权|专家评分|科技成果转化|研发组织管理|成长性|各年科技成果转化项数|\w+评分)）"
    r"|（(?:rd|sales|years|core_ip_owned)）"
)
_READINGS = {"internal": gettext_lazy("internal only"), "with_outsourced": gettext_lazy("with outsourced")}
_READING = re.compile(r"（(internal|with_outsourced)）")


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a sentence; ``field`` is the id of the input it speaks of, or empty."""

    text: str
    field: str = ""


def name_of_fact(key: str) -> str:
    """The name of a plain key; the key itself where there is none."""
    return str(NAMES.get(key, key))


def in_words(note: str, facts: Mapping[str, Any]) -> list[Words]:
    """A note of the rules with every key path in words."""
    note = _READING.sub(lambda found: f"（{_READINGS[found[1]]}）", _REPEATED.sub("", note))
    return list(_pieces(note, facts))


def plain(note: str, facts: Mapping[str, Any]) -> str:
    """The same without links."""
    return "".join(piece.text for piece in in_words(note, facts))


def _pieces(note: str, facts: Mapping[str, Any]) -> Iterator[Words]:
    end = 0
    for found in _PATH.finditer(note):
        if found.start() > end:
            yield Words(note[end : found.start()])
        yield _named(found, facts)
        end = found.end()
    if end < len(note):
        yield Words(note[end:])


def _named(found: re.Match[str], facts: Mapping[str, Any]) -> Words:
    years = [row.get("year") for row in facts.get("years") or ()]
    if found["year"] is not None or found["conversion"] is not None:
        index = int(found["year"] or found["conversion"] or 0)
        year = years[index] if index < len(years) else None
        figure = "conversions" if found["conversion"] is not None else found["figure"]
        return _of_year(year, figure or ("rd" if found["rd"] else "years"))
    if found["missing"]:
        return _of_year(int(found["missing"]), "years")
    if found["list"]:
        return _of_row(found["list"], int(found["row"]), found["part"])
    if found["months"]:
        return _of_month(found["months"], int(found["month"]), found["edge"] or "opening", facts)
    key = found["bare"]
    if key in (*YEAR_FIGURES, "years", "conversions"):
        newest = next((year for year in reversed(years) if year), None)
        return Words(name_of_fact(key), f"id_{year_field(newest, key)}" if newest else "id_filed_on")
    return Words(name_of_fact(key), field_of(key))


def _of_year(year: int | None, figure: str) -> Words:
    if year is None:
        return Words(name_of_fact(figure), "id_filed_on")
    words = _("%(name)s of %(year)s") % {"year": year, "name": name_of_fact(figure)}
    return Words(words, f"id_{year_field(year, figure)}")


def _of_month(who: str, index: int, edge: str, facts: Mapping[str, Any]) -> Words:
    rows = facts.get(f"{who}_monthly") or ()
    number = rows[index].get("month", index + 1) if index < len(rows) else index + 1
    words = _("%(name)s, month %(number)s, %(edge)s") % {
        "name": name_of_fact(f"{who}_monthly"),
        "number": number,
        "edge": name_of_fact(edge),
    }
    return Words(words, f"id_{who}_{edge}_{number}")


def _of_row(key: str, row: int, part: str | None) -> Words:
    name = _("intellectual property no. %(number)s") if key == "ip" else _("incident no. %(number)s")
    words = name % {"number": row + 1}
    if part:
        words = _("%(part)s of %(row)s") % {"part": name_of_fact(part), "row": words}
    part = part or ("kind" if key == "ip" else "date")
    return Words(words, f"id_{key}-{row}-{_FIELDS.get(part, part)}")


def year_field(year: int | None, figure: str) -> str:
    """The form's name for a figure of a year; what has no field of its own is under the nearest one."""
    named = {"rd": RD_CATEGORIES[0], "years": STATED_FIGURES[0], "year": STATED_FIGURES[0]}
    return f"y{year}_{named.get(figure, figure)}"


def field_of(key: str) -> str:
    """The id of the input of a plain key; empty where the page has none."""
    if key in ("expert_scores", "experts", "expert_sheets", "main_products", "conversion_items"):
        return ""
    if key == "ip":
        return "id_ip-0-kind"
    if key in ("employees_monthly", "technical_monthly"):
        return f"id_{key.partition('_')[0]}_opening_1"
    return f"id_{_FIELDS.get(key, key)}"
