"""What a reader hands on: rows, faults, and the refusal that carries them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused, RowError

from .columns import Column, Unit
from .preview import Preview, preview_of


@dataclass(slots=True)
class Row:
    """A row by its number in Excel: values by column key (``None``: empty, absent or faulty), texts as shown."""

    number: int
    values: dict[str, Any]
    texts: dict[str, str]

    def get(self, key: str) -> Any:
        return self.values.get(key)


@dataclass
class Table:
    """What was read. Nothing may be taken over while there are ``errors``; ``units`` are those of the headers."""

    columns: tuple[Column, ...]
    headers: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    units: dict[str, Unit] = field(default_factory=dict)

    def error(self, row: Row, key: str, code: str, message: str) -> RowError:
        """A fault in a cell of ``row``, to be added to ``errors`` or ``warnings``."""
        column = self.headers.get(key) or next((c.name for c in self.columns if c.key == key), key)
        return RowError(row.number, column, row.texts.get(key, ""), code, message)

    def refuse_duplicates(self, key: str, code: str = "duplicate_row") -> None:
        """An error for each row that repeats a value of an earlier one; the message names the first row."""
        first: dict[Any, int] = {}
        for row in self.rows:
            if (value := row.get(key)) is None:
                continue
            if (earlier := first.setdefault(value, row.number)) != row.number:
                message = _("A value of this column may stand in one row only; row %(row)s has it already.")
                self.errors.append(self.error(row, key, code, message % {"row": earlier}))

    def refuse_errors(self, **answer: Any) -> None:
        """Raise :class:`RowsRefused` when there is an error; ``answer`` is what the command says beside it."""
        if self.errors:
            errors = sorted(self.errors, key=lambda error: error.row)
            raise RowsRefused(
                errors,
                shown=[preview_of(self, errors)],
                rows=len(self.rows),
                warnings=[warning.as_json() for warning in self.warnings],
                **answer,
            )


@dataclass
class Tables:
    """The sheets of a workbook that were read, by name, in the order of their tabs."""

    by_sheet: dict[str, Table] = field(default_factory=dict)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    def warn(self, sheet: str, code: str, message: str) -> None:
        self.warnings.append(RowError(0, "", "", code, message, sheet))

    def fault(self, sheet: str, row: Row, key: str, code: str, message: str) -> None:
        """A fault in a cell of ``row`` that only shows beside other cells or sheets."""
        error = self.by_sheet[sheet].error(row, key, code, message)
        self.errors.append(replace(error, sheet=sheet))

    def all_warnings(self) -> list[RowError]:
        return [*self.warnings, *(w for table in self.by_sheet.values() for w in table.warnings)]

    def previews(self, errors: Sequence[RowError] = ()) -> list[Preview]:
        """Sheet by sheet; where there are faults the sheets that have some, and first those that belong to none."""
        nowhere = tuple(error for error in errors if error.sheet not in self.by_sheet)
        previews = [Preview(elsewhere=nowhere)] if nowhere else []
        for name, table in self.by_sheet.items():
            found = [error for error in errors if error.sheet == name]
            if found or not errors:
                previews.append(preview_of(table, found, name))
        return previews

    def refuse_errors(self, **answer: Any) -> None:
        """Raise :class:`RowsRefused` when there is an error, sheet by sheet and in row order."""
        errors = [*self.errors, *(e for table in self.by_sheet.values() for e in table.errors)]
        if errors:
            place = {name: number for number, name in enumerate(self.by_sheet)}
            errors.sort(key=lambda error: (place.get(error.sheet, -1), error.row))
            raise RowsRefused(
                errors,
                shown=self.previews(errors),
                rows=sum(len(table.rows) for table in self.by_sheet.values()),
                warnings=[warning.as_json() for warning in self.all_warnings()],
                **answer,
            )


class RowsRefused(Refused):
    """A file with faulty cells: nothing of it was taken over.

    ``errors`` are the faults, in row order; ``shown`` is what its sender sees of it, a table a sheet.
    """

    def __init__(self, errors: Sequence[RowError], *, shown: Sequence[Preview] = (), **answer: Any) -> None:
        first = errors[0]
        values = {
            "count": len(errors),
            "row": first.row,
            "sheet": first.sheet,
            "message": first.message,
        }
        if first.sheet:
            message = _(
                "Nothing was imported: %(count)s faults, the first one in row %(row)s of “%(sheet)s” (%(message)s)"
            )
        else:
            message = _("Nothing was imported: %(count)s faults, the first one in row %(row)s (%(message)s)")
        message %= values
        super().__init__("rows_refused", message, **answer, errors=[error.as_json() for error in errors])
        self.errors = list(errors)
        self.shown = shown
