"""The quota board of the city or a county: what is, what was promised, what is likely, and what would help."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from config.common.clock import today
from config.common.downloads import download
from cultivation.charts import BOARD_CHARTS
from cultivation.enums import StockChange
from cultivation.rules.board_lines import year_line
from cultivation.rules.display import points_text
from cultivation.selectors.board import Board, Figures
from cultivation.selectors.pushes import firm_pushes
from cultivation.selectors.targets import counties
from cultivation.workbooks.board import board_xlsx
from documents.api import FontsMissing

from .board_places import board_place, office, sees_the_city


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Year-ends against targets, forecasts with what they are made of, and the counties."""
    user = office(request)
    shown = Board(today(), board_place(request, user))
    figures = shown.figures()
    years = [year_line(row) for row in figures["years"]]
    this_year = next(line for line in years if line["year"] == shown.on.year)
    forecast = shown.forecasts.get(shown.on.year)
    pushes = firm_pushes(forecast, user, shown.on) if forecast else []
    context = {
        "section": "board",
        "on": shown.on,
        "figures": figures,
        "county": figures["division"] or "",
        "counties": [(county.key, name) for county, name in counties(shown.on)]
        if sees_the_city(user)
        else [],
        "obstacle": shown.obstacle,
        "years": years,
        "this_year": this_year,
        "ahead": [line for line in years if line["parts"]],
        "funnel": [funnel_line(figures["funnel"]["ages"], stage) for stage in figures["funnel"]["stages"]],
        "programme_years": [cell["year"] for cell in figures["programme"][0]["years"]],
        "changes": [(change.label, figures["flow"][change.value]) for change in StockChange],
        "pushes": [(push, points_text(push.if_moved), points_text(push.if_accredited)) for push in pushes],
    }
    return render(request, "cultivation/board.html", context)


@require_GET
@cache_control(private=True, max_age=60)
def board_chart(request: HttpRequest, kind: str) -> HttpResponse:
    """A picture of the board as an SVG file."""
    shown = Board(today(), board_place(request, office(request)))
    if kind not in BOARD_CHARTS:
        raise Http404
    try:
        chart = BOARD_CHARTS[kind](shown.part(kind))
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(chart, content_type="image/svg+xml; charset=utf-8")


@require_GET
def board_file(request: HttpRequest) -> HttpResponse:
    """All numbers of the board, those of its pictures included, as a workbook."""
    shown = Board(today(), board_place(request, office(request)))
    figures = shown.figures()
    place = figures["division"] or "city"
    return download(board_xlsx(figures), name=f"board-{place}-{shown.on.isoformat()}.xlsx")


def funnel_line(ages: list[str], stage: Figures) -> Figures:
    """A stage with its cases beside the names of the ages."""
    return {**stage, "by_age": list(zip(ages, stage["by_age"], strict=True))}
