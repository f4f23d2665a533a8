"""Workbooks in and out: untrusted tables read safely, tables written so that nothing in them can run."""

from .columns import ACCOUNT_NUMBER, CellFault, Column, Kind, read_cell
from .headers import Headings
from .looking import Heading, Look, look_at_table
from .marking import mark_errors, mark_sheets, write_marked
from .preview import Preview
from .reading import read_any_table, read_csv_table, read_table, read_tables
from .reports import TableReport
from .tables import Row, RowsRefused, Table, Tables
from .writing import Book, Sheet, Value, add_form, add_table, write_table, write_template

__all__ = [
    "ACCOUNT_NUMBER",
    "Book",
    "CellFault",
    "Column",
    "Heading",
    "Headings",
    "Kind",
    "Look",
    "Preview",
    "Row",
    "RowsRefused",
    "Sheet",
    "Table",
    "TableReport",
    "Tables",
    "Value",
    "add_form",
    "add_table",
    "look_at_table",
    "mark_errors",
    "mark_sheets",
    "read_any_table",
    "read_cell",
    "read_csv_table",
    "read_table",
    "read_tables",
    "write_marked",
    "write_table",
    "write_template",
]
