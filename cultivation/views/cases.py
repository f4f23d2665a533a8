"""The list of cases and the page of one case with the acts that are open to the person."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseAction
from cultivation.forms import form_for
from cultivation.forms.cases import CaseFilterForm
from cultivation.models import CultivationCase
from cultivation.permissions import CASE_ROLES, CITY_WIDE_ROLES, visible_cases
from cultivation.selectors.acceptances import acceptances_of
from cultivation.selectors.cases import case_detail
from cultivation.selectors.cases import case_list as list_of_cases
from cultivation.selectors.clocks import standards
from cultivation.selectors.determinations import determinations_about
from cultivation.selectors.pipeline import counts_by_state, is_overdue, overdue, pool_limit
from cultivation.selectors.self_checks import newest_self_check
from cultivation.services.acting import SERVICES, act_on_case

from .act_forms import BoundAct, acts_with_forms
from .case_checks import case_checks
from .portal import render_portal
from .presenting import division_name, finding_lines, is_outsider, private_figures, timeline
from .readers import reader

_CHECK_ACTS = (CaseAction.ASSESS, CaseAction.RECORD_CHECK, CaseAction.DECIDE_MANUAL, CaseAction.RESET_CHECK)


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases the person may see, by state with counts, searched by name or code, paged by key."""
    user = reader(request)
    form = CaseFilterForm(request.GET)
    wanted, after = form.wanted(), request.GET.get("after", "")
    outsider, limit = is_outsider(user), pool_limit(today())
    review = wanted["review"] and not outsider
    page = list_of_cases(
        user,
        state=wanted["state"],
        text=wanted["text"],
        enrolled_before=limit if review else None,
        after=after,
    )
    counts = counts_by_state(user)
    context = {
        "form": form,
        "counts": counts,
        "all_cases": sum(row.count for row in counts),
        "rows": [(case, division_name(case.firm)) for case in page.rows],
        "review": review,
        "overdue": set() if outsider else {case.pk for case in page.rows if is_overdue(case, limit)},
        "overdue_cases": 0 if outsider else visible_cases(user).filter(overdue(limit)).count(),
        "next": page.next,
        "after": after,
        "state": wanted["state"],
        "text": wanted["text"],
        "outsider": outsider,
        "may_open": user.has_role(*CASE_ROLES[CaseAction.OPEN]),
    }
    return render(request, "cultivation/case_list.html", context)


@require_GET
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _render_case(request, pk)


@require_POST
def case_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one act. What the person may not see does not exist; what is refused is explained on the page.

    422: the form is not filled in; 409: refused by a rule, or somebody else was quicker; 403: not this person's.
    """
    user = reader(request)
    case = visible_cases(user).filter(pk=pk).first()
    if case is None or action not in CaseAction.values or CaseAction(action) not in SERVICES:
        raise Http404
    act = CaseAction(action)
    form = form_for(act)(request.POST, request.FILES, prefix=act.value)
    if not form.is_valid():
        return _render_case(request, pk, bound=(act, form), status=422)
    try:
        act_on_case(case=case, action=act, actor=user, seen=_seen(request), **form.answers())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return _render_case(request, pk, bound=(act, form), status=status)
    messages.success(request, _("Done: %(action)s.") % {"action": act.label})
    return redirect("cultivation:case", pk=pk)


def _seen(request: HttpRequest) -> int:
    """The number of the last event on the page the act comes from; 0 where it is not told."""
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _render_case(
    request: HttpRequest,
    pk: int,
    *,
    bound: BoundAct | None = None,
    status: int = 200,
) -> HttpResponse:
    user, seen = reader(request), _seen(request)
    if is_outsider(user):
        return render_portal(request, user, pk, bound=bound, seen=seen, status=status)
    try:
        detail = case_detail(pk, user)
    except CultivationCase.DoesNotExist as error:
        raise Http404 from error
    actions = acts_with_forms(detail.actions, bound)
    shown = {action.name for action, _form in actions}
    events = timeline(detail.events, user)
    context: dict[str, Any] = {
        "detail": detail,
        "case": detail.case,
        "actions": actions,
        "checks": case_checks(detail, newest_self_check(detail.case.firm)),
        "check_acts": [action for action in detail.actions if action.name in _CHECK_ACTS],
        "stray": bound if bound and bound[0] not in shown else None,
        "events": events,
        "acceptances": acceptances_of(detail.case),
        "last_event": detail.events[-1].number,
        "meanwhile": [event for event in events if seen and event.number > seen],
        "findings": finding_lines(detail.assessment, user),
        "division_name": division_name(detail.case.firm),
        "clock": standards(today()).clock(detail.case),
        "may_take_over": CaseAction.ASSIGN in shown and detail.case.handler_id != user.pk,
        "in_city": user.has_role(*CITY_WIDE_ROLES),
        "determinations": determinations_about(detail.case) if user.has_role(*CITY_WIDE_ROLES) else [],
        "adds_documents": any(action.name is CaseAction.ADD_DOCUMENT for action in detail.actions),
        "overdue": is_overdue(detail.case, pool_limit(today())),
        **private_figures(detail, user),
    }
    return render(request, "cultivation/case.html", context, status=status)
