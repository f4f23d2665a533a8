"""Payment lists against the ledger, the awards, and what was released."""

from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256

from django.db.models import F
from django.utils.translation import gettext as _

from subsidies.enums import AwardState, EntryKind, ExportFormat, LineState, ListAction, ListState
from subsidies.exports import content_sha256
from subsidies.models import (
    Award,
    LedgerEntry,
    ListCounter,
    ListEvent,
    PaymentLine,
    PaymentList,
    ReleasedFile,
)
from subsidies.rules.returns import paid_key, returned_key

from .balances import Problem
from .payment_lists import content_of

_RELEASED = (ListState.RELEASED, ListState.SETTLED)
_PAID_STATES = (AwardState.PAID, AwardState.RECOVERING, AwardState.RECOVERED)
# Award and amount of an entry, by its key.
Entries = dict[str, tuple[int | None, Decimal]]


def check_lines() -> tuple[int, list[Problem]]:
    """Every line against the entries that paid it and against its award; every payment against its line."""
    entries: Entries = {
        key: (award_id, amount)
        for key, award_id, amount in LedgerEntry.objects.filter(
            kind__in=[EntryKind.PAID, EntryKind.RETURNED], direction=1
        ).values_list("idempotency_key", "award_id", "amount")
    }
    problems: list[Problem] = []
    known: set[str] = set()
    held: set[int] = set()
    checked = 0
    problems.extend(_release_problems())
    for line in PaymentLine.objects.select_related("payment_list", "award").order_by("pk").iterator():
        checked += 1
        known |= {paid_key(line.pk), returned_key(line.pk)}
        problems.extend(_entry_problems(line, entries))
        if line.is_active:
            held.add(line.award_id)
            problems.extend(_award_problems(line))
    problems.extend(
        Problem("payment_without_line", f"entry:{key}", _("No payment line stands behind this entry."))
        for key in sorted(entries.keys() - known)
    )
    unheld = Award.objects.filter(state__in=[AwardState.LISTED, AwardState.PAID]).exclude(pk__in=held)
    problems.extend(
        Problem("award_without_line", award.number, _("The award counts on no payment line."))
        for award in unheld.order_by("pk")
    )
    return checked, problems


def check_lists() -> tuple[int, list[Problem]]:
    """Numbers without gap, states that agree with the lines, and the content that was released."""
    problems = list(_number_problems())
    lists = PaymentList.objects.select_related("funding_line", "drafted_by", "checked_by", "released_by")
    checked = 0
    for payment_list in lists.order_by("pk").iterator():
        checked += 1
        is_open = PaymentLine.objects.filter(payment_list=payment_list, state=LineState.OPEN).exists()
        if payment_list.state == ListState.SETTLED and is_open:
            problems.append(
                Problem("settled_with_open_line", payment_list.number, _("A line has no answer of the bank."))
            )
        if (
            payment_list.state in _RELEASED
            and content_sha256(content_of(payment_list)) != payment_list.content_sha256
        ):
            problems.append(
                Problem(
                    "content_changed", payment_list.number, _("The lines are not those that were released.")
                )
            )
    return checked, problems


def check_files() -> tuple[int, list[Problem]]:
    """The stored exports: all of them there, their bytes as hashed, the hash as the release event has it."""
    files: dict[int, list[ReleasedFile]] = {}
    problems = []
    checked = 0
    for file in ReleasedFile.objects.order_by("payment_list_id", "format").iterator(chunk_size=50):
        checked += 1
        digest = sha256(_stored_bytes(file)).hexdigest()
        file.content = b""
        files.setdefault(file.payment_list_id, []).append(file)
        if digest != file.sha256:
            problems.append(
                Problem(
                    "file_changed",
                    f"file:{file.payment_list_id}.{file.format}",
                    _("The stored file does not have its hash."),
                )
            )
    told = dict(ListEvent.objects.filter(action=ListAction.RELEASE).values_list("payment_list_id", "reason"))
    for payment_list in PaymentList.objects.filter(state__in=_RELEASED).order_by("pk").iterator():
        stored = files.get(payment_list.pk, [])
        expected = " ".join(
            f"{file.format}:{file.sha256}"
            for file in sorted(stored, key=lambda file: ExportFormat.values.index(file.format))
        )
        if len(stored) != len(ExportFormat) or told.get(payment_list.pk) != expected:
            problems.append(
                Problem(
                    "files_differ_from_release",
                    payment_list.number,
                    _("The stored files are not those of the release event."),
                )
            )
    return checked, problems


def _stored_bytes(file: ReleasedFile) -> bytes:
    """The content, even where somebody wrote text into SQLite's untyped column."""
    content: bytes | memoryview | str = file.content
    return content.encode() if isinstance(content, str) else bytes(content)


def _entry_problems(line: PaymentLine, entries: Entries) -> Iterator[Problem]:
    paid, returned = entries.get(paid_key(line.pk)), entries.get(returned_key(line.pk))
    record = f"{line.payment_list.number}/{line.number}"
    if (paid is not None and returned is None) != (line.state == LineState.PAID):
        yield Problem(
            "line_differs_from_ledger",
            record,
            _("The line is “%(state)s”; the ledger says otherwise.") % {"state": line.get_state_display()},
        )
    if returned is not None and paid is None:
        yield Problem("return_without_payment", record, _("Money came back that was never paid."))
    for entry in (paid, returned):
        if entry is not None and entry != (line.award_id, line.amount):
            yield Problem(
                "entry_differs_from_line", record, _("The entry has another award or amount than the line.")
            )


def _award_problems(line: PaymentLine) -> Iterator[Problem]:
    record = f"{line.payment_list.number}/{line.number}"
    award = line.award
    expected = _PAID_STATES if line.state == LineState.PAID else (AwardState.LISTED,)
    if award.state not in expected:
        yield Problem(
            "line_differs_from_award",
            record,
            _("The line is “%(line)s”, its award %(award)s “%(state)s”.")
            % {
                "line": line.get_state_display(),
                "award": award.number,
                "state": award.get_state_display(),
            },
        )
    if award.amount != line.amount:
        yield Problem(
            "line_amount_differs",
            record,
            _("The award %(award)s has another amount.") % {"award": award.number},
        )


def _release_problems() -> Iterator[Problem]:
    """A line names the people of its award and of its list, which the constraint on it keeps apart."""
    lines = PaymentLine.objects.filter(payment_list__state__in=_RELEASED, is_active=True).exclude(
        released_by=F("payment_list__released_by"),
        calculated_by=F("award__calculated_by"),
        approved_by=F("award__approved_by"),
    )
    for line in lines.select_related("payment_list").order_by("pk"):
        yield Problem(
            "line_names_other_people",
            f"{line.payment_list.number}/{line.number}",
            _("The line does not name who calculated, approved and released it."),
        )


def _number_problems() -> Iterator[Problem]:
    """The lists of a year run 1…n, and n is what the counter says."""
    counters = dict(ListCounter.objects.values_list("year", "last"))
    years = set(PaymentList.objects.order_by().values_list("year", flat=True))
    for year in sorted(counters.keys() | years):
        sequences = list(
            PaymentList.objects.filter(year=year).order_by("sequence").values_list("sequence", flat=True)
        )
        if sequences != list(range(1, counters.get(year, 0) + 1)):
            yield Problem("list_numbers", str(year), _("The numbers of this year's lists have a gap."))
