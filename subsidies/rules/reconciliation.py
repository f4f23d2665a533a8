"""What a row of the region's award document means for the records here (edge case 33)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Outcome(StrEnum):
    """The values of ``subsidies.enums.Reconciliation``."""

    MATCHED = "matched"
    UNKNOWN_FIRM = "unknown_firm"
    NAME_DIFFERS = "name_differs"
    AMOUNT_CHANGED = "amount_changed"
    ALREADY_MATCHED = "already_matched"
    REVOKED = "revoked"
    NO_ACCREDITATION = "no_accreditation"


# Findings that may change when a firm, a name or a certificate is recorded later: judged again on re-import.
OPEN_OUTCOMES = frozenset(
    {Outcome.UNKNOWN_FIRM, Outcome.NAME_DIFFERS, Outcome.NO_ACCREDITATION, Outcome.REVOKED}
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a document before this one granted for the certificate; yuan."""

    amount: Decimal
    is_later: bool
    """The document that stands is dated after the one that is being read."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known here of the row's firm: its names (folded) and the certificate the row can mean."""

    names: frozenset[str]
    has_certificate: bool = False
    is_revoked: bool = False
    standing: Standing | None = None


def reconcile(name: str, amount: Decimal, known: Known | None) -> Outcome:
    """Judge one row: ``name`` folded as the names are, ``amount`` in yuan, ``known`` ``None`` for no such firm."""
    if known is None:
        return Outcome.UNKNOWN_FIRM
    if name not in known.names:
        return Outcome.NAME_DIFFERS
    if not known.has_certificate:
        return Outcome.NO_ACCREDITATION
    if known.is_revoked:
        return Outcome.REVOKED
    if known.standing is None:
        return Outcome.MATCHED
    if known.standing.amount == amount or known.standing.is_later:
        return Outcome.ALREADY_MATCHED
    return Outcome.AMOUNT_CHANGED
