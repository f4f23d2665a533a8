"""What the chart of stock against targets shows."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class YearBand:
    """The forecast of one year-end."""

    year: int
    p10: int
    p50: int
    p90: int


@dataclass(frozen=True, slots=True)
class StockPicture:
    """Year-ends that are over, the stock on ``as_of``, targets by year, and forecasts of the years to come."""

    place: str
    as_of: dt.date
    stock_on_as_of: int
    year_ends: Mapping[int, int]
    targets: Mapping[int, int]
    bands: tuple[YearBand, ...] = ()
