"""All that the board says on a day, as plain values: page, pictures, workbook and bulletin are made of the same."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from cultivation.forecasting.answer import Forecast
from cultivation.models import Division

from .expiries import expiries
from .forecasts import estimation_on, forecast
from .pipeline_ages import stage_ages
from .programme import counties_progress, programme
from .stock import stock_on, year_end
from .stock_flows import stock_flows
from .stock_records import year_ends
from .targets import county_targets, division_board, name_of, stock_targets

Figures = dict[str, Any]


def board_figures(on: dt.date, division: Division | None = None) -> Figures:
    """The figures of the city or of a county as known on ``on``; keys are stable, texts are for people.

    Year-ends that are locked are quoted as locked.
    """
    name = name_of(division, on) if division else None
    figures: Figures = {
        "as_of": on.isoformat(),
        "place": name.name if name else _("The whole city"),
        "division": division.key if division else None,
        "stock": stock_on(on, division).total,
        "years": _years(on, division),
        "flow": _flow(on, division),
        "funnel": _funnel(on, division),
        "expiries": _expiries(on, division),
        "programme": _programme(on, division),
    }
    if division is None:
        figures |= {"counties": _counties(on), "quotas": _quotas(on)}
    return figures


def _years(on: dt.date, division: Division | None) -> list[Figures]:
    """A row a year of the plan: what was reached, or what is likely."""
    targets = stock_targets(division)
    # A county without quotas is shown over the same years as the city, with no target to meet.
    years = sorted(targets or stock_targets())
    if not years:
        return []
    ended = year_ends(years[0], on.year - 1, division)
    estimation = estimation_on(on)
    rows = []
    for year in years:
        made = (
            forecast(year=year, as_of=on, division=division, estimation=estimation)
            if year >= on.year
            else None
        )
        found = ended.get(year)
        rows.append(
            {
                "year": year,
                "target": targets.get(year),
                "reached": found.firms if found else None,
                "is_final": found.is_final if found else None,
                **_likely(made),
            }
        )
    return rows


def _likely(made: Forecast | None) -> Figures:
    """What a forecast adds to the row of a year; empty for a year that is over."""
    if made is None:
        return dict.fromkeys(("p10", "p50", "p90", "probability", "needed"))
    met = made.probability_met
    return {
        "p10": made.p10,
        "p50": made.p50,
        "p90": made.p90,
        "probability": None if met is None else str(met),
        "needed": made.needed,
    }


def _flow(on: dt.date, division: Division | None) -> Figures:
    """What moved the stock since the last year-end."""
    opened = year_end(on.year - 1)
    flows = stock_flows(opened, on)
    flow = flows.city if division is None else flows.of(division.pk)
    return {"opened": opened.isoformat(), **flow.as_json()}


def _funnel(on: dt.date, division: Division | None) -> Figures:
    return {
        "ages": [_("up to half a year"), _("up to a year"), _("up to two years"), _("longer")],
        "stages": [
            {"name": str(row.state.label), "by_age": list(row.by_age), "median_days": row.median_days}
            for row in stage_ages(on, division)
        ],
    }


def _expiries(on: dt.date, division: Division | None) -> Figures:
    found = expiries(on, division)
    return {
        "years": list(found.years),
        "months": [
            [year, month, count, found.prepared.get((year, month), 0)]
            for (year, month), count in found.ending.items()
        ],
    }


def _programme(on: dt.date, division: Division | None) -> list[Figures]:
    return [
        {
            "measure": row.measure.value,
            "label": row.label,
            "clause": row.clause,
            "total": row.total,
            "reached": row.reached,
            "years": [
                {"year": year.year, "target": year.target, "reached": year.reached, "met": year.met}
                for year in row.years
            ],
        }
        for row in programme(on, division)
    ]


def _counties(on: dt.date) -> list[Figures]:
    progress = {row.division.pk: row for row in counties_progress(on, on.year)}
    return [
        {
            "key": row.division.key,
            "code": row.code,
            "name": row.name,
            "stock": row.stock,
            "target": row.target,
            "programme": [
                {"label": cell.label, "target": cell.target, "reached": cell.reached}
                for cell in progress[row.division.pk].cells
            ],
        }
        for row in division_board(on)
    ]


def _quotas(on: dt.date) -> Figures:
    found = county_targets(on.year)
    return {
        "city": found.city,
        "entered": found.entered if found.by_division else None,
        "difference": found.difference if found.by_division else None,
    }
