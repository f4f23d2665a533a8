"""Bulk acts on awards: chosen, told one by one before anything happens, confirmed, and told one by one what became."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.money import ZERO
from cultivation.api import Role, User, counties
from subsidies.forms.awards import AwardFilterForm
from subsidies.forms.bulk import FORMS
from subsidies.models import Award
from subsidies.permissions import AwardAction, may
from subsidies.selectors.awards import filtered_awards, visible_awards
from subsidies.services import bulk

from .access import require_roles, status_of
from .award_list import render_awards
from .bulk_plans import Plan, UnreadablePlan, read_plan, sign_plan

_OFFICE = (Role.CASEWORKER, Role.REVIEWER)
_KEPT = "subsidies_bulk_outcome"


@dataclass(frozen=True, slots=True)
class Line:
    """An award on the page with what is told of it."""

    award: Award
    outcome: bulk.Outcome


@require_POST
def awards_bulk(request: HttpRequest, action: str) -> HttpResponse:
    """The pre-flight: first what the act asks for, then what it would do with each award. Nothing happens here."""
    user, act = _asked(request, action)
    try:
        keys = _chosen(request, user, act)
    except Refused as refusal:
        return render_awards(request, user, fault=refusal.message, status=409)
    awards = list(visible_awards(user).filter(pk__in=keys).select_related("firm").order_by("pk"))
    form = FORMS[act]()
    if form.fields and "told" not in request.POST:
        return _render(request, act, awards, form)
    form = FORMS[act](request.POST)
    if not form.is_valid():
        return _render(request, act, awards, form, status=422)
    try:
        rehearsal = bulk.rehearse(awards=keys, action=act, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, act, awards, form, status=status_of(refusal))
    plan = Plan(
        by=user.pk,
        action=act,
        answers={name: request.POST.get(name, "") for name in form.fields},
        outcomes=rehearsal.outcomes,
    )
    return _render(request, act, awards, form, rehearsal=rehearsal, plan=sign_plan(plan))


@require_POST
def awards_bulk_confirm(request: HttpRequest, action: str) -> HttpResponse:
    """Do what the pre-flight said would be done; what it refused is left out and stays as it is."""
    user, act = _asked(request, action)
    try:
        plan = read_plan(request.POST.get("plan", ""), by=user.pk, action=act)
    except UnreadablePlan:
        fault = _("This pre-flight is not valid any more; nothing was done. Choose the awards again.")
        return render_awards(request, user, fault=fault, status=409)
    form = FORMS[act](plan.answers)
    chosen = [(outcome.award, outcome.seen) for outcome in plan.outcomes if outcome.done]
    if not form.is_valid() or not chosen:
        fault = _("There is nothing to do; nothing was done. Choose the awards again.")
        return render_awards(request, user, fault=fault, status=409)
    done = bulk.run(awards=chosen, action=act, actor=user, **form.cleaned_data)
    left = [outcome for outcome in plan.outcomes if not outcome.done]
    rows = sorted([*done, *left], key=lambda outcome: outcome.award)
    request.session[_KEPT] = {
        "action": act.value,
        "rows": [
            (row.award, row.code, row.message, None if row.amount is None else str(row.amount))
            for row in rows
        ],
    }
    return redirect("subsidies:awards_outcome")


@require_GET
def awards_outcome(request: HttpRequest) -> HttpResponse:
    """What became of each award of the person's last bulk act; kept until the next one."""
    user = require_roles(request, *_OFFICE)
    kept = request.session.get(_KEPT)
    if kept is None:
        return redirect("subsidies:awards")
    awards = visible_awards(user).select_related("firm").in_bulk([row[0] for row in kept["rows"]])
    lines = [
        Line(awards[key], bulk.Outcome(key, 0, None if amount is None else Decimal(amount), code, message))
        for key, code, message, amount in kept["rows"]
    ]
    context = {"action": AwardAction(kept["action"]), "lines": lines, **_totals(lines)}
    return render(request, "subsidies/award_outcome.html", context)


def _asked(request: HttpRequest, action: str) -> tuple[User, AwardAction]:
    user = require_roles(request, *_OFFICE)
    if action not in AwardAction.values or AwardAction(action) not in bulk.SERVICES:
        raise Http404
    act = AwardAction(action)
    if not may(user, act):
        raise PermissionDenied
    return user, act


def _chosen(request: HttpRequest, user: User, action: AwardAction) -> list[int]:
    """The keys of the awards ticked, or of all that match the filter of the address and are in a state for the act."""
    if request.POST.get("all"):
        wanted = AwardFilterForm(request.GET, counties=counties(today())).wanted()
        found = filtered_awards(user, wanted).filter(state__in=bulk.source_states(action))
        keys = list(found.values_list("pk", flat=True)[: bulk.MOST + 1])
    else:
        ticked = {text for text in request.POST.getlist("awards") if text.isdecimal() and len(text) < 19}
        keys = list(visible_awards(user).filter(pk__in=ticked).values_list("pk", flat=True)[: bulk.MOST + 1])
    if not keys:
        raise Refused("nothing_chosen", _("Choose at least one award."))
    if len(keys) > bulk.MOST:
        raise Refused(
            "too_many",
            _("More than %(most)s awards are chosen; narrow the choice.") % {"most": bulk.MOST},
        )
    return keys


def _render(
    request: HttpRequest,
    action: AwardAction,
    awards: Sequence[Award],
    form: forms.Form,
    *,
    rehearsal: bulk.Rehearsal | None = None,
    plan: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "action": action,
        "chosen": awards,
        "rows_name": "awards",
        "form": form,
        "plan": plan,
        "preflight_url": reverse("subsidies:awards_bulk", args=[action]),
        "confirm_url": reverse("subsidies:awards_bulk_confirm", args=[action]),
    }
    if rehearsal is not None:
        by_key = {award.pk: award for award in awards}
        lines = [Line(by_key[outcome.award], outcome) for outcome in rehearsal.outcomes]
        context |= {"lines": lines, "rehearsal": rehearsal, **_totals(lines)}
    return render(request, "subsidies/award_bulk.html", context, status=status)


def _totals(lines: Sequence[Line]) -> dict[str, object]:
    """Number and sum in yuan of what is done and of what is refused; how many were done before."""
    done = [line.outcome for line in lines if line.outcome.done]
    before = [line.outcome for line in lines if line.outcome.done_before]
    refused = [line.outcome for line in lines if not (line.outcome.done or line.outcome.done_before)]
    return {
        "done": len(done),
        "done_amount": sum((outcome.amount or ZERO for outcome in done), ZERO),
        "done_before": len(before),
        "refused": len(refused),
        "refused_amount": sum((outcome.amount or ZERO for outcome in refused), ZERO),
    }
