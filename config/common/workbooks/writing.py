"""Workbooks that leave the house: text stays text, so nothing in them can run in Excel or WPS (edge case 38)."""

import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import xlsxwriter

from .columns import Column, Kind

Value = str | int | Decimal | dt.date | None

# A fixed date of creation, so that the same table gives the same bytes.
_CREATED = dt.datetime(2019, 1, 1)  # noqa: DTZ001 - the format knows no zone
_MOST_CHARACTERS = 32_767
_TEXT = {"num_format": "@"}
_NARROWEST, _WIDEST = 8, 60


class Book:
    """A workbook, written sheet by sheet in constant memory; ``content`` is the file, once the block is left."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._buffer, {"constant_memory": True, "in_memory": False})
        self._book.set_properties({"created": _CREATED})
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def add(self, name: str) -> "Sheet":
        """A further sheet; the one before is finished then."""
        return Sheet(self, self._book.add_worksheet(name))

    def style(self, **properties: Any) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_error: object) -> None:
        # Also after a fault: the rows written so far are in temporary files that have to be closed.
        self._book.close()

    @property
    def content(self) -> bytes:
        return self._buffer.getvalue()


class Sheet:
    """One worksheet, written row by row; every text goes out as a text cell."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book = book
        self.sheet = sheet

    def style(self, **properties: Any) -> Any:
        return self.book.style(**properties)

    def write(self, row: int, column: int, value: Value, **style: Any) -> None:
        """Write a cell (row and column from 0); raises ``TypeError`` for a float and ``ValueError`` for a text too long."""
        match value:
            case None:
                self.sheet.write_blank(row, column, None, self.style(**style) if style else None)
            case str():
                if len(value) > _MOST_CHARACTERS:
                    raise ValueError("a cell holds at most 32,767 characters")
                self.sheet.write_string(row, column, value, self.style(**_TEXT, **style))
            case Decimal():
                self.sheet.write_number(row, column, value, self.style(num_format="0.00", **style))
            case bool() | float():
                raise TypeError(f"no {type(value).__name__} in a workbook")
            case int():
                self.sheet.write_number(row, column, value, self.style(num_format="0", **style))
            case dt.date():
                self.sheet.write_datetime(row, column, value, self.style(num_format="yyyy-mm-dd", **style))
            case _:
                raise TypeError(f"no {type(value).__name__} in a workbook")


def _width(text: str) -> int:
    cells = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return max(_NARROWEST, min(_WIDEST, cells + 2))


def write_table(
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    *,
    sheet: str = "Sheet1",
    widths: Sequence[int] | None = None,
) -> bytes:
    """A table with a header row, streamed in constant memory; the same input gives the same bytes.

    ``Decimal`` is shown with two decimals (yuan), dates as 2019-06-30; widths are in characters.
    """
    with Book() as book:
        add_table(book, sheet, headers, rows, widths)
    return book.content


def add_table(
    book: Book,
    name: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[Value]],
    widths: Sequence[int] | None = None,
) -> None:
    """A sheet that is a table with a header row; see :func:`write_table`."""
    out = book.add(name)
    for column, header in enumerate(headers):
        out.sheet.set_column(column, column, widths[column] if widths else _width(header) + 4)
    out.sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        out.write(0, column, header, bold=True, bottom=1)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            out.write(number, column, value)


def write_template(columns: Sequence[Column], *, sheet: str = "Sheet1") -> bytes:
    """An empty form of these columns: required ones bold, codes and accounts formatted as text."""
    with Book() as book:
        add_form(book, sheet, columns)
    return book.content


def add_form(
    book: Book, name: str, columns: Sequence[Column], headers: Mapping[str, str] | None = None
) -> Sheet:
    """A sheet that is the empty form of these columns; ``headers`` gives other wordings by key, units say."""
    formats = {
        Kind.DATE: {"num_format": "yyyy-mm-dd"},
        Kind.MONEY: {"num_format": "0.00"},
        Kind.INTEGER: {"num_format": "0"},
    }
    out = book.add(name)
    texts = [(headers or {}).get(column.key, column.name) for column in columns]
    for position, column in enumerate(columns):
        style = out.style(**formats.get(column.kind, _TEXT))
        out.sheet.set_column(position, position, _width(texts[position]) + 4, style)
    out.sheet.freeze_panes(1, 0)
    for position, column in enumerate(columns):
        out.write(0, position, texts[position], bold=column.required, bottom=1)
    return out
