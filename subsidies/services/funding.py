"""Funding lines: opened by finance, filled and adjusted by document."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role
from subsidies.enums import EntryKind
from subsidies.models import FundingLine, LedgerEntry

from .ledger import lock_lines, post_entry


@recorded("open funding line")
def open_line(
    *,
    name: str,
    fund: str,
    fiscal_year: int,
    actor: User,
    subjects: Mapping[str, str] | None = None,
    subjects_source: str = "",
) -> FundingLine:
    """Open a line of ``fund`` for one fiscal year, without money yet. Raises ``Refused`` (line_exists).

    ``subjects`` are the budget subject codes as the budget document gives them, by kind of subject.
    """
    require_role(actor, Role.FINANCE)
    if not name.strip() or not fund.strip():
        raise Refused("name_missing", _("A funding line has a name and a fund."))
    if subjects and not subjects_source.strip():
        raise Refused("source_missing", _("Name the document that gives the budget subject codes."))
    if FundingLine.objects.filter(fund=fund, name=name, fiscal_year=fiscal_year).exists():
        raise Refused("line_exists", _("This funding line has been opened already."))
    return FundingLine.objects.create(
        name=name,
        fund=fund,
        fiscal_year=fiscal_year,
        subjects=dict(subjects or {}),
        subjects_source=subjects_source,
    )


@recorded("appropriate")
def appropriate(
    *,
    line: FundingLine,
    amount: Decimal,
    document_number: str,
    actor: User,
    on: dt.date | None = None,
    note: str = "",
) -> LedgerEntry:
    """Book the money a document gives to the line (yuan); the same document twice has no further effect."""
    require_role(actor, Role.FINANCE)
    number = _document(document_number)
    return post_entry(
        line=line,
        kind=EntryKind.APPROPRIATED,
        amount=amount,
        actor=actor,
        key=f"appropriated:line:{line.pk}:{number}",
        document_number=number,
        note=note,
        on=on,
    )


@recorded("adjust appropriation")
def adjust(
    *,
    line: FundingLine,
    amount: Decimal,
    document_number: str,
    actor: User,
    on: dt.date | None = None,
    note: str = "",
) -> LedgerEntry:
    """Add (``amount`` above zero) or take away (below) by document; what is committed or paid stays covered."""
    require_role(actor, Role.FINANCE)
    number = _document(document_number)
    return post_entry(
        line=line,
        kind=EntryKind.ADJUSTED,
        amount=abs(amount),
        direction=1 if amount > 0 else -1,
        actor=actor,
        key=f"adjusted:line:{line.pk}:{number}",
        document_number=number,
        note=note,
        on=on,
    )


@recorded("carry over")
def carry_over(
    *, source: FundingLine, target: FundingLine, amount: Decimal, document_number: str, actor: User
) -> tuple[LedgerEntry, LedgerEntry]:
    """At year-end what is still available goes to the same fund's line of the next year, by document; yuan.

    What is committed stays where it is and is paid from there. Both entries stand or none; the same document again
    has no further effect. ``Refused``: document_missing, other_fund, other_year, amount_not_positive, overdrawn.
    """
    require_role(actor, Role.FINANCE)
    number = _document(document_number)
    if source.fund != target.fund:
        raise Refused("other_fund", _("Money is carried over within its fund."))
    if target.fiscal_year != source.fiscal_year + 1:
        raise Refused("other_year", _("Money is carried over to the next fiscal year."))
    lock_lines([source, target])
    origin = (
        LedgerEntry.objects.filter(line=source, kind__in=[EntryKind.APPROPRIATED, EntryKind.CARRIED_OVER])
        .order_by("pk")
        .values_list("document_number", flat=True)
        .first()
    )
    note = _("Appropriated by %(document)s") % {"document": origin} if origin else ""
    out, into = (
        post_entry(
            line=line,
            kind=EntryKind.CARRIED_OVER,
            amount=amount,
            direction=direction,
            actor=actor,
            key=f"carried_over:{source.pk}:{target.pk}:{number}:{side}",
            document_number=number,
            note=note,
        )
        for line, direction, side in ((source, -1, "out"), (target, 1, "in"))
    )
    return out, into


def _document(number: str) -> str:
    if not number.strip():
        raise Refused("document_missing", _("Name the document that changes the appropriation."))
    return number.strip()
