"""What every chart stands on: the project's faces, grey shades and hatchings, and SVG that a strict policy lets through.

Marks are told apart by shape, hatching and label, never by colour, so that they survive a grey print. Letters are
outlines: no font is needed where the chart is shown. No inline style is written, which a strict content security
policy would drop. The same picture gives the same bytes.
"""

import io
import re
from collections.abc import Callable
from functools import cache
from html import escape
from threading import Lock
from typing import TYPE_CHECKING, Any

from documents.api import font_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SHADE, GRID, MID = "#000000", "#d9d9d9", "#bfbfbf", "#7f7f7f"
_SETTINGS = {
    "font.size": 10,
    "svg.fonttype": "path",
    "svg.hashsalt": "miaopu",
    "axes.unicode_minus": False,
    "hatch.linewidth": 0.6,
    "hatch.color": MID,
}
# matplotlib's settings belong to the process.
_one_at_a_time = Lock()

_STYLE_ELEMENT = re.compile(r"\s*<defs>\s*<style[^>]*>[^<]*</style>\s*</defs>")
_STYLE = re.compile(r' style="([^"]*)"')
_PROLOGUE = re.compile(r"^.*?(?=<svg )", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


@cache
def _families() -> list[str]:
    """The faces of the charts: black type, and a fallback that knows rare characters."""
    from matplotlib.font_manager import FontProperties, fontManager

    files = [str(font_file("Miaopu Hei")), str(font_file("Miaopu Fallback"))]
    for file in files:
        fontManager.addfont(file)
    return [FontProperties(fname=file).get_name() for file in files]


def label(axes: "Axes", x: float, y: float, text: str, dx: float, dy: float, **options: Any) -> None:
    """Words at a point, ``dx`` and ``dy`` points beside it, legible over whatever lies below."""
    axes.annotate(
        text,
        (x, y),
        xytext=(dx, dy),
        textcoords="offset points",
        color=INK,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
        **options,
    )


def bare(axes: "Axes", *sides: str) -> None:
    """Without the named sides of the frame."""
    for side in sides:
        axes.spines[side].set_visible(False)


def _as_attributes(match: re.Match[str]) -> str:
    pairs = (item.split(":", 1) for item in match[1].split(";") if item.strip())
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)


def _without_styles(svg: str) -> str:
    """Styles as presentation attributes: a content security policy without ``unsafe-inline`` drops the others."""
    svg = _METADATA.sub("", _STYLE_ELEMENT.sub("", _PROLOGUE.sub("", svg)))
    svg = _STYLE.sub(_as_attributes, svg)
    return svg.replace("<svg ", '<svg stroke-linejoin="round" stroke-linecap="butt" role="img" ', 1)


def to_svg(
    draw: "Callable[[Figure], None]", *, size: tuple[float, float], title: str, description: str
) -> str:
    """SVG text without prologue of what ``draw`` puts on a figure of ``size`` inches; title and description are plain text.

    ``documents.api.FontsMissing`` where the set-up has not put the fonts in place.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    settings: Any = _SETTINGS | {"font.family": _families()}
    with _one_at_a_time, mpl.rc_context(settings):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        output = io.StringIO()
        figure.savefig(output, format="svg", metadata={"Date": None, "Creator": None})
    words = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
    return re.sub(
        r"(<svg [^>]*>)", lambda match: match[1] + words, _without_styles(output.getvalue()), count=1
    )
