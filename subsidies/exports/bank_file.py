"""The bank batch file: GB18030 text, one record a line, columns as the bank wants them."""

from dataclasses import dataclass

from config.common.text import harmless

from .content import ContentLine, ListContent


class UnfitForBank(ValueError):
    """A value holds the delimiter or a line break, which the bank's format has no way to write."""

    def __init__(self, line: int, header: str) -> None:
        super().__init__(f"line {line}, {header}")
        self.line = line
        self.header = header


@dataclass(frozen=True, slots=True)
class BankFormat:
    """How one bank wants its batch file.

    ``columns`` are headers with the attribute of :class:`ContentLine` that fills them. The first record holds
    the control figures: list number, number of payments, total in yuan, total in words.
    """

    name: str
    columns: tuple[tuple[str, str], ...]
    delimiter: str = "|"
    encoding: str = "gb18030"
    line_end: str = "\r\n"


DEFAULT_BANK_FORMAT = BankFormat(
    name="通用批量代付格式",
    columns=(
        ("序号", "number"),
        ("收款账号", "account_number"),
        ("收款人全称", "payee_name"),
        ("开户银行", "bank_name"),
        ("联行号", "clearing_code"),
        ("金额", "amount_text"),
        ("用途", "purpose"),
    ),
)


def build_bank(content: ListContent, bank_format: BankFormat = DEFAULT_BANK_FORMAT) -> bytes:
    """Bytes of the batch file; :class:`UnfitForBank` names a value that the format cannot hold."""
    records = [
        ["清单编号", "笔数", "合计", "大写"],
        [content.number, str(content.count), content.total_text, content.total_in_words],
        [header for header, _attribute in bank_format.columns],
        *[_record(line, bank_format) for line in content.lines],
    ]
    lines = [bank_format.delimiter.join(record) + bank_format.line_end for record in records]
    return "".join(lines).encode(bank_format.encoding)


def _record(line: ContentLine, bank_format: BankFormat) -> list[str]:
    record = []
    for header, attribute in bank_format.columns:
        value = harmless(str(getattr(line, attribute)))
        if bank_format.delimiter in value or len(value.splitlines()) > 1:
            raise UnfitForBank(line.number, header)
        record.append(value)
    return record
