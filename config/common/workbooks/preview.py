"""A table as its sender sees it before it is taken over: the rows that matter, with the faults in their cells."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from config.common.errors import RowError

from .columns import Column

if TYPE_CHECKING:
    from .tables import Row, Table

_MOST_FAULTY = 100
_SOUND = 20


@dataclass(frozen=True, slots=True)
class PreviewCell:
    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PreviewRow:
    number: int
    cells: tuple[PreviewCell, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Headers with the names of their columns, faulty rows, else the first rows; ``elsewhere``: faults of no shown cell.

    ``sheet`` is named where several sheets of a workbook are read.
    """

    headers: tuple[tuple[str, str], ...] = ()
    rows: tuple[PreviewRow, ...] = ()
    elsewhere: tuple[RowError, ...] = ()
    sheet: str = ""


def preview_of(table: "Table", errors: Sequence[RowError] = (), sheet: str = "") -> Preview:
    """The faulty rows with what is wrong in each cell; without faults the first rows as they are."""
    placed = [column for column in table.columns if column.key in table.headers]
    key_of = {table.headers[column.key]: column.key for column in placed}
    faults: dict[tuple[int, str], list[str]] = defaultdict(list)
    elsewhere: list[RowError] = []
    shown = _shown(table, {error.row for error in errors})
    numbers = {row.number for row in shown}
    for error in errors:
        key = key_of.get(error.column)
        if key is None or error.row not in numbers:
            elsewhere.append(error)
        else:
            faults[error.row, key].append(error.message)
    return Preview(
        headers=tuple((table.headers[column.key], column.name) for column in placed),
        rows=tuple(_line(row, placed, faults) for row in shown),
        elsewhere=tuple(elsewhere),
        sheet=sheet,
    )


def _shown(table: "Table", faulty: set[int]) -> "list[Row]":
    if not faulty:
        return table.rows[:_SOUND]
    return [row for row in table.rows if row.number in faulty][:_MOST_FAULTY]


def _line(row: "Row", placed: Sequence[Column], faults: dict[tuple[int, str], list[str]]) -> PreviewRow:
    cells = (
        PreviewCell(row.texts.get(column.key, ""), tuple(faults.get((row.number, column.key), ())))
        for column in placed
    )
    return PreviewRow(row.number, tuple(cells))
