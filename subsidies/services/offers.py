"""What a person could do with an award now, and what keeps them from it: told by what the services themselves ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from config.common.errors import Refused
from cultivation.api import User
from documents.api import NoticeState
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.permissions import AwardAction, may
from subsidies.selectors.notices import NOTICE_STATES
from subsidies.selectors.recovery import Recovery

from .acting import SERVICES
from .calculation import prepare_calculation
from .conditions import unmet_conditions, waiting_override

A = AwardAction


@dataclass(frozen=True, slots=True)
class Offer:
    """An act that is the person's to do in this state. ``blocked_by`` says, in words, why it is refused now.

    ``hint`` is what is worth knowing before: what a calculation would come to, or which word it needs.
    """

    name: AwardAction
    label: str
    explanation: str
    blocked_by: tuple[str, ...] = ()
    hint: str = ""


# The acts that are steps of the state machine, by its name for them.
_STEPS: Mapping[AwardAction, str] = {
    A.RECORD_APPLICATION: "calculate",
    A.CALCULATE: "calculate",
    A.REVIEW: "review",
    A.DISCLOSE: "disclose",
    A.APPROVE: "approve",
    A.SEND_BACK: "send_back",
    A.FREEZE: "freeze",
    A.UNFREEZE: "unfreeze",
    A.REVOKE: "revoke",
    A.OPEN_RECOVERY: "open_recovery",
    A.RECORD_REPAYMENT: "close_recovery",
    A.CLOSE_RECOVERY: "close_recovery",
}

_EXPLANATIONS: Mapping[AwardAction, Promise] = {
    A.RECORD_APPLICATION: _("When the firm's application came in, for a scheme with a window."),
    A.CALCULATE: _("Works the amount out from the region's document by the scheme's terms."),
    A.OVERRIDE: _("Asks for another amount, by document and under the cap; a reviewer confirms it."),
    A.CONFIRM_OVERRIDE: _("Puts the proposed amount in force as a calculation of its own."),
    A.REJECT_OVERRIDE: _("Turns the proposed amount down, or takes it back; the calculated amount stays."),
    A.REVIEW: _("A second person agrees with the calculation."),
    A.DISCLOSE: _("Puts the award into a public disclosure, counted in working days."),
    A.RECORD_OBJECTION: _(
        "What somebody holds against the award, in real name; the approval waits for its answer."
    ),
    A.ANSWER_OBJECTION: _("Answers it, once. An upheld one stops the award: it is sent back or revoked."),
    A.APPROVE: _("Approves the award and commits its amount on a funding line."),
    A.ISSUE_NOTICE: _("Numbers, renders and stores the grant notice; it never changes afterwards."),
    A.DELIVER_NOTICE: _("Records to whom the notice was handed over or sent, and when."),
    A.OPEN_RECOVERY: _("Asks back what was paid too much; the amount follows from the records."),
    A.RECORD_REPAYMENT: _(
        "Books money that came back, by its receipt; the recovery closes when all is back."
    ),
    A.CLOSE_RECOVERY: _("Ends a recovery by which nothing is to come back any more."),
    A.SEND_BACK: _(
        "Has the award calculated afresh; the present calculation stays on record, committed money becomes available."
    ),
    A.FREEZE: _("Stops the award where it is; what is committed for it stays committed."),
    A.UNFREEZE: _("Lets the award go on from where it was frozen."),
    A.REVOKE: _("Ends the award before payment; committed money becomes available again."),
}


def offers(award: Award, user: User, *, recovery: Recovery, open_objections: int) -> list[Offer]:
    """The acts of the person's roles that the state is open for, in the order of the award's way.

    ``award`` comes with its scheme, version, accreditation, disclosure and notice; ``recovery`` and
    ``open_objections`` are what the page shows of them.
    """
    fits: Mapping[AwardAction, Callable[[], bool]] = {
        A.OVERRIDE: lambda: award.state == AwardState.CALCULATED,
        A.CONFIRM_OVERRIDE: lambda: award.state == AwardState.CALCULATED and _is_proposed(award),
        A.REJECT_OVERRIDE: lambda: _is_proposed(award),
        A.RECORD_OBJECTION: lambda: award.state == AwardState.DISCLOSED,
        A.ANSWER_OBJECTION: lambda: open_objections > 0,
        A.ISSUE_NOTICE: lambda: award.state in NOTICE_STATES and not _has_standing_notice(award),
        A.DELIVER_NOTICE: lambda: _has_standing_notice(award),
        A.OPEN_RECOVERY: lambda: _is_step(award, A.OPEN_RECOVERY) and recovery.outstanding > 0,
        A.RECORD_REPAYMENT: lambda: _is_step(award, A.RECORD_REPAYMENT) and recovery.outstanding > 0,
        A.CLOSE_RECOVERY: lambda: _is_step(award, A.CLOSE_RECOVERY) and not recovery.outstanding,
    }
    return [
        _offer(award, action, user)
        for action in SERVICES
        if _is_theirs(award, action, user) and (fits[action]() if action in fits else _is_step(award, action))
    ]


def _is_theirs(award: Award, action: AwardAction, user: User) -> bool:
    if action is A.REJECT_OVERRIDE and not may(user, action):
        override = waiting_override(award)
        return override is not None and override.proposed_by_id == user.pk
    return may(user, action)


def _is_step(award: Award, action: AwardAction) -> bool:
    if action is A.APPROVE and award.state == AwardState.REVIEWED:
        # Open to the state machine; worth offering only where the scheme goes without a disclosure.
        return award.version is not None and not award.version.disclosure_required
    return bool(can_proceed(getattr(award, _STEPS[action])))


def _is_proposed(award: Award) -> bool:
    return waiting_override(award) is not None


def _has_standing_notice(award: Award) -> bool:
    return award.notice is not None and award.notice.state == NoticeState.ISSUED


def _offer(award: Award, action: AwardAction, user: User) -> Offer:
    blocked, hint = unmet_conditions(award=award, action=action, actor=user), ""
    if action is A.CALCULATE:
        blocked, hint = _outlook(award)
    return Offer(action, str(action.label), str(_EXPLANATIONS[action]), tuple(blocked), hint)


def _outlook(award: Award) -> tuple[list[str], str]:
    """What a calculation would say now; a changed amount only asks for a word."""
    try:
        amount = prepare_calculation(award).matching.amount
    except Refused as refusal:
        return ([], refusal.message) if refusal.code == "amount_changed" else ([refusal.message], "")
    return [], gettext("It would come to %(amount)s yuan.") % {"amount": f"{amount:,.2f}"}
