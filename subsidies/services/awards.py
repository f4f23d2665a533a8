"""The award from its review to payment and recovery: each step locked, allowed, checked and written down."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import User, recorded
from subsidies.enums import EntryKind
from subsidies.models import Award, FundingLine, LedgerEntry
from subsidies.permissions import AwardAction, require

from .conditions import require_conditions
from .events import lock_award, record_award_event, require_open, require_reason
from .ledger import post_entry
from .standing import require_fund


@recorded("record application")
def record_application(*, award: Award, applied_on: dt.date, document: str, actor: User) -> Award:
    """When the firm's application came in, for a scheme with a window. ``Refused``: wrong_state, document_missing,
    date_in_future."""
    award = lock_award(award)
    require(actor, AwardAction.RECORD_APPLICATION)
    require_open(award, award.calculate)
    if not document.strip():
        raise Refused("document_missing", _("Name the document."))
    if applied_on > today():
        raise Refused("date_in_future", _("The date of the document lies in the future."))
    award.applied_on, award.application_document = applied_on, document.strip()
    award.save(update_fields=["applied_on", "application_document"])
    note = f"{applied_on.isoformat()} {document.strip()}"
    record_award_event(
        award=award, action=AwardAction.RECORD_APPLICATION, actor=actor, from_state=award.state, reason=note
    )
    return award


@recorded("review award")
def review_award(*, award: Award, actor: User) -> Award:
    """A reviewer other than the calculator agrees with the calculation."""
    award = lock_award(award)
    require(actor, AwardAction.REVIEW)
    require_open(award, award.review)
    require_conditions(award=award, action=AwardAction.REVIEW, actor=actor)
    before = award.state
    award.review(by=actor)
    return _saved(award, AwardAction.REVIEW, actor, before)


@recorded("send award back")
def send_back_award(*, award: Award, actor: User, reason: str) -> Award:
    """To be calculated afresh; the calculation that was not accepted stays on record.

    Of an approved award the commitment goes back to its line: where the region's amount, the certificate or a receipt
    changed before payment, it is approved once more for the right amount. ``Refused``: wrong_state, notice_stands.
    """
    award = lock_award(award)
    require(actor, AwardAction.SEND_BACK)
    require_reason(AwardAction.SEND_BACK, reason)
    require_open(award, award.send_back)
    require_conditions(award=award, action=AwardAction.SEND_BACK, actor=actor)
    before = award.state
    if award.is_committed:
        decommit(award=award, actor=actor, reason=reason)
    award.send_back(by=actor, reason=reason[:300])
    return _saved(award, AwardAction.SEND_BACK, actor, before, reason)


@recorded("approve award")
def approve_award(*, award: Award, actor: User, funding_line: FundingLine) -> Award:
    """Approve after the disclosure and commit the amount on ``funding_line``; whole or not at all (edge case 31).

    Raises ``Refused``: disclosure_missing, disclosure_running, objection_open, objection_upheld, certificate_revoked, basis_changed, excluded,
    other_fund, overdrawn.
    """
    award = lock_award(award)
    require(actor, AwardAction.APPROVE)
    require_open(award, award.approve)
    require_conditions(award=award, action=AwardAction.APPROVE, actor=actor)
    require_fund(award, funding_line)
    before = award.state
    award.approve(by=actor, funding_line=funding_line)
    award = _saved(award, AwardAction.APPROVE, actor, before)
    _post(award, EntryKind.COMMITTED, actor, key=f"committed:calculation:{award.calculation_id}")
    return award


@recorded("put award on list")
def put_award_on_list(*, award: Award, actor: User, reason: str = "") -> Award:
    """An approved award comes onto a payment list (``reason``: its number); the money stays committed."""
    award = lock_award(award)
    require(actor, AwardAction.PUT_ON_LIST)
    require_open(award, award.put_on_list)
    require_conditions(award=award, action=AwardAction.PUT_ON_LIST, actor=actor)
    before = award.state
    award.put_on_list(by=actor)
    return _saved(award, AwardAction.PUT_ON_LIST, actor, before, reason)


@recorded("take award off list")
def take_award_off_list(*, award: Award, actor: User, reason: str) -> Award:
    """The list was cancelled or the bank refused the line: approved again, and still committed (edge case 35)."""
    award = lock_award(award)
    require(actor, AwardAction.TAKE_OFF_LIST)
    require_reason(AwardAction.TAKE_OFF_LIST, reason)
    require_open(award, award.take_off_list)
    before = award.state
    award.take_off_list(by=actor)
    return _saved(award, AwardAction.TAKE_OFF_LIST, actor, before, reason)


@recorded("pay award")
def pay_award(*, award: Award, actor: User, key: str, note: str = "") -> Award:
    """The bank has paid: committed becomes paid. ``key`` is the entry's, one a payment line."""
    award = lock_award(award)
    require(actor, AwardAction.PAY)
    require_open(award, award.pay)
    before = award.state
    award.pay(by=actor)
    award = _saved(award, AwardAction.PAY, actor, before, note)
    _post(award, EntryKind.PAID, actor, key=key, note=note)
    return award


@recorded("bounce award")
def bounce_award(*, award: Award, actor: User, key: str, reason: str) -> Award:
    """The bank sent the money back later (退汇): paid becomes committed, still owed and open to nobody else."""
    award = lock_award(award)
    require(actor, AwardAction.BOUNCE)
    require_reason(AwardAction.BOUNCE, reason)
    require_open(award, award.bounce)
    before = award.state
    award.bounce(by=actor)
    award = _saved(award, AwardAction.BOUNCE, actor, before, reason)
    _post(award, EntryKind.RETURNED, actor, key=key, note=reason, reverses=_standing(award, EntryKind.PAID))
    return award


@recorded("open recovery")
def mark_recovering(*, award: Award, actor: User, reason: str) -> Award:
    """A paid award is to be paid back, wholly or in part (edge case 34); what was paid is never edited."""
    award = lock_award(award)
    require(actor, AwardAction.OPEN_RECOVERY)
    require_reason(AwardAction.OPEN_RECOVERY, reason)
    require_open(award, award.open_recovery)
    before = award.state
    award.open_recovery(by=actor)
    return _saved(award, AwardAction.OPEN_RECOVERY, actor, before, reason)


@recorded("close recovery")
def mark_recovered(*, award: Award, actor: User, reason: str) -> Award:
    """All that was to be paid back has come."""
    award = lock_award(award)
    require(actor, AwardAction.CLOSE_RECOVERY)
    require_reason(AwardAction.CLOSE_RECOVERY, reason)
    require_open(award, award.close_recovery)
    before = award.state
    award.close_recovery(by=actor)
    return _saved(award, AwardAction.CLOSE_RECOVERY, actor, before, reason)


def decommit(*, award: Award, actor: User, reason: str) -> LedgerEntry:
    """Give the committed amount of an award back to its line; the caller has locked the award."""
    return _post(
        award,
        EntryKind.DECOMMITTED,
        actor,
        key=f"decommitted:calculation:{award.calculation_id}",
        note=reason,
        reverses=_standing(award, EntryKind.COMMITTED),
    )


def _saved(award: Award, action: AwardAction, actor: User, before: str, reason: str = "") -> Award:
    award.save()
    record_award_event(award=award, action=action, actor=actor, from_state=before, reason=reason[:500])
    return award


def _post(
    award: Award,
    kind: EntryKind,
    actor: User,
    *,
    key: str,
    note: str = "",
    reverses: LedgerEntry | None = None,
) -> LedgerEntry:
    if award.funding_line is None or award.amount is None:
        raise Refused("not_approved", _("The award has no amount on a funding line."))
    return post_entry(
        line=award.funding_line,
        kind=kind,
        amount=award.amount,
        actor=actor,
        key=key,
        award=award,
        note=note[:300],
        reverses=reverses,
    )


def _standing(award: Award, kind: EntryKind) -> LedgerEntry | None:
    """The award's last entry of ``kind`` that nothing has reversed."""
    return (
        LedgerEntry.objects.filter(award=award, kind=kind, reversed_by__isnull=True).order_by("-pk").first()
    )
