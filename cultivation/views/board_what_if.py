"""What would change the forecast: levers on one side, the present forecast and the changed one on the other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.common.clock import today
from cultivation.forecasting.answer import Forecast
from cultivation.forecasting.outlook import Levers
from cultivation.forms.forecast_what_if import ForecastLeversForm
from cultivation.rules.display import chance_text, one_place_text, points_text, signed_text
from cultivation.selectors.board import Board

from .board_places import board_place, office


@require_GET
def board_what_if(request: HttpRequest) -> HttpResponse:
    """A page that can be bookmarked: the levers stand in its address. 422 where one cannot be pulled that far."""
    user = office(request)
    shown = Board(today(), board_place(request, user))
    form = ForecastLeversForm(request.GET if set(request.GET) & set(ForecastLeversForm.base_fields) else None)
    valid = form.is_valid()
    levers = form.levers if valid else Levers()
    context = {
        "section": "what_if",
        "on": shown.on,
        "county": shown.division.key if shown.division else "",
        "place": shown.head["place"],
        "obstacle": shown.obstacle,
        "form": form,
        "pulled": valid and levers != Levers(),
        "years": [
            {
                "year": year,
                "target": made.target,
                "rows": _rows(made, _changed(made, levers) if valid else None),
            }
            for year, made in shown.forecasts.items()
        ],
        "present": _present(shown),
    }
    return render(request, "cultivation/board_what_if.html", context, status=422 if form.errors else 200)


def _changed(made: Forecast, levers: Levers) -> Forecast:
    return replace(made, scenario=made.what_if(levers))


def _present(shown: Board) -> dict[str, str]:
    """The rates the forecast goes by of itself."""
    made = shown.forecasts.get(shown.on.year)
    if made is None:
        return {}
    renewed = made.scenario.renewed / made.scenario.expiring_count if made.scenario.expiring_count else None
    return {
        "pass_rate": chance_text(made.scenario.pass_rate),
        "retention": "" if renewed is None else chance_text(renewed),
    }


@dataclass(frozen=True, slots=True)
class _Figure:
    """A line of the comparison: how the figure is read off a forecast, and how it and a difference are written."""

    label: str
    of: Callable[[Forecast], Any]
    shown: Callable[[Any], str] = str
    step: Callable[[Any], str] = lambda difference: f"{difference:+d}" if difference else "0"

    def line(self, made: Forecast, changed: Forecast | None) -> dict[str, str]:
        before = self.of(made)
        after = self.of(changed) if changed else None
        return {
            "label": self.label,
            "present": self._text(before),
            "changed": self._text(after),
            "difference": "" if before is None or after is None else self.step(after - before),
        }

    def _text(self, value: Any) -> str:
        return "—" if value is None else self.shown(value)


def _rows(made: Forecast, changed: Forecast | None) -> list[dict[str, str]]:
    """Figure by figure: as it is, with the levers pulled, and the difference."""
    figures = (
        _Figure(
            _("Probability to meet the target"), lambda one: one.probability_met, chance_text, points_text
        ),
        _Figure("P10", lambda one: one.p10),
        _Figure("P50", lambda one: one.p50),
        _Figure("P90", lambda one: one.p90),
        _Figure(_("Expected"), lambda one: one.mean, one_place_text, signed_text),
        _Figure(_("Further filings for 80 %"), lambda one: one.needed),
        _Figure(_("Further filings for 95 %"), lambda one: one.needed_for_95),
    )
    return [figure.line(made, changed) for figure in figures]
