"""What has to hold before an act on an award: one table, enforced by the services and told by the page of the award."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import User, disclosure_is_over, require_second_person
from documents.api import NoticeState
from subsidies.enums import AwardState, OverrideState
from subsidies.models import AmountOverride, Award
from subsidies.permissions import AwardAction

from .objections import require_no_objection
from .standing import require_certificate, require_current_basis, require_not_excluded

Condition = Callable[[Award, User], None]
"""Raises ``Refused`` where it does not hold for this award and this person."""


def require_conditions(*, award: Award, action: AwardAction, actor: User) -> None:
    """The first ``Refused`` of the conditions of ``action``, in their order."""
    for condition in CONDITIONS.get(action, ()):
        condition(award, actor)


def unmet_conditions(*, award: Award, action: AwardAction, actor: User) -> list[str]:
    """What keeps this person from ``action`` on this award now: every message, in words for people."""
    found = []
    for condition in CONDITIONS.get(action, ()):
        try:
            condition(award, actor)
        except Refused as refusal:
            found.append(refusal.message)
    return found


def waiting_override(award: Award) -> AmountOverride | None:
    """The amount that was proposed and neither confirmed nor rejected; there is one at most."""
    return AmountOverride.objects.filter(award=award, state=OverrideState.PROPOSED).first()


def _not_the_calculator(award: Award, actor: User) -> None:
    message = _("You calculated this award, or stand in for who did: it takes a second person.")
    require_second_person(actor, award.calculated_by_id, award.calculated_at, message)


def _no_amount_waiting(award: Award, actor: User) -> None:
    if waiting_override(award) is not None:
        raise Refused("override_waiting", _("Another amount waits for its confirmation already."))


def _not_its_proposer(award: Award, actor: User) -> None:
    """Whoever proposed the waiting amount does not confirm it."""
    override = waiting_override(award)
    if override is not None:
        message = _("You proposed this amount, or stand in for who did: it takes a second person.")
        require_second_person(actor, override.proposed_by_id, override.proposed_at, message)


def _not_the_proposer(award: Award, actor: User) -> None:
    """Whoever proposed an amount that waits or is in force does not judge it."""
    message = _("You proposed the amount of this award, or stand in for who did: it takes a second person.")
    for override in AmountOverride.objects.filter(award=award).exclude(state=OverrideState.REJECTED):
        require_second_person(actor, override.proposed_by_id, override.proposed_at, message)


def _proposed_on_this_calculation(award: Award, actor: User) -> None:
    override = waiting_override(award)
    if override is not None and override.replaces_id != award.calculation_id:
        raise Refused("override_outdated", _("The award was calculated afresh since."))


def _disclosed(award: Award, actor: User) -> None:
    """The way around the disclosure is open only where the scheme's version says so, with its source."""
    if award.state == AwardState.REVIEWED:
        if award.version is None or award.version.disclosure_required:
            raise Refused("disclosure_missing", _("The award has to be disclosed in public before approval."))
        return
    if award.disclosure is None or not disclosure_is_over(award.disclosure, today()):
        last = award.disclosure.last_day.isoformat() if award.disclosure else ""
        raise Refused(
            "disclosure_running",
            _("The disclosure runs through %(date)s; approval is open from the day after.") % {"date": last},
        )


def _no_objection(award: Award, actor: User) -> None:
    require_no_objection(award)


def _notice_taken_back(award: Award, actor: User) -> None:
    """What was told to the firm in writing is taken back before the amount is."""
    if award.notice is not None and award.notice.state == NoticeState.ISSUED:
        raise Refused(
            "notice_stands",
            _("The grant notice %(number)s tells the firm this amount; void it first.")
            % {"number": award.notice.number},
        )


def _certificate(award: Award, actor: User) -> None:
    require_certificate(award)


def _basis(award: Award, actor: User) -> None:
    require_current_basis(award)


def _not_excluded(award: Award, actor: User) -> None:
    require_not_excluded(award, award.version)


CONDITIONS: Mapping[AwardAction, tuple[Condition, ...]] = {
    AwardAction.OVERRIDE: (_no_amount_waiting,),
    AwardAction.CONFIRM_OVERRIDE: (
        _not_its_proposer,
        _not_the_calculator,
        _proposed_on_this_calculation,
        _basis,
    ),
    AwardAction.REVIEW: (_not_the_calculator, _no_amount_waiting, _not_the_proposer, _certificate, _basis),
    AwardAction.DISCLOSE: (_certificate, _basis),
    AwardAction.APPROVE: (
        _not_the_calculator,
        _no_amount_waiting,
        _not_the_proposer,
        _disclosed,
        _no_objection,
        _certificate,
        _basis,
        _not_excluded,
    ),
    AwardAction.SEND_BACK: (_notice_taken_back,),
    AwardAction.PUT_ON_LIST: (_certificate, _basis, _not_excluded),
    AwardAction.UNFREEZE: (_certificate,),
}
"""Beside the role, the state and what the act is given; in the order in which a refusal names them."""
