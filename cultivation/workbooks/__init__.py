"""The workbooks that come in, and the empty forms of them that go out."""

from .annual_reports import annual_report_columns, write_annual_report_template
from .lists import certificate_columns, roster_columns, write_roster_template

__all__ = [
    "annual_report_columns",
    "certificate_columns",
    "roster_columns",
    "write_annual_report_template",
    "write_roster_template",
]
