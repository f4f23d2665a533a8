"""Pinyin initials of a firm's name, by which it is found: 百色新山铝业 is ``bsxsly``."""

import re

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

from config.common.text import fold

# Where the library reads the commoner word: 曾 and 覃 in names of firms are surnames, 单县 is a place.
_SURNAMES = {"曾": "zēng", "覃": "qín"}
_PHRASES = {
    "单县": ("shàn", "xiàn"),
    "单氏": ("shàn", "shì"),
    "解氏": ("xiè", "shì"),
    "仇氏": ("qiú", "shì"),
    "查氏": ("zhā", "shì"),
    "区氏": ("ōu", "shì"),
    "朴氏": ("piáo", "shì"),
}
load_single_dict({ord(character): reading for character, reading in _SURNAMES.items()})
load_phrases_dict({phrase: [[reading] for reading in readings] for phrase, readings in _PHRASES.items()})

_LONGEST = 120
_TYPED = re.compile(r"[a-z0-9]{2,}")


def initials(name: str) -> str:
    """The first letter of every character, Latin letters and digits as they are, nothing else."""
    letters = "".join(lazy_pinyin(fold(name), style=Style.FIRST_LETTER))
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum()).lower()[:_LONGEST]


def typed_initials(text: str) -> str:
    """``text`` as initials to look for; empty where it cannot be any: other characters, or a single letter."""
    letters = fold(text)
    return letters if _TYPED.fullmatch(letters) else ""
