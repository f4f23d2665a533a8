"""How good the forecasts of past days would have been: the newest back-test on record, and ordering another."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST
from django_tasks import TaskResultStatus

from config.common.clock import today
from cultivation.background import backtest_status, order_backtest
from cultivation.charts import backtest_chart
from cultivation.forecasting.report import LAST_RATE, LINE, MODEL
from cultivation.selectors.forecast_records import can_replay, latest_backtest
from documents.api import FontsMissing

from .board_places import city_office
from .forecasts import RECORDERS


@require_GET
def backtest(request: HttpRequest) -> HttpResponse:
    """Coverage, Brier scores and calibration with every replay behind them; read from the record, never reckoned here."""
    user = city_office(request)
    found, status = latest_backtest(), backtest_status()
    names = {
        MODEL: _("The forecast"),
        LAST_RATE: _("Last year's rates again"),
        LINE: _("A straight line through the year-ends"),
    }
    report = found.report if found else None
    context = {
        "section": "backtest",
        "record": found.record if found else None,
        "report": report,
        "briers": [(names[key], report.brier(key)) for key in names] if report else [],
        "is_running": status is TaskResultStatus.RUNNING,
        "has_failed": status is TaskResultStatus.FAILED,
        "may_order": user.has_role(*RECORDERS) and can_replay(today()),
        "can_replay": can_replay(today()),
    }
    return render(request, "cultivation/backtest.html", context)


@require_POST
def backtest_order(request: HttpRequest) -> HttpResponse:
    """Let a worker make a new one."""
    user = city_office(request)
    if not user.has_role(*RECORDERS):
        raise PermissionDenied
    if can_replay(today()):
        order_backtest(user)
        messages.success(request, _("The back-test is being made; look again in a moment."))
    return redirect("cultivation:backtest")


@require_GET
@cache_control(private=True, max_age=60)
def calibration_chart(request: HttpRequest) -> HttpResponse:
    """The calibration of the newest back-test as an SVG file."""
    city_office(request)
    found = latest_backtest()
    if found is None:
        raise Http404
    try:
        chart = backtest_chart(found.report)
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(chart, content_type="image/svg+xml; charset=utf-8")
