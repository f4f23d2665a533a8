"""Unified social credit codes (统一社会信用代码, GB 32100-2015).

Digits 3 to 8 name the registering authority and stay when a firm moves: they never tell its county.
"""

from stdnum.cn import uscc

from .text import compact

# No such authority: codes of firms made up for the demonstration belong to nobody.
_NO_AUTHORITY = "990000"


def normalise(text: str) -> str:
    """Half-width, upper case, without blanks."""
    return compact(text).upper()


def is_valid(code: str) -> bool:
    """Whether a normalised code has 18 characters of the right set and the right check character."""
    return len(code) == 18 and uscc.is_valid(code)


def is_made_up(code: str) -> bool:
    """Whether a code belongs to a firm made up for the demonstration."""
    return code[2:8] == _NO_AUTHORITY
