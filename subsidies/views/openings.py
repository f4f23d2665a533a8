"""Balances of a funding line from before this system: proposed by finance, booked by a second person."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.api import User, as_seen, counts_as_actor
from subsidies.enums import OpeningState
from subsidies.forms.openings import ConfirmOpeningForm, OpeningForm, RejectOpeningForm
from subsidies.models import FundingLine, OpeningBalance
from subsidies.selectors.openings import opening_sums, openings_of
from subsidies.selectors.strands import opening_strands
from subsidies.services.openings import (
    DECIDERS,
    PROPOSERS,
    confirm_opening,
    propose_opening,
    reject_opening,
)

from .access import reader, status_of

_FORMS: dict[str, type[Form]] = {"confirm": ConfirmOpeningForm, "reject": RejectOpeningForm}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An opening balance that waits, with the forms of its decision where this person may decide."""

    opening: OpeningBalance
    forms: dict[str, Form]


@require_http_methods(["GET", "HEAD", "POST"])
def openings(request: HttpRequest, pk: int) -> HttpResponse:
    """What the line had by which documents; finance proposes a further one."""
    user = reader(request)
    line = get_object_or_404(FundingLine, pk=pk)
    if request.method != "POST":
        return _render(request, user, line)
    if not user.has_role(*PROPOSERS):
        raise PermissionDenied
    form = OpeningForm(request.POST, prefix="propose")
    if not form.is_valid():
        return _render(request, user, line, proposal=form, status=422)
    try:
        with _as_seen(request, line):
            propose_opening(line=line, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, line, proposal=form, status=status_of(refusal))
    messages.success(request, _("Proposed. Nothing is booked until a second person confirms it."))
    return redirect("subsidies:openings", pk=pk)


@require_POST
def opening_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or reject; 422, 409 and 403 as with the acts of a case."""
    user = reader(request)
    if action not in _FORMS:
        raise Http404
    opening = get_object_or_404(OpeningBalance.objects.select_related("line"), pk=pk)
    if not user.has_role(*DECIDERS):
        raise PermissionDenied
    form = _FORMS[action](request.POST, prefix=f"{action}-{pk}")
    bound = (pk, action, form)
    if not form.is_valid():
        return _render(request, user, opening.line, bound=bound, status=422)
    try:
        with _as_seen(request, opening.line):
            if action == "confirm":
                confirm_opening(opening=opening, actor=user)
            else:
                reject_opening(opening=opening, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, opening.line, bound=bound, status=status_of(refusal))
    messages.success(request, _("Booked.") if action == "confirm" else _("Rejected."))
    return redirect("subsidies:openings", pk=opening.line_id)


def _as_seen(request: HttpRequest, line: FundingLine) -> AbstractContextManager[None]:
    return as_seen(seen_in(request), lambda: opening_strands(line), hold=line)


def _render(
    request: HttpRequest,
    user: User,
    line: FundingLine,
    *,
    proposal: OpeningForm | None = None,
    bound: tuple[int, str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = openings_of(line)
    waiting = [Waiting(row, _forms(user, row, bound)) for row in rows if row.state == OpeningState.PROPOSED]
    shown = {(row.opening.pk, action) for row in waiting for action in row.forms}
    context: dict[str, Any] = {
        **told(request, opening_strands(line)),
        "line": line,
        "rows": rows,
        "waiting": waiting,
        "sums": opening_sums(line),
        "stray": bound[2] if bound and bound[:2] not in shown else None,
        "form": (proposal or OpeningForm(prefix="propose")) if user.has_role(*PROPOSERS) else None,
    }
    return render(request, "subsidies/openings.html", context, status=status)


def _forms(user: User, row: OpeningBalance, bound: tuple[int, str, Form] | None) -> dict[str, Form]:
    if not user.has_role(*DECIDERS) or counts_as_actor(user, row.proposed_by_id, row.proposed_at):
        return {}
    forms = {action: form(prefix=f"{action}-{row.pk}") for action, form in _FORMS.items()}
    if bound and bound[0] == row.pk:
        forms[bound[1]] = bound[2]
    return forms
