"""The workbooks that come in, and the empty forms of them that go out."""

from .annual_reports import annual_report_columns, write_annual_report_template
from .attendance import attendance_columns, write_attendance_template
from .lists import (
    certificate_columns,
    roster_columns,
    write_certificate_template,
    write_roster_template,
)
from .opening import opening_certificate_columns, write_opening_certificate_template
from .programme import (
    achievement_columns,
    target_columns,
    write_achievement_template,
    write_target_template,
)
from .rd_ledger import MOST_YEARS, LedgerBook, read_ledger_workbook
from .rd_ledger_tables import write_tables
from .rd_ledger_template import write_ledger_template

__all__ = [
    "MOST_YEARS",
    "LedgerBook",
    "achievement_columns",
    "annual_report_columns",
    "attendance_columns",
    "certificate_columns",
    "opening_certificate_columns",
    "read_ledger_workbook",
    "roster_columns",
    "target_columns",
    "write_achievement_template",
    "write_annual_report_template",
    "write_attendance_template",
    "write_certificate_template",
    "write_ledger_template",
    "write_opening_certificate_template",
    "write_roster_template",
    "write_tables",
    "write_target_template",
]
