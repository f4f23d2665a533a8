"""Payment lists: all of them, the lines and bank returns of one, what the next would be made of, what fits no line."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.api import Role, User, mask_account
from documents.api import QueryTable, TableMaker
from subsidies.models import BankReturnRow, PaymentList
from subsidies.selectors.payment_lists import find_list, lines_of, listable_awards, payment_lists, returns_of
from subsidies.selectors.preflight import preflight
from subsidies.selectors.unmatched_rows import unmatched_rows
from subsidies.views.payment_lists import READERS

from .funding import line_of

_BATCH = 1_000


class PaymentLists(QueryTable):
    roles = READERS
    stem = "payment-lists"

    def name(self) -> str:
        return _("Payment lists")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Number"), _("Purpose"), _("Funding line"), _("State"), _("Lines"), _("Total (yuan)")),
            *(_("Paid"), _("Failed"), _("Drafted by"), _("Drafted on"), _("Checked by"), _("Released by")),
            *(_("Released on"), _("Settled on"), _("Content hash")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[PaymentList]:
        return payment_lists()

    def cells(self, row: PaymentList) -> Sequence[Value]:
        sums = vars(row)
        return (
            row.number,
            row.purpose,
            str(row.funding_line),
            str(row.get_state_display()),
            sums["line_count"],
            sums["total"],
            sums["paid_total"],
            sums["failed_count"],
            str(row.drafted_by),
            localdate(row.drafted_at),
            str(row.checked_by or ""),
            str(row.released_by or ""),
            localdate(row.released_at) if row.released_at else None,
            localdate(row.settled_at) if row.settled_at else None,
            row.content_sha256,
        )


class PaymentLines(TableMaker):
    """The lines of one ``list``; only finance sees accounts in full."""

    roles = READERS

    def name(self) -> str:
        return _("Lines")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        return f"{_list(parameters).number}-lines-{today().isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Line"), _("Payee"), _("Unified social credit code"), _("Bank"), _("Clearing code")),
            *(_("Account"), _("Amount (yuan)"), _("Purpose"), _("Award"), _("Answer of the bank"), _("Note")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return lines_of(_list(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        in_full = owner.has_role(Role.FINANCE)
        for line in lines_of(_list(parameters)).iterator(chunk_size=_BATCH):
            yield (
                line.number,
                line.payee_name,
                line.credit_code,
                line.bank_name,
                line.clearing_code,
                line.account_number if in_full else mask_account(line.account_number),
                line.amount,
                line.purpose,
                line.award.number,
                str(line.get_state_display()),
                line.result_note,
            )


class PaymentReturns(TableMaker):
    """Every row of every return that was loaded for one ``list``."""

    roles = READERS

    def name(self) -> str:
        return _("Bank returns")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        return f"{_list(parameters).number}-returns-{today().isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Loaded on"), _("Loaded by"), _("Row"), _("Line"), _("Amount (yuan)")),
            *(_("As the bank says it"), _("Outcome"), _("Note"), "SHA-256"),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return BankReturnRow.objects.filter(bank_return__payment_list=_list(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for bank_return in returns_of(_list(parameters)):
            for row in bank_return.rows.all():
                yield (
                    localdate(bank_return.loaded_at),
                    str(bank_return.loaded_by),
                    row.row,
                    row.line.number if row.line else None,
                    row.amount,
                    row.result,
                    str(row.get_outcome_display()),
                    row.note,
                    bank_return.sha256,
                )


def _list(parameters: Mapping[str, Any]) -> PaymentList:
    return find_list(parameters.get("list", ""))


class Preflight(TableMaker):
    """What a payment list would make of each approved award of one ``line``."""

    roles = (Role.FINANCE,)

    def name(self) -> str:
        return _("Awards")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        line = line_of(parameters)
        return f"preflight-{line.fiscal_year}-{line.name}-{today().isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Award"), _("Payee"), _("Account"), _("Amount (yuan)"), _("May be paid")),
            *(_("What stops it"), _("What to know")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return listable_awards(funding_line=line_of(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        line = line_of(parameters)
        for outcome in preflight(awards=listable_awards(funding_line=line), funding_line=line):
            yield (
                outcome.award.number,
                outcome.payee_name,
                outcome.account.number if outcome.account else "",
                outcome.award.amount,
                _("Yes") if outcome.ok else _("No"),
                "; ".join(problem.message for problem in outcome.problems),
                "; ".join(warning.message for warning in outcome.warnings),
            )


class UnmatchedRows(QueryTable):
    roles = READERS
    stem = "unmatched-rows"

    def name(self) -> str:
        return _("Unmatched rows")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Payment list"), _("Loaded on"), _("File"), _("Row"), _("Amount (yuan)")),
            *(_("As the bank says it"), _("Note"), _("Dealt with by"), _("Dealt with on")),
            _("What was found out and done"),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[BankReturnRow]:
        return unmatched_rows(settled=SETTLED[rows_shown(parameters)])

    def cells(self, row: BankReturnRow) -> Sequence[Value]:
        done = getattr(row, "settlement", None)
        return (
            row.bank_return.payment_list.number,
            localdate(row.bank_return.loaded_at),
            row.bank_return.source_file.original_name,
            row.row,
            row.amount,
            row.result,
            row.note,
            str(done.settled_by) if done else "",
            localdate(done.settled_at) if done else None,
            done.note if done else "",
        )


SETTLED = {"open": False, "settled": True, "all": None}


def rows_shown(parameters: Mapping[str, Any]) -> str:
    """Which unmatched rows the address asks for, as ``SETTLED`` names them."""
    shown: str = parameters.get("shown", "open")
    return shown if shown in SETTLED else "open"
