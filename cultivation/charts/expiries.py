"""When certificates run out: a year a row, a month a cell, with those whose renewal is prepared."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .canvas import INK, MID, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class ExpiryPicture:
    """Firms by the (year, month) in which they drop out unless renewed, and those of them with an open renewal case."""

    place: str
    as_of: dt.date
    years: tuple[int, ...]
    ending: Mapping[tuple[int, int], int]
    prepared: Mapping[tuple[int, int], int]


def expiry_chart(picture: ExpiryPicture) -> str:
    """SVG text without prologue. ``documents.api.FontsMissing`` as for every chart."""
    words = "; ".join(
        f"{year}-{month:02}: {count}" for (year, month), count in sorted(picture.ending.items()) if count
    )
    return to_svg(
        lambda figure: _draw(figure, picture),
        size=(8.2, 1.6 + 0.62 * len(picture.years)),
        title=_title(picture),
        description=words or _("none"),
    )


def _title(picture: ExpiryPicture) -> str:
    return _("%(place)s: certificates running out by month, as of %(day)s") % {
        "place": picture.place,
        "day": picture.as_of.isoformat(),
    }


def _draw(figure: "Figure", picture: ExpiryPicture) -> None:
    axes = figure.add_subplot()
    for row, year in enumerate(picture.years):
        for month in range(1, _MONTHS + 1):
            _cell(axes, picture, row, year, month)
    axes.set_xlim(0.5, _MONTHS + 1.9)
    axes.set_ylim(len(picture.years) - 0.5, -0.5)
    axes.set_xticks(
        [*range(1, _MONTHS + 1), _MONTHS + 1.2],
        [*(_("month %(n)s") % {"n": n} for n in range(1, _MONTHS + 1)), _("Year")],
    )
    axes.set_yticks(range(len(picture.years)), [str(year) for year in picture.years])
    axes.tick_params(length=0)
    axes.xaxis.tick_top()
    for spine in axes.spines.values():
        spine.set_visible(False)
    for row, year in enumerate(picture.years):
        total = sum(count for (when, _month), count in picture.ending.items() if when == year)
        axes.text(_MONTHS + 1.2, row, str(total), ha="center", va="center", fontsize=11, color=INK)
    axes.set_title(_title(picture), fontsize=12, pad=10)
    axes.set_xlabel(
        _(
            "Hatched: certificates end and not every renewal is prepared. “3 (1)”: three end, one is prepared."
        ),
        fontsize=9,
    )


def _cell(axes: "Axes", picture: ExpiryPicture, row: int, year: int, month: int) -> None:
    from matplotlib.patches import Rectangle

    ending = picture.ending.get((year, month), 0)
    prepared = picture.prepared.get((year, month), 0)
    is_past = (year, month) < (picture.as_of.year, picture.as_of.month)
    axes.add_patch(
        Rectangle(
            (month - 0.48, row - 0.42),
            0.96,
            0.84,
            facecolor="#ffffff" if not ending else "#ececec",
            hatch="//" if ending > prepared else "",
            edgecolor=MID,
            linewidth=0.7,
        )
    )
    if ending:
        words = f"{ending} ({prepared})"
        axes.text(
            month,
            row,
            words,
            ha="center",
            va="center",
            fontsize=10,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.2},
        )
    elif is_past:
        axes.text(month, row, "—", ha="center", va="center", fontsize=9, color=MID)
