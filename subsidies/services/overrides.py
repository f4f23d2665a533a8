"""An amount set by hand: with a reason, a document, a cap, and a second person (design: override proposer = confirmer)."""

from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from config.common.money import to_fen
from cultivation.api import User, recorded
from subsidies.enums import AwardState, OverrideState
from subsidies.models import AmountOverride, Award, Calculation
from subsidies.permissions import AwardAction, require
from subsidies.rules.provenance import derive, fingerprint

from .conditions import require_conditions
from .events import lock_award, record_award_event, refuse_state, require_reason


@recorded("propose amount")
def propose_override(
    *, award: Award, amount: Decimal, reason: str, document_number: str, actor: User
) -> AmountOverride:
    """Ask for another amount (yuan) than the calculated one; nothing changes until it is confirmed.

    The cap is the scheme's, or where it has none the calculated amount. ``Refused``: wrong_state, reason_missing,
    document_missing, amount_not_positive, amount_wrong (parts of a fen), above_cap, override_waiting.
    """
    require(actor, AwardAction.OVERRIDE)
    award = lock_award(award)
    calculation = _calculated(award)
    require_reason(AwardAction.OVERRIDE, reason)
    if not document_number.strip():
        raise Refused("document_missing", _("Name the document."))
    if amount <= 0:
        raise Refused("amount_not_positive", _("Zero or less is never paid."))
    try:
        to_fen(amount)
    except ValueError as error:
        raise Refused("amount_wrong", _("An amount has at most two decimals.")) from error
    cap = award.version.cap if award.version is not None and award.version.cap else calculation.amount
    if amount > cap:
        raise Refused(
            "above_cap",
            _("%(amount)s yuan are above the cap of %(cap)s yuan.")
            % {"amount": f"{amount:.2f}", "cap": f"{cap:.2f}"},
        )
    require_conditions(award=award, action=AwardAction.OVERRIDE, actor=actor)
    override = AmountOverride.objects.create(
        award=award,
        replaces=calculation,
        amount=amount,
        cap=cap,
        reason=reason.strip(),
        document_number=document_number.strip(),
        proposed_by=actor,
    )
    _note(award, AwardAction.OVERRIDE, actor, f"{amount:.2f}")
    return override


@recorded("confirm amount")
def confirm_override(*, override: AmountOverride, actor: User) -> Award:
    """A reviewer, neither the proposer nor the calculator, puts the amount in force as a calculation of its own.

    ``Refused``: override_decided, wrong_state, override_outdated (calculated afresh since), basis_changed,
    certificate_corrected.
    """
    require(actor, AwardAction.CONFIRM_OVERRIDE)
    award = lock_award(override.award)
    override = _waiting(override)
    calculation = _calculated(award)
    # The inputs are taken over as they stand, so that they have to be true still.
    require_conditions(award=award, action=AwardAction.CONFIRM_OVERRIDE, actor=actor)
    inputs = calculation.inputs | {
        "override": {
            "replaces_sha256": calculation.sha256,
            "amount": f"{override.amount:.2f}",
            "cap": f"{override.cap:.2f}",
            "reason": override.reason,
            "document_number": override.document_number,
            "proposed_by": str(override.proposed_by),
            "confirmed_by": str(actor),
        }
    }
    matching = derive(inputs)
    confirmed = Calculation.objects.create(
        award=award,
        rule_set=calculation.rule_set,
        version=calculation.version,
        inputs=inputs,
        steps=list(matching.steps),
        amount=matching.amount,
        sha256=fingerprint(
            rule_set=calculation.rule_set, inputs=inputs, steps=matching.steps, amount=matching.amount
        ),
        calculated_by=actor,
    )
    award.calculation, award.amount = confirmed, confirmed.amount
    award.save()
    override.calculation, override.state = confirmed, OverrideState.CONFIRMED
    override.decided_by, override.decided_at = actor, now()
    override.save()
    _note(award, AwardAction.CONFIRM_OVERRIDE, actor, f"{confirmed.amount:.2f}")
    return award


@recorded("reject amount")
def reject_override(*, override: AmountOverride, reason: str, actor: User) -> AmountOverride:
    """The proposal is turned down, or taken back by its proposer. ``Refused``: override_decided, reason_missing."""
    award = lock_award(override.award)
    override = _waiting(override)
    if actor.pk != override.proposed_by_id:
        require(actor, AwardAction.REJECT_OVERRIDE)
    require_reason(AwardAction.REJECT_OVERRIDE, reason)
    override.state, override.decision_reason = OverrideState.REJECTED, reason.strip()
    override.decided_by, override.decided_at = actor, now()
    override.save()
    _note(award, AwardAction.REJECT_OVERRIDE, actor, reason.strip())
    return override


def _calculated(award: Award) -> Calculation:
    """The calculation of an award that nobody has reviewed yet."""
    if award.state != AwardState.CALCULATED or award.calculation is None:
        refuse_state(award)
    return award.calculation


def _waiting(override: AmountOverride) -> AmountOverride:
    override = AmountOverride.objects.select_related("proposed_by").get(pk=override.pk)
    if override.state != OverrideState.PROPOSED:
        raise Refused("override_decided", _("This amount has been decided about already."))
    return override


def _note(award: Award, action: AwardAction, actor: User, reason: str) -> None:
    record_award_event(award=award, action=action, actor=actor, from_state=award.state, reason=reason)
