"""Two answers of ``assess`` held against each other, figure by figure.

The stored one may come from anywhere: whatever has another shape is a difference, never an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WORDING = "note"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not the same; ``None`` where one side does not have it.

    ``path`` names it as in ``("findings", "rd_intensity", "status")``: lists are read by code or by year.
    """

    path: tuple[str, ...]
    stored: str | None
    computed: str | None

    @property
    def is_wording(self) -> bool:
        """Only the words of a note differ, no figure and no result."""
        return self.path[-1:] == (WORDING,)


def differences(stored: Any, computed: Any) -> tuple[Difference, ...]:
    """What the two answers do not have in common, in the order of the computed one; what only the stored one has
    comes last.
    """
    before, after = dict(_leaves(stored, ())), dict(_leaves(computed, ()))
    return tuple(
        Difference(path, before.get(path), after.get(path))
        for path in dict.fromkeys((*after, *before))
        if before.get(path, _ABSENT) != after.get(path, _ABSENT)
    )


_ABSENT = object()


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Every single value with its path, as text; what is null or empty has none."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, (*path, str(key)))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for index, inner in enumerate(value):
            yield from _leaves(inner, (*path, _name(inner, index)))
    elif value is not None:
        yield path, value if isinstance(value, str) else str(value)


def _name(entry: Any, index: int) -> str:
    """The code of a finding, the year of a year, else the position."""
    if isinstance(entry, Mapping):
        for key in ("code", "year"):
            if isinstance(entry.get(key), str | int):
                return str(entry[key])
    return str(index)
