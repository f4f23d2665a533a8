"""Numbered rows of cells out of a workbook or a CSV file."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

import python_calamine
from django.utils.translation import gettext as _

from config.common.errors import Refused

from .archive import MAX_BYTES, SheetFacts, too_large, unreadable

Cells = Sequence[Any]

_CONTAINERS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
# What a spreadsheet writes to keep a number as text in a CSV file.
_QUOTED_TEXT = re.compile(r'="([^"=+@]*)"')


def is_workbook(content: bytes) -> bool:
    return content.startswith(_CONTAINERS)


def open_book(content: bytes) -> python_calamine.CalamineWorkbook:
    """The reader's view of a container that ``inspect`` has passed."""
    try:
        return python_calamine.load_workbook(io.BytesIO(content))
    except python_calamine.CalamineError as error:
        raise unreadable() from error


def sheet_rows(content: bytes, facts: SheetFacts) -> Iterator[tuple[int, Cells]]:
    """Rows of the sheet that ``inspect`` has passed, each from column A; row numbers as in Excel."""
    yield from book_rows(open_book(content), facts)


def book_rows(book: python_calamine.CalamineWorkbook, facts: SheetFacts) -> Iterator[tuple[int, Cells]]:
    """Rows of one sheet of an opened book."""
    try:
        sheet = book.get_sheet_by_name(facts.name)
        if sheet.start is None:
            return
        first_row, first_column = sheet.start
        before: list[Any] = [""] * first_column
        for number, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first_row + 1):
            yield number, before + cells
    except python_calamine.CalamineError as error:
        raise unreadable() from error


def csv_rows(content: bytes, facts: SheetFacts) -> Iterator[tuple[int, Cells]]:
    """Records in UTF-8 or GB18030; a cell that a spreadsheet would take for a formula is noted in ``facts``."""
    if len(content) > MAX_BYTES:
        raise too_large()
    reader = csv.reader(io.StringIO(_decode(content), newline=""))
    try:
        for number, record in enumerate(reader, start=1):
            cells = [found[1] if (found := _QUOTED_TEXT.fullmatch(cell.strip())) else cell for cell in record]
            for position, cell in enumerate(cells, start=1):
                if cell.lstrip().startswith("="):
                    facts.formulas[number, position] = cell.strip()
            yield number, cells
    except csv.Error as error:
        raise _unreadable_csv() from error


def _decode(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _unreadable_csv()


def _unreadable_csv() -> Refused:
    return Refused("unreadable_csv", _("This file is neither a workbook nor a CSV file in UTF-8 or GB18030."))
