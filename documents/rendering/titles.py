"""Breaking a long title into lines: whole words, lines of like length (GB/T 9704-2012, 7.3.1). Pure."""

from collections.abc import Sequence
from itertools import pairwise

# Characters of size 2 (22 pt) that the text area of 441 pt holds.
_LINE = 20
# A firm's name may be broken before these, so that no word is torn apart.
_WORDS = ("股份有限公司", "有限责任公司", "有限公司", "集团", "（")
_NEVER_FIRST = "，。、；：）》〕”’"


def width_of(text: str) -> float:
    """Width in em: full for Chinese characters, half for figures and Latin letters."""
    return sum(0.5 if char.isascii() else 1 for char in text)


def title_lines(lines: Sequence[str]) -> tuple[str, ...]:
    """The lines as they were written; where one is too wide, all of them broken anew into as few as hold them."""
    if all(width_of(line) <= _LINE for line in lines):
        return tuple(lines)
    text = "".join(lines)
    ends = {sum(map(len, lines[:count])) for count in range(1, len(lines))}
    words = {text.find(word, start) for word in _WORDS for start in range(len(text))} - {-1, 0}
    anywhere = {place for place in range(1, len(text)) if text[place] not in _NEVER_FIRST}
    return _broken(text, ends | words) or _broken(text, anywhere) or tuple(lines)


def _broken(text: str, places: set[int]) -> tuple[str, ...] | None:
    """The fewest lines, then the evenest, that begin at some of ``places``; none where they do not suffice."""
    best: dict[int, tuple[int, float, tuple[int, ...]]] = {0: (0, 0.0, (0,))}
    for end in sorted(places | {len(text)}):
        found = [
            (count + 1, cost + width_of(text[start:end]) ** 2, (*cuts, end))
            for start, (count, cost, cuts) in best.items()
            if width_of(text[start:end]) <= _LINE
        ]
        if found:
            best[end] = min(found)
    if len(text) not in best:
        return None
    return tuple(text[start:end] for start, end in pairwise(best[len(text)][2]))
