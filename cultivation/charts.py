"""Charts drawn on the server as SVG, the same for page, PDF and command.

They are told apart by shape, hatching and label, never by colour, so that they survive a grey print. Letters are
outlines: no font is needed where the chart is shown. No inline style is written, which a strict content security
policy would drop. The same picture gives the same bytes.
"""

import datetime as dt
import io
import re
from functools import cache
from html import escape
from threading import Lock
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from cultivation.forecasting.picture import StockPicture
from documents.api import font_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_INK, _SHADE, _GRID = "#000000", "#d9d9d9", "#bfbfbf"
_SETTINGS = {
    "font.size": 10,
    "svg.fonttype": "path",
    "svg.hashsalt": "miaopu",
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.6,
    "hatch.color": "#7f7f7f",
}
# matplotlib's settings belong to the process.
_one_at_a_time = Lock()


@cache
def _families() -> list[str]:
    """The faces of the charts: black type, and a fallback that knows rare characters."""
    from matplotlib.font_manager import FontProperties, fontManager

    files = [str(font_file("Miaopu Hei")), str(font_file("Miaopu Fallback"))]
    for file in files:
        fontManager.addfont(file)
    return [FontProperties(fname=file).get_name() for file in files]


def _position(day: dt.date) -> float:
    """Place of a day on the axis: the end of a year lies on its number."""
    first = dt.date(day.year, 1, 1)
    days = (dt.date(day.year + 1, 1, 1) - first).days
    return day.year - 1 + ((day - first).days + 1) / days


def _label(axes: "Axes", x: float, y: float, text: str, dx: float, dy: float, **options: Any) -> None:
    axes.annotate(
        text,
        (x, y),
        xytext=(dx, dy),
        textcoords="offset points",
        color=_INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        **options,
    )


def _draw_stock(axes: "Axes", picture: StockPicture) -> None:
    days = sorted(picture.year_ends)
    x = [*map(float, days), _position(picture.as_of)]
    y = [*(picture.year_ends[year] for year in days), picture.stock_on_as_of]
    axes.plot(x, y, color=_INK, linewidth=1.8, zorder=4)
    if days:
        axes.plot(x[:-1], y[:-1], "o", color=_INK, markersize=7, zorder=5, label=_("Stock at year-end"))
    axes.plot(
        x[-1:],
        y[-1:],
        "o",
        markerfacecolor="white",
        markeredgecolor=_INK,
        markeredgewidth=1.6,
        markersize=8,
        zorder=5,
        label=_("Stock on %(day)s") % {"day": picture.as_of.isoformat()},
    )
    for place, value in zip(x, y, strict=True):
        _label(axes, place, value, str(value), -3, -15, ha="right", zorder=6)


def _draw_targets(axes: "Axes", picture: StockPicture) -> None:
    years = sorted(picture.targets)
    values = [picture.targets[year] for year in years]
    axes.plot(
        years,
        values,
        "s--",
        color=_INK,
        linewidth=0.9,
        markersize=10,
        markerfacecolor="white",
        zorder=3,
        label=_("Target"),
    )
    for year, value in zip(years, values, strict=True):
        _label(axes, year, value, _("target %(value)s") % {"value": value}, -9, 7, ha="right", zorder=6)


def _draw_bands(axes: "Axes", picture: StockPicture) -> None:
    start = _position(picture.as_of)
    bands = sorted(picture.bands, key=lambda band: band.year)
    x = [start, *(float(band.year) for band in bands)]
    low, middle, high = (
        [picture.stock_on_as_of, *values]
        for values in zip(*((band.p10, band.p50, band.p90) for band in bands), strict=True)
    )
    axes.fill_between(
        x, low, high, facecolor=_SHADE, edgecolor="#7f7f7f", hatch="///", linewidth=0.8, label=_("P10 to P90")
    )
    axes.plot(x, middle, ":", color=_INK, linewidth=1.4, zorder=4)
    axes.plot(x[1:], middle[1:], "D", color=_INK, markersize=6, zorder=5, label=_("P50 of the forecast"))
    for band in bands:
        axes.vlines(band.year, band.p10, band.p90, color=_INK, linewidth=1.2, zorder=4)
        for name, value, rise in (("P10", band.p10, -9), ("P50", band.p50, -3), ("P90", band.p90, 3)):
            axes.plot([band.year], [value], "_", color=_INK, markersize=11, zorder=4)
            _label(axes, band.year, value, f"{name} {value}", 9, rise, ha="left", zorder=6)


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
    axes.grid(axis="y", color=_GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
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


_STYLE_ELEMENT = re.compile(r"\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
_STYLE = re.compile(r' style="([^"]*)"')
_PROLOGUE = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def _as_attributes(match: re.Match[str]) -> str:
    pairs = (item.split(":", 1) for item in match[1].split(";") if item.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _without_styles(svg: str) -> str:
    """Styles as presentation attributes: a content security policy without ``unsafe-inline`` drops the others."""
    svg = _METADATA.sub("", _STYLE_ELEMENT.sub("", _PROLOGUE.sub("", svg)))
    svg = _STYLE.sub(_as_attributes, svg)
    return svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" role="img" ', 1)


def stock_chart(picture: StockPicture) -> str:
    """Stock against targets, with the P10–P90 band of each forecast; SVG text without prologue.

    ``documents.api.FontsMissing`` where the set-up has not put the fonts in place.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: Any = _SETTINGS | {"font.family": _families()}
    with _one_at_a_time, mpl.rc_context(settings):
        figure = Figure(figsize=(8.2, 4.6), layout="constrained")
        _draw(figure, picture)
        output = io.StringIO()
        figure.savefig(output, format="svg", metadata={"Date": None, "Creator": None})
    words = f"<title>{escape(_title(picture))}</title><desc>{escape(_description(picture))}</desc>"
    return re.sub(
        r"(<svg [^>]*>)", lambda match: match[1] + words, _without_styles(output.getvalue()), count=1
    )
