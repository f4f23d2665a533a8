"""What the figures of the reconciliation report are made of: entries of the ledger, and steps from region to city."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from .balances import Kind, Movement, effect_of
from .matching import match_amount
from .provenance import derive, terms_of

ZERO = Decimal("0.00")

# Signs of the entries behind each figure of the ledger; "available" follows from what an entry does to its line.
LEDGER_FIGURES: dict[str, dict[Kind, int]] = {
    "appropriated": {Kind.APPROPRIATED: 1, Kind.ADJUSTED: 1},
    "carried_over": {Kind.CARRIED_OVER: 1},
    "opening": {Kind.OPENING_COMMITTED: 1, Kind.OPENING_PAID: 1},
    "committed": {Kind.COMMITTED: 1, Kind.DECOMMITTED: -1, Kind.PAID: -1, Kind.RETURNED: 1},
    "paid": {Kind.PAID: 1, Kind.RETURNED: -1},
    "returned": {Kind.RETURNED: 1},
    "recovered": {Kind.RECOVERED: 1},
    "available": dict.fromkeys(Kind, 1),
}


def contribution(figure: str, movement: Movement) -> Decimal:
    """What one entry, or the sum of equal ones, adds to a figure of the ledger; yuan."""
    if figure == "available":
        return effect_of(movement).available
    return movement.amount * movement.direction * LEDGER_FIGURES[figure].get(movement.kind, 0)


def explain_difference(granted: Decimal, amount: Decimal, inputs: Mapping[str, Any]) -> dict[str, Decimal]:
    """Why the city's ``amount`` is not what the region ``granted``: yuan by reason, which add up to the difference.

    ``later_document``: the calculation rests on another row than the one that stands; ``ratio`` with rounding;
    ``cap``; ``stacking`` (从高不重复); ``override``.
    """
    based_on = Decimal(inputs["regional_award"]["amount"])
    terms = terms_of(inputs)
    shared = match_amount(based_on, replace(terms, cap=None)).amount
    capped = match_amount(based_on, terms).amount
    stacked = derive({**inputs, "override": None}).amount
    steps = {
        "later_document": granted - based_on,
        "ratio": based_on - shared,
        "cap": shared - capped,
        "stacking": capped - stacked,
        "override": stacked - amount,
    }
    return {reason: difference for reason, difference in steps.items() if difference}
