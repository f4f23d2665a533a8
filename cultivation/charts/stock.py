"""The stock against the targets: year-ends, today, and the band of each forecast."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cultivation.forecasting.picture import StockPicture

from .canvas import GRID, INK, MID, SHADE, bare, label, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def _position(day: dt.date) -> float:
    """Place of a day on the axis: the end of a year lies on its number."""
    first = dt.date(day.year, 1, 1)
    days = (dt.date(day.year + 1, 1, 1) - first).days
    return day.year - 1 + ((day - first).days + 1) / days


def _draw_stock(axes: "Axes", picture: StockPicture) -> None:
    days = sorted(picture.year_ends)
    x = [*map(float, days), _position(picture.as_of)]
    y = [*(picture.year_ends[year] for year in days), picture.stock_on_as_of]
    axes.plot(x, y, color=INK, linewidth=1.8, zorder=4)
    if days:
        axes.plot(x[:-1], y[:-1], "o", color=INK, markersize=7, zorder=5, label=_("Stock at year-end"))
    axes.plot(
        x[-1:],
        y[-1:],
        "o",
        markerfacecolor="white",
        markeredgecolor=INK,
        markeredgewidth=1.6,
        markersize=8,
        zorder=5,
        label=_("Stock on %(day)s") % {"day": picture.as_of.isoformat()},
    )
    for place, value in zip(x, y, strict=True):
        label(axes, place, value, str(value), -3, -15, ha="right", zorder=6)


def _draw_targets(axes: "Axes", picture: StockPicture) -> None:
    years = sorted(picture.targets)
    values = [picture.targets[year] for year in years]
    axes.plot(
        years,
        values,
        "s--",
        color=INK,
        linewidth=0.9,
        markersize=10,
        markerfacecolor="white",
        zorder=3,
        label=_("Target"),
    )
    for year, value in zip(years, values, strict=True):
        label(axes, year, value, _("target %(value)s") % {"value": value}, -9, 7, ha="right", zorder=6)


def _draw_bands(axes: "Axes", picture: StockPicture) -> None:
    start = _position(picture.as_of)
    bands = sorted(picture.bands, key=lambda band: band.year)
    x = [start, *(float(band.year) for band in bands)]
    low, middle, high = (
        [picture.stock_on_as_of, *values]
        for values in zip(*((band.p10, band.p50, band.p90) for band in bands), strict=True)
    )
    axes.fill_between(
        x, low, high, facecolor=SHADE, edgecolor=MID, hatch="///", linewidth=0.8, label=_("P10 to P90")
    )
    axes.plot(x, middle, ":", color=INK, linewidth=1.4, zorder=4)
    axes.plot(x[1:], middle[1:], "D", color=INK, markersize=6, zorder=5, label=_("P50 of the forecast"))
    for band in bands:
        axes.vlines(band.year, band.p10, band.p90, color=INK, linewidth=1.2, zorder=4)
        for name, value, rise in (("P10", band.p10, -9), ("P50", band.p50, -3), ("P90", band.p90, 3)):
            axes.plot([band.year], [value], "_", color=INK, markersize=11, zorder=4)
            label(axes, band.year, value, f"{name} {value}", 9, rise, ha="left", zorder=6)


def _draw(figure: "Figure", picture: StockPicture) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = figure.add_subplot()
    if picture.bands:
        _draw_bands(axes, picture)
    if picture.targets:
        _draw_targets(axes, picture)
    _draw_stock(axes, picture)
    years = {*picture.year_ends, *picture.targets, *(band.year for band in picture.bands)}
    years |= {picture.as_of.year - 1, picture.as_of.year}
    values = [picture.stock_on_as_of, *picture.year_ends.values(), *picture.targets.values()]
    values += [value for band in picture.bands for value in (band.p10, band.p90)]
    margin = max((max(values) - min(values)) * 0.18, 2)
    axes.set_ylim(max(min(values) - margin, 0), max(values) + margin)
    axes.set_xlim(min(years) - 0.45, max(years) + 0.55)
    axes.set_xticks(sorted(years), [_("end of %(year)s") % {"year": year} for year in sorted(years)])
    axes.yaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.set_ylabel(_("firms"))
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    bare(axes, "top", "right")
    axes.set_title(_title(picture), fontsize=12)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=5, frameon=False, fontsize=9)


def _title(picture: StockPicture) -> str:
    return _("%(place)s: high-new-tech enterprises against targets, as of %(day)s") % {
        "place": picture.place,
        "day": picture.as_of.isoformat(),
    }


def _description(picture: StockPicture) -> str:
    """The chart in words, for those who cannot see it."""
    parts = [f"{year}: {value}" for year, value in sorted(picture.year_ends.items())]
    parts.append(f"{picture.as_of.isoformat()}: {picture.stock_on_as_of}")
    parts += [
        _("target %(year)s: %(value)s") % {"year": year, "value": value}
        for year, value in sorted(picture.targets.items())
    ]
    parts += [f"{band.year}: P10 {band.p10}, P50 {band.p50}, P90 {band.p90}" for band in picture.bands]
    return "; ".join(parts)


def stock_chart(picture: StockPicture) -> str:
    """Stock against targets, with the P10–P90 band of each forecast; SVG text without prologue.

    ``documents.api.FontsMissing`` where the set-up has not put the fonts in place.
    """
    return to_svg(
        lambda figure: _draw(figure, picture),
        size=(8.2, 4.6),
        title=_title(picture),
        description=_description(picture),
    )
