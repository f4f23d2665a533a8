"""Which awards wait for a person: the state leaves the next step to a role of theirs, and four eyes leave it to them.

This narrows a list and decides nothing: whether a step is done is the service's to say, by rules that no query
could hold. An award may wait for somebody here and still be refused, with the reason.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet

from config.common.clock import today
from cultivation.api import User, corrections_since
from subsidies.enums import (
    AwardState,
    ObjectionOutcome,
    OverrideState,
    ReceiptKind,
    Reconciliation,
    Stacking,
)
from subsidies.models import AmountOverride, Objection, OtherReceipt, RegionalAward
from subsidies.permissions import AwardAction, may

_BEFORE_PAYMENT = (AwardState.CALCULATED, AwardState.REVIEWED, AwardState.DISCLOSED, AwardState.APPROVED)


def waiting_for(user: User | AnonymousUser) -> Q:
    """A condition on awards; nothing waits for a stranger."""
    found = Q(pk__in=[])
    if not isinstance(user, User):
        return found
    steps = {
        AwardAction.CALCULATE: _to_calculate,
        AwardAction.SEND_BACK: _to_send_back,
        AwardAction.DISCLOSE: _to_disclose,
        AwardAction.REVIEW: _to_review,
        AwardAction.CONFIRM_OVERRIDE: _to_confirm,
        AwardAction.ANSWER_OBJECTION: _to_settle,
        AwardAction.APPROVE: _to_approve,
        AwardAction.PUT_ON_LIST: _to_list,
    }
    for action, condition in steps.items():
        if may(user, action):
            found |= condition(user)
    return found


def _to_calculate(user: User) -> Q:
    granted = RegionalAward.objects.filter(
        accreditation=OuterRef("accreditation"), outcome=Reconciliation.MATCHED
    )
    return Q(Exists(granted), state=AwardState.AWAITING_BASIS)


def _to_send_back(user: User) -> Q:
    """What it was calculated from was changed before it was paid; it is calculated afresh."""
    return Q(state__in=_BEFORE_PAYMENT) & _overtaken()


def _to_disclose(user: User) -> Q:
    return Q(state=AwardState.REVIEWED, version__disclosure_required=True) & ~_overtaken()


def _to_review(user: User) -> Q:
    return Q(~Exists(_proposed()), state=AwardState.CALCULATED) & _no_part(user) & ~_overtaken()


def _to_confirm(user: User) -> Q:
    others = _proposed().exclude(_is(user, "proposed_by", "proposed_at"))
    return Q(Exists(others), state=AwardState.CALCULATED) & ~_is(user, "calculated_by", "calculated_at")


def _to_settle(user: User) -> Q:
    """An objection to be answered, or an upheld one for which the award is to be sent back."""
    return Q(Exists(_objections()), state=AwardState.DISCLOSED)


def _to_approve(user: User) -> Q:
    disclosed = Q(~Exists(_objections()), state=AwardState.DISCLOSED, disclosure__last_day__lt=today())
    undisclosed = Q(state=AwardState.REVIEWED, version__disclosure_required=False)
    return (disclosed | undisclosed) & _no_part(user) & ~_overtaken()


def _to_list(user: User) -> Q:
    return Q(state=AwardState.APPROVED) & ~_overtaken()


def _overtaken() -> Q:
    """A later document of the region changed the amount, two people corrected the certificate, or money from elsewhere
    that the scheme counts was recorded or withdrawn."""
    later = RegionalAward.objects.filter(
        corrects=OuterRef("regional_award"), outcome=Reconciliation.AMOUNT_CHANGED
    )
    calculated = OuterRef("calculation__calculated_at")
    corrected = corrections_since(OuterRef("accreditation"), calculated)
    receipts = OtherReceipt.objects.filter(
        Q(recorded_at__gt=calculated, withdrawn_at=None)
        | Q(recorded_at__lte=calculated, withdrawn_at__gt=calculated),
        accreditation=OuterRef("accreditation"),
        kind=ReceiptKind.OTHER_SOURCE,
    )
    stacked = Q(Exists(receipts)) & ~Q(version__stacking=Stacking.NONE)
    return Q(Exists(later)) | Q(Exists(corrected)) | stacked


def _proposed() -> QuerySet[AmountOverride]:
    return AmountOverride.objects.filter(award=OuterRef("pk"), state=OverrideState.PROPOSED)


def _objections() -> QuerySet[Objection]:
    """Those against the present calculation that hold the approval up."""
    return Objection.objects.filter(award=OuterRef("pk"), calculation=OuterRef("calculation")).exclude(
        outcome=ObjectionOutcome.REJECTED
    )


def _no_part(user: User) -> Q:
    """The person took no part in the amount, neither as calculator nor by proposing another one."""
    amounts = AmountOverride.objects.filter(award=OuterRef("pk")).exclude(state=OverrideState.REJECTED)
    return Q(~Exists(amounts.filter(_is(user, "proposed_by", "proposed_at")))) & ~_is(
        user, "calculated_by", "calculated_at"
    )


def _is(user: User, who: str, at: str) -> Q:
    """``who`` is the person, or somebody who counted as the same one on the day of ``at`` or does so today."""
    same = Q(**{who: user.pk})
    for other, starts_on, ends_on in user.stand_ins:
        if starts_on <= today() <= ends_on:
            same |= Q(**{who: other})
        else:
            same |= Q(**{who: other, f"{at}__date__range": (starts_on, ends_on)})
    return same
