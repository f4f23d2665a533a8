"""The bank batch file: one record a line, columns and form as the bank wants them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from config.common.money import to_fen
from config.common.text import harmless
from documents.api import format_money
from subsidies.enums import BankField

from .content import ContentLine, ListContent


class UnfitForBank(ValueError):
    """A value that the bank's format has no way to write.

    ``line`` is 0 for the records before the payments; ``characters`` are those that do not fit.
    """

    def __init__(self, line: int, header: str, characters: str) -> None:
        super().__init__(f"line {line}, {header}: {characters!r}")
        self.line = line
        self.header = header
        self.characters = characters


@dataclass(frozen=True, slots=True)
class BankColumn:
    """A column of the file: its header and the :class:`~subsidies.enums.BankField` that fills it."""

    header: str
    field: str


@dataclass(frozen=True, slots=True)
class BankLayout:
    """How one bank wants its batch file.

    The control record holds list number, number of payments, total, and total in words. ``has_headers`` puts
    names above it and above the payments. Amounts are yuan with two decimals or, ``in_fen``, whole fen.
    """

    columns: tuple[BankColumn, ...]
    delimiter: str
    encoding: str
    line_end: str
    has_headers: bool
    has_control: bool
    in_fen: bool

    def amount(self, amount: Decimal) -> str:
        return str(to_fen(amount)) if self.in_fen else format_money(amount)


_CONTROL = ("清单编号", "笔数", "合计", "大写")
_Value = Callable[[ContentLine, ListContent, BankLayout], str]
_VALUES: Mapping[str, _Value] = {
    BankField.NUMBER: lambda line, _list, _layout: str(line.number),
    BankField.ACCOUNT_NUMBER: lambda line, _list, _layout: line.account_number,
    BankField.PAYEE_NAME: lambda line, _list, _layout: line.payee_name,
    BankField.CREDIT_CODE: lambda line, _list, _layout: line.credit_code,
    BankField.BANK_NAME: lambda line, _list, _layout: line.bank_name,
    BankField.CLEARING_CODE: lambda line, _list, _layout: line.clearing_code,
    BankField.AMOUNT: lambda line, _list, layout: layout.amount(line.amount),
    BankField.PURPOSE: lambda line, _list, _layout: line.purpose,
    BankField.SUBJECTS: lambda line, _list, _layout: line.subjects_text,
    BankField.AWARD_YEAR: lambda line, _list, _layout: str(line.award_year),
    BankField.AWARD_NUMBER: lambda line, _list, _layout: line.award_number,
    BankField.LIST_NUMBER: lambda _line, content, _layout: content.number,
    BankField.RELEASED_ON: lambda _line, content, _layout: content.released_on.strftime("%Y%m%d"),
    BankField.BLANK: lambda _line, _list, _layout: "",
}


def build_bank(content: ListContent, layout: BankLayout) -> bytes:
    """Bytes of the batch file; :class:`UnfitForBank` names a value that the format cannot hold."""
    headers = tuple(column.header for column in layout.columns)
    control = (content.number, str(content.count), layout.amount(content.total), content.total_in_words)
    records = []
    if layout.has_control and layout.has_headers:
        records.append(_record(0, _CONTROL, _CONTROL, layout))
    if layout.has_control:
        records.append(_record(0, _CONTROL, control, layout))
    if layout.has_headers:
        records.append(_record(0, headers, headers, layout))
    for line in content.lines:
        values = [harmless(_VALUES[column.field](line, content, layout)) for column in layout.columns]
        records.append(_record(line.number, headers, values, layout))
    return b"".join(records)


def _record(line: int, headers: Sequence[str], values: Sequence[str], layout: BankLayout) -> bytes:
    for header, value in zip(headers, values, strict=True):
        if unfit := _unfit(value, layout):
            raise UnfitForBank(line, header, unfit)
    return (layout.delimiter.join(values) + layout.line_end).encode(layout.encoding)


def _unfit(value: str, layout: BankLayout) -> str:
    """The part of a value that would be read as a delimiter or a line's end, or has no code; empty where all fit."""
    if layout.delimiter in value:
        return layout.delimiter
    if breaks := [character for character in value if len(f"-{character}-".splitlines()) > 1]:
        return breaks[0]
    try:
        value.encode(layout.encoding)
    except UnicodeEncodeError as error:
        return value[error.start : error.end]
    return ""
