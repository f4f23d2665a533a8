"""Balances from before this system: proposed by finance from a document, booked by a second person (edge case 49)."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from config.common.money import ZERO
from cultivation.api import Role, User, recorded, require_role, require_second_person
from subsidies.enums import OpeningState
from subsidies.models import FundingLine, OpeningBalance
from subsidies.selectors.openings import BOOKED_AS, opening_key, opening_sums

from .ledger import lock_line, post_entry

PROPOSERS = (Role.FINANCE,)
DECIDERS = (Role.FINANCE, Role.REVIEWER)


@recorded("propose opening balance")
def propose_opening(
    *,
    line: FundingLine,
    document_number: str,
    document_date: dt.date,
    actor: User,
    appropriated: Decimal = ZERO,
    committed: Decimal = ZERO,
    paid: Decimal = ZERO,
    note: str = "",
) -> OpeningBalance:
    """What a document says the line had, yuan; nothing is booked until a second person confirms it.

    ``Refused``: document_missing, document_in_future, amount_missing, appropriated_negative, opening_exists (the same
    document opens a line once), opening_negative.
    """
    require_role(actor, *PROPOSERS)
    line = lock_line(line)
    number = document_number.strip()
    if not number:
        raise Refused("document_missing", _("Name the document that states the balance."))
    if document_date > today():
        raise Refused("document_in_future", _("The date of the document lies in the future."))
    if not (appropriated or committed or paid):
        raise Refused("amount_missing", _("An opening balance has at least one amount."))
    if appropriated < 0:
        raise Refused("appropriated_negative", _("An appropriation is cut by an adjustment, not here."))
    standing = OpeningBalance.objects.filter(line=line, document_number=number)
    if standing.exclude(state=OpeningState.REJECTED).exists():
        raise Refused("opening_exists", _("This document has opened the line already."))
    opening = OpeningBalance(
        line=line,
        appropriated=appropriated,
        committed=committed,
        paid=paid,
        document_number=number,
        document_date=document_date,
        note=note.strip(),
        proposed_by=actor,
    )
    _require_not_negative(opening)
    opening.save()
    return opening


@recorded("confirm opening balance")
def confirm_opening(*, opening: OpeningBalance, actor: User) -> OpeningBalance:
    """A second person books it, all figures or none; these amounts are never matched or paid again.

    ``Refused``: opening_decided, opening_negative, overdrawn, figures_negative, key_reused (the document
    was appropriated with another amount).
    """
    require_role(actor, *DECIDERS)
    opening = _waiting(opening)
    require_second_person(actor, opening.proposed_by_id, opening.proposed_at)
    _require_not_negative(opening)
    # What frees money goes first, so that a commitment of old can become a payment of old on a full line.
    for figure in sorted(BOOKED_AS, key=lambda name: (name != "appropriated", getattr(opening, name))):
        amount: Decimal = getattr(opening, figure)
        if amount:
            post_entry(
                line=opening.line,
                kind=BOOKED_AS[figure],
                amount=abs(amount),
                direction=1 if amount > 0 else -1,
                actor=actor,
                key=opening_key(opening, figure),
                document_number=opening.document_number,
                note=opening.note,
            )
    return _decide(opening, OpeningState.CONFIRMED, actor)


@recorded("reject opening balance")
def reject_opening(*, opening: OpeningBalance, reason: str, actor: User) -> OpeningBalance:
    """It is turned down; nothing is booked. ``Refused``: opening_decided, reason_missing."""
    require_role(actor, *DECIDERS)
    opening = _waiting(opening)
    require_second_person(actor, opening.proposed_by_id, opening.proposed_at)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    return _decide(opening, OpeningState.REJECTED, actor, reason.strip())


def _waiting(opening: OpeningBalance) -> OpeningBalance:
    """The opening balance under the lock of its line."""
    lock_line(FundingLine(pk=opening.line_id))
    opening = OpeningBalance.objects.select_related("line").get(pk=opening.pk)
    if opening.state != OpeningState.PROPOSED:
        raise Refused("opening_decided", _("This opening balance has been decided about already."))
    return opening


def _require_not_negative(opening: OpeningBalance) -> None:
    """Taking away is bounded by what was opened: it never reaches what awards have committed or been paid."""
    sums = opening_sums(opening.line)
    for figure in ("committed", "paid"):
        before, change = sums[figure], getattr(opening, figure)
        if before + change < 0:
            raise Refused(
                "opening_negative",
                _(
                    "Before this system the line had %(amount)s yuan of this: “%(figure)s”; not more can be taken away."
                )
                % {
                    "amount": f"{before:.2f}",
                    "figure": OpeningBalance._meta.get_field(figure).verbose_name,  # type: ignore[union-attr]
                },
            )


def _decide(opening: OpeningBalance, state: OpeningState, actor: User, reason: str = "") -> OpeningBalance:
    opening.state, opening.decision_reason = state, reason
    opening.decided_by, opening.decided_at = actor, now()
    opening.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    return opening
