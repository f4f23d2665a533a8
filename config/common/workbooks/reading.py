"""Tables out of untrusted workbooks and CSV files: every fault is kept, none stops the reading."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from config.common.errors import RowError

from .archive import SheetFacts, column_letters, inspect, inspect_sheets, too_large
from .columns import CellFault, Column, is_blank, read_cell, shown
from .headers import HEADER_SEARCH, Header, Headings, find_header, guess_lost_columns, missing_columns
from .sources import Cells, book_rows, csv_rows, is_workbook, open_book, sheet_rows
from .tables import Row, Table, Tables

MAX_ROWS = 600_000
_SAMPLE = 50


def read_table(
    content: bytes,
    columns: Sequence[Column],
    *,
    max_rows: int = MAX_ROWS,
    headings: Headings | None = None,
) -> Table:
    """The first visible sheet of an .xlsx; ``headings``: which header stands for which column, where a person said so.

    Raises ``Refused``: unreadable_workbook, workbook_too_large, workbook_encrypted, workbook_unsafe.
    Formula cells, merged headers and merged data cells are errors, for their values cannot be trusted.
    """
    facts = inspect(content)
    table = _Reader(columns, facts, max_rows, headings).read(sheet_rows(content, facts))
    table.warnings.extend(
        RowError(0, "", name, "sheet_not_read", _("Only the first visible sheet of a workbook is read."))
        for name in facts.other_sheets
    )
    return table


def read_tables(
    content: bytes, columns_of: Callable[[str], Sequence[Column] | None], *, max_rows: int = MAX_ROWS
) -> Tables:
    """Every visible sheet of an .xlsx that ``columns_of`` knows by its name, under the rules of ``read_table``.

    ``columns_of`` answers the columns of a sheet, an empty sequence for one that is left aside in silence, and
    ``None`` for one it does not know; unknown and hidden sheets are warnings. ``max_rows`` holds for all
    sheets together.
    """
    facts = inspect_sheets(content)
    book = open_book(content)
    tables = Tables()
    for sheet in facts.sheets:
        columns = columns_of(sheet.name)
        if columns is None:
            tables.warn(sheet.name, "sheet_not_known", _("This sheet is not known and was not read."))
        elif columns:
            left = max_rows - sum(len(table.rows) for table in tables.by_sheet.values())
            table = _Reader(columns, sheet, left).read(book_rows(book, sheet))
            table.errors = [replace(error, sheet=sheet.name) for error in table.errors]
            table.warnings = [replace(warning, sheet=sheet.name) for warning in table.warnings]
            tables.by_sheet[sheet.name] = table
    for name in facts.hidden:
        tables.warn(name, "sheet_hidden", _("Hidden sheets are not read."))
    return tables


def read_csv_table(
    content: bytes,
    columns: Sequence[Column],
    *,
    max_rows: int = MAX_ROWS,
    headings: Headings | None = None,
) -> Table:
    """A CSV file in UTF-8 or GB18030, under the rules of a sheet; raises ``Refused("unreadable_csv")``."""
    facts = SheetFacts()
    return _Reader(columns, facts, max_rows, headings).read(csv_rows(content, facts))


def read_any_table(
    content: bytes,
    columns: Sequence[Column],
    *,
    max_rows: int = MAX_ROWS,
    headings: Headings | None = None,
) -> Table:
    """A workbook or a CSV file, told apart by the first bytes."""
    reader = read_table if is_workbook(content) else read_csv_table
    return reader(content, columns, max_rows=max_rows, headings=headings)


class _Reader:
    """One reading of one table."""

    def __init__(
        self,
        columns: Sequence[Column],
        facts: SheetFacts,
        max_rows: int,
        headings: Headings | None = None,
    ) -> None:
        self.columns = tuple(columns)
        self.facts = facts
        self.max_rows = max_rows
        self.headings = headings
        self.header = Header()
        self.table = Table(self.columns)
        self.names: dict[int, str] = {}

    def read(self, rows: Iterator[tuple[int, Cells]]) -> Table:
        head = list(itertools.islice(rows, HEADER_SEARCH))
        header = self.header = find_header(head, self.columns, self.facts, self.headings)
        table = self.table = Table(
            self.columns,
            headers=header.texts,
            errors=header.errors,
            warnings=header.warnings,
            units=header.units,
        )
        if not header.row:
            return table
        header_cells = next(cells for number, cells in head if number == header.row)
        self.names = {
            at: shown(cell).strip() for at, cell in enumerate(header_cells, start=1) if not is_blank(cell)
        }
        table.errors.extend(missing_columns(header, self.columns, frozenset(header.columns)))
        data = itertools.chain((line for line in head if line[0] >= header.data_from), rows)
        if header.lost:
            sample = list(itertools.islice(data, _SAMPLE))
            guess_lost_columns(header, self.columns, [cells for _number, cells in sample])
            data = itertools.chain(sample, data)
        self._read_data(data)
        # A CSV file tells its formulas while it is read, so these come last.
        self._refuse_formulas()
        self._refuse_merged_cells()
        return table

    def _read_data(self, data: Iterator[tuple[int, Cells]]) -> None:
        placed = [(column, self.header.columns.get(column.key)) for column in self.columns]
        for number, cells in data:
            row = Row(number, {}, {})
            faults: list[RowError] = []
            for column, position in placed:
                if position is not None:
                    cell = cells[position - 1] if position <= len(cells) else None
                    self._read_one(row, column, position, cell, faults)
            formula = any(
                (number, position) in self.facts.formulas for _column, position in placed if position
            )
            if formula or any(row.texts.values()):
                self.table.rows.append(row)
                self.table.errors.extend(faults)
                if len(self.table.rows) > self.max_rows:
                    raise too_large()

    def _read_one(
        self, row: Row, column: Column, position: int, cell: object, faults: list[RowError]
    ) -> None:
        row.values[column.key] = None
        row.texts[column.key] = text = "" if is_blank(cell) else shown(cell)
        if self._is_withheld(row.number, position):
            return
        if not text:
            if column.required:
                faults.append(
                    self._fault(
                        row.number, position, "", "required", _("This column must be filled in every row.")
                    )
                )
            return
        try:
            row.values[column.key] = read_cell(column, cell, self.header.units.get(column.key))
        except CellFault as fault:
            faults.append(self._fault(row.number, position, text, fault.code, fault.message))

    def _is_withheld(self, row: int, position: int) -> bool:
        """Whether the cell's value cannot be trusted: a formula, or a part of merged cells."""
        facts = self.facts
        if not facts.formulas and not facts.merged:
            return False
        return (row, position) in facts.formulas or any(
            area.first_row <= row <= area.last_row and area.first_column <= position <= area.last_column
            for area in facts.merged
        )

    def _has_formula(self, row: int) -> bool:
        return any((row, position) in self.facts.formulas for position in self.header.columns.values())

    def _fault(self, row: int, position: int, value: str, code: str, message: str) -> RowError:
        key = next((key for key, at in self.header.columns.items() if at == position), None)
        name = self.header.texts[key] if key else self.names.get(position) or column_letters(position)
        return RowError(row, name, value, code, message)

    def _refuse_formulas(self) -> None:
        message = _("Formulas are not accepted; put the value itself into the cell.")
        for (row, position), formula in sorted(self.facts.formulas.items()):
            if row >= self.header.row:
                self.table.errors.append(self._fault(row, position, formula, "formula_cell", message))

    def _refuse_merged_cells(self) -> None:
        known = set(self.header.columns.values())
        for area in self.facts.merged:
            first_row = max(area.first_row, self.header.data_from)
            if first_row > area.last_row:
                continue
            position = next((c for c in sorted(known) if area.first_column <= c <= area.last_column), None)
            if position is not None:
                cells = f"{column_letters(area.first_column)}{area.first_row}:{column_letters(area.last_column)}{area.last_row}"
                message = _("Cells with data must not be merged (%(cells)s).") % {"cells": cells}
                self.table.errors.append(self._fault(first_row, position, "", "merged_cells", message))
