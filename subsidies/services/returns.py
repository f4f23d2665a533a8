"""Bank returns: matched line by line, applied once, kept with the file they came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.api import Role, User, mask_account, recorded, require_role
from documents.api import store_attachment
from subsidies.enums import AwardState, LineState, ListAction, ListState, ReturnOutcome
from subsidies.models import BankReturn, BankReturnRow, PaymentLine, PaymentList
from subsidies.return_files import ReturnRow, read_return
from subsidies.rules.returns import Answer, Effect, Line, effect_of_answer, paid_key, returned_key
from subsidies.selectors.payment_lists import lines_of

from .awards import bounce_award, pay_award, take_award_off_list
from .events import lock_award, lock_awards
from .list_events import record_list_event
from .payment_lists import lock_list
from .return_matching import match_rows, require_one_answer


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What one row of the file did, and why it did nothing."""

    row: int
    line_number: int | None
    account: str
    amount: str
    result: str
    outcome: ReturnOutcome
    note: str

    def as_json(self) -> dict[str, object]:
        return {
            "row": self.row,
            "line": self.line_number,
            "account": self.account,
            "amount": self.amount,
            "result": self.result,
            "outcome": str(self.outcome.value),
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class ReturnReport:
    """The answer to one load; ``repeated``: this very file had been loaded before and changed nothing now."""

    payment_list: PaymentList
    rows: tuple[RowOutcome, ...]
    repeated: bool

    def count(self, outcome: ReturnOutcome) -> int:
        return sum(row.outcome == outcome for row in self.rows)

    def as_json(self) -> dict[str, object]:
        return {
            "list": self.payment_list.number,
            **{outcome.value: self.count(outcome) for outcome in ReturnOutcome},
            "settled": self.payment_list.state == ListState.SETTLED,
            "unmatched_rows": [row.as_json() for row in self.rows if row.outcome == ReturnOutcome.UNMATCHED],
        }


@recorded("load bank return")
def load_bank_return(
    *, payment_list: PaymentList, content: bytes, original_name: str, actor: User
) -> ReturnReport:
    """Apply a return file to a released list: paid lines are booked, failed and returned ones are owed again.

    A row that fits no line, or has another amount, or contradicts an answer given before is listed as unmatched
    and does nothing; so is money sent back of an award that is being recovered, which a person has to settle. The same file again changes nothing. When every line is answered the list is settled.
    Raises ``RowsRefused`` (faulty cells, contradicting rows) and ``Refused``: not_released, return_empty.
    """
    require_role(actor, Role.FINANCE)
    payment_list = lock_list(payment_list)
    if payment_list.state not in (ListState.RELEASED, ListState.SETTLED):
        raise Refused(
            "not_released",
            _("The payment list %(number)s has not been released; a bank cannot have answered it.")
            % {"number": payment_list.number},
        )
    digest = sha256(content).hexdigest()
    earlier = BankReturn.objects.filter(payment_list=payment_list, sha256=digest).order_by("pk").first()
    if earlier is not None:
        return _report_again(payment_list, earlier)
    rows = read_return(content)
    matches = match_rows(rows, list(lines_of(payment_list)))
    require_one_answer(rows, matches)
    lock_awards([line.award for line, _note in matches if line is not None])
    bank_return = BankReturn.objects.create(
        payment_list=payment_list,
        source_file=store_attachment(
            content=content, original_name=_storable(original_name, content), uploaded_by=actor
        ),
        sha256=digest,
        loaded_by=actor,
    )
    outcomes = []
    for row, (line, note) in zip(rows, matches, strict=True):
        outcome, note = _apply(row, line, note, actor)
        outcomes.append(_outcome(row, outcome, note))
        BankReturnRow.objects.create(
            bank_return=bank_return,
            row=row.row,
            line=line,
            amount=row.amount,
            result=f"{row.words} {row.reason}".strip()[:120],
            outcome=outcome,
            note=note[:300],
        )
    report = ReturnReport(payment_list, tuple(outcomes), repeated=False)
    record_list_event(
        payment_list=payment_list,
        action=ListAction.LOAD_RETURN,
        actor=actor,
        from_state=payment_list.state,
        reason=", ".join(f"{item.value} {report.count(item)}" for item in ReturnOutcome) + f"; {digest}",
    )
    _settle_when_answered(payment_list, actor)
    return report


def _apply(row: ReturnRow, line: PaymentLine | None, note: str, actor: User) -> tuple[ReturnOutcome, str]:
    """Do what the row asks of its line."""
    if line is None:
        return ReturnOutcome.UNMATCHED, note
    reason = f"{line.payment_list.number}/{line.number} {row.words} {row.reason}".strip()
    effect = effect_of_answer(Line(line.state), Answer(row.result.value))
    if effect is Effect.NONE:
        return ReturnOutcome.UNCHANGED, ""
    if effect is Effect.CONTRADICTION:
        message = _("The line was answered before: %(state)s. Ask the bank.")
        return ReturnOutcome.UNMATCHED, message % {"state": line.get_state_display()}
    if effect is Effect.PAY:
        pay_award(award=line.award, actor=actor, key=paid_key(line.pk), note=reason)
        _answer(line, LineState.PAID, row)
        return ReturnOutcome.PAID, ""
    if effect is Effect.BOUNCE:
        # The line holds the award as it was when the file was opened; the row above may just have paid it.
        if lock_award(line.award).state != AwardState.PAID:
            return ReturnOutcome.UNMATCHED, _("The award is being recovered already; settle it by hand.")
        bounce_award(award=line.award, actor=actor, key=returned_key(line.pk), reason=reason)
    else:
        take_award_off_list(award=line.award, actor=actor, reason=reason)
    _answer(line, LineState.FAILED, row)
    return ReturnOutcome.FAILED, row.reason


def _answer(line: PaymentLine, state: LineState, row: ReturnRow) -> None:
    line.state = state
    line.is_active = state == LineState.PAID
    line.result_note = f"{row.words} {row.reason}".strip()[:300]
    line.answered_at = now()
    line.save(update_fields=["state", "is_active", "result_note", "answered_at"])


def _settle_when_answered(payment_list: PaymentList, actor: User) -> None:
    if payment_list.state != ListState.RELEASED:
        return
    if PaymentLine.objects.filter(payment_list=payment_list, state=LineState.OPEN).exists():
        return
    before = payment_list.state
    payment_list.settle()
    payment_list.save()
    record_list_event(payment_list=payment_list, action=ListAction.SETTLE, actor=actor, from_state=before)


def _outcome(row: ReturnRow, outcome: ReturnOutcome, note: str) -> RowOutcome:
    return RowOutcome(
        row=row.row,
        line_number=row.line_number,
        account=mask_account(row.account_number) if row.account_number else "",
        amount=f"{row.amount:.2f}",
        result=row.words,
        outcome=outcome,
        note=note,
    )


def _report_again(payment_list: PaymentList, earlier: BankReturn) -> ReturnReport:
    """The report of a file that was loaded before: what it did then is unchanged now."""
    return ReturnReport(payment_list, tuple(_seen_again(earlier.rows.select_related("line"))), repeated=True)


def _seen_again(rows: Iterable[BankReturnRow]) -> Iterable[RowOutcome]:
    for row in rows:
        unmatched = row.outcome == ReturnOutcome.UNMATCHED
        yield RowOutcome(
            row=row.row,
            line_number=row.line.number if row.line else None,
            account="",
            amount=f"{row.amount:.2f}" if row.amount is not None else "",
            result=row.result,
            outcome=ReturnOutcome.UNMATCHED if unmatched else ReturnOutcome.UNCHANGED,
            note=row.note if unmatched else "",
        )


def _storable(name: str, content: bytes) -> str:
    """The file's name with an ending that says what it is; banks also send .txt and .dat."""
    suffix = ".xlsx" if content.startswith(b"PK\x03\x04") else ".csv"
    return name if name.lower().endswith(suffix) else f"{PurePosixPath(name).stem}{suffix}"
