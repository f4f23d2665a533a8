"""Funding lines: opened by finance, filled and adjusted by document."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.api import Role, User, recorded, require_role
from subsidies.enums import EntryKind
from subsidies.models import FundingLine, LedgerEntry

from .ledger import post_entry


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


def _document(number: str) -> str:
    if not number.strip():
        raise Refused("document_missing", _("Name the document that changes the appropriation."))
    return number.strip()
