"""All that the board says on a day, as plain values: page, pictures, workbook and bulletin are made of the same."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.forecasting.answer import Forecast
from cultivation.forecasting.figures import plain
from cultivation.models import Division

from .expiries import expiries
from .forecast_words import part_name
from .forecasts import estimation_on, forecast
from .pipeline_ages import stage_ages
from .programme import counties_progress, programme
from .stock import stock_on, year_end
from .stock_flows import stock_flows
from .stock_records import year_ends
from .targets import county_targets, division_board, name_of, stock_targets

if TYPE_CHECKING:
    from cultivation.forecasting.estimation import Estimation

Figures = dict[str, Any]
# Years after this one that are forecast even where the plan has no target for them any more.
YEARS_AHEAD = 2


@dataclass(frozen=True)
class Board:
    """The city, or a county, as known on a day. Nothing is computed before it is asked for, and nothing twice."""

    on: dt.date
    division: Division | None = None

    @cached_property
    def targets(self) -> dict[int, int]:
        """Year-end targets of the stock by year."""
        return stock_targets(self.division)

    @cached_property
    def years(self) -> list[int]:
        """The years of the plan and those ahead; a county is shown over the same years as the city, or more."""
        planned = {*self.targets, *stock_targets(), self.on.year, self.on.year + YEARS_AHEAD}
        return list(range(min(planned), max(planned) + 1))

    @property
    def estimation(self) -> "Estimation | None":
        """One for all years of the day; none where there cannot be a forecast."""
        return self._estimated[0]

    @property
    def obstacle(self) -> str:
        """Why there is no forecast; empty where there is one."""
        return self._estimated[1]

    @cached_property
    def _estimated(self) -> "tuple[Estimation | None, str]":
        try:
            return estimation_on(self.on), ""
        except Refused as refusal:
            return None, refusal.message

    @cached_property
    def forecasts(self) -> dict[int, Forecast]:
        """By year, from this one on; empty where a prior is missing (``obstacle`` says which)."""
        if self.estimation is None:
            return {}
        return {
            year: forecast(year=year, as_of=self.on, division=self.division, estimation=self.estimation)
            for year in self.years
            if year >= self.on.year
        }

    @property
    def head(self) -> Figures:
        """Which board it is."""
        name = name_of(self.division, self.on) if self.division else None
        return {
            "as_of": self.on.isoformat(),
            "place": name.name if name else _("The whole city"),
            "division": self.division.key if self.division else None,
        }

    def part(self, key: str) -> Figures:
        """What one picture needs: ``stock``, ``funnel``, ``expiries`` or ``programme``; ``KeyError`` for another."""
        parts: dict[str, Callable[[], Figures]] = {
            "stock": lambda: {"stock": stock_on(self.on, self.division).total, "years": self.year_rows()},
            "funnel": lambda: {"funnel": _funnel(self.on, self.division)},
            "expiries": lambda: {"expiries": _expiries(self.on, self.division)},
            "programme": lambda: {"programme": _programme(self.on, self.division)},
        }
        return {**self.head, **parts[key]()}

    def figures(self) -> Figures:
        """Everything; keys are stable, texts are for people. Year-ends that are locked are quoted as locked."""
        found = {**self.head, "flow": flow_between(year_end(self.on.year - 1), self.on, self.division)}
        for key in ("stock", "funnel", "expiries", "programme"):
            found |= self.part(key)
        if self.division is None:
            found |= {"counties": _counties(self.on), "quotas": _quotas(self.on)}
        return found

    def year_rows(self) -> list[Figures]:
        """A row a year: what was reached, or what is likely."""
        ended = year_ends(self.years[0], self.on.year - 1, self.division)
        rows = []
        for year in self.years:
            found = ended.get(year)
            rows.append(
                {
                    "year": year,
                    "target": self.targets.get(year),
                    "reached": found.firms if found else None,
                    "is_final": found.is_final if found else None,
                    **_likely(self.forecasts.get(year)),
                }
            )
        return rows


def board_figures(on: dt.date, division: Division | None = None) -> Figures:
    """The figures of the city or of a county as known on ``on``."""
    return Board(on, division).figures()


def _likely(made: Forecast | None) -> Figures:
    """What a forecast adds to the row of a year; empty for a year that is over."""
    if made is None:
        keys = ("p10", "p50", "p90", "mean", "net", "probability", "needed", "needed_95", "pass_rate")
        return {**dict.fromkeys(keys), "parts": []}
    met, net = made.probability_met, made.net_additions
    return {
        "p10": made.p10,
        "p50": made.p50,
        "p90": made.p90,
        "mean": plain(made.mean),
        "net": None if net is None else plain(net),
        "probability": None if met is None else str(met),
        "needed": made.needed,
        "needed_95": made.needed_for_95,
        "pass_rate": plain(made.scenario.pass_rate),
        "parts": [
            {"key": row.key, "name": part_name(row.key), "firms": row.firms, "expected": plain(row.expected)}
            for row in made.contributions
            if row.firms or row.expected
        ],
    }


def flow_between(opened: dt.date, closed: dt.date, division: Division | None = None) -> Figures:
    """What moved the stock between two days."""
    flows = stock_flows(opened, closed)
    flow = flows.city if division is None else flows.of(division.pk)
    return {"opened": opened.isoformat(), "closed": closed.isoformat(), **flow.as_json()}


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
                {
                    "measure": cell.measure.value,
                    "label": cell.label,
                    "target": cell.target,
                    "reached": cell.reached,
                }
                for cell in progress[row.division.pk].cells
            ],
        }
        for row in division_board(on)
    ]


def _quotas(on: dt.date) -> Figures:
    found = county_targets(on.year)
    return {
        "year": on.year,
        "city": found.city,
        "entered": found.entered if found.by_division else None,
        "difference": found.difference if found.by_division else None,
    }
