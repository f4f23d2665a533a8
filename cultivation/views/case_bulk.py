"""Bulk acts on cases: chosen in the queue, told one by one before anything happens, confirmed, and told what became."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import CaseAction
from cultivation.forms import ActForm, form_for
from cultivation.models import CultivationCase, User
from cultivation.permissions import CASE_ROLES, visible_cases
from cultivation.selectors.clocks import standards
from cultivation.selectors.queue import queued_cases
from cultivation.selectors.targets import counties
from cultivation.services import bulk

from .queue import clerk, filter_form, render_queue
from .readers import status_of

_KEPT = "cultivation_bulk_outcome"
_SALT = "cultivation.bulk"
# A pre-flight is confirmed the same day; the state of each case is checked in any event.
_VALID_SECONDS = 8 * 60 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """A case on the page with what is told of it."""

    case: CultivationCase
    outcome: bulk.Outcome


@require_POST
def cases_bulk(request: HttpRequest, action: str) -> HttpResponse:
    """The pre-flight: first what the act asks for, then what it would do with each case. Nothing happens here."""
    user, act = _asked(request, action)
    try:
        keys = _chosen(request, user, act)
    except Refused as refusal:
        return render_queue(request, user, fault=refusal.message, status=409)
    cases = list(visible_cases(user).filter(pk__in=keys).select_related("firm").order_by("pk"))
    form = form_for(act)()
    if form.fields and "told" not in request.POST:
        return _render(request, act, cases, form)
    form = form_for(act)(request.POST)
    if not form.is_valid():
        return _render(request, act, cases, form, status=422)
    try:
        outcomes = bulk.rehearse(cases=keys, action=act, actor=user, **form.answers())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, act, cases, form, status=status_of(refusal))
    plan = {
        "by": user.pk,
        "action": act.value,
        "answers": {name: request.POST.get(name, "") for name in form.fields},
        "rows": [(row.case, row.seen, row.code, row.message) for row in outcomes],
    }
    signed = signing.dumps(plan, salt=_SALT, compress=True)
    return _render(request, act, cases, form, outcomes=outcomes, plan=signed)


@require_POST
def cases_bulk_confirm(request: HttpRequest, action: str) -> HttpResponse:
    """Do what the pre-flight said would be done; what it refused is left out and stays as it is."""
    user, act = _asked(request, action)
    try:
        plan = signing.loads(request.POST.get("plan", ""), salt=_SALT, max_age=_VALID_SECONDS)
        if (plan["by"], plan["action"]) != (user.pk, act.value):
            raise signing.BadSignature
    except signing.BadSignature:
        fault = _("This pre-flight is not valid any more; nothing was done. Choose the cases again.")
        return render_queue(request, user, fault=fault, status=409)
    told = [bulk.Outcome(*row) for row in plan["rows"]]
    chosen = [(row.case, row.seen) for row in told if row.done]
    form = form_for(act)(plan["answers"])
    if not form.is_valid() or not chosen:
        fault = _("There is nothing to do; nothing was done. Choose the cases again.")
        return render_queue(request, user, fault=fault, status=409)
    done = bulk.run(cases=chosen, action=act, actor=user, **form.answers())
    rows = sorted([*done, *(row for row in told if not row.done)], key=lambda row: row.case)
    request.session[_KEPT] = {
        "action": act.value,
        "rows": [(row.case, row.seen, row.code, row.message) for row in rows],
    }
    return redirect("cultivation:cases_outcome")


@require_GET
def cases_outcome(request: HttpRequest) -> HttpResponse:
    """What became of each case of the person's last bulk act; kept until the next one."""
    user = clerk(request)
    kept = request.session.get(_KEPT)
    if kept is None:
        return redirect("cultivation:queue")
    cases = visible_cases(user).select_related("firm").in_bulk([row[0] for row in kept["rows"]])
    lines = [Line(cases[row[0]], bulk.Outcome(*row)) for row in kept["rows"] if row[0] in cases]
    context = {"action": CaseAction(kept["action"]), "lines": lines, **_totals(lines)}
    return render(request, "cultivation/case_outcome.html", context)


def _asked(request: HttpRequest, action: str) -> tuple[User, CaseAction]:
    user = clerk(request)
    if action not in CaseAction.values or CaseAction(action) not in bulk.BULK_ACTIONS:
        raise Http404
    act = CaseAction(action)
    if not user.has_role(*CASE_ROLES[act]):
        raise PermissionDenied
    return user, act


def _chosen(request: HttpRequest, user: User, action: CaseAction) -> list[int]:
    """The keys of the cases ticked, or of all that match the filter of the address and are in a state for the act."""
    if request.POST.get("all"):
        wanted = filter_form(request.GET, user, counties(today())).wanted()
        found = queued_cases(user, wanted, standards(today())).filter(state__in=bulk.source_states(action))
    else:
        ticked = {text for text in request.POST.getlist("cases") if text.isdecimal() and len(text) < 19}
        found = visible_cases(user).filter(pk__in=ticked)
    keys = list(found.order_by("pk").values_list("pk", flat=True)[: bulk.MOST + 1])
    if not keys:
        raise Refused("nothing_chosen", _("Choose at least one case."))
    if len(keys) > bulk.MOST:
        raise Refused(
            "too_many", _("More than %(most)s cases are chosen; narrow the choice.") % {"most": bulk.MOST}
        )
    return keys


def _render(
    request: HttpRequest,
    action: CaseAction,
    cases: Sequence[CultivationCase],
    form: ActForm,
    *,
    outcomes: Sequence[bulk.Outcome] | None = None,
    plan: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "action": action,
        "chosen": cases,
        "rows_name": "cases",
        "form": form,
        "plan": plan,
        "preflight_url": reverse("cultivation:cases_bulk", args=[action]),
        "confirm_url": reverse("cultivation:cases_bulk_confirm", args=[action]),
    }
    if outcomes is not None:
        by_key = {case.pk: case for case in cases}
        lines = [Line(by_key[outcome.case], outcome) for outcome in outcomes]
        context |= {"lines": lines, **_totals(lines)}
    return render(request, "cultivation/case_bulk.html", context, status=status)


def _totals(lines: Sequence[Line]) -> dict[str, int]:
    done = sum(line.outcome.done for line in lines)
    before = sum(line.outcome.done_before for line in lines)
    return {"done": done, "done_before": before, "refused": len(lines) - done - before}
