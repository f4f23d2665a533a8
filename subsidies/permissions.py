"""Who may take which step with awards and money; asked by every service, and by pages to show what is open."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cultivation.api import Role, User, require_role


class AwardAction(TextChoices):
    """Steps of an award; the value is stored in ``AwardEvent.action`` and used in addresses."""

    PROPOSE = "propose", _("Propose")
    RECONSIDER = "reconsider", _("Reconsider")
    RECORD_APPLICATION = "record_application", _("Record the application")
    CALCULATE = "calculate", _("Calculate")
    OVERRIDE = "override", _("Propose another amount")
    CONFIRM_OVERRIDE = "confirm_override", _("Confirm the other amount")
    REJECT_OVERRIDE = "reject_override", _("Reject the other amount")
    REVIEW = "review", _("Review")
    SEND_BACK = "send_back", _("Send back")
    DISCLOSE = "disclose", _("Disclose")
    RECORD_OBJECTION = "record_objection", _("Record an objection")
    ANSWER_OBJECTION = "answer_objection", _("Answer an objection")
    APPROVE = "approve", _("Approve")
    ISSUE_NOTICE = "issue_notice", _("Issue the notice")
    DELIVER_NOTICE = "deliver_notice", _("Record the delivery of the notice")
    FREEZE = "freeze", _("Freeze")
    UNFREEZE = "unfreeze", _("Unfreeze")
    REVOKE = "revoke", _("Revoke")
    PUT_ON_LIST = "put_on_list", _("Put on a payment list")
    TAKE_OFF_LIST = "take_off_list", _("Take off the payment list")
    PAY = "pay", _("Record the payment")
    BOUNCE = "bounce", _("Record the bank's return")
    OPEN_RECOVERY = "open_recovery", _("Open a recovery")
    RECORD_REPAYMENT = "record_repayment", _("Record a repayment")
    CLOSE_RECOVERY = "close_recovery", _("Close the recovery")


_OFFICE = (Role.CASEWORKER, Role.REVIEWER)
ROLES: dict[AwardAction, tuple[Role, ...]] = {
    AwardAction.PROPOSE: (Role.CASEWORKER,),
    AwardAction.RECONSIDER: (Role.CASEWORKER,),
    AwardAction.RECORD_APPLICATION: (Role.CASEWORKER,),
    AwardAction.CALCULATE: (Role.CASEWORKER,),
    AwardAction.OVERRIDE: (Role.CASEWORKER,),
    AwardAction.CONFIRM_OVERRIDE: (Role.REVIEWER,),
    AwardAction.REJECT_OVERRIDE: (Role.REVIEWER,),
    AwardAction.REVIEW: (Role.REVIEWER,),
    AwardAction.SEND_BACK: _OFFICE,
    AwardAction.DISCLOSE: (Role.CASEWORKER,),
    AwardAction.RECORD_OBJECTION: _OFFICE,
    AwardAction.ANSWER_OBJECTION: _OFFICE,
    AwardAction.APPROVE: (Role.REVIEWER,),
    AwardAction.ISSUE_NOTICE: _OFFICE,
    AwardAction.DELIVER_NOTICE: _OFFICE,
    AwardAction.FREEZE: _OFFICE,
    AwardAction.UNFREEZE: _OFFICE,
    AwardAction.REVOKE: _OFFICE,
    AwardAction.PUT_ON_LIST: (Role.FINANCE,),
    AwardAction.TAKE_OFF_LIST: (Role.FINANCE,),
    AwardAction.PAY: (Role.FINANCE,),
    AwardAction.BOUNCE: (Role.FINANCE,),
    AwardAction.OPEN_RECOVERY: (*_OFFICE, Role.FINANCE),
    AwardAction.RECORD_REPAYMENT: (Role.FINANCE,),
    AwardAction.CLOSE_RECOVERY: (*_OFFICE, Role.FINANCE),
}
NEEDS_REASON = frozenset(
    {
        AwardAction.OVERRIDE,
        AwardAction.REJECT_OVERRIDE,
        AwardAction.SEND_BACK,
        AwardAction.FREEZE,
        AwardAction.UNFREEZE,
        AwardAction.REVOKE,
        AwardAction.TAKE_OFF_LIST,
        AwardAction.BOUNCE,
        AwardAction.OPEN_RECOVERY,
        AwardAction.CLOSE_RECOVERY,
    }
)
# Who sees awards and balances beside the firm itself; the administrator has no part in any case.
READERS = (Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR)


def may(actor: User, action: AwardAction) -> bool:
    """Whether the actor's roles open ``action`` at all; four eyes are asked with the award at hand."""
    return actor.has_role(*ROLES[action])


def require(actor: User, action: AwardAction) -> None:
    """``NotAllowed`` unless the actor's roles open ``action``."""
    require_role(actor, *ROLES[action])
