"""The faces of official documents: one file, one family name; and which characters they can draw."""

from collections.abc import Collection
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


# Alternates, kerning and vertical writing: nothing that an official document uses, and slow to shape with.
_UNUSED_TABLES = ("BASE", "DSIG", "GPOS", "GSUB", "VORG", "vhea", "vmtx")


def cut(family: str, characters: Collection[str]) -> bytes:
    """The font of a family with the glyphs of ``characters`` alone."""
    import uharfbuzz as hb  # takes its time to load: not on every command's start

    wanted = hb.SubsetInput()
    wanted.unicode_set.update(map(ord, characters))
    wanted.drop_table_tag_set.update(int.from_bytes(tag.encode("ascii"), "big") for tag in _UNUSED_TABLES)
    wanted.flags = hb.SubsetFlags.DESUBROUTINIZE
    return hb.subset(hb.Face(hb.Blob.from_file_path(str(font_file(family)))), wanted).blob.data


def write_faces(directory: Path, characters: Collection[str]) -> str:
    """Write every face, cut to ``characters``, into ``directory``; the ``@font-face`` rules that bring them in."""
    rules = []
    for family, name in FACES.items():
        path = directory / name
        path.write_bytes(cut(family, characters))
        rules.append(f'@font-face {{ font-family: "{family}"; src: url("{path.as_uri()}"); }}\n')
    return "".join(rules)


@cache
def _repertoire() -> frozenset[int]:
    with TTFont(font_file(FALLBACK), lazy=True) as font:
        return frozenset(point for point in font.getBestCmap() if point >= 0x20)


def missing_glyphs(text: str) -> list[str]:
    """Characters of ``text`` that no face can draw, in order of appearance, each once. Line ends are not drawn."""
    repertoire = _repertoire()
    return [char for char in dict.fromkeys(text) if ord(char) not in repertoire and char not in "\n\r"]
