"""Where the open cases lie, and for how long: a bar a stage, its parts the ages in the stage."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from .canvas import INK, bare, label, to_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Of the parts of a bar, from the youngest to the oldest: fill and hatching.
_LOOKS = (("#ffffff", ""), ("#e6e6e6", "///"), ("#bdbdbd", "xxx"), ("#595959", ""))


@dataclass(frozen=True, slots=True)
class FunnelStage:
    """A stage by its name: cases by age class, and the median age in days (``None`` without cases)."""

    name: str
    by_age: tuple[int, ...]
    median_days: int | None

    @property
    def cases(self) -> int:
        return sum(self.by_age)


@dataclass(frozen=True, slots=True)
class FunnelPicture:
    """The stages in the order of the way; ``ages`` are the names of the age classes, youngest first, at most four."""

    place: str
    as_of: dt.date
    ages: tuple[str, ...]
    stages: tuple[FunnelStage, ...]


def funnel_chart(picture: FunnelPicture) -> str:
    """SVG text without prologue. ``documents.api.FontsMissing`` as for every chart."""
    words = "; ".join(f"{stage.name}: {_of(stage)}" for stage in picture.stages)
    return to_svg(
        lambda figure: _draw(figure, picture),
        size=(8.2, 1.8 + 0.42 * len(picture.stages)),
        title=_title(picture),
        description=words,
    )


def _title(picture: FunnelPicture) -> str:
    return _("%(place)s: open cases by stage and age, as of %(day)s") % {
        "place": picture.place,
        "day": picture.as_of.isoformat(),
    }


def _of(stage: FunnelStage) -> str:
    if stage.median_days is None:
        return "0"
    return _("%(cases)s, half of them here for %(days)s days or more") % {
        "cases": stage.cases,
        "days": stage.median_days,
    }


def _draw(figure: "Figure", picture: FunnelPicture) -> None:
    from matplotlib.ticker import MaxNLocator

    axes = figure.add_subplot()
    places = range(len(picture.stages))
    left = [0] * len(picture.stages)
    for number, age in enumerate(picture.ages):
        widths = [stage.by_age[number] for stage in picture.stages]
        fill, hatch = _LOOKS[number]
        axes.barh(
            places,
            widths,
            left=left,
            height=0.62,
            facecolor=fill,
            hatch=hatch,
            edgecolor=INK,
            linewidth=0.8,
            label=age,
        )
        left = [start + width for start, width in zip(left, widths, strict=True)]
    for place, stage in zip(places, picture.stages, strict=True):
        label(axes, left[place], place, _of(stage), 5, 0, va="center", fontsize=9)
    _frame(axes, picture, max([*left, 1]))
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))


def _frame(axes: "Axes", picture: FunnelPicture, longest: int) -> None:
    axes.set_yticks(range(len(picture.stages)), [stage.name for stage in picture.stages])
    axes.invert_yaxis()
    axes.set_xlim(0, longest * 1.7)
    axes.set_xlabel(_("cases, by the time in their stage"))
    bare(axes, "top", "right")
    axes.set_title(_title(picture), fontsize=12)
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.55 / len(picture.stages) - 0.06),
        ncols=4,
        frameon=False,
        fontsize=9,
    )
