"""Whose progress would do most for the target: each firm moved a step on, or all the way, and the answer made again."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .evidence import APPLIED, NOT_BEGUN, PREPARING
from .parts import RENEWAL
from .stages import ACCREDITED, NEXT_STAGE

if TYPE_CHECKING:
    from .estimation import Cell
    from .outlook import Outlook

_NEXT_PROGRESS = {NOT_BEGUN: PREPARING, PREPARING: APPLIED, APPLIED: ACCREDITED}


@dataclass(frozen=True, slots=True)
class Push:
    """One group of firms in like position: by firm, how much likelier the target gets if that one firm ``moves`` to
    ``next_stage`` today, and if it surely gets its certificate this year."""

    stage: str
    group: str
    division: int
    firms: tuple[int, ...]
    next_stage: str
    if_moved: Decimal
    if_accredited: Decimal


def _next(cell: "Cell") -> "Cell | None":
    """Where a firm of the cell stands a step further; none where that is the certificate itself."""
    root, group, division = cell
    if root == RENEWAL:
        progress, season = group.split("/")
        following = _NEXT_PROGRESS[progress]
        return None if following == ACCREDITED else (RENEWAL, f"{following}/{season}", division)
    stage = NEXT_STAGE[root]
    return None if stage == ACCREDITED else (stage, f"recent/{group.split('/')[1]}", division)


def _without(cells: "Mapping[Cell, int]", cell: "Cell") -> "dict[Cell, int]":
    left = dict(cells)
    left[cell] -= 1
    return {key: count for key, count in left.items() if count}


def pushes(outlook: "Outlook", target: int | None) -> tuple[Push, ...]:
    """Every firm's weight for this year's target, the heaviest group first."""
    if target is None or outlook.ahead:
        return ()
    present = outlook.distribution.at_least(target)
    firms = outlook.firms_by_cell
    found = []
    for cell in outlook.cells:
        rest = _without(outlook.cells, cell)
        accredited = outlook.moved(rest, certain=1).distribution.at_least(target) - present
        onward = _next(cell)
        moved = accredited
        if onward is not None:
            further = {**rest, onward: rest.get(onward, 0) + 1}
            moved = outlook.moved(further).distribution.at_least(target) - present
        next_stage = ACCREDITED if onward is None else (onward[0] if onward[0] != RENEWAL else onward[1])
        found.append(Push(*cell, firms[cell], next_stage.split("/")[0], moved, accredited))
    return tuple(
        sorted(found, key=lambda push: (-push.if_moved, -push.if_accredited, push.stage, push.group))
    )
