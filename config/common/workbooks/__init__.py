"""Workbooks in and out: untrusted tables read safely, tables written so that nothing in them can run."""

from .columns import ACCOUNT_NUMBER, CellFault, Column, Kind, read_cell
from .marking import mark_errors, write_marked
from .reading import read_any_table, read_csv_table, read_table
from .tables import Row, RowsRefused, Table
from .writing import write_table, write_template

__all__ = [
    "ACCOUNT_NUMBER",
    "CellFault",
    "Column",
    "Kind",
    "Row",
    "RowsRefused",
    "Table",
    "mark_errors",
    "read_any_table",
    "read_cell",
    "read_csv_table",
    "read_table",
    "write_marked",
    "write_table",
    "write_template",
]
