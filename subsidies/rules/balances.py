"""What each kind of ledger entry does to the figures of a funding line, and their sum over many entries."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

ZERO = Decimal("0.00")


class Kind(StrEnum):
    """Kinds of ledger entry; the values of ``subsidies.enums.EntryKind``."""

    APPROPRIATED = "appropriated"
    ADJUSTED = "adjusted"
    COMMITTED = "committed"
    DECOMMITTED = "decommitted"
    PAID = "paid"
    RETURNED = "returned"
    RECOVERED = "recovered"
    CARRIED_OVER = "carried_over"
    OPENING_COMMITTED = "opening_committed"
    OPENING_PAID = "opening_paid"


@dataclass(frozen=True, slots=True)
class Figures:
    """The three guard figures of a funding line, or a change of them; yuan."""

    appropriated: Decimal = ZERO
    committed: Decimal = ZERO
    paid: Decimal = ZERO

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.appropriated + other.appropriated, self.committed + other.committed, self.paid + other.paid
        )

    @property
    def available(self) -> Decimal:
        """What may still be committed."""
        return self.appropriated - self.committed - self.paid

    @property
    def is_negative(self) -> bool:
        return min(self.appropriated, self.committed, self.paid) < 0

    @property
    def is_overdrawn(self) -> bool:
        return self.available < 0


@dataclass(frozen=True, slots=True)
class Movement:
    """One ledger entry, as far as it touches the figures; ``amount`` is positive yuan."""

    kind: Kind
    amount: Decimal
    direction: int = 1
    returns_to_line: bool = False


# Signs of (appropriated, committed, paid) for an entry that adds. A payment moves money from committed to
# paid; a bank return moves it back, so that it stays owed and open to nobody else.
_SIGNS: dict[Kind, tuple[int, int, int]] = {
    Kind.APPROPRIATED: (1, 0, 0),
    Kind.ADJUSTED: (1, 0, 0),
    Kind.CARRIED_OVER: (1, 0, 0),
    Kind.COMMITTED: (0, 1, 0),
    Kind.DECOMMITTED: (0, -1, 0),
    Kind.PAID: (0, -1, 1),
    Kind.RETURNED: (0, 1, -1),
    Kind.RECOVERED: (0, 0, -1),
    Kind.OPENING_COMMITTED: (0, 1, 0),
    Kind.OPENING_PAID: (0, 0, 1),
}
# Kinds that take away by themselves; every other kind does so only to reverse an entry of its own kind.
OPENING_KINDS = frozenset({Kind.OPENING_COMMITTED, Kind.OPENING_PAID})
TWO_WAY_KINDS = frozenset({Kind.ADJUSTED, Kind.CARRIED_OVER}) | OPENING_KINDS


def effect_of(movement: Movement) -> Figures:
    """The change of the figures; recovered money that does not return to the line changes none."""
    if movement.kind is Kind.RECOVERED and not movement.returns_to_line:
        return Figures()
    change = movement.amount * movement.direction
    appropriated, committed, paid = _SIGNS[movement.kind]
    return Figures(change * appropriated + ZERO, change * committed + ZERO, change * paid + ZERO)


def fold(movements: Iterable[Movement]) -> Figures:
    """The figures after all ``movements``, from nothing."""
    total = Figures()
    for movement in movements:
        total += effect_of(movement)
    return total
