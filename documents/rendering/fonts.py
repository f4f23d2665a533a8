"""The faces of official documents: one file, one family name; and which characters they can draw."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from fontTools.ttLib import TTFont

# Fandol's own family names are shared between weights, and WeasyPrint would mix them: each file gets a name of ours.
FACES = {
    "Miaopu Fang": "FandolFang-Regular.otf",
    "Miaopu Kai": "FandolKai-Regular.otf",
    "Miaopu Hei": "FandolHei-Regular.otf",
    "Miaopu Song": "FandolSong-Regular.otf",
    "Miaopu Title": "NotoSerifSC-Bold.otf",
    "Miaopu Fallback": "NotoSerifSC-Regular.otf",
}
# Every list of families in the stylesheet ends with it, so its repertoire decides what can be drawn.
FALLBACK = "Miaopu Fallback"


class FontsMissing(Exception):
    """The set-up has not put the fonts in place."""


def directory() -> Path:
    return Path(settings.VAR_DIR) / "fonts"


def font_file(family: str) -> Path:
    """The file of a family; ``FontsMissing`` names the command that brings it."""
    path = directory() / FACES[family]
    if not path.is_file():
        raise FontsMissing(
            _("The font %(file)s is missing: run “python -m documents.rendering.install_fonts”.")
            % {"file": path}
        )
    return path


def font_faces() -> str:
    """The ``@font-face`` rules of all faces."""
    return "\n".join(
        f'@font-face {{ font-family: "{family}"; src: url("{font_file(family).as_uri()}"); }}'
        for family in FACES
    )


@cache
def _repertoire() -> frozenset[int]:
    with TTFont(font_file(FALLBACK), lazy=True) as font:
        return frozenset(point for point in font.getBestCmap() if point >= 0x20)


def missing_glyphs(text: str) -> list[str]:
    """Characters of ``text`` that no face can draw, in order of appearance, each once. Line ends are not drawn."""
    repertoire = _repertoire()
    return [char for char in dict.fromkeys(text) if ord(char) not in repertoire and char not in "\n\r"]
