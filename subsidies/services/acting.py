"""One door from the pages to the services: an act is done only on the award as the person saw it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.api import User, recorded, recorded_as
from subsidies.models import AmountOverride, Award, Objection
from subsidies.permissions import AwardAction

from . import awards, calculation, disclosure, freezing, notices, objections, overrides, recovery
from .conditions import waiting_override
from .events import lock_award, lock_firms, require_unchanged


@recorded(recorded_as(disclosure.disclose_awards))
def _disclose(*, award: Award, actor: User, **round_: Any) -> Award:
    """Into the disclosure round of that day and place: one award after the other shares it."""
    disclosure.disclose_awards(awards=[award], actor=actor, **round_)
    return Award.objects.select_related("disclosure").get(pk=award.pk)


@recorded(recorded_as(overrides.confirm_override))
def _confirm_override(*, award: Award, actor: User) -> Award:
    return overrides.confirm_override(override=_waiting(award), actor=actor)


@recorded(recorded_as(overrides.reject_override))
def _reject_override(*, award: Award, actor: User, reason: str) -> AmountOverride:
    return overrides.reject_override(override=_waiting(award), actor=actor, reason=reason)


def _waiting(award: Award) -> AmountOverride:
    override = waiting_override(award)
    if override is None:
        raise Refused("override_decided", _("This amount has been decided about already."))
    return override


@recorded(recorded_as(objections.answer_objection))
def _answer_objection(*, award: Award, actor: User, objection: Objection, **answer: Any) -> Objection:
    if objection.award_id != award.pk:
        raise Refused("other_award", _("This objection is about another award."))
    return objections.answer_objection(objection=objection, actor=actor, **answer)


# Proposing is a run over all certificates; lists are paid, and bank returns loaded, as a whole.
SERVICES: Mapping[AwardAction, Callable[..., Any]] = {
    AwardAction.RECORD_APPLICATION: awards.record_application,
    AwardAction.CALCULATE: calculation.calculate_award,
    AwardAction.OVERRIDE: overrides.propose_override,
    AwardAction.CONFIRM_OVERRIDE: _confirm_override,
    AwardAction.REJECT_OVERRIDE: _reject_override,
    AwardAction.REVIEW: awards.review_award,
    AwardAction.DISCLOSE: _disclose,
    AwardAction.RECORD_OBJECTION: objections.record_objection,
    AwardAction.ANSWER_OBJECTION: _answer_objection,
    AwardAction.APPROVE: awards.approve_award,
    AwardAction.ISSUE_NOTICE: notices.issue_grant_notice,
    AwardAction.DELIVER_NOTICE: notices.deliver_notice,
    AwardAction.OPEN_RECOVERY: recovery.open_recovery,
    AwardAction.RECORD_REPAYMENT: recovery.record_repayment,
    AwardAction.CLOSE_RECOVERY: recovery.close_recovery,
    AwardAction.SEND_BACK: awards.send_back_award,
    AwardAction.FREEZE: freezing.freeze_award,
    AwardAction.UNFREEZE: freezing.unfreeze_award,
    AwardAction.REVOKE: freezing.revoke_award,
}
"""The acts on one award, in the order of its way; those that stop it last."""


def act_on_award(*, award: Award, action: AwardAction, actor: User, seen: int, **answers: Any) -> Any:
    """Do ``action`` if the award's last event is still number ``seen``, the one the person was shown.

    Answers as the service does. ``Refused``: changed_meanwhile where somebody else was quicker, and whatever the act
    itself refuses.
    """

    @recorded(recorded_as(SERVICES[action]))
    def act(*, award: Award, actor: User) -> Any:
        lock_firms([award.firm_id])
        locked = lock_award(award)
        require_unchanged(locked, seen)
        return SERVICES[action](award=locked, actor=actor, **answers)

    return act(award=award, actor=actor)
