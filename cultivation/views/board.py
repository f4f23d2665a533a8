"""The stock against the targets: what is, what was promised, what is likely."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from config.common.clock import today
from cultivation.charts import stock_chart as draw_stock_chart
from cultivation.enums import Role
from cultivation.forecasting.answer import Forecast
from cultivation.models import User
from cultivation.rules.display import decimal_text
from cultivation.selectors.forecasts import forecast, stock_picture
from cultivation.selectors.stock import stock_at_year_ends, stock_on
from cultivation.selectors.targets import county_targets, division_board, stock_targets
from documents.api import FontsMissing


@dataclass(frozen=True, slots=True)
class YearRow:
    """One year of the plan; ``reached`` is empty while the year runs, ``forecast`` once it is over."""

    year: int
    target: int
    reached: int | None
    forecast: Forecast | None

    @property
    def met(self) -> bool | None:
        return None if self.reached is None else self.reached >= self.target

    @property
    def chance(self) -> str:
        probability = self.forecast.probability_met if self.forecast else None
        return "" if probability is None else percent(probability)


def percent(probability: Decimal) -> str:
    """One decimal; never a round 0 or 100 for what is neither impossible nor certain."""
    if 0 < probability < Decimal("0.001"):
        return "<0.1%"
    if Decimal("0.999") < probability < 1:
        return ">99.9%"
    return decimal_text(probability * 100, 1, 1) + "%"


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Year-ends against targets, forecasts, and the counties, whose quotas are empty until entered."""
    _require_office(request)
    on = today()
    targets = stock_targets()
    reached = stock_at_year_ends(min(targets), on.year - 1) if targets else {}
    forecasts = {item.year: item for item in _forecasts(on)}
    context = {
        "on": on,
        "stock": stock_on(on),
        "rows": [
            YearRow(year, targets[year], reached.get(year), forecasts.get(year)) for year in sorted(targets)
        ],
        "counties": division_board(on),
        "county_targets": county_targets(on.year),
    }
    return render(request, "cultivation/board.html", context)


@require_GET
@cache_control(private=True, max_age=60)
def stock_chart(request: HttpRequest) -> HttpResponse:
    """The chart of the board as an SVG file."""
    _require_office(request)
    on = today()
    try:
        chart = draw_stock_chart(stock_picture(as_of=on, forecasts=_forecasts(on)))
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(chart, content_type="image/svg+xml; charset=utf-8")


def _require_office(request: HttpRequest) -> None:
    """The board is the office's; a firm sees its own case alone."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*(role for role in Role if role is not Role.FIRM)):
        raise PermissionDenied


def _forecasts(on: dt.date) -> list[Forecast]:
    """One forecast for each year from this one on that has a target."""
    return [forecast(year=year, as_of=on) for year in sorted(stock_targets()) if year >= on.year]
