"""The R&D auxiliary ledger (研发费用辅助账) as the rules see it: lines, projects, people's time in research.

国科发火〔2016〕195号 三（六）4: expenses are measured by single R&D activity and added up; the firm keeps accounts in
the form of 附件2 五 and hands in vouchers and detailed tables.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

OUTSOURCED = frozenset({"outsourced_domestic", "outsourced_foreign"})
# What people put where there is no invoice.
_NO_INVOICE = frozenset({"", "无", "暂无", "没有", "NA", "NONE", "NULL"})


class LineCode(StrEnum):
    """What a line can have against it, in the order in which findings are listed."""

    OUT_OF_SCOPE = "out_of_scope"
    OTHER_YEAR = "other_year"
    OUTSIDE_PROJECT = "outside_project"
    NOT_WORKING = "not_working"
    DUPLICATE_PROJECT = "duplicate_project"
    DUPLICATE_LINE = "duplicate_line"
    DUPLICATE_YEAR = "duplicate_year"
    DUPLICATE_FIRM = "duplicate_firm"
    NEGATIVE = "negative"
    RELATED_PARTY = "related_party"
    BUILDING = "building"


@dataclass(frozen=True, slots=True)
class Line:
    """One booking of the sheet of ``year``, in yuan; credits are negative.

    ``category`` is one of ``EXPENSE_KEYS``, empty where the text names none; ``month`` 0 where it is not given.
    Sheet and row tell lines apart.
    """

    year: int
    sheet: str
    row: int
    project: str
    booked_on: date
    voucher: str
    summary: str
    category: str
    category_text: str
    amount: Decimal
    invoice: str = ""
    payee: str = ""
    is_related_party: bool = False
    person: str = ""
    month: int = 0
    asset: str = ""

    @property
    def place(self) -> str:
        return f"“{self.sheet}”第 {self.row} 行"

    @property
    def order(self) -> tuple[int, str, int]:
        """Earlier lines come first, in whatever order a file was read."""
        return (self.year, self.sheet, self.row)


@dataclass(frozen=True, slots=True)
class Project:
    """A research project; without an end it goes on."""

    code: str
    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """A person's time in research; ``days`` are the days worked there in ``year`` (``None``: in any year)."""

    person: str
    entered_on: date
    left_on: date | None = None
    year: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class LineFinding:
    """``excludes``: not counted by rule; else counted until a person strikes the line. ``note`` is Chinese."""

    line: Line
    code: LineCode
    excludes: bool
    note: str


def folded(text: str) -> str:
    """A key under which spellings of one name are equal: width, case and blanks do not count."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def invoice_number(text: str) -> str:
    """An invoice number as it is compared: letters and digits alone, leading zeros dropped; empty for none.

    A spreadsheet drops leading zeros of what it takes for a number, so they cannot tell two invoices apart.
    """
    plain = "".join(letter for letter in unicodedata.normalize("NFKC", text).upper() if letter.isalnum())
    return "" if plain in _NO_INVOICE else plain.lstrip("0")


def identity(line: Line, firm: str) -> str:
    """What makes it the same expense wherever it is booked, as a SHA-256.

    The invoice where there is one, at whichever firm. Else the voucher with date, amount, summary, person and
    asset, together with ``firm``, for another firm's voucher of the same number is another expense.
    """
    if number := invoice_number(line.invoice):
        parts = ["invoice", number]
    else:
        texts = (line.voucher, line.summary, line.person, line.asset)
        parts = ["voucher", firm, line.booked_on.isoformat(), f"{line.amount:.2f}", *map(folded, texts)]
    return sha256("\x1f".join(parts).encode()).hexdigest()


def excluded_lines(findings: Iterable[LineFinding]) -> frozenset[tuple[int, str, int]]:
    """The lines, by their order, that are not counted by rule."""
    return frozenset(finding.line.order for finding in findings if finding.excludes)
