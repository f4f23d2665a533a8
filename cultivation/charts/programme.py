"""The five counts of the "11155" programme: what is reached of what the plan wants."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .canvas import INK, SHADE, bare, label, to_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True, slots=True)
class ProgrammeBar:
    """One count: reached so far, wanted in the end (0 where nothing is entered)."""

    name: str
    reached: int
    wanted: int


@dataclass(frozen=True, slots=True)
class ProgrammePicture:
    place: str
    as_of: dt.date
    bars: tuple[ProgrammeBar, ...]


def programme_chart(picture: ProgrammePicture) -> str:
    """SVG text without prologue. ``documents.api.FontsMissing`` as for every chart."""
    return to_svg(
        lambda figure: _draw(figure, picture),
        size=(8.2, 0.9 + 0.52 * len(picture.bars)),
        title=_title(picture),
        description="; ".join(f"{bar.name}: {_of(bar)}" for bar in picture.bars),
    )


def _title(picture: ProgrammePicture) -> str:
    return _("%(place)s: the “11155” programme, as of %(day)s") % {
        "place": picture.place,
        "day": picture.as_of.isoformat(),
    }


def _of(bar: ProgrammeBar) -> str:
    if not bar.wanted:
        return _("%(reached)s, no target entered") % {"reached": bar.reached}
    return _("%(reached)s of %(wanted)s") % {"reached": bar.reached, "wanted": bar.wanted}


def _draw(figure: "Figure", picture: ProgrammePicture) -> None:
    axes = figure.add_subplot()
    for place, bar in enumerate(picture.bars):
        whole = bar.wanted or max(bar.reached, 1)
        axes.barh(place, 1 if bar.wanted else 0, height=0.6, facecolor="white", edgecolor=INK, linewidth=0.9)
        axes.barh(
            place,
            min(bar.reached / whole, 1.0),
            height=0.6,
            facecolor=SHADE,
            hatch="///",
            edgecolor=INK,
            linewidth=0.9,
        )
        label(axes, 1.0, place, _of(bar), 6, 0, va="center")
    axes.set_yticks(range(len(picture.bars)), [bar.name for bar in picture.bars])
    axes.invert_yaxis()
    axes.set_xlim(0, 1.3)
    axes.set_xticks([])
    axes.tick_params(length=0)
    bare(axes, "top", "right", "bottom")
    axes.set_title(_title(picture), fontsize=12)
