"""Which payment line each row of a bank's return is about, and why a row is about none."""

from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.errors import RowError
from config.common.workbooks import RowsRefused
from subsidies.models import PaymentLine
from subsidies.return_files import BankResult, ReturnRow

# The line of a row, or why there is none.
Match = tuple[PaymentLine | None, str]


def match_rows(rows: Sequence[ReturnRow], lines: Sequence[PaymentLine]) -> list[Match]:
    """The line of each row, or why there is none."""
    by_number = {line.number: line for line in lines}
    by_account: dict[str, list[PaymentLine]] = defaultdict(list)
    for line in lines:
        by_account[_plain(line.account_number)].append(line)
    return [_find(row, by_number, by_account) for row in rows]


def _find(
    row: ReturnRow, by_number: dict[int, PaymentLine], by_account: dict[str, list[PaymentLine]]
) -> Match:
    if row.line_number is not None:
        line = by_number.get(row.line_number)
        if line is None:
            return None, _("The list has no such line.")
        if row.account_number is not None and _plain(row.account_number) != _plain(line.account_number):
            return None, _("The account is not the one of this line.")
        if row.amount != line.amount:
            return None, _("The amount is not the one of this line.")
        return line, ""
    candidates = by_account.get(_plain(row.account_number or ""), [])
    if not candidates:
        return None, _("No line of the list pays to this account.")
    fitting = [line for line in candidates if line.amount == row.amount]
    if not fitting:
        return None, _("The amount is not the one of this line.")
    if len(fitting) > 1:
        return None, _("Several lines pay this amount to this account; give the line number.")
    return fitting[0], ""


def _plain(account: str) -> str:
    return account.replace("-", "").replace(" ", "")


def require_one_answer(rows: Sequence[ReturnRow], matches: Sequence[Match]) -> None:
    """A file that both pays and fails a line is refused whole; sent back after it was paid is no contradiction."""
    answers: dict[int, BankResult] = {}
    errors = []
    for row, (line, _note) in zip(rows, matches, strict=True):
        if line is None or row.result == BankResult.PENDING:
            continue
        before = answers.setdefault(line.pk, row.result)
        if before != row.result and (before, row.result) != (BankResult.PAID, BankResult.RETURNED):
            errors.append(
                RowError(
                    row.row,
                    "处理结果",
                    row.words,
                    "contradicting_rows",
                    _("Another row of this file says “%(other)s” of the same line.")
                    % {"other": before.label},
                )
            )
        answers[line.pk] = row.result
    if errors:
        raise RowsRefused(errors)
