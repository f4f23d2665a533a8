"""退回补正: a case goes back to the applicant with a reason and comes back to where it lay."""

import datetime as dt

from django.utils.timezone import localdate

from config.common.clock import today
from cultivation.enums import CaseAction
from cultivation.models import CultivationCase, User
from cultivation.rules.case_clock import start_after_pause
from cultivation.selectors.calendar import work_calendar

from .acceptances import accept_submission
from .refusals import recorded
from .steps import begin, finish


@recorded(CaseAction.RETURN)
def return_case(*, case: CultivationCase, actor: User, reason: str) -> CultivationCase:
    """Send a submitted case, or one in expense review, back with a reason that tells what to correct."""
    case = begin(case=case, action=CaseAction.RETURN, actor=actor, reason=reason)
    from_state = case.state
    case.return_for_correction(by=actor)
    return finish(case=case, action=CaseAction.RETURN, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.RESUBMIT)
def resubmit_case(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """Hand the corrected case in again: to where it was returned from, and nowhere else; under a new acceptance number."""
    case = begin(case=case, action=CaseAction.RESUBMIT, actor=actor, reason=reason)
    from_state = case.state
    case.resubmit(by=actor, clock_from=_resumed(case))
    case.returned_from = ""
    finish(case=case, action=CaseAction.RESUBMIT, actor=actor, from_state=from_state, reason=reason)
    accept_submission(case=case)
    return case


def _resumed(case: CultivationCase) -> dt.date:
    """From where the office's clock counts again: the days the firm took to correct are not the office's."""
    if case.clock_held_from is None:
        return today()
    return start_after_pause(
        start=case.clock_held_from,
        paused_on=localdate(case.state_since),
        resumed_on=today(),
        calendar=work_calendar(),
    )
