"""When awards fall due: cohorts of firms, quarters, and what is told of each quarter and year."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


@dataclass(frozen=True, slots=True)
class Cohort:
    """Firms first accredited in ``year``: ``waiting`` for their award, and while the year runs those still to come.

    The award of all of them falls into one quarter; ``timing`` says into which with what chance.
    """

    year: int
    waiting: int
    is_running: bool
    timing: Mapping[Quarter, Fraction]


@dataclass(frozen=True, slots=True)
class Due:
    """Money in yuan of a quarter or a year; ``beyond`` the chance that it is more than there is, where that is known.

    A quarter's ``beyond`` is that of all that falls due in its year up to its end.
    """

    year: int
    quarter: int | None
    expected: Decimal
    p10: Decimal
    p50: Decimal
    p90: Decimal
    beyond: Decimal | None


@dataclass(frozen=True, slots=True)
class DueMoney:
    """``grain``: amounts were rounded up to this many yuan a firm, nothing where none had to be."""

    quarters: tuple[Due, ...]
    years: tuple[Due, ...]
    grain: Decimal
