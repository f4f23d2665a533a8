"""The files of a released payment list: an Excel workbook, a CSV and a bank batch file.

Pure building: bytes from a :class:`ListContent`, the same bytes for the same content. No database, no clock.
"""

from .bank_file import BankColumn, BankLayout, UnfitForBank, build_bank
from .content import COLUMNS, ContentLine, ListContent, content_sha256
from .csv_file import build_csv
from .workbook import build_xlsx

__all__ = [
    "COLUMNS",
    "BankColumn",
    "BankLayout",
    "ContentLine",
    "ListContent",
    "UnfitForBank",
    "build_bank",
    "build_csv",
    "build_xlsx",
    "content_sha256",
]
