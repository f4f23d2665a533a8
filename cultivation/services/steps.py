"""The frame of a step of a case: the row locked afresh, the person asked, the rules asked, the event written."""

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import REASONED_CASE_ACTIONS, CaseAction
from cultivation.models import CultivationCase, User
from cultivation.permissions import require
from cultivation.selectors.readiness import blockers, is_before_filing, is_in_pool

from .events import record_case_event

_LONGEST_REASON = 500


def begin(*, case: CultivationCase, action: CaseAction, actor: User, reason: str = "") -> CultivationCase:
    """The case, locked and read again, once the actor may do this to it and has given a reason where one is due."""
    locked = CultivationCase.objects.select_for_update(of=("self",)).select_related("firm").get(pk=case.pk)
    require(actor, action, locked)
    if action in REASONED_CASE_ACTIONS and not reason.strip():
        raise Refused("reason_missing", _("A reason is needed: “%(action)s”.") % {"action": action.label})
    if len(reason) > _LONGEST_REASON:
        raise Refused(
            "reason_too_long", _("The reason is longer than %(most)s characters.") % {"most": _LONGEST_REASON}
        )
    return locked


def refuse_blocked(case: CultivationCase, action: CaseAction) -> None:
    """``Refused`` with the first thing that is missing; all of them stand in its details."""
    found = blockers(case, action, today())
    if found:
        raise Refused(found[0].code, found[0].message, missing=[blocker.message for blocker in found])


def finish(
    *, case: CultivationCase, action: CaseAction, actor: User, from_state: str, reason: str = ""
) -> CultivationCase:
    """Save what the step has changed and append its event."""
    case.save()
    record_case_event(case=case, action=action, actor=actor, from_state=from_state, reason=reason.strip())
    return case


def note_on_case(*, case: CultivationCase, action: CaseAction, actor: User, reason: str = "") -> None:
    """Append an event that leaves the state as it is."""
    record_case_event(case=case, action=action, actor=actor, from_state=case.state, reason=reason.strip())


def require_in_pool(case: CultivationCase) -> None:
    """``Refused("wrong_state")`` outside the states in which a case is worked on in the pool."""
    if not is_in_pool(case):
        refuse_state(case)


def require_before_filing(case: CultivationCase) -> None:
    """``Refused("wrong_state")`` once the file has gone to the region or the case is closed."""
    if not is_before_filing(case):
        refuse_state(case)


def refuse_state(case: CultivationCase) -> None:
    message = _("This step is not possible while the state is “%(state)s”.") % {
        "state": case.get_state_display()
    }
    raise Refused("wrong_state", message, state=case.state)
