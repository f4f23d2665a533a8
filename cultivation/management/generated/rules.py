"""``docs/rules.md``: every threshold of every rule set with its document, article and mark."""

from collections.abc import Iterator
from dataclasses import fields
from fractions import Fraction
from typing import Any

from cultivation.rules.rulesets import RULE_SETS, RuleSet
from cultivation.rules.thresholds import Band, Source, Threshold

_HEAD = """# Accreditation rules and their sources

Generated from the code by `python manage.py generate_docs`; `make check` fails where it is not current.
The mark tells how far a figure was checked: 核 read in the source, 旁 second-hand, 未核 unverified.
What the text leaves open is not here: the software says so in the finding and leaves it to a person.
"""


def rules_page() -> str:
    """The page as Markdown; meanings and sources are the rules' own Chinese words."""
    return "\n".join([_HEAD, *(_section(rule_set) for rule_set in RULE_SETS)])


def _section(rule_set: RuleSet) -> str:
    until = f"to before {rule_set.valid_until}" if rule_set.valid_until else "without an end on record"
    lines = [
        f"## {rule_set.title}",
        "",
        f"Rule set `{rule_set.name}`, for filings from {rule_set.valid_from} {until}.",
        "",
        "| rule | figure | meaning | source | mark |",
        "|---|---|---|---|---|",
        *(_threshold_row(name, threshold) for name, threshold in _thresholds(rule_set)),
        "",
        f"### R&D intensity ({_cite(rule_set.intensity_source)})",
        "",
        "| sales of the latest year, 元 | required |",
        "|---|---|",
        *_intensity_rows(rule_set),
        "",
        f"### Growth rate ({_cite(rule_set.innovation.growth_source)})",
        "",
        *_band_table(rule_set.innovation.growth_bands, percent=True),
        "",
        f"### Conversions a year ({_cite(rule_set.innovation.conversion_source)})",
        "",
        *_band_table(rule_set.innovation.conversion_bands),
        "",
        f"### Technical fields ({_cite(rule_set.technical_fields_source)})",
        "",
        *(f"{number}. {name}" for number, name in enumerate(rule_set.technical_fields, start=1)),
        "",
    ]
    return "\n".join(lines)


def _thresholds(record: Any) -> Iterator[tuple[str, Threshold]]:
    """Every threshold of a record and of the records inside it."""
    for field in fields(record):
        value = getattr(record, field.name)
        if isinstance(value, Threshold):
            yield field.name, value
        elif field.name == "innovation":
            yield from _thresholds(value)


def _threshold_row(name: str, threshold: Threshold) -> str:
    source = threshold.source
    remark = f"（{source.remark}）" if source.remark else ""
    figure = (
        _percent(threshold.value)
        if threshold.unit == "比例"
        else f"{_plain(threshold.value)} {threshold.unit}"
    )
    return f"| `{name}` | {figure} | {threshold.meaning}{remark} | {source} | {source.mark.value} |"


def _intensity_rows(rule_set: RuleSet) -> Iterator[str]:
    over = ""
    for band in rule_set.intensity_bands:
        upper = "" if band.sales_up_to is None else f"up to {int(band.sales_up_to):,}"
        yield f"| {', '.join(filter(None, [over, upper])) or 'any'} | {_percent(band.required)} |"
        over = "" if band.sales_up_to is None else f"over {int(band.sales_up_to):,}"


def _band_table(bands: tuple[Band, ...], *, percent: bool = False) -> Iterator[str]:
    yield "| band | from | points (chosen by the experts) |"
    yield "|---|---|---|"
    for band in bands:
        floor = _percent(band.floor) if percent else _plain(band.floor)
        yield f"| {band.letter} | {'more than' if band.above else 'at least'} {floor} | {band.points} |"


def _cite(source: Source) -> str:
    return f"{source}，{source.mark.value}"


def _percent(value: Fraction) -> str:
    return f"{_plain(value * 100)} %"


def _plain(value: Fraction) -> str:
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
