"""What a firm is told about its case: an allow-list of plain words. What is not listed here is not shown to a firm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cultivation.enums import CaseAction, CaseState
from cultivation.models import CaseEvent, CultivationCase

from .presenting import EventLine, event_reason, is_for_the_firm, office_or_firm


@dataclass(frozen=True, slots=True)
class Words:
    """Where a case stands, whose turn it is, and what comes next."""

    where: str | Promise
    turn: str | Promise
    then: str | Promise


_YOU, _COUNTY, _BUREAU, _REGION, _NOBODY = (
    _("You"),
    _("Your county"),
    _("The science bureau"),
    _("The region"),
    _("Nobody: the case is closed"),
)

STATE_WORDS: Mapping[CaseState, Words] = {
    CaseState.DRAFT: Words(
        _("You are filling in the application."),
        _YOU,
        _("Hand it in when the documents are complete; your county looks at it first."),
    ),
    CaseState.SUBMITTED: Words(
        _("The application has been handed in."),
        _COUNTY,
        _("Your county recommends the application or asks you to correct it."),
    ),
    CaseState.RETURNED: Words(
        _("Something has to be corrected."),
        _YOU,
        _("Correct what is named below and submit again; the case goes on from where it was."),
    ),
    CaseState.RECOMMENDED: Words(
        _("Your county has recommended the application."),
        _BUREAU,
        _("The bureau decides on your place in the reserve pool."),
    ),
    CaseState.POOLED: Words(
        _("Your firm is in the reserve pool."),
        _BUREAU,
        _("You are invited to the training; keep the R&D ledger up to date."),
    ),
    CaseState.TRAINING: Words(
        _("Your firm is in training."),
        _YOU,
        _("When the hours are complete the R&D expenses are looked at."),
    ),
    CaseState.EXPENSE_REVIEW: Words(
        _("Your R&D expenses are being looked at."),
        _BUREAU,
        _("When expenses and documents are in order the application is ready for the region."),
    ),
    CaseState.READY: Words(
        _("All checks are complete."),
        _BUREAU,
        _("The application goes to the region within the time its notice of the year gives."),
    ),
    CaseState.FILED: Words(
        _("The application is with the region."),
        _REGION,
        _("The region examines it and publishes the result."),
    ),
    CaseState.DISCLOSED: Words(
        _("The result is in public disclosure."),
        _REGION,
        _("When the disclosure is over the region announces the accreditation."),
    ),
    CaseState.ACCREDITED: Words(
        _("Your firm is accredited as a high-new-tech enterprise."),
        _NOBODY,
        _("File the annual report on time and prepare the renewal before the certificate ends."),
    ),
    CaseState.DECLINED: Words(
        _("The region has not accredited the firm this time."),
        _BUREAU,
        _("The firm can go on in the reserve pool and file again."),
    ),
    CaseState.WITHDRAWN: Words(
        _("You have taken the application back."),
        _NOBODY,
        _("You can open a new case at any time."),
    ),
    CaseState.REMOVED: Words(
        _("The firm has left the reserve pool."),
        _NOBODY,
        _("You can apply again once the conditions are met."),
    ),
}

# What of the history a firm reads, in words for a firm; the office's own steps are left out.
EVENT_WORDS: Mapping[CaseAction, str | Promise] = {
    CaseAction.OPEN: _("Case opened"),
    CaseAction.SUBMIT: _("Application handed in"),
    CaseAction.RETURN: _("Returned to you for correction"),
    CaseAction.RESUBMIT: _("Handed in again"),
    CaseAction.RECOMMEND: _("Recommended by the county"),
    CaseAction.ENROL: _("Taken into the reserve pool"),
    CaseAction.START_TRAINING: _("Training begun"),
    CaseAction.START_EXPENSE_REVIEW: _("R&D expenses being looked at"),
    CaseAction.CLEAR: _("All checks complete"),
    CaseAction.FILE: _("Filed with the region"),
    CaseAction.DISCLOSE: _("Public disclosure begun"),
    CaseAction.ACCREDIT: _("Accredited"),
    CaseAction.DECLINE: _("Not accredited this time"),
    CaseAction.RETURN_TO_POOL: _("Back in the reserve pool"),
    CaseAction.REOPEN: _("The recorded result was corrected"),
    CaseAction.WITHDRAW: _("Application taken back"),
    CaseAction.REMOVE: _("Taken out of the reserve pool"),
    CaseAction.DECLARE: _("Facts of the firm declared"),
    CaseAction.RECORD_EXPENSES: _("Figures of a year recorded"),
    CaseAction.ADD_DOCUMENT: _("Document handed in"),
    CaseAction.CONFIRM_DOCUMENT: _("Document accepted"),
    CaseAction.REJECT_DOCUMENT: _("Document not accepted"),
    CaseAction.IMPORT_LEDGER: _("R&D ledger handed in"),
}

_STEPS = (
    _("Application"),
    _("Recommendation by the county"),
    _("Reserve pool"),
    _("Training"),
    _("R&D expense review"),
    _("Filing"),
    _("Region’s review and disclosure"),
    _("Accreditation"),
)
_STEP_OF: Mapping[str, int] = {
    CaseState.DRAFT: 0,
    CaseState.SUBMITTED: 1,
    CaseState.RECOMMENDED: 2,
    CaseState.POOLED: 3,
    CaseState.TRAINING: 3,
    CaseState.EXPENSE_REVIEW: 4,
    CaseState.READY: 5,
    CaseState.FILED: 6,
    CaseState.DISCLOSED: 6,
    CaseState.DECLINED: 7,
    CaseState.ACCREDITED: 8,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder; ``number`` is what it shows."""

    number: int
    label: str
    done: bool
    current: bool


def ladder(case: CultivationCase) -> list[Step]:
    """The way from application to certificate with the place of the case; empty where it was closed before its end.

    A returned case stays on the rung it was returned from.
    """
    reached = _STEP_OF.get(case.returned_from if case.state == CaseState.RETURNED else case.state)
    if reached is None:
        return []
    return [
        Step(number + 1, str(label), done=number < reached, current=number == reached)
        for number, label in enumerate(_STEPS)
    ]


def firm_timeline(events: Sequence[CaseEvent], case: CultivationCase) -> list[EventLine]:
    """The history of a case in words for its firm, the newest first."""
    return [
        EventLine(
            number=event.number,
            at=event.at,
            label=str(EVENT_WORDS[CaseAction(event.action)]),
            actor=office_or_firm(event.actor, case.firm),
            state="",
            came_from="",
            reason=event_reason(event) if is_for_the_firm(event, case.firm) else "",
        )
        for event in reversed(events)
        if event.action in EVENT_WORDS
    ]
