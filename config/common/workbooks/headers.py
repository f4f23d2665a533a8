"""Finding the header row, and which column of the file is which."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import RowError
from config.common.text import compact, fold

from .archive import Area, SheetFacts, column_letters
from .columns import CellFault, Column, Kind, Unit, is_blank, read_cell, shown

# A title and a line with the unit may stand above the header.
HEADER_SEARCH = 10
_UNIT = re.compile(r"^(.+?)[(\[/,]?(?:金额)?(?:单位:)?(?:人民币)?[,、]?(万元|元)[)\]]?$")
_REMARK = re.compile(r"[(\[][^()\[\]]*[)\]]$|\*+$")
_UNIT_LINE = re.compile(r"单位:(?:人民币)?(万元|元)")
_UNREMARKABLE = frozenset({"序号", "备注", "编号", "no."})

Cells = Sequence[Any]
Headings = Mapping[str, str]
"""What a person said about the headers of a file: the key of the column each stands for, or nothing for "not read"."""


@dataclass
class Header:
    """Where the table is: ``columns`` gives positions from 1 by key, ``data_from`` the first row of data."""

    row: int = 0
    data_from: int = 1
    columns: dict[str, int] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)


def _spellings(text: str) -> list[str]:
    """The header as it stands, then without unit, without remark."""
    spellings = [text]
    if found := _UNIT.fullmatch(text):
        spellings.append(found[1])
    return [*spellings, _REMARK.sub("", text.strip("*"))]


def _match(
    cell: Any, columns: Sequence[Column], headings: Headings | None = None
) -> tuple[Column, Unit | None] | None:
    """The column that a header names, and the unit in it; what a person said of the header goes before synonyms."""
    if is_blank(cell):
        return None
    text = fold(shown(cell))
    found = _UNIT.fullmatch(text.strip("*"))
    if headings and text in headings:
        said = next((column for column in columns if column.key == headings[text]), None)
        unit = Unit(found[2]) if found and said is not None and said.kind is Kind.MONEY else None
        return (said, unit) if said is not None else None
    for spelling in _spellings(text):
        for column in columns:
            if spelling in column.spellings:
                return column, Unit(found[2]) if found and column.kind is Kind.MONEY else None
    return None


def find_header(
    head: Sequence[tuple[int, Cells]],
    columns: Sequence[Column],
    facts: SheetFacts,
    headings: Headings | None = None,
) -> Header:
    """The row among the first ones that names most columns; faults of it are in ``errors``."""
    header = Header()
    headings = {fold(text): key for text, key in (headings or {}).items()}
    scores = [
        (sum(_match(cell, columns, headings) is not None for cell in cells), -number)
        for number, cells in head
    ]
    best = max(scores, default=(0, 0))
    merged = any(area.first_row <= -best[1] <= area.last_row for area in facts.merged)
    if best[0] < min(1 if merged else 2, len(columns)):
        header.errors.append(_no_header(columns))
        return header
    header.row = -best[1]
    header.data_from = header.row + 1
    cells = next(cells for number, cells in head if number == header.row)
    above = [(number, cells) for number, cells in head if number < header.row]
    _place(header, cells, columns, headings)
    _look_for_merged(header, cells, above, facts)
    _look_for_units(header, columns, above)
    return header


def _no_header(columns: Sequence[Column]) -> RowError:
    names = "、".join(column.name for column in columns if column.required)
    message = _("No header row was found in the first %(rows)s rows; these columns are needed: %(names)s.")
    return RowError(1, "", "", "no_header", message % {"rows": HEADER_SEARCH, "names": names})


def _place(header: Header, cells: Cells, columns: Sequence[Column], headings: Headings) -> None:
    for position, cell in enumerate(cells, start=1):
        if is_blank(cell):
            continue
        matched = _match(cell, columns, headings)
        text = shown(cell).strip()
        if matched is None:
            if fold(text) not in _UNREMARKABLE and fold(text) not in headings:
                message = _("This column is not known and was not read.")
                header.warnings.append(RowError(header.row, text, text, "unknown_column", message))
            continue
        column, unit = matched
        if column.key in header.columns:
            message = _("Two columns are called %(column)s; there may be one.") % {"column": column.name}
            header.errors.append(RowError(header.row, text, text, "duplicate_column", message))
            continue
        header.columns[column.key] = position
        header.texts[column.key] = text
        if unit is not None:
            header.units[column.key] = unit


def _look_for_merged(
    header: Header, cells: Cells, above: Sequence[tuple[int, Cells]], facts: SheetFacts
) -> None:
    """Merged cells in the header hide names of columns; above it, a lone title may be merged."""
    filled = {number: sum(not is_blank(cell) for cell in row) for number, row in above}
    for area in facts.merged:
        in_header = area.first_row <= header.row <= area.last_row
        title = all(
            filled.get(row, 0) <= 1 for row in range(area.first_row, min(area.last_row, header.row) + 1)
        )
        if not in_header and (area.first_row > header.row or title):
            continue
        row = header.row if in_header else area.first_row
        line = cells if in_header else next((c for n, c in above if n == row), ())
        text = shown(line[area.first_column - 1]).strip() if area.first_column <= len(line) else ""
        letters = f"{column_letters(area.first_column)}{area.first_row}:{column_letters(area.last_column)}{area.last_row}"
        message = _("Header cells must not be merged (%(cells)s): each column needs a header of its own.")
        header.errors.append(
            RowError(
                row,
                text or column_letters(area.first_column),
                text,
                "merged_header",
                message % {"cells": letters},
            )
        )
        if in_header:
            header.data_from = max(header.data_from, area.last_row + 1)
            header.lost.extend(_hidden(area, header))


def _hidden(area: Area, header: Header) -> list[int]:
    """Columns under a merged header that have lost their own name."""
    last = min(area.last_column, area.first_column + 64)
    return [c for c in range(area.first_column, last + 1) if c not in header.columns.values()]


def _look_for_units(header: Header, columns: Sequence[Column], above: Sequence[tuple[int, Cells]]) -> None:
    line = next(
        (
            found[1]
            for _n, cells in above
            for cell in cells
            if (found := _UNIT_LINE.search(compact(shown(cell))))
        ),
        None,
    )
    for column in columns:
        if column.kind is not Kind.MONEY or column.key not in header.columns or column.key in header.units:
            continue
        header.units[column.key] = Unit(line) if line else Unit.YUAN
        if line is None:
            text = header.texts[column.key]
            message = _("A column of amounts names its unit in the header: （元） or （万元）.")
            header.errors.append(RowError(header.row, text, text, "unit_missing", message))


def guess_lost_columns(header: Header, columns: Sequence[Column], sample: Sequence[Cells]) -> None:
    """Tell by their cells which columns stand under a merged header, so that their faults are shown as well.

    The file is refused in any case; a wrong guess can only add to what is reported.
    """
    missing = [column for column in columns if column.required and column.key not in header.columns]
    for column in sorted(missing, key=lambda column: column.kind is Kind.TEXT):
        best = max(header.lost, key=lambda position: _fitting(column, position, sample), default=None)
        if best is not None and _fitting(column, best, sample) * 2 > len(sample):
            header.columns[column.key] = best
            header.texts[column.key] = column.name
            header.lost.remove(best)


def _fitting(column: Column, position: int, sample: Sequence[Cells]) -> int:
    """How many of the sample's cells at this position can be read as this column."""
    fitting = 0
    for cells in sample:
        cell = cells[position - 1] if position <= len(cells) else None
        if is_blank(cell):
            continue
        try:
            read_cell(column, cell, Unit.YUAN)
        except CellFault:
            continue
        fitting += 1
    return fitting


def missing_columns(header: Header, columns: Sequence[Column], named: frozenset[str]) -> list[RowError]:
    """An error for each required column whose header the file does not have."""
    message = _("The column %(column)s is missing; its header may also be: %(synonyms)s.")
    return [
        RowError(
            header.row,
            column.name,
            "",
            "missing_column",
            message % {"column": column.name, "synonyms": "、".join(column.synonyms) or column.name},
        )
        for column in columns
        if column.required and column.key not in named
    ]
