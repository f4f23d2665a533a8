"""The distribution of a sum of money: so many awards, each of a size drawn from a spread, added up in whole units."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import gcd

import numpy as np

from .counts import Array
from .distribution import Distribution

# Cells of the transform times firms up to which it takes about a second.
_MOST_WORK = 100_000_000


@dataclass(frozen=True, slots=True)
class Totals:
    """P(total = i * unit fen) = masses[i]."""

    unit: int
    masses: Array

    def quantiles(self, percents: Sequence[int]) -> dict[int, int]:
        """In fen: the least total with P(<= total) >= percent."""
        reached = np.cumsum(self.masses)
        places = np.searchsorted(reached, [percent / 100 - 1e-12 for percent in percents])
        return {
            percent: int(min(place, len(self.masses) - 1)) * self.unit
            for percent, place in zip(percents, places, strict=True)
        }

    def beyond(self, fen: int) -> Decimal:
        """P(total > fen)."""
        return Decimal(float(min(self.masses[max(fen // self.unit + 1, 0) :].sum(), 1.0)))

    @property
    def mean(self) -> Fraction:
        """In fen."""
        return Fraction(float(self.masses @ np.arange(len(self.masses)))) * self.unit


def totals_of(number: Distribution, awards: Mapping[int, Fraction]) -> Totals | None:
    """The sum of ``number`` awards of sizes in fen with their shares; ``None`` where it cannot be listed in time.

    The probabilities of the number are the weights of the powers of one award's transform.
    """
    unit = gcd(*awards) or 1
    width = number.highest * max(awards) // unit + 1
    if width * max(number.highest, 1) > _MOST_WORK:
        return None
    award = np.zeros(width)
    for fen, share in awards.items():
        if fen // unit < width:
            award[fen // unit] += float(share)
    size = 1 << (width - 1).bit_length()
    wave = np.fft.rfft(award, size)
    masses = {count: float(mass) for count, mass in number.masses()}
    total = np.zeros(len(wave), dtype=np.complex128)
    for count in range(number.highest, -1, -1):
        total = total * wave + masses.get(count, 0.0)
    # The transform leaves errors of 1e-17 on both sides of 0.
    sums = np.clip(np.fft.irfft(total, size)[:width], 0, None)
    return Totals(unit, sums / sums.sum())
