"""The page of one award with the acts that are open to the person, and each of its calculations done again."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.errors import Refused
from cultivation.api import Role
from documents.api import amount_in_words
from subsidies.enums import AwardState
from subsidies.forms.award_acts import form_of
from subsidies.models import Award, Calculation
from subsidies.permissions import AwardAction, may
from subsidies.selectors.award_pages import award_page_of, calculation_of
from subsidies.selectors.awards import visible_awards
from subsidies.selectors.notices import NOTICE_STATES
from subsidies.services.acting import SERVICES, act_on_award
from subsidies.services.offers import offers
from subsidies.services.recomputing import changes_since, compare

from .access import reader, status_of
from .award_words import difference_lines, input_lines, steps_taken, timeline


@require_GET
def award(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about the award, and what the person can do with it or why not."""
    return _render_award(request, pk)


@require_POST
def award_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one act. What the person may not see does not exist; what is refused is explained on the page.

    422: the form is not filled in; 409: refused by a rule, or somebody else was quicker; 403: not this person's.
    """
    user = reader(request)
    found = visible_awards(user).select_related("version").filter(pk=pk).first()
    if found is None or action not in AwardAction.values or AwardAction(action) not in SERVICES:
        raise Http404
    act = AwardAction(action)
    form = form_of(act, found, request.POST)
    if not form.is_valid():
        return _render_award(request, pk, bound=(act, form), status=422)
    try:
        act_on_award(award=found, action=act, actor=user, seen=_seen(request), **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_award(request, pk, bound=(act, form), status=status_of(refusal))
    messages.success(request, _("Done: %(action)s.") % {"action": act.label})
    return redirect("subsidies:award", pk=pk)


@require_GET
def award_calculation(request: HttpRequest, pk: int, calculation: int) -> HttpResponse:
    """A calculation as it was recorded, done again, and held against the records as they were then and are now."""
    user = reader(request)
    try:
        found = calculation_of(user, pk, calculation)
    except Calculation.DoesNotExist as error:
        raise Http404 from error
    comparison = compare(found)
    context = {
        "calculation": found,
        "award": found.award,
        "in_force": found.award.calculation_id == found.pk,
        "inputs": input_lines(found.inputs),
        "comparison": comparison,
        "tampered": difference_lines(comparison.tampered),
        "changes": difference_lines(changes_since(found)),
        "in_words": amount_in_words(found.amount),
    }
    return render(request, "subsidies/award_calculation.html", context)


def _seen(request: HttpRequest) -> int:
    """The number of the last event on the page the act comes from; 0 where it is not told."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _render_award(
    request: HttpRequest,
    pk: int,
    *,
    bound: tuple[AwardAction, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    user, seen = reader(request), _seen(request)
    try:
        page = award_page_of(user, pk)
    except Award.DoesNotExist as error:
        raise Http404 from error
    offered = offers(page.award, user, recovery=page.recovery, open_objections=page.open_objections)
    acts = [
        (offer, bound[1] if bound and bound[0] == offer.name else form_of(offer.name, page.award))
        for offer in offered
    ]
    events = timeline(page.events)
    context: dict[str, Any] = {
        "page": page,
        "award": page.award,
        "in_words": amount_in_words(page.award.amount) if page.award.amount else "",
        "acts": acts,
        "stray": bound if bound and bound[0] not in {offer.name for offer in offered} else None,
        "events": events,
        "meanwhile": [event for event in events if seen and event.number > seen],
        "contact_shown": may(user, AwardAction.ANSWER_OBJECTION),
        "lists_shown": user.has_role(Role.FINANCE, Role.REVIEWER, Role.AUDITOR),
        "to_list": page.award.state == AwardState.APPROVED and may(user, AwardAction.PUT_ON_LIST),
        "letter_shown": page.award.state == AwardState.RECOVERING and may(user, AwardAction.ISSUE_NOTICE),
        "grant_letter_shown": page.award.state in NOTICE_STATES and may(user, AwardAction.ISSUE_NOTICE),
        "steps": steps_taken(page),
    }
    return render(request, "subsidies/award.html", context, status=status)
