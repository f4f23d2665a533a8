"""What a payment list says, apart from how a file writes it."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from config.common.money import ZERO
from cultivation.rules.reading import sha256_of
from documents.api import amount_in_words, format_money


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One payment; ``amount`` in yuan, codes and account as text, ``subjects`` by their kind."""

    number: int
    payee_name: str
    credit_code: str
    bank_name: str
    clearing_code: str
    account_number: str
    amount: Decimal
    purpose: str
    subjects: Mapping[str, str]
    award_year: int
    award_number: str

    @property
    def amount_text(self) -> str:
        return format_money(self.amount)

    @property
    def subjects_text(self) -> str:
        return "；".join(str(code) for _kind, code in sorted(self.subjects.items()))

    def as_json(self) -> dict[str, object]:
        return {
            "number": self.number,
            "payee_name": self.payee_name,
            "credit_code": self.credit_code,
            "bank_name": self.bank_name,
            "clearing_code": self.clearing_code,
            "account_number": self.account_number,
            "amount": self.amount_text,
            "purpose": self.purpose,
            "subjects": dict(self.subjects),
            "award_year": self.award_year,
            "award_number": self.award_number,
        }


@dataclass(frozen=True, slots=True)
class ListContent:
    """A list with its lines in order; the people are printed in the signature boxes."""

    number: str
    fund: str
    fiscal_year: int
    purpose: str
    lines: tuple[ContentLine, ...]
    drafted_by: str
    checked_by: str
    released_by: str
    released_on: dt.date

    @property
    def count(self) -> int:
        return len(self.lines)

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), ZERO)

    @property
    def total_text(self) -> str:
        return format_money(self.total)

    @property
    def total_in_words(self) -> str:
        return amount_in_words(self.total)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the workbook and the CSV; ``width`` in characters of the workbook."""

    header: str
    width: int
    value: Callable[[ContentLine], str]
    is_amount: bool = False


COLUMNS = (
    Column("序号", 6, lambda line: str(line.number)),
    Column("收款人全称", 34, lambda line: line.payee_name),
    Column("统一社会信用代码", 21, lambda line: line.credit_code),
    Column("开户银行", 30, lambda line: line.bank_name),
    Column("联行号", 15, lambda line: line.clearing_code),
    Column("收款账号", 24, lambda line: line.account_number),
    Column("金额（元）", 16, lambda line: line.amount_text, is_amount=True),
    Column("用途", 22, lambda line: line.purpose),
    Column("预算科目", 22, lambda line: line.subjects_text),
    Column("奖补年度", 10, lambda line: str(line.award_year)),
    Column("奖补编号", 11, lambda line: line.award_number),
)


def content_sha256(content: ListContent) -> str:
    """SHA-256 over the canonical JSON of what the list itself keeps: number, purpose and lines."""
    return sha256_of(
        {
            "number": content.number,
            "purpose": content.purpose,
            "lines": [line.as_json() for line in content.lines],
        }
    )
