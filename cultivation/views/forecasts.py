"""Recorded forecasts: the list with what came of them, one of them, and putting another on record."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config.common.clock import today
from config.common.downloads import download
from config.common.errors import Refused
from config.common.paging import page_by_key
from cultivation.enums import Role
from cultivation.forms.forecasts import ForecastForm
from cultivation.models import User
from cultivation.selectors.forecast_records import forecast_rows, latest_backtest, snapshots
from cultivation.services.forecasts import record_forecast

from .board_places import city_office
from .forecast_words import part_rows, prior_rows, stage_rows
from .readers import status_of

RECORDERS = (Role.CASEWORKER, Role.REVIEWER)


@require_http_methods(["GET", "HEAD", "POST"])
def forecasts(request: HttpRequest) -> HttpResponse:
    """The recorded forecasts, the newest first; whoever may, puts today's on record. 422, 409 and 403 as everywhere."""
    user = city_office(request)
    if request.method != "POST":
        return _render(request, user, ForecastForm())
    form = ForecastForm(request.POST)
    if not form.is_valid():
        return _render(request, user, form, status=422)
    try:
        snapshot = record_forecast(actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, form, status=status_of(refusal))
    messages.success(request, _("The forecast is on record."))
    return redirect("cultivation:forecast", pk=snapshot.pk)


def _render(request: HttpRequest, user: User, form: ForecastForm, status: int = 200) -> HttpResponse:
    page = page_by_key(snapshots(), "recorded_at", after=request.GET.get("after", ""))
    context = {
        "section": "forecasts",
        "rows": forecast_rows(page.rows, today()),
        "next": page.next,
        "form": form if user.has_role(*RECORDERS) else None,
        "backtest": latest_backtest(),
    }
    return render(request, "cultivation/forecasts.html", context, status=status)


@require_GET
def forecast(request: HttpRequest, pk: int) -> HttpResponse:
    """One recorded forecast with all it rests on."""
    city_office(request)
    (row,) = forecast_rows([get_object_or_404(snapshots(), pk=pk)], today())
    context = {
        "section": "forecasts",
        "row": row,
        "snapshot": row.snapshot,
        "result": row.result,
        "parts": part_rows(row.result["contributions"]),
        "stages": stage_rows(row.snapshot.inputs["assumptions"]),
        "priors": prior_rows(row.snapshot.priors),
    }
    return render(request, "cultivation/forecast.html", context)


@require_GET
def forecast_file(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything a recorded forecast says, as JSON."""
    city_office(request)
    found = get_object_or_404(snapshots(), pk=pk)
    content = {
        **found.result,
        **found.inputs,
        "priors": found.priors,
        "sha256": found.sha256,
        "recorded_by": str(found.recorded_by),
        "recorded_at": found.recorded_at.isoformat(),
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return download(
        text.encode(), name=f"forecast-{found.year}-{found.pk}.json", content_type="application/json"
    )
