"""What happened to the subjects of the pages where two people may meet: who, when, what, as :mod:`config.common.overtaking` holds it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.overtaking import Strand, happened
from subsidies.enums import EntryKind, ListAction
from subsidies.models import (
    Exclusion,
    FundingLine,
    LedgerEntry,
    ListEvent,
    OpeningBalance,
    OtherReceipt,
    PaymentList,
    SchemeVersion,
)

Strands = Sequence[Strand]
# What people book on a line; commitments and payments come from the work on awards.
_BOOKED = (EntryKind.APPROPRIATED, EntryKind.ADJUSTED, EntryKind.CARRIED_OVER)


def line_strands(line: FundingLine) -> Strands:
    """What was booked on it by document."""
    rows = LedgerEntry.objects.filter(line=line, kind__in=_BOOKED)

    def said(entry: LedgerEntry) -> str:
        return f"{entry.get_kind_display()} {entry.amount * entry.direction:,.2f} {entry.document_number}"

    return [happened(rows, said, at="at", by="actor")]


def opening_strands(line: FundingLine) -> Strands:
    """Balances from before this system, proposed and decided."""
    rows = OpeningBalance.objects.filter(line=line)
    return [
        happened(
            rows,
            lambda row: _("Proposed: %(document)s") % {"document": row.document_number},
            at="proposed_at",
            by="proposed_by",
        ),
        happened(
            rows,
            lambda row: f"{row.document_number}: {row.get_state_display()} {row.decision_reason}".strip(),
            at="decided_at",
            by="decided_by",
        ),
    ]


def list_strands(payment_list: PaymentList) -> Strands:
    """The steps of a list; hashes of released files are not for reading."""
    rows = ListEvent.objects.filter(payment_list=payment_list)

    def said(event: ListEvent) -> str:
        reason = "" if event.action == ListAction.RELEASE else event.reason
        return f"{ListAction(event.action).label} {reason}".strip()

    return [happened(rows, said, at="at", by="actor")]


def drafted_strands(line: FundingLine) -> Strands:
    """The lists of a line: what one of them holds is not there for another."""
    rows = PaymentList.objects.filter(funding_line=line)

    def said(payment_list: PaymentList) -> str:
        return f"{payment_list.number} {payment_list.purpose}"

    return [
        happened(rows, said, at="drafted_at", by="drafted_by"),
        happened(
            rows,
            lambda row: f"{row.number}: {row.get_state_display()} {row.cancel_reason}",
            at="cancelled_at",
            by="cancelled_by",
        ),
    ]


def scheme_strands(key: str) -> Strands:
    """The versions of the scheme ``key``, drafted and published."""
    rows = SchemeVersion.objects.filter(scheme__key=key)

    def said(version: SchemeVersion) -> str:
        return _("Version %(number)s, valid from %(day)s") % {
            "number": version.number,
            "day": version.valid_from.isoformat(),
        }

    return [
        happened(rows, lambda row: f"{said(row)}: {_('Drafted')}", at="drafted_at", by="drafted_by"),
        happened(rows, lambda row: f"{said(row)}: {_('Published')}", at="published_at", by="published_by"),
    ]


def exclusion_strands(exclusion: Exclusion) -> Strands:
    """Its end."""
    rows = Exclusion.objects.filter(pk=exclusion.pk)
    return [
        happened(rows, lambda row: f"{_('Ended')}: {row.end_reason}", at="ended_at", by="ended_by"),
    ]


def receipt_strands(receipt: OtherReceipt) -> Strands:
    """Its confirmation and its withdrawal."""
    rows = OtherReceipt.objects.filter(pk=receipt.pk)
    return [
        happened(rows, lambda row: _("Confirmed"), at="confirmed_at", by="confirmed_by"),
        happened(
            rows,
            lambda row: f"{_('Withdrawn')}: {row.withdrawn_reason}",
            at="withdrawn_at",
            by="withdrawn_by",
        ),
    ]
