"""A first look at a file that somebody hands in: which of its headers the synonyms know, and what stands below them."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from config.common.text import fold

from .archive import SheetFacts, inspect
from .columns import Column, is_blank, shown
from .headers import HEADER_SEARCH, Headings, find_header
from .sources import Cells, csv_rows, is_workbook, sheet_rows

_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """One header of the file: the key of the column it stands for (empty: none) and the first cells below it."""

    text: str
    key: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """The headers in their order, and the columns that are needed and that none of them stands for."""

    row: int
    headings: tuple[Heading, ...] = ()
    missing: tuple[Column, ...] = field(default=())

    @property
    def strange(self) -> bool:
        """Whether a person has to say something: a needed column is missing, or a header is not known."""
        return bool(self.missing) or any(not heading.key for heading in self.headings)


def look_at_table(content: bytes, columns: Sequence[Column], headings: Headings | None = None) -> Look:
    """The headers of the first sheet. Where no row names columns, the fullest of the first rows is taken for the header.

    Raises ``Refused`` where the file cannot be read at all.
    """
    book = is_workbook(content)
    facts = inspect(content) if book else SheetFacts()
    rows = sheet_rows(content, facts) if book else csv_rows(content, facts)
    head = list(itertools.islice(rows, HEADER_SEARCH + _SAMPLES))
    header = find_header(head[:HEADER_SEARCH], columns, facts, headings)
    row = header.row or _fullest(head[:HEADER_SEARCH])
    cells = next((cells for number, cells in head if number == row), ())
    below = [cells for number, cells in head if number > max(row, header.data_from - 1)][:_SAMPLES]
    keys = {position: key for key, position in header.columns.items()}
    found = tuple(
        Heading(shown(cell).strip(), keys.get(position, ""), _below(below, position))
        for position, cell in enumerate(cells, start=1)
        if not is_blank(cell)
    )
    missing = tuple(column for column in columns if column.required and column.key not in header.columns)
    return Look(row, _once(found), missing)


def _fullest(head: Sequence[tuple[int, Cells]]) -> int:
    """The row with most filled cells, the first of them; 0 for an empty file."""
    filled = [(sum(not is_blank(cell) for cell in cells), -number) for number, cells in head]
    best = max(filled, default=(0, 0))
    return -best[1] if best[0] else 0


def _below(rows: Sequence[Cells], position: int) -> tuple[str, ...]:
    cells = (row[position - 1] for row in rows if position <= len(row))
    return tuple(shown(cell).strip()[:60] for cell in cells if not is_blank(cell))


def _once(headings: Sequence[Heading]) -> tuple[Heading, ...]:
    """Each text once: what is said of a header is said of its text."""
    seen: dict[str, Heading] = {}
    for heading in headings:
        seen.setdefault(fold(heading.text), heading)
    return tuple(seen.values())
