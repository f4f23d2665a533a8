"""Money falling due by quarter: the middle, the span between P10 and P90, and what there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from cultivation.forecasting.due import Due

from .canvas import GRID, INK, SHADE, bare, label, to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_WAN = Decimal(10_000)


@dataclass(frozen=True, slots=True)
class DuePicture:
    """``rows``: quarters or years in order; ``available``: what there is of each year's money, in yuan."""

    title: str
    rows: Sequence[Due]
    available: dict[int, Decimal]


def due_chart(picture: DuePicture) -> str:
    """SVG text without prologue. ``documents.api.FontsMissing`` as for every chart."""
    words = "; ".join(f"{_name(row)}: {row.p10}–{row.p50}–{row.p90}" for row in picture.rows)
    return to_svg(
        lambda figure: _draw(figure, picture), size=(7.6, 3.8), title=picture.title, description=words
    )


def _name(row: Due) -> str:
    return str(row.year) if row.quarter is None else f"{row.year}Q{row.quarter}"


def _wan(amount: Decimal) -> float:
    return float(amount / _WAN)


def _draw(figure: "Figure", picture: DuePicture) -> None:
    axes = figure.add_subplot()
    places = range(len(picture.rows))
    low = [_wan(row.p10) for row in picture.rows]
    span = [_wan(row.p90 - row.p10) for row in picture.rows]
    axes.bar(
        places, span, 0.5, bottom=low, color=SHADE, edgecolor=INK, linewidth=0.8, hatch="///", label="P10–P90"
    )
    middle = [_wan(row.p50) for row in picture.rows]
    axes.plot(places, middle, "D", color=INK, markersize=6, label="P50")
    for place, row, value in zip(places, picture.rows, middle, strict=True):
        label(axes, place, value, f"{value:,.1f}", 11, -3, fontsize=9)
        if row.quarter is None and row.year in picture.available:
            room = _wan(picture.available[row.year])
            axes.hlines(room, place - 0.4, place + 0.4, color=INK, linewidth=2, linestyles="dashed")
            label(
                axes, place, room, _("available %(amount)s") % {"amount": f"{room:,.1f}"}, 0, 5, ha="center"
            )
    axes.set_xticks(list(places), [_name(row) for row in picture.rows])
    axes.set_xlim(-0.6, len(picture.rows) - 0.2)
    highest = [_wan(row.p90) for row in picture.rows] + [
        _wan(amount) for amount in picture.available.values()
    ]
    axes.set_ylim(0, max(highest, default=0) * 1.15 or 1)
    axes.set_ylabel(_("10,000 yuan"))
    axes.grid(axis="y", color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    bare(axes, "top", "right")
    axes.set_title(picture.title, fontsize=12)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.1), ncols=3, frameon=False, fontsize=9)
