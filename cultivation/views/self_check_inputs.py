"""The figures of a saved self-check as tables for reading and printing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cultivation.enums import IncidentKind, PropertyKind, PropertyOrigin
from cultivation.forms.amounts import amount_text
from cultivation.forms.fact_sheets import EDGES, HEADS
from cultivation.forms.fact_words import YEAR_FIGURES, name_of_fact
from cultivation.models import RD_CATEGORIES

_NOT_GIVEN = "—"


@dataclass(frozen=True, slots=True)
class InputTable:
    """Rows of cells, each with the name of its column."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Pairs of name and value, the figures of the years, and tables of what was listed."""

    pairs: Sequence[tuple[str, str]]
    years: Sequence[str]
    figures: Sequence[tuple[str, Sequence[tuple[str, str]]]]
    tables: Sequence[InputTable]


def inputs_of(facts: Mapping[str, Any]) -> Inputs:
    rows = facts.get("years") or ()
    years = [str(row.get("year") or _NOT_GIVEN) for row in rows]
    figures = [(name, [_figure(row, name) for row in rows]) for name in YEAR_FIGURES]
    return Inputs(
        pairs=_pairs(facts),
        years=years,
        figures=[
            (name_of_fact(name), list(zip(years, cells, strict=True)))
            for name, cells in [*figures, ("conversions", _conversions(facts))]
        ],
        tables=[table for table in (_property_table(facts), _month_table(facts)) if table.rows],
    )


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> InputTable:
    return InputTable(title, columns, [list(zip(columns, row, strict=True)) for row in rows])


def _property_table(facts: Mapping[str, Any]) -> InputTable:
    keys = ("number", "title", "kind", "class", "obtained", "used_before")
    columns = [name_of_fact(key) for key in keys]
    return _table(name_of_fact("ip"), columns, [_property(row) for row in facts.get("ip") or ()])


def _month_table(facts: Mapping[str, Any]) -> InputTable:
    names = [f"{name_of_fact(f'{who}_monthly')} · {name_of_fact(edge)}" for who in HEADS for edge in EDGES]
    return _table(_("Month by month"), [_("Month"), *names], _months(facts))


def _pairs(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    plain = ("filed_on", "registered_on", "field_code", "employees_average", "technical_average")
    pairs = [(name_of_fact(key), str(facts.get(key) or _NOT_GIVEN)) for key in plain]
    pairs.append((name_of_fact("core_ip_owned"), _yes_no(facts.get("core_ip_owned"))))
    incidents = facts.get("incidents")
    if incidents is not None:
        pairs.append((name_of_fact("incidents"), "；".join(map(_incident, incidents)) or _("None")))
    pairs += [
        (name_of_fact(key), _("%(count)s entries") % {"count": len(facts[key])})
        for key in ("main_products", "conversion_items", "expert_sheets")
        if facts.get(key)
    ]
    return pairs


def _incident(row: Mapping[str, Any]) -> str:
    kind = IncidentKind(row["kind"]).label if row.get("kind") in IncidentKind.values else _NOT_GIVEN
    return "，".join(str(part) for part in (row.get("date"), kind, row.get("document")) if part)


def _figure(row: Mapping[str, Any], name: str) -> str:
    amount = (row.get("rd") or {}).get(name) if name in RD_CATEGORIES else row.get(name)
    return amount_text(amount) or _NOT_GIVEN


def _conversions(facts: Mapping[str, Any]) -> list[str]:
    numbers = list(facts.get("conversions") or ())
    years = len(facts.get("years") or ())
    return [_NOT_GIVEN if number is None else str(number) for number in [*numbers, *[None] * years][:years]]


def _property(row: Mapping[str, Any]) -> list[str]:
    kind, origin = row.get("kind"), row.get("obtained")
    classes = {1: _("Class I"), 2: _("Class II")}
    return [
        row.get("number") or _NOT_GIVEN,
        row.get("title") or _NOT_GIVEN,
        str(PropertyKind(kind).label) if kind in PropertyKind.values else _NOT_GIVEN,
        classes.get(row.get("class") or 0, _NOT_GIVEN),
        str(PropertyOrigin(origin).label) if origin in PropertyOrigin.values else _NOT_GIVEN,
        _yes_no(row.get("used_before")),
    ]


def _months(facts: Mapping[str, Any]) -> list[list[str]]:
    columns: dict[int, dict[str, str]] = {}
    for who in HEADS:
        for index, row in enumerate(facts.get(f"{who}_monthly") or (), start=1):
            cells = columns.setdefault(int(row.get("month") or index), {})
            cells |= {f"{who}_{edge}": str(row.get(edge) or _NOT_GIVEN) for edge in EDGES}
    keys = [f"{who}_{edge}" for who in HEADS for edge in EDGES]
    return [
        [str(month), *(cells.get(key, _NOT_GIVEN) for key in keys)]
        for month, cells in sorted(columns.items())
    ]


def _yes_no(value: Any) -> str:
    return _NOT_GIVEN if value is None else _("Yes") if value else _("No")
