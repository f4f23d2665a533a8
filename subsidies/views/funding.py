"""Funding lines: balances on any day, every entry behind a figure, and what finance books on them."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import seen_in, told
from cultivation.api import Role, User, as_seen
from subsidies.forms.funding import AdjustForm, AppropriateForm, CarryOverForm, DayForm, OpenLineForm
from subsidies.models import FundingLine
from subsidies.permissions import READERS
from subsidies.selectors.funding import BEHIND, balances_on, entries_behind, page_of_entries, sum_of
from subsidies.selectors.strands import line_strands
from subsidies.services import funding


@require_http_methods(["GET", "HEAD", "POST"])
def funding_lines(request: HttpRequest) -> HttpResponse:
    """All lines with their figures at the end of a day; finance opens a further one."""
    user = _reader(request)
    if request.method != "POST":
        return _render_lines(request, user, OpenLineForm())
    if not user.has_role(Role.FINANCE):
        raise PermissionDenied
    form = OpenLineForm(request.POST)
    if not form.is_valid():
        return _render_lines(request, user, form, status=422)
    try:
        line = funding.open_line(**form.cleaned_data, actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_lines(request, user, form, status=_status(refusal))
    messages.success(request, _("The funding line is open."))
    return redirect("subsidies:funding_line", pk=line.pk)


@require_GET
def funding_line(request: HttpRequest, pk: int) -> HttpResponse:
    return _render_line(request, _reader(request), get_object_or_404(FundingLine, pk=pk))


@require_POST
def funding_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Book something on a line; 422 and 409 as with the acts of a case."""
    user = _reader(request)
    line = get_object_or_404(FundingLine, pk=pk)
    if action not in _ACTS:
        raise Http404
    form = _form(action, line, request.POST)
    if not form.is_valid():
        return _render_line(request, user, line, bound=(action, form), status=422)
    try:
        with as_seen(seen_in(request), lambda: line_strands(line), hold=line):
            _ACTS[action](line, form.cleaned_data, user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_line(request, user, line, bound=(action, form), status=_status(refusal))
    messages.success(request, _("Booked."))
    return redirect("subsidies:funding_line", pk=pk)


def _adjust(line: FundingLine, answers: dict[str, Any], actor: User) -> object:
    return funding.adjust(line=line, **answers, actor=actor)


def _appropriate(line: FundingLine, answers: dict[str, Any], actor: User) -> object:
    return funding.appropriate(line=line, **answers, actor=actor)


def _carry_over(line: FundingLine, answers: dict[str, Any], actor: User) -> object:
    return funding.carry_over(source=line, **answers, actor=actor)


_ACTS: Mapping[str, Callable[[FundingLine, dict[str, Any], User], object]] = {
    "appropriate": _appropriate,
    "adjust": _adjust,
    "carry-over": _carry_over,
}


def _form(action: str, line: FundingLine, data: Any = None) -> forms.Form:
    if action == "carry-over":
        return CarryOverForm(data, source=line, prefix=action)
    form_class = AppropriateForm if action == "appropriate" else AdjustForm
    return form_class(data, prefix=action)


def _render_lines(request: HttpRequest, user: User, form: OpenLineForm, status: int = 200) -> HttpResponse:
    on = _day(request)
    balances = balances_on(on)
    context = {
        "balances": balances,
        "total": sum_of(balances),
        "on": on,
        "day_form": DayForm(initial={"on": on}),
        "form": form if user.has_role(Role.FINANCE) else None,
    }
    return render(request, "subsidies/funding_lines.html", context, status=status)


def _render_line(
    request: HttpRequest,
    user: User,
    line: FundingLine,
    *,
    bound: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    on, figure, after = _day(request), request.GET.get("figure", ""), request.GET.get("after", "")
    page = page_of_entries(entries_behind(line, on=on, figure=figure), after=after)
    labels = {
        "appropriate": _("Appropriate"),
        "adjust": _("Adjust"),
        "carry-over": _("Carry over to the next year"),
    }
    acts = [
        (name, label, bound[1] if bound and bound[0] == name else _form(name, line))
        for name, label in labels.items()
    ]
    context = {
        **told(request, line_strands(line)),
        "line": line,
        "figures": balances_on(on, FundingLine.objects.filter(pk=line.pk))[0].figures,
        "on": on,
        "day_form": DayForm(initial={"on": on}),
        "entries": page.rows,
        "next": page.next,
        "after": after,
        "figure": figure if figure in BEHIND else "",
        "acts": acts if user.has_role(Role.FINANCE) else [],
        "opened": bound[0] if bound else "",
    }
    return render(request, "subsidies/funding_line.html", context, status=status)


def _day(request: HttpRequest) -> dt.date:
    return DayForm(request.GET).day() or today()


def _status(refusal: Refused) -> int:
    return 403 if isinstance(refusal, NotAllowed) else 409


def _reader(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*READERS):
        raise PermissionDenied
    return user
