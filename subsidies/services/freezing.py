"""Stopping an award before payment: frozen for a while, or revoked for good."""

from cultivation.api import User, recorded
from subsidies.models import Award
from subsidies.permissions import AwardAction, require

from .awards import decommit
from .conditions import require_conditions
from .events import lock_award, record_award_event, require_open, require_reason


@recorded("freeze award")
def freeze_award(*, award: Award, actor: User, reason: str) -> Award:
    """Stop the award where it is; what is committed for it stays committed."""
    award = lock_award(award)
    require(actor, AwardAction.FREEZE)
    require_reason(AwardAction.FREEZE, reason)
    require_open(award, award.freeze)
    before = award.state
    award.freeze(by=actor)
    award.save()
    record_award_event(award=award, action=AwardAction.FREEZE, actor=actor, from_state=before, reason=reason)
    return award


@recorded("unfreeze award")
def unfreeze_award(*, award: Award, actor: User, reason: str) -> Award:
    """Let the award go on from where it was frozen. Raises ``Refused`` (certificate_revoked)."""
    award = lock_award(award)
    require(actor, AwardAction.UNFREEZE)
    require_reason(AwardAction.UNFREEZE, reason)
    require_open(award, award.unfreeze)
    require_conditions(award=award, action=AwardAction.UNFREEZE, actor=actor)
    before = award.state
    award.unfreeze(by=actor)
    award.save()
    record_award_event(
        award=award, action=AwardAction.UNFREEZE, actor=actor, from_state=before, reason=reason
    )
    return award


@recorded("revoke award")
def revoke_award(*, award: Award, actor: User, reason: str) -> Award:
    """End the award before payment; money committed for it becomes available again on its line."""
    award = lock_award(award)
    require(actor, AwardAction.REVOKE)
    require_reason(AwardAction.REVOKE, reason)
    require_open(award, award.revoke)
    before, was_committed = award.state, award.is_committed
    award.revoke(by=actor)
    award.save()
    record_award_event(award=award, action=AwardAction.REVOKE, actor=actor, from_state=before, reason=reason)
    if was_committed:
        decommit(award=award, actor=actor, reason=reason)
    return award
