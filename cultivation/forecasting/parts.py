"""What the stock at a year's end is made of."""

from dataclasses import dataclass
from fractions import Fraction

RENEWAL = "renewal"
LASTING, NEWCOMERS, LATER, INBOUND, FURTHER = "lasting", "newcomers", "later", "inbound", "further_filings"
# What is there or comes back; everything else is new.
HELD = (LASTING, RENEWAL, INBOUND)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one stage or source adds: ``firms`` it holds now (none for those to come), how many are expected to count."""

    key: str
    firms: int | None
    expected: Fraction
