"""An independent reckoning in fractions: firm after firm, the slow way."""

from collections.abc import Iterable
from fractions import Fraction


def convolution(probabilities: Iterable[Fraction], start: int = 0) -> dict[int, Fraction]:
    """Distribution of ``start`` plus the number of independent firms that come through."""
    chances = {start: Fraction(1)}
    for p in probabilities:
        following: dict[int, Fraction] = {}
        for number, chance in chances.items():
            following[number] = following.get(number, Fraction(0)) + chance * (1 - p)
            following[number + 1] = following.get(number + 1, Fraction(0)) + chance * p
        chances = following
    return chances


def quantile(chances: dict[int, Fraction], percent: int) -> int:
    reached = Fraction(0)
    for number in sorted(chances):
        reached += chances[number]
        if reached >= Fraction(percent, 100):
            return number
    raise AssertionError("not a distribution")


def at_least(chances: dict[int, Fraction], target: int) -> Fraction:
    return sum((chance for number, chance in chances.items() if number >= target), Fraction(0))


def fewest_filings(chances: dict[int, Fraction], target: int, rate: Fraction) -> int | None:
    """Filing after filing until the target has four chances in five."""
    if rate == 0:
        return None
    filings = 0
    while at_least(chances, target) < Fraction(4, 5):
        following: dict[int, Fraction] = {}
        for number, chance in chances.items():
            following[number] = following.get(number, Fraction(0)) + chance * (1 - rate)
            following[number + 1] = following.get(number + 1, Fraction(0)) + chance * rate
        chances = following
        filings += 1
    return filings
