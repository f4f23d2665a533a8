"""Reading an R&D ledger workbook: every fault is named by sheet, row, column, value and rule; none is passed over."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from config.common.errors import Refused, RowError
from config.common.text import fold
from config.common.workbooks import Preview, Row, Table, Tables, read_tables
from cultivation.enums import RdCategory
from cultivation.rules.rd_ledger import Line, Project, Stay
from cultivation.rules.rd_ledger_totals import Amount

from .rd_ledger_columns import (
    CATEGORIES,
    OUTSOURCED,
    Part,
    SheetKind,
    columns_of_sheet,
    kind_of_sheet,
    project_code,
)
from .rd_ledger_tables import read_stated

MOST_LINES = 120_000
MOST_YEARS = 3


@dataclass
class LedgerBook:
    """What a workbook says; nothing of it has been judged. ``shown`` is how its sheets begin."""

    lines: list[Line] = field(default_factory=list)
    projects: dict[str, Project] = field(default_factory=dict)
    stays: list[Stay] = field(default_factory=list)
    stated: list[Amount] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)
    shown: Sequence[Preview] = ()

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({line.year for line in self.lines} | {year for year, *_rest in self.stated}))


def read_ledger_workbook(content: bytes, *, first_year: int, last_year: int) -> LedgerBook:
    """The ledger of up to three fiscal years between ``first_year`` and ``last_year``.

    A workbook with tables of categories alone states figures without lines. Raises ``Refused`` for a file that
    is no safe workbook, ``ledger_empty``, and ``RowsRefused`` with every fault.
    """
    tables = read_tables(content, columns_of_sheet, max_rows=MOST_LINES)
    book = _Reading(tables, first_year, last_year).read()
    tables.refuse_errors()
    if not book.lines and not book.stated:
        raise Refused(
            "ledger_empty", _("The workbook holds neither ledger lines nor a table of R&D expenses.")
        )
    book.warnings, book.shown = tables.all_warnings(), tables.previews()
    return book


class _Reading:
    """One workbook, sheet by sheet: projects and people first, for the lines refer to them."""

    def __init__(self, tables: Tables, first_year: int, last_year: int) -> None:
        self.tables = tables
        self.first_year, self.last_year = first_year, last_year
        self.book = LedgerBook()
        self.lists_projects = self.lists_people = False

    def read(self) -> LedgerBook:
        kinds = {name: kind for name in self.tables.by_sheet if (kind := kind_of_sheet(name))}
        self._check_sheets(kinds)
        for part, read in (
            (Part.PROJECTS, self._read_projects),
            (Part.PEOPLE, self._read_people),
            (Part.LEDGER, self._read_lines),
            (Part.TABLE, self._read_table),
        ):
            for name, kind in kinds.items():
                if kind.part is part:
                    read(name, self.tables.by_sheet[name], kind.year)
        return self.book

    def _check_sheets(self, kinds: dict[str, SheetKind]) -> None:
        """Years in their limits, one sheet a part and year, three years at most."""
        taken: dict[SheetKind, str] = {}
        years: set[int] = set()
        for name, kind in kinds.items():
            if (first := taken.setdefault(kind, name)) != name:
                message = _("“%(first)s” is such a sheet already; there may be one a year.") % {
                    "first": first
                }
                self._sheet_fault(name, "duplicate_sheet", message)
            if kind.part not in (Part.LEDGER, Part.TABLE):
                continue
            if not kind.year:
                message = _("The name of this sheet has to tell its fiscal year, as in 2016年辅助账.")
                self._sheet_fault(name, "sheet_year_missing", message)
            elif not self.first_year <= kind.year <= self.last_year:
                message = _("Fiscal years from %(first)s to %(last)s are taken here.")
                self._sheet_fault(
                    name, "sheet_year_wrong", message % {"first": self.first_year, "last": self.last_year}
                )
            years.add(kind.year)
        if len(years) > MOST_YEARS:
            message = _("A workbook holds at most %(most)s fiscal years; this one has %(count)s.")
            values = {"most": MOST_YEARS, "count": len(years)}
            self.tables.errors.append(RowError(0, "", "", "too_many_years", message % values))
        self.lists_projects = any(kind.part is Part.PROJECTS for kind in kinds.values())
        self.lists_people = any(kind.part is Part.PEOPLE for kind in kinds.values())

    def _sheet_fault(self, name: str, code: str, message: str) -> None:
        self.tables.errors.append(RowError(0, "", name, code, message, name))

    def _read_projects(self, name: str, table: Table, _year: int) -> None:
        for row in table.rows:
            code = project_code(row.get("code") or "")
            starts_on, ends_on = row.get("starts_on"), row.get("ends_on")
            if code in self.book.projects:
                message = _("The project %(code)s is listed twice.") % {"code": code}
                self.tables.fault(name, row, "code", "duplicate_row", message)
            if starts_on and ends_on and ends_on < starts_on:
                message = _("The end lies before the beginning.")
                self.tables.fault(name, row, "ends_on", "period_reversed", message)
            if code:
                self.book.projects[code] = Project(code, row.get("name") or "", starts_on, ends_on)

    def _read_people(self, name: str, table: Table, _year: int) -> None:
        for row in table.rows:
            person, entered_on, left_on = row.get("person"), row.get("entered_on"), row.get("left_on")
            if entered_on and left_on and left_on < entered_on:
                message = _("The end lies before the beginning.")
                self.tables.fault(name, row, "left_on", "period_reversed", message)
            if person and entered_on:
                self.book.stays.append(Stay(person, entered_on, left_on, row.get("year"), row.get("days")))

    def _read_lines(self, name: str, table: Table, year: int) -> None:
        if table.headers and "project" not in table.headers:
            message = _("The column %(column)s is missing; its header may also be: %(synonyms)s.")
            column = table.columns[0]
            values = {"column": column.name, "synonyms": "、".join(column.synonyms)}
            self.tables.errors.append(RowError(1, column.name, "", "missing_column", message % values, name))
        if table.rows and not self.lists_projects:
            self._missing_sheet(name, "项目")
        needs_people = False
        for row in table.rows:
            line = self._line(name, row, year)
            if line is not None:
                self.book.lines.append(line)
                needs_people = needs_people or line.category == RdCategory.PERSONNEL
        if needs_people and not self.lists_people:
            self._missing_sheet(name, "研发人员")

    def _missing_sheet(self, name: str, sheet: str) -> None:
        message = _("The lines of this sheet need a sheet “%(sheet)s” beside it.") % {"sheet": sheet}
        self._sheet_fault(name, "missing_sheet", message)

    def _line(self, sheet: str, row: Row, year: int) -> Line | None:
        """``None`` where a cell it cannot do without is faulty."""
        code, amount = project_code(row.get("project") or ""), row.get("amount")
        if code and self.lists_projects and code not in self.book.projects:
            message = _("The project %(code)s is not in the list of projects.") % {"code": code}
            self.tables.fault(sheet, row, "project", "unknown_project", message)
            return None
        text = row.get("category") or ""
        category = CATEGORIES.get(fold(text), "")
        if fold(text) in OUTSOURCED:
            category = self._outsourced(sheet, row)
        if amount is None or row.get("booked_on") is None or not text:
            return None
        return Line(
            year=year,
            sheet=sheet,
            row=row.number,
            project=code,
            booked_on=row.get("booked_on"),
            voucher=row.get("voucher") or "",
            summary=row.get("summary") or "",
            category=category,
            category_text=text,
            amount=amount,
            invoice=row.get("invoice") or "",
            payee=row.get("payee") or "",
            is_related_party=bool(row.get("is_related_party")),
            person=row.get("person") or "",
            month=row.get("month") or 0,
            asset=row.get("asset") or "",
        )

    def _outsourced(self, sheet: str, row: Row) -> str:
        abroad = row.get("abroad")
        if abroad is None and not row.texts.get("abroad"):
            message = _("An outsourced expense says 境内 or 境外; 港澳台 counts as abroad.")
            self.tables.fault(sheet, row, "abroad", "abroad_missing", message)
        return RdCategory.OUTSOURCED_FOREIGN.value if abroad else RdCategory.OUTSOURCED_DOMESTIC.value

    def _read_table(self, name: str, table: Table, year: int) -> None:
        for code, category, amount in read_stated(self.tables, name, table):
            if self.lists_projects and code not in self.book.projects:
                message = _("The project %(code)s is not in the list of projects.") % {"code": code}
                self.tables.errors.append(RowError(0, code, "", "unknown_project", message, name))
                continue
            self.book.projects.setdefault(code, Project(code))
            self.book.stated.append((year, code, category, amount))
