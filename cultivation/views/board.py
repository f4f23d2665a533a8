"""The stock against the targets: what is, what was promised, what is likely."""

import datetime as dt

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from config.common.clock import today
from cultivation.charts import stock_chart as draw_stock_chart
from cultivation.selectors.forecasts import Forecast, forecast, stock_picture
from cultivation.selectors.stock import stock_at_year_ends, stock_on
from cultivation.selectors.targets import county_targets, division_board, stock_targets


def _forecasts(on: dt.date) -> list[Forecast]:
    """One forecast for each year from this one on that has a target."""
    return [forecast(year=year, as_of=on) for year in sorted(stock_targets()) if year >= on.year]


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Year-ends against targets, forecasts, and the counties, whose quotas are empty until entered."""
    on = today()
    targets = stock_targets()
    reached = stock_at_year_ends(min(targets), on.year - 1) if targets else {}
    forecasts = {item.year: item for item in _forecasts(on)}
    rows = [(year, targets[year], reached.get(year), forecasts.get(year)) for year in sorted(targets)]
    context = {
        "on": on,
        "stock": stock_on(on),
        "rows": rows,
        "counties": division_board(on),
        "county_targets": county_targets(on.year),
    }
    return render(request, "cultivation/board.html", context)


@require_GET
@cache_control(private=True, max_age=60)
def stock_chart(request: HttpRequest) -> HttpResponse:
    """The chart of the board as an SVG file."""
    on = today()
    picture = stock_picture(as_of=on, forecasts=_forecasts(on))
    return HttpResponse(draw_stock_chart(picture), content_type="image/svg+xml")
