"""What a column of an imported table may hold, and how one cell of it is read."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from config.common import credit_codes
from config.common.money import WAN, from_fen, to_fen
from config.common.text import compact, fold, normalise

Check = Callable[[Any], "tuple[str, str] | None"]

# Excel keeps 15 digits of a number; what lies beyond is already lost when the file is read.
_EXACT_NUMBERS = 10**15
_NUMBER = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_DATES = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:T?00:00:00)?"),
    re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})"),
    re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日"),
    re.compile(r"(\d{4})(\d{2})(\d{2})"),
)
# No checksum is common to all banks (no Luhn); lengths differ from bank to bank (edge case 37).
ACCOUNT_NUMBER = re.compile(r"[0-9][0-9-]{4,38}[0-9]")
_YES = frozenset({"是", "有", "√", "✓", "y", "yes", "true", "1"})
_NO = frozenset({"否", "无", "×", "x", "n", "no", "false", "0"})
_LARGEST = from_fen(2**63 - 1)


class Kind(StrEnum):
    """How a cell is read. Money comes out as ``Decimal`` yuan, a number as ``Decimal``, a choice as the value it
    stands for.
    """

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    INTEGER = "integer"
    NUMBER = "number"
    CREDIT_CODE = "credit_code"
    ACCOUNT = "account"
    DIGITS = "digits"
    BOOLEAN = "boolean"
    CHOICE = "choice"


class Unit(StrEnum):
    YUAN = "元"
    WAN = "万元"


@dataclass(frozen=True)
class Column:
    """One column: ``required`` means that its header is there and every cell of it is filled.

    ``minimum`` and ``maximum`` are of the kind's own type; money and numbers are not negative by default.
    ``choices`` maps a text to the value of a CHOICE; ``unknown`` is the error code where no text fits.
    ``check`` looks at the value that was read and answers with code and message where it is wrong.
    """

    key: str
    name: str
    kind: Kind = Kind.TEXT
    synonyms: tuple[str, ...] = ()
    required: bool = True
    choices: Mapping[str, Any] = field(default_factory=dict)
    unknown: str = "unknown_choice"
    max_length: int | None = None
    minimum: Any = None
    maximum: Any = None
    check: Check | None = None

    @property
    def spellings(self) -> frozenset[str]:
        return frozenset(fold(text) for text in (self.name, *self.synonyms))

    @cached_property
    def folded_choices(self) -> dict[str, Any]:
        return {fold(text): value for text, value in self.choices.items()}


class CellFault(Exception):
    """A cell breaks the rule of its column; ``code`` for programs, ``message`` names the rule."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def shown(cell: Any) -> str:
    """A cell as a person sees it, for messages."""
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer() and abs(cell) < _EXACT_NUMBERS:
            return str(int(cell))
        case dt.datetime():
            return cell.isoformat(sep=" ") if cell.time() != dt.time() else cell.date().isoformat()
        case dt.date() | dt.time():
            return cell.isoformat()
    return str(cell)


def is_blank(cell: Any) -> bool:
    return cell is None or (
        isinstance(cell, str) and (not cell or (not cell[0].isalnum() and not compact(cell)))
    )


def read_cell(column: Column, cell: Any, unit: Unit | None = None) -> Any:
    """The value of a filled cell; raises :class:`CellFault`."""
    value = _READERS[column.kind](column, cell, unit)
    _check_range(column, value)
    if column.check is not None and (wrong := column.check(value)) is not None:
        raise CellFault(*wrong)
    return value


def _check_range(column: Column, value: Any) -> None:
    minimum = column.minimum
    if minimum is None and column.kind in (Kind.MONEY, Kind.INTEGER, Kind.NUMBER):
        minimum = 0
    if minimum is not None and value < minimum:
        raise CellFault("too_small", _("The value must not be below %(limit)s.") % {"limit": minimum})
    if column.maximum is not None and value > column.maximum:
        raise CellFault("too_large", _("The value must not be above %(limit)s.") % {"limit": column.maximum})


def _text(column: Column, cell: Any, unit: Unit | None) -> str:
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise CellFault("not_text", _("This column holds text, not a date or a logical value."))
    text = normalise(shown(cell))
    if column.max_length is not None and len(text) > column.max_length:
        raise CellFault(
            "too_long", _("At most %(limit)s characters are allowed here.") % {"limit": column.max_length}
        )
    return text


def _date(column: Column, cell: Any, unit: Unit | None) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if isinstance(cell, str):
        text = compact(cell)
        for pattern in _DATES:
            if found := pattern.fullmatch(text):
                try:
                    return dt.date(*(int(part) for part in found.groups()))
                except ValueError:
                    break
    raise CellFault("not_a_date", _("This column holds dates, such as 2019-06-30."))


def _number(cell: Any) -> Decimal:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= _EXACT_NUMBERS:
            raise CellFault("inexact_number", _("Excel keeps only 15 digits of a number; this one has more."))
        # As Excel shows it: 15 significant digits, so that 0.1 + 0.2 pasted as a value is 0.3.
        return Decimal(f"{cell:.15g}")
    if isinstance(cell, str):
        text = compact(cell).removeprefix("¥")
        if _NUMBER.fullmatch(text):
            return Decimal(text.replace(",", ""))
    raise CellFault("not_a_number", _("This column holds numbers; text is not allowed."))


def _money(column: Column, cell: Any, unit: Unit | None) -> Decimal:
    amount = _number(cell) * (WAN if unit is Unit.WAN else 1)
    try:
        yuan = from_fen(to_fen(amount))
    except ValueError as error:
        raise CellFault("parts_of_a_fen", _("An amount has at most two decimals of a yuan.")) from error
    if abs(yuan) > _LARGEST:
        raise CellFault("too_large", _("The value must not be above %(limit)s.") % {"limit": _LARGEST})
    return yuan


def _any_number(column: Column, cell: Any, unit: Unit | None) -> Decimal:
    return _number(cell)


def _integer(column: Column, cell: Any, unit: Unit | None) -> int:
    number = _number(cell)
    if number != number.to_integral_value():
        raise CellFault("not_an_integer", _("This column holds whole numbers."))
    return int(number)


def _credit_code(column: Column, cell: Any, unit: Unit | None) -> str:
    code = credit_codes.normalise(shown(cell))
    if isinstance(cell, str) and credit_codes.is_valid(code):
        return code
    raise CellFault(
        "credit_code",
        _(
            "Not a unified social credit code: GB 32100-2015 asks for 18 characters and a right check character."
        ),
    )


def _account(column: Column, cell: Any, unit: Unit | None) -> str:
    if not isinstance(cell, str):
        raise CellFault(
            "numeric_account",
            _(
                "An account stored as a number has lost digits or zeros; format the cell as text and type it again."
            ),
        )
    account = compact(cell)
    if not ACCOUNT_NUMBER.fullmatch(account):
        raise CellFault("account_number", _("An account number is 6 to 40 digits, with hyphens at most."))
    return account


def _digits(column: Column, cell: Any, unit: Unit | None) -> str:
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        raise CellFault("not_digits", _("This column holds digits alone."))
    digits = compact(shown(cell))
    if not (digits.isascii() and digits.isdigit()):
        raise CellFault("not_digits", _("This column holds digits alone."))
    return digits


def _boolean(column: Column, cell: Any, unit: Unit | None) -> bool:
    text = fold(shown(cell))
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellFault("not_yes_or_no", _("This column holds 是 or 否."))


def _choice(column: Column, cell: Any, unit: Unit | None) -> Any:
    key = fold(shown(cell))
    if key in column.folded_choices:
        return column.folded_choices[key]
    raise CellFault(
        column.unknown,
        _("“%(value)s” is not among the values of the column %(column)s.")
        % {"value": shown(cell), "column": column.name},
    )


_READERS: Mapping[Kind, Callable[[Column, Any, Unit | None], Any]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.MONEY: _money,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _any_number,
    Kind.CREDIT_CODE: _credit_code,
    Kind.ACCOUNT: _account,
    Kind.DIGITS: _digits,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
}
