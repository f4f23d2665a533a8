"""Recoveries: what was paid stays on record as it was; the difference comes back by entries of its own."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.api import User, recorded
from subsidies.enums import AwardState, EntryKind
from subsidies.models import Award, LedgerEntry
from subsidies.permissions import AwardAction, require
from subsidies.selectors.recovery import recovery_of

from .awards import mark_recovered, mark_recovering
from .events import lock_award, record_award_event, require_open
from .ledger import post_entry


@recorded("open recovery")
def open_recovery(*, award: Award, actor: User, reason: str = "") -> Award:
    """Ask back the exact difference of a paid award after an upstream cut or a revocation (edge case 34).

    The amount follows from the records (see ``recovery_of``), less what came back before. Raises ``Refused``: nothing_to_recover, wrong_state.
    """
    require(actor, AwardAction.OPEN_RECOVERY)
    award = lock_award(award)
    recovery = recovery_of(award)
    if not recovery.outstanding:
        raise Refused("nothing_to_recover", _("By the records nothing has to be paid back for this award."))
    text = _("%(cause)s To recover: %(amount)s yuan.") % {
        "cause": recovery.cause,
        "amount": f"{recovery.outstanding:.2f}",
    }
    return mark_recovering(award=award, actor=actor, reason=f"{text} {reason}".strip())


@recorded("record repayment")
def record_repayment(
    *, award: Award, amount: Decimal, reference: str, actor: User, on: dt.date | None = None
) -> LedgerEntry:
    """Book money that came back, in yuan; ``reference`` is the receipt's number, which is booked once.

    The recovery closes when all of it is back. Raises ``Refused``: not_recovering, reference_missing,
    amount_not_positive, more_than_outstanding.
    """
    require(actor, AwardAction.RECORD_REPAYMENT)
    reference = reference.strip()
    if not reference:
        raise Refused("reference_missing", _("Name the receipt of the repayment."))
    award = lock_award(award)
    key = f"recovered:award:{award.pk}:{reference}"
    standing = LedgerEntry.objects.filter(idempotency_key=key, amount=amount).first()
    if standing is not None:
        return standing
    line, version = award.funding_line, award.version
    if award.state != AwardState.RECOVERING or line is None or version is None:
        raise Refused("not_recovering", _("No recovery is open for this award."))
    outstanding = recovery_of(award).outstanding
    if amount > outstanding:
        raise Refused(
            "more_than_outstanding",
            _("Only %(amount)s yuan are still to be paid back.") % {"amount": f"{outstanding:.2f}"},
            outstanding=f"{outstanding:.2f}",
        )
    entry = post_entry(
        line=line,
        kind=EntryKind.RECOVERED,
        amount=amount,
        actor=actor,
        key=key,
        award=award,
        document_number=reference[:60],
        on=on,
        returns_to_line=version.recovery_returns_to_line,
    )
    record_award_event(
        award=award,
        action=AwardAction.RECORD_REPAYMENT,
        actor=actor,
        from_state=award.state,
        reason=f"{amount:.2f} {reference}"[:500],
    )
    if amount == outstanding:
        mark_recovered(award=award, actor=actor, reason=reference)
    return entry


@recorded("close recovery")
def close_recovery(*, award: Award, actor: User, reason: str) -> Award:
    """End a recovery by which nothing is to come back any more: the region has given again what it took.

    ``Refused``: wrong_state, reason_missing, still_outstanding.
    """
    require(actor, AwardAction.CLOSE_RECOVERY)
    award = lock_award(award)
    require_open(award, award.close_recovery)
    outstanding = recovery_of(award).outstanding
    if outstanding:
        raise Refused(
            "still_outstanding",
            _("%(amount)s yuan are still to be paid back.") % {"amount": f"{outstanding:.2f}"},
            outstanding=f"{outstanding:.2f}",
        )
    return mark_recovered(award=award, actor=actor, reason=reason)
