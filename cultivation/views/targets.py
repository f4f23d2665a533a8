"""Annual targets and quotas of counties: entered with their source, corrected with a reason, never forced to add up."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import Origin, Role
from cultivation.forms.programme import ReasonForm, TargetCorrectionForm, TargetForm
from cultivation.models import AnnualTarget, User
from cultivation.selectors.field_history import edits
from cultivation.selectors.target_list import history_of, target_years, targets_of
from cultivation.services.refusals import as_seen
from cultivation.services.targets import correct_target, enter_target, withdraw_target

from .board_places import caseworker, city_office, place_name
from .readers import status_of
from .tables.programme import year_asked

_FIELDS = {"target_exists": "value", "source_missing": "source", "reason_missing": "reason"}


@require_http_methods(["GET", "HEAD", "POST"])
def targets(request: HttpRequest) -> HttpResponse:
    """The targets of a year; a caseworker enters another one here."""
    if request.method != "POST":
        user = city_office(request)
        return _render(request, user, TargetForm(initial={"year": year_asked(request.GET.dict())}))
    user = caseworker(request)
    form = TargetForm(request.POST)
    if not form.is_valid():
        return _render(request, user, form, status=422)
    try:
        target = enter_target(**form.cleaned_data, actor=user)
    except Refused as refusal:
        field = _FIELDS.get(refusal.code)
        form.add_error(field, refusal.message)
        return _render(request, user, form, status=422 if field else status_of(refusal))
    messages.success(request, _("The target is recorded."))
    return redirect(f"{reverse('cultivation:targets')}?year={target.year}")


@require_GET
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target with what it was before."""
    user = city_office(request)
    return _render_one(request, user, get_object_or_404(AnnualTarget, pk=pk))


@require_POST
def target_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Correct or withdraw a target of the bureau; 422, 409 and 403 as with the acts of a case."""
    user = caseworker(request)
    found = get_object_or_404(AnnualTarget, pk=pk)
    if action not in ("correct", "withdraw"):
        raise Http404
    form = (TargetCorrectionForm if action == "correct" else ReasonForm)(request.POST, auto_id=f"{action}-%s")
    if not form.is_valid():
        return _render_one(request, user, found, {action: form}, status=422)
    try:
        with as_seen(seen_in(request), lambda: [edits(found)], hold=found):
            if action == "correct":
                correct_target(target=found, actor=user, **form.cleaned_data)
            else:
                withdraw_target(target=found, actor=user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_one(request, user, found, {action: form}, status=status_of(refusal))
    messages.success(request, _("The target is corrected.") if action == "correct" else _("Withdrawn."))
    if action == "correct":
        return redirect("cultivation:target", pk=pk)
    return redirect(f"{reverse('cultivation:targets')}?year={found.year}")


def _render(request: HttpRequest, user: User, form: TargetForm, status: int = 200) -> HttpResponse:
    year = year_asked(request.GET.dict())
    context = {
        "section": "targets",
        "shown": targets_of(year, today()),
        "years": sorted({*target_years(), year}),
        "form": form if user.has_role(Role.CASEWORKER) else None,
    }
    return render(request, "cultivation/targets.html", context, status=status)


def _render_one(
    request: HttpRequest,
    user: User,
    found: AnnualTarget,
    forms: dict[str, TargetCorrectionForm | ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    may_change = user.has_role(Role.CASEWORKER) and found.origin == Origin.ENTERED
    context = {
        **told(request, [edits(found)]),
        "section": "targets",
        "target": found,
        "place": place_name(found.division),
        "history": history_of(found),
        "forms": {
            "correct": TargetCorrectionForm.showing(found),
            "withdraw": ReasonForm(auto_id="withdraw-%s"),
            **(forms or {}),
        }
        if may_change
        else {},
    }
    return render(request, "cultivation/target.html", context, status=status)
