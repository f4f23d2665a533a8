"""Reading a bank's return file (.xlsx or .csv): which payment, how much, and what became of it."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.common.errors import Refused
from config.common.workbooks import Column, Kind, RowsRefused, read_any_table


class BankResult(TextChoices):
    """What the bank says of one payment."""

    PAID = "paid", gettext_lazy("Paid")
    FAILED = "failed", gettext_lazy("Failed")
    RETURNED = "returned", gettext_lazy("Sent back")
    PENDING = "pending", gettext_lazy("In progress")


_WORDS = {
    BankResult.PAID: "成功 已成功 支付成功 交易成功 处理成功 付款成功 入账成功 已支付 已付款 已付 已入账 paid success",
    BankResult.FAILED: "失败 已失败 支付失败 交易失败 处理失败 付款失败 入账失败 未成功 拒绝 已拒绝 failed fail",
    BankResult.RETURNED: "退汇 已退汇 退回 已退回 退票 已退票 退款 已退款 returned",
    BankResult.PENDING: "处理中 支付中 待处理 待支付 已受理 银行处理中 pending",
}
RETURN_COLUMNS = (
    Column(
        "line",
        "序号",
        Kind.INTEGER,
        synonyms=("行号", "明细序号", "明细编号", "清单行号", "清单序号", "line", "line number"),
        required=False,
        minimum=1,
    ),
    Column(
        "account",
        "收款账号",
        Kind.ACCOUNT,
        synonyms=(
            "账号",
            "银行账号",
            "收款人账号",
            "收款方账号",
            "收款人银行账号",
            "帐号",
            "收款帐号",
            "收款人帐号",
            "account",
        ),
        required=False,
    ),
    Column(
        "amount",
        "金额",
        Kind.MONEY,
        synonyms=("交易金额", "支付金额", "发生额", "付款金额", "实付金额", "转账金额", "amount"),
    ),
    Column(
        "result",
        "处理结果",
        Kind.CHOICE,
        synonyms=(
            "结果",
            "支付结果",
            "交易结果",
            "处理状态",
            "支付状态",
            "交易状态",
            "状态",
            "result",
            "status",
        ),
        choices={word: result for result, words in _WORDS.items() for word in words.split()},
        unknown="unknown_result",
    ),
    Column(
        "reason",
        "原因",
        synonyms=(
            "失败原因",
            "退汇原因",
            "失败或退汇原因",
            "原因说明",
            "银行附言",
            "附言",
            "备注",
            "说明",
            "reason",
        ),
        required=False,
        max_length=200,
    ),
)

# The lines under the table of our own exports, where the bank's answers were written into one of them.
_FOOT = ("合计", "总计", "大写", "清单编号", "资金", "内容校验")


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """One row as the bank wrote it: ``row`` as Excel counts it, ``amount`` in yuan, ``words`` the bank's own."""

    row: int
    line_number: int | None
    account_number: str | None
    amount: Decimal
    result: BankResult
    words: str
    reason: str


def read_return(content: bytes) -> list[ReturnRow]:
    """All rows of the file.

    Raises ``RowsRefused`` with each faulty cell and ``Refused`` for a file that cannot be read or has no rows.
    """
    table = read_any_table(content, RETURN_COLUMNS)
    foot = {row.number for row in table.rows if row.texts.get("line", "").startswith(_FOOT)}
    # Banks write yuan without saying so; an amount in another unit fits no line of the list.
    errors = [error for error in table.errors if error.row not in foot and error.code != "unit_missing"]
    rows = [row for row in table.rows if row.number not in foot]
    errors += [
        table.error(row, "line", "no_reference", _("A row names its line number or its account."))
        for row in rows
        if not row.texts.get("line") and not row.texts.get("account")
    ]
    if errors:
        raise RowsRefused(errors)
    if not rows:
        raise Refused("return_empty", _("The return file has no rows."))
    return [
        ReturnRow(
            row=row.number,
            line_number=row.get("line"),
            account_number=row.get("account"),
            amount=row.get("amount"),
            result=row.get("result"),
            words=row.texts.get("result", ""),
            reason=row.get("reason") or "",
        )
        for row in rows
    ]
