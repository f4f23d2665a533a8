"""Opening balances of funding lines, and the entries that have to stand behind the confirmed ones."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from config.common.money import ZERO
from subsidies.enums import EntryKind, OpeningState
from subsidies.models import FundingLine, LedgerEntry, OpeningBalance

from .balances import Problem

# The figures of an opening balance, each with the kind of entry that books it.
BOOKED_AS: dict[str, EntryKind] = {
    "appropriated": EntryKind.APPROPRIATED,
    "committed": EntryKind.OPENING_COMMITTED,
    "paid": EntryKind.OPENING_PAID,
}
_OPENING_KINDS = (EntryKind.OPENING_COMMITTED, EntryKind.OPENING_PAID)


def opening_key(opening: OpeningBalance, figure: str) -> str:
    """The idempotency key of the entry that books one figure; a document appropriates once, whoever books it."""
    if figure == "appropriated":
        return f"appropriated:line:{opening.line_id}:{opening.document_number}"
    return f"opening:{opening.pk}:{figure}"


def openings_of(line: FundingLine) -> list[OpeningBalance]:
    """The opening balances of a line, the newest first, with their people; one query."""
    found = OpeningBalance.objects.filter(line=line).select_related("proposed_by", "decided_by")
    return list(found.order_by("-pk"))


def opening_sums(line: FundingLine) -> dict[str, Decimal]:
    """What the confirmed ones of a line come to by figure; yuan."""
    sums = dict.fromkeys(BOOKED_AS, ZERO)
    for opening in OpeningBalance.objects.filter(line=line, state=OpeningState.CONFIRMED):
        for figure in BOOKED_AS:
            sums[figure] += getattr(opening, figure)
    return sums


def check_openings() -> tuple[int, list[Problem]]:
    """Confirmed opening balances against their entries, and such entries against what was confirmed."""
    entries = {entry.idempotency_key: entry for entry in _entries()}
    expected: set[str] = set()
    problems: list[Problem] = []
    sums: dict[tuple[int, str], Decimal] = defaultdict(lambda: ZERO)
    checked = 0
    for opening in OpeningBalance.objects.order_by("pk"):
        checked += 1
        if opening.state != OpeningState.CONFIRMED:
            continue
        for figure in BOOKED_AS:
            if getattr(opening, figure):
                expected.add(opening_key(opening, figure))
            sums[opening.line_id, figure] += getattr(opening, figure)
        problems.extend(_entry_problems(opening, entries))
    problems.extend(
        Problem(
            "entry_without_opening",
            f"entry:{key}",
            _("No confirmed opening balance stands behind this entry."),
        )
        for key, entry in sorted(entries.items())
        if entry.kind in _OPENING_KINDS and key not in expected
    )
    problems.extend(
        Problem(
            "opening_negative",
            f"line:{line_id}",
            _("What was before this system comes to less than nothing."),
        )
        for (line_id, _figure), total in sorted(sums.items())
        if total < 0
    )
    return checked, problems


def _entries() -> QuerySet[LedgerEntry]:
    """Entries that an opening balance books, or that booked its document otherwise."""
    documents = OpeningBalance.objects.values("document_number")
    of_kind = Q(kind__in=_OPENING_KINDS)
    return LedgerEntry.objects.filter(
        of_kind | Q(kind=EntryKind.APPROPRIATED, document_number__in=documents)
    ).order_by("pk")


def _entry_problems(opening: OpeningBalance, entries: dict[str, LedgerEntry]) -> Iterator[Problem]:
    for figure, kind in BOOKED_AS.items():
        amount: Decimal = getattr(opening, figure)
        entry = entries.get(opening_key(opening, figure))
        wanted = (opening.line_id, kind, amount, opening.document_number)
        found = (
            (entry.line_id, entry.kind, entry.amount * entry.direction, entry.document_number)
            if entry
            else None
        )
        if amount and found != wanted:
            yield Problem(
                "opening_differs_from_ledger",
                str(opening),
                _("%(figure)s: the entries do not say what was confirmed.") % {"figure": figure},
            )
