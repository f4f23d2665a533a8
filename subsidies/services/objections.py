"""Objections to disclosed awards: written, in real name (实名), each answered before anything is approved."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from cultivation.api import User, recorded
from subsidies.enums import AwardState, ObjectionOutcome
from subsidies.models import Award, Objection
from subsidies.permissions import AwardAction, require

from .events import lock_award, record_award_event, refuse_state

_LONGEST = 2000


@recorded("record objection")
def record_objection(
    *, award: Award, raised_by: str, raised_on: dt.date, text: str, actor: User, contact: str = ""
) -> Objection:
    """What somebody holds against a disclosed award; it holds up the approval until it is answered.

    One that comes after the last day is recorded too, with its date: the bureau decides what it is worth.
    ``Refused``: wrong_state, name_missing, text_missing, text_too_long, date_in_future, before_disclosure.
    """
    require(actor, AwardAction.RECORD_OBJECTION)
    award = lock_award(award)
    if award.state != AwardState.DISCLOSED or award.disclosure is None or award.calculation is None:
        refuse_state(award)
    if not raised_by.strip():
        raise Refused("name_missing", _("An objection is raised in real name."))
    if raised_on > today():
        raise Refused("date_in_future", _("%(date)s lies in the future.") % {"date": raised_on.isoformat()})
    if raised_on < award.disclosure.published_on:
        raise Refused("before_disclosure", _("The objection cannot come before the disclosure."))
    objection = Objection.objects.create(
        award=award,
        calculation=award.calculation,
        disclosure=award.disclosure,
        raised_by=raised_by.strip(),
        contact=contact.strip(),
        raised_on=raised_on,
        text=_text(text),
        recorded_by=actor,
    )
    _note(award, AwardAction.RECORD_OBJECTION, actor, raised_on.isoformat())
    return objection


@recorded("answer objection")
def answer_objection(
    *, objection: Objection, outcome: ObjectionOutcome, answer: str, actor: User
) -> Objection:
    """Answer it, once. An upheld one stops the award: it is sent back and calculated afresh, or revoked.

    ``Refused``: already_answered, text_missing, text_too_long.
    """
    require(actor, AwardAction.ANSWER_OBJECTION)
    award = lock_award(objection.award)
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.outcome:
        raise Refused("already_answered", _("This objection has been answered already."))
    objection.outcome, objection.answer = outcome, _text(answer)
    objection.answered_by, objection.answered_at = actor, now()
    objection.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    _note(award, AwardAction.ANSWER_OBJECTION, actor, outcome.value)
    return objection


def require_no_objection(award: Award) -> None:
    """``Refused`` (objection_open, objection_upheld) where one stands against the present calculation."""
    for objection in Objection.objects.filter(award=award, calculation=award.calculation):
        if not objection.outcome:
            raise Refused(
                "objection_open",
                _("The objection of %(date)s has not been answered yet.")
                % {"date": objection.raised_on.isoformat()},
            )
        if objection.outcome == ObjectionOutcome.UPHELD:
            raise Refused(
                "objection_upheld",
                _("The objection of %(date)s was upheld: the award is to be sent back or revoked.")
                % {"date": objection.raised_on.isoformat()},
            )


def _text(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refused("text_missing", _("Write the text down."))
    if len(text) > _LONGEST:
        raise Refused("text_too_long", _("The text is longer than %(most)s characters.") % {"most": _LONGEST})
    return text


def _note(award: Award, action: AwardAction, actor: User, reason: str) -> None:
    record_award_event(award=award, action=action, actor=actor, from_state=award.state, reason=reason)
