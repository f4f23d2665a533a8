"""How good the forecasts were: what was predicted against what came about, in classes of the prediction."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .canvas import GRID, INK, MID, bare, label, to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class CalibrationPoint:
    """One class: mean prediction, share that came about with its 80 % interval, number of forecasts; shares 0 to 1."""

    predicted: float
    observed: float
    low: float
    high: float
    forecasts: int


@dataclass(frozen=True, slots=True)
class CalibrationPicture:
    title: str
    points: tuple[CalibrationPoint, ...]


def calibration_chart(picture: CalibrationPicture) -> str:
    """SVG text without prologue. ``documents.api.FontsMissing`` as for every chart."""
    words = "; ".join(
        f"{point.predicted:.0%} -> {point.observed:.0%} (n={point.forecasts})" for point in picture.points
    )
    return to_svg(
        lambda figure: _draw(figure, picture), size=(5.4, 5.0), title=picture.title, description=words
    )


def _draw(figure: "Figure", picture: CalibrationPicture) -> None:
    from matplotlib.ticker import PercentFormatter

    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], "--", color=MID, linewidth=1, label=_("as predicted"))
    x = [point.predicted for point in picture.points]
    y = [point.observed for point in picture.points]
    below = [max(point.observed - point.low, 0) for point in picture.points]
    above = [max(point.high - point.observed, 0) for point in picture.points]
    axes.errorbar(
        x,
        y,
        yerr=(below, above),
        fmt="D",
        color=INK,
        markersize=6,
        capsize=4,
        linewidth=1.1,
        label=_("what came about, with its interval of 80 %"),
    )
    for point in picture.points:
        side = ("right", -9) if point.predicted > 0.85 else ("left", 9)
        label(
            axes, point.predicted, point.observed, f"n={point.forecasts}", side[1], 5, ha=side[0], fontsize=9
        )
    axes.set_xlim(-0.03, 1.03)
    axes.set_ylim(-0.03, 1.03)
    axes.set_xlabel(_("predicted probability"))
    axes.set_ylabel(_("share that came about"))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.yaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(color=GRID, linewidth=0.5)
    axes.set_axisbelow(True)
    bare(axes, "top", "right")
    axes.set_title(picture.title, fontsize=12)
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), ncols=2, frameon=False, fontsize=9)
