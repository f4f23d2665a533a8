"""Every state of an award x every action x every role: done, or refused with nothing changed.

The two tables are written from the design, apart from the code that they check.
"""

from collections.abc import Callable
from contextlib import contextmanager

import pytest
from django.db import transaction
from django_fsm import TransitionNotAllowed

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import RefusedAttempt
from subsidies import permissions
from subsidies.enums import AwardState, Decision
from subsidies.models import Award, AwardEvent, FundingLine, LedgerEntry
from subsidies.permissions import AwardAction
from subsidies.services import awards, calculation, disclosure, freezing, notices
from tests.subsidies.factories import award_at, funding_line, grant, notice_organ, scheme_version

A = AwardState
_WAITING = {A.AWAITING_BASIS, A.AWAITING_POLICY}
_BEFORE_PAYMENT = {*_WAITING, A.CALCULATED, A.REVIEWED, A.DISCLOSED, A.APPROVED}
_OFFICE = {Role.CASEWORKER, Role.REVIEWER}

STATES: dict[AwardAction, set[AwardState]] = {
    AwardAction.CALCULATE: _WAITING,
    AwardAction.REVIEW: {A.CALCULATED},
    AwardAction.SEND_BACK: {A.CALCULATED, A.REVIEWED, A.DISCLOSED, A.APPROVED},
    AwardAction.DISCLOSE: {A.REVIEWED},
    # Of a reviewed award only where the scheme needs no disclosure, see test_awards.
    AwardAction.APPROVE: {A.DISCLOSED},
    AwardAction.ISSUE_NOTICE: {A.APPROVED, A.LISTED, A.PAID},
    AwardAction.FREEZE: _BEFORE_PAYMENT,
    AwardAction.UNFREEZE: {A.FROZEN},
    AwardAction.REVOKE: {*_BEFORE_PAYMENT, A.FROZEN},
    AwardAction.PUT_ON_LIST: {A.APPROVED},
    AwardAction.TAKE_OFF_LIST: {A.LISTED},
    AwardAction.PAY: {A.LISTED},
    AwardAction.BOUNCE: {A.PAID},
    AwardAction.OPEN_RECOVERY: {A.PAID, A.RECOVERED},
    AwardAction.CLOSE_RECOVERY: {A.RECOVERING},
}
ROLES: dict[AwardAction, set[Role]] = {
    AwardAction.CALCULATE: {Role.CASEWORKER},
    AwardAction.REVIEW: {Role.REVIEWER},
    AwardAction.SEND_BACK: _OFFICE,
    AwardAction.DISCLOSE: {Role.CASEWORKER},
    AwardAction.APPROVE: {Role.REVIEWER},
    AwardAction.ISSUE_NOTICE: _OFFICE,
    AwardAction.FREEZE: _OFFICE,
    AwardAction.UNFREEZE: _OFFICE,
    AwardAction.REVOKE: _OFFICE,
    AwardAction.PUT_ON_LIST: {Role.FINANCE},
    AwardAction.TAKE_OFF_LIST: {Role.FINANCE},
    AwardAction.PAY: {Role.FINANCE},
    AwardAction.BOUNCE: {Role.FINANCE},
    AwardAction.OPEN_RECOVERY: {*_OFFICE, Role.FINANCE},
    AwardAction.CLOSE_RECOVERY: {*_OFFICE, Role.FINANCE},
}
TARGETS: dict[AwardAction, AwardState | None] = {
    AwardAction.CALCULATE: A.CALCULATED,
    AwardAction.REVIEW: A.REVIEWED,
    AwardAction.SEND_BACK: A.AWAITING_BASIS,
    AwardAction.DISCLOSE: A.DISCLOSED,
    AwardAction.APPROVE: A.APPROVED,
    AwardAction.ISSUE_NOTICE: None,
    AwardAction.FREEZE: A.FROZEN,
    AwardAction.UNFREEZE: A.APPROVED,
    AwardAction.REVOKE: A.REVOKED,
    AwardAction.PUT_ON_LIST: A.LISTED,
    AwardAction.TAKE_OFF_LIST: A.APPROVED,
    AwardAction.PAY: A.PAID,
    AwardAction.BOUNCE: A.APPROVED,
    AwardAction.OPEN_RECOVERY: A.RECOVERING,
    AwardAction.CLOSE_RECOVERY: A.RECOVERED,
}
# Made by a run over all certificates, not by a person at one award; see test_awards.
OF_A_RUN = {AwardAction.PROPOSE, AwardAction.RECONSIDER}
# These leave the state as it is; see test_claims, test_overrides, test_objections, test_deliveries and test_recovery.
BESIDE_THE_STATE = {
    AwardAction.RECORD_APPLICATION,
    AwardAction.OVERRIDE,
    AwardAction.CONFIRM_OVERRIDE,
    AwardAction.REJECT_OVERRIDE,
    AwardAction.RECORD_OBJECTION,
    AwardAction.ANSWER_OBJECTION,
    AwardAction.DELIVER_NOTICE,
    AwardAction.RECORD_REPAYMENT,
}


def prepared(state: AwardState) -> Award:
    """An award in ``state`` that lacks nothing but the action."""
    award = award_at(state)
    if state is A.AWAITING_POLICY:
        scheme_version(renewal_eligible=Decision.YES)
    if state in _WAITING:
        grant(award.firm)
    return award


def acts(award: Award) -> dict[AwardAction, Callable[..., object]]:
    line, organ = funding_line(), notice_organ()
    because = {"reason": "理由"}
    return {
        AwardAction.CALCULATE: lambda actor: calculation.calculate_award(award=award, actor=actor),
        AwardAction.REVIEW: lambda actor: awards.review_award(award=award, actor=actor),
        AwardAction.SEND_BACK: lambda actor: awards.send_back_award(award=award, actor=actor, **because),
        AwardAction.DISCLOSE: lambda actor: disclosure.disclose_awards(
            awards=[award], actor=actor, place="演示公示网"
        ),
        AwardAction.APPROVE: lambda actor: awards.approve_award(award=award, actor=actor, funding_line=line),
        AwardAction.ISSUE_NOTICE: lambda actor: notices.issue_grant_notice(
            award=award, actor=actor, organ=organ
        ),
        AwardAction.FREEZE: lambda actor: freezing.freeze_award(award=award, actor=actor, **because),
        AwardAction.UNFREEZE: lambda actor: freezing.unfreeze_award(award=award, actor=actor, **because),
        AwardAction.REVOKE: lambda actor: freezing.revoke_award(award=award, actor=actor, **because),
        AwardAction.PUT_ON_LIST: lambda actor: awards.put_award_on_list(award=award, actor=actor),
        AwardAction.TAKE_OFF_LIST: lambda actor: awards.take_award_off_list(
            award=award, actor=actor, **because
        ),
        AwardAction.PAY: lambda actor: awards.pay_award(award=award, actor=actor, key="matrix:paid"),
        AwardAction.BOUNCE: lambda actor: awards.bounce_award(
            award=award, actor=actor, key="matrix:returned", **because
        ),
        AwardAction.OPEN_RECOVERY: lambda actor: awards.mark_recovering(award=award, actor=actor, **because),
        AwardAction.CLOSE_RECOVERY: lambda actor: awards.mark_recovered(award=award, actor=actor, **because),
    }


def everything() -> list[object]:
    """All that an action could change."""
    return [
        list(model.objects.order_by("pk").values()) for model in (Award, AwardEvent, LedgerEntry, FundingLine)
    ]


@contextmanager
def undone():
    """What happens inside is taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("state", list(AwardState))
def test_every_action_by_every_role(cast, state):
    award = prepared(state)
    possible = acts(award)
    assert set(possible) | OF_A_RUN | BESIDE_THE_STATE == set(AwardAction)
    before = everything()
    for action, act in possible.items():
        for role in Role:
            actor = cast.of_role(role)
            if state in STATES[action] and role in ROLES[action]:
                with undone():
                    act(actor)
                    _check_done(award, action, state, actor)
            else:
                tried = RefusedAttempt.objects.count()
                with pytest.raises(Refused) as refused:
                    act(actor)
                allowed = role in ROLES[action]
                assert isinstance(refused.value, NotAllowed) is not allowed, (action, role)
                assert RefusedAttempt.objects.count() == tried + 1
            assert everything() == before, (action, role)


def _check_done(award, action, state, actor):
    now = Award.objects.get(pk=award.pk)
    target = TARGETS[action] or state
    assert now.state == target, action
    event = award.events.order_by("-number").first()
    assert (event.action, event.actor, event.from_state, event.to_state) == (action, actor, state, target)


@pytest.mark.parametrize("action", sorted(permissions.NEEDS_REASON - BESIDE_THE_STATE))
@pytest.mark.parametrize("reason", ["", "  "])
def test_an_action_against_somebody_needs_a_reason(cast, action, reason):
    state = min(STATES[action], key=list(AwardState).index)
    award = prepared(state)
    actor = cast.of_role(min(ROLES[action], key=list(Role).index))
    services = {
        AwardAction.SEND_BACK: awards.send_back_award,
        AwardAction.FREEZE: freezing.freeze_award,
        AwardAction.UNFREEZE: freezing.unfreeze_award,
        AwardAction.REVOKE: freezing.revoke_award,
        AwardAction.TAKE_OFF_LIST: awards.take_award_off_list,
        AwardAction.BOUNCE: lambda **kwargs: awards.bounce_award(key="k", **kwargs),
        AwardAction.OPEN_RECOVERY: awards.mark_recovering,
        AwardAction.CLOSE_RECOVERY: awards.mark_recovered,
    }
    with pytest.raises(Refused) as refused:
        services[action](award=award, actor=actor, reason=reason)
    assert refused.value.code == "reason_missing"


def test_a_superuser_without_role_does_nothing(cast):
    cast.administrator.is_superuser = True
    cast.administrator.save()
    for act in acts(award_at(A.CALCULATED)).values():
        with pytest.raises(NotAllowed):
            act(cast.administrator)


def test_an_inactive_person_does_nothing(cast):
    cast.reviewer.is_active = False
    cast.reviewer.save()
    with pytest.raises(NotAllowed):
        awards.review_award(award=award_at(A.CALCULATED), actor=cast.reviewer)


def test_a_state_is_not_set_by_hand(db):
    award = award_at(A.CALCULATED)
    with pytest.raises(AttributeError):
        award.state = A.PAID
    with pytest.raises(TransitionNotAllowed):
        award.pay(by=award.state_by)


def test_one_of_two_who_act_on_the_same_copy_is_told(cast):
    """Both read the award as calculated; the second finds that it has moved on."""
    award = award_at(A.CALCULATED)
    awards.review_award(award=award, actor=cast.reviewer)
    assert award.state == A.CALCULATED
    with pytest.raises(Refused) as refused:
        awards.review_award(award=award, actor=cast.reviewer)
    assert refused.value.code == "wrong_state"
