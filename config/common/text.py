"""Text as people type it: blanks, full-width letters and digits; and a key for comparing names."""

import re
import unicodedata

_FULL_WIDTH = {
    code: code - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
}
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF))
_NORMAL = _FULL_WIDTH | _INVISIBLE
# What a spreadsheet program takes for a formula at the beginning of a cell (edge case 38), also in full width.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BLANKS = re.compile(r"\s+")


def normalise(text: str) -> str:
    """Half-width letters and digits, single blanks, nothing invisible; Chinese punctuation such as （） stays.

    A registered name carries full-width brackets, so a full NFKC would change it.
    """
    if text.isascii():
        return " ".join(text.split())
    return _BLANKS.sub(" ", text.translate(_NORMAL)).strip()


def compact(text: str) -> str:
    """NFKC without any blank: for codes, accounts and numbers."""
    if text.isascii():
        return "".join(text.split())
    return _BLANKS.sub("", unicodedata.normalize("NFKC", text).translate(_INVISIBLE))


def fold(text: str) -> str:
    """A key under which spellings of one name are equal: width, case and blanks do not count."""
    return compact(text).casefold()


def harmless(text: str) -> str:
    """Text for a file without cell types: what would start a formula is led in by an apostrophe.

    The apostrophe is the text mark of Excel and WPS, so the cell cannot run there. Accounts, clearing codes,
    credit codes and amounts never begin with such a character and are written as they are.
    """
    return f"'{text}" if text.lstrip(" \u3000").startswith(_FORMULA_STARTS) else text
