"""A copy of a faulty file for the person who sent it: the faulty cells filled and commented."""

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.common.commands import UsageError
from config.common.errors import RowError

from .archive import SheetFacts, column_number, inspect, inspect_sheets
from .columns import is_blank, shown
from .headers import HEADER_SEARCH
from .sources import Cells, book_rows, csv_rows, is_workbook, open_book, sheet_rows
from .writing import Book, Sheet

_FAULTY = {"bg_color": "#F8CBAD", "border": 1}
_COLUMN_WIDTH = 18
# What Excel takes as the name of a sheet; a crafted file may hold others.
_PLAIN_NAME = re.compile(r"[^\[\]:*?/\\']{1,31}")


def mark_errors(content: bytes, errors: Iterable[RowError]) -> bytes:
    """The first sheet written anew as .xlsx: values as they were, formulas as dead text, faults marked.

    Nothing but values is carried over from the untrusted file. A fault whose column is not in the file is
    marked in the first cell of its row.
    """
    facts = inspect(content) if is_workbook(content) else SheetFacts()
    rows = sheet_rows(content, facts) if is_workbook(content) else csv_rows(content, facts)
    with Book() as out:
        _mark_sheet(out.add("Sheet1"), rows, facts, errors)
    return out.content


def mark_sheets(content: bytes, errors: Iterable[RowError]) -> bytes:
    """The same for every visible sheet of a workbook, each fault in the sheet that it names; one that names a
    sheet that is not there is marked in the first.
    """
    facts = inspect_sheets(content)
    names = [sheet.name for sheet in facts.sheets]
    faults: dict[str, list[RowError]] = defaultdict(list)
    for error in errors:
        faults[error.sheet if error.sheet in names else names[0]].append(error)
    book = open_book(content)
    with Book() as out:
        for number, sheet in enumerate(facts.sheets, start=1):
            name = sheet.name if _PLAIN_NAME.fullmatch(sheet.name) else f"Sheet{number}"
            _mark_sheet(out.add(name), book_rows(book, sheet), sheet, faults[sheet.name])
    return out.content


def _mark_sheet(
    out: Sheet, rows: Iterator[tuple[int, Cells]], facts: SheetFacts, errors: Iterable[RowError]
) -> None:
    head = list(itertools.islice(rows, HEADER_SEARCH))
    faults = _by_cell(errors, head)
    for row, column in facts.formulas:
        faults.setdefault((row, column), [])
    by_row: dict[int, dict[int, list[str]]] = defaultdict(dict)
    for (row, column), messages in faults.items():
        by_row[row][column] = messages
    out.sheet.set_column(0, 63, _COLUMN_WIDTH)
    written = head[0][0] - 1 if head else 0
    for number in sorted(number for number in by_row if number <= written):
        _write_row(out, number, (), facts, by_row.pop(number))
    for number, cells in itertools.chain(head, rows):
        written = number
        _write_row(out, number, cells, facts, by_row.pop(number, {}))
    for number in sorted(number for number in by_row if number > written):
        _write_row(out, number, (), facts, by_row[number])


def write_marked(report: Path, source: Path, errors: Iterable[RowError]) -> None:
    """The marked copy of ``source`` as a file of its own; ``UsageError`` where it would replace the source."""
    if report.resolve() == source.resolve():
        raise UsageError("report_is_input", _("The report must not replace the file it is about."))
    report.write_bytes(mark_errors(source.read_bytes(), errors))


def _by_cell(errors: Iterable[RowError], head: list[tuple[int, Cells]]) -> dict[tuple[int, int], list[str]]:
    positions: dict[str, int] = {}
    for _number, cells in head:
        for position, cell in enumerate(cells, start=1):
            if not is_blank(cell):
                positions.setdefault(shown(cell).strip(), position)
    faults: dict[tuple[int, int], list[str]] = defaultdict(list)
    for error in errors:
        position = positions.get(error.column) or 0
        if not position and len(error.column) <= 3 and error.column.isascii():
            position = column_number(error.column)
        faults[max(error.row, 1), position or 1].append(error.message)
    return faults


def _write_row(
    out: Sheet, number: int, cells: Cells, facts: SheetFacts, faults: dict[int, list[str]]
) -> None:
    for position in range(1, max(len(cells), *faults, 0) + 1 if faults else len(cells) + 1):
        cell = cells[position - 1] if position <= len(cells) else None
        messages = faults.get(position)
        style: dict[str, Any] = _FAULTY if messages else {}
        value = facts.formulas.get((number, position), cell)
        if is_blank(value) and not style:
            continue
        _write_cell(out, number - 1, position - 1, value, style)
        if messages:
            out.sheet.write_comment(
                number - 1, position - 1, "\n".join(dict.fromkeys(messages)), {"x_scale": 2}
            )


def _write_cell(out: Sheet, row: int, column: int, value: Any, style: dict[str, Any]) -> None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        out.sheet.write_number(row, column, value, out.style(**style) if style else None)
    elif isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        out.write(row, column, value, **style)
    elif is_blank(value):
        out.write(row, column, None, **style)
    else:
        out.write(row, column, shown(value), **style)
