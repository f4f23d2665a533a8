"""``docs/rules.md``: every threshold of every dated set of rules with its document, article and mark.

The sets are read field by field: a new kind of rules is listed as soon as it stands in the catalogue. A figure that
says neither its meaning nor its source stops the page.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from itertools import chain
from typing import Any, get_type_hints

from cultivation.rules.catalogue import CATALOGUE
from cultivation.rules.dated import DatedRules, Listed, Stated
from cultivation.rules.display import decimal_text
from cultivation.rules.thresholds import Band, IntensityBand, Source, Threshold

from .reference_tables import reference_tables

_HEAD = """# Rules and their sources

Generated from the code by `python manage.py generate_docs`; `make check` fails where it is not current.
The mark tells how far a figure was checked: 核 read in the source, 旁 second-hand, 未核 unverified.
What the text leaves open is not here: the software says so in the finding and leaves it to a person.
The hash is taken over all values and sources of a set; an assessment keeps that of its own.
"""


class Undocumented(TypeError):
    """A figure of a rule set says neither what it means nor where it stands."""


def rules_page() -> str:
    """The page as Markdown; meanings and sources are the rules' own Chinese words."""
    sections = (_section(rules) for rules in chain.from_iterable(CATALOGUE))
    return "\n".join([_HEAD, *sections, reference_tables()])


def _section(rules: DatedRules) -> str:
    until = f"to before {rules.valid_until}" if rules.valid_until else "without an end on record"
    lines = [
        f"## {rules.title}",
        "",
        f"Rule set `{rules.name}`, from {rules.valid_from} {until}. SHA-256 `{rules.sha256}`.",
        "",
        "| rule | figure | meaning | source | mark |",
        "|---|---|---|---|---|",
        *_rows(rules),
        "",
        *_tables(rules),
    ]
    return "\n".join(lines)


def _figures(record: Any) -> Iterator[tuple[str, Any, Any, Any]]:
    """Name, value, annotation and record of every figure, those of the records inside it included."""
    hints = get_type_hints(type(record), include_extras=True)
    for field in fields(record):
        value = getattr(record, field.name)
        note = next(iter(getattr(hints[field.name], "__metadata__", ())), None)
        if note is not None or isinstance(value, Threshold):
            yield field.name, value, note, record
        elif is_dataclass(value) and not isinstance(value, Source):
            yield from _figures(value)
        elif not isinstance(value, Source | str | bool | date | None):
            raise Undocumented(f"{type(record).__name__}.{field.name}")


def _rows(rules: DatedRules) -> Iterator[str]:
    for name, value, note, record in _figures(rules):
        if isinstance(value, Threshold):
            yield _row(name, _figure(value.value, value.unit), value.meaning, value.source)
        elif isinstance(note, Stated):
            yield _row(name, _figure(value, note.unit), note.meaning, getattr(record, note.source))


def _row(name: str, figure: str, meaning: str, source: Source) -> str:
    remark = f"（{source.remark}）" if source.remark else ""
    return f"| `{name}` | {figure} | {meaning}{remark} | {source} | {source.mark.value} |"


def _tables(rules: DatedRules) -> Iterator[str]:
    for _name, value, note, record in _figures(rules):
        if isinstance(note, Listed):
            source: Source = getattr(record, note.source)
            yield from (f"### {note.title} ({source}，{source.mark.value})", "", *_table(value), "")


def _table(rows: tuple[Any, ...]) -> Iterator[str]:
    if all(isinstance(row, str) for row in rows):
        yield from (f"{number}. {name}" for number, name in enumerate(rows, start=1))
    elif all(isinstance(row, IntensityBand) for row in rows):
        yield from _intensity(rows)
    elif all(isinstance(row, Band) for row in rows):
        yield from _bands(rows)
    else:
        names = [field.name for field in fields(rows[0])]
        yield f"| {' | '.join(names)} |"
        yield "|---" * len(names) + "|"
        for row in rows:
            yield f"| {' | '.join(_figure(getattr(row, name), '') for name in names)} |"


def _intensity(bands: tuple[IntensityBand, ...]) -> Iterator[str]:
    yield "| sales of the latest year, 元 | required |"
    yield "|---|---|"
    over = ""
    for band in bands:
        upper = "" if band.sales_up_to is None else f"up to {int(band.sales_up_to):,}"
        reach = ", ".join(filter(None, [over, upper])) or "any"
        yield f"| {reach} | {_figure(band.required, '比例')} |"
        over = "" if band.sales_up_to is None else f"over {int(band.sales_up_to):,}"


def _bands(bands: tuple[Band, ...]) -> Iterator[str]:
    """Shares are told from counts by their floors: a table with a floor between 0 and 1 is one of shares."""
    unit = "比例" if any(0 < band.floor < 1 for band in bands) else ""
    yield "| band | from | points |"
    yield "|---|---|---|"
    for band in bands:
        reach = "more than" if band.above else "at least"
        yield f"| {band.letter} | {reach} {_figure(band.floor, unit)} | {band.points} |"


def _figure(value: Any, unit: str) -> str:
    if isinstance(value, Fraction | int) and unit == "比例":
        return f"{decimal_text(Fraction(value) * 100, 6, 0)} %"
    text = _number(value) if isinstance(value, Fraction | int) else str(value)
    return f"{text} {unit}".strip()


def _number(value: Fraction | int) -> str:
    exact = Fraction(value)
    return f"{exact.numerator:,}" if exact.denominator == 1 else f"{exact.numerator}/{exact.denominator}"
