"""The pictures of the board from its figures (``selectors.board``): the same for page, workbook and bulletin."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from cultivation.forecasting.picture import StockPicture, YearBand

from .expiries import ExpiryPicture, expiry_chart
from .funnel import FunnelPicture, FunnelStage, funnel_chart
from .programme import ProgrammeBar, ProgrammePicture, programme_chart
from .stock import stock_chart

Figures = Mapping[str, Any]


def _place_and_day(figures: Figures) -> tuple[str, dt.date]:
    return figures["place"], dt.date.fromisoformat(figures["as_of"])


def _stock(figures: Figures) -> str:
    place, on = _place_and_day(figures)
    years = figures["years"]
    return stock_chart(
        StockPicture(
            place=place,
            as_of=on,
            stock_on_as_of=figures["stock"],
            year_ends={row["year"]: row["reached"] for row in years if row["reached"] is not None},
            targets={row["year"]: row["target"] for row in years if row["target"] is not None},
            bands=tuple(
                YearBand(row["year"], row["p10"], row["p50"], row["p90"])
                for row in years
                if row["p50"] is not None
            ),
        )
    )


def _funnel(figures: Figures) -> str:
    funnel = figures["funnel"]
    stages = (
        FunnelStage(stage["name"], tuple(stage["by_age"]), stage["median_days"]) for stage in funnel["stages"]
    )
    return funnel_chart(FunnelPicture(*_place_and_day(figures), tuple(funnel["ages"]), tuple(stages)))


def _expiries(figures: Figures) -> str:
    found = figures["expiries"]
    ending = {(year, month): count for year, month, count, _prepared in found["months"]}
    prepared = {(year, month): count for year, month, _ending, count in found["months"]}
    return expiry_chart(ExpiryPicture(*_place_and_day(figures), tuple(found["years"]), ending, prepared))


def _programme(figures: Figures) -> str:
    bars = (ProgrammeBar(row["label"], row["reached"], row["total"]) for row in figures["programme"])
    return programme_chart(ProgrammePicture(*_place_and_day(figures), tuple(bars)))


BOARD_CHARTS: Mapping[str, Callable[[Figures], str]] = {
    "stock": _stock,
    "funnel": _funnel,
    "expiries": _expiries,
    "programme": _programme,
}
