"""How many further filings would make a target likely enough."""

from collections.abc import Callable, Sequence
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from fractions import Fraction

from .distribution import Distribution
from .exact import ExactDistribution, to_decimal

LIKELY = Fraction(4, 5)
# Sixty digits with every rounding in the last few: nearer than this to the limit is a tie, and a tie counts as reached.
_ARITHMETIC = Context(prec=60, Emin=MIN_EMIN, Emax=MAX_EMAX)
_TIE = Decimal("1e-45")


def _shortfall(below: Sequence[Decimal], filings: int, rate: Decimal) -> Decimal:
    """Σ P(B = j)·below[j] for B accreditations out of ``filings``, by the recurrence of the binomial terms."""
    with localcontext(_ARITHMETIC):
        if rate == 1:
            return below[filings] if filings < len(below) else Decimal(0)
        odds = rate / (1 - rate)
        term = (1 - rate) ** filings
        total = Decimal(0)
        for j, short in enumerate(below[: filings + 1]):
            total += term * short
            term = term * (filings - j) / (j + 1) * odds
        return total


def _judge(distribution: Distribution, target: int, rate: Fraction, goal: Fraction) -> Callable[[int], bool]:
    """Whether so many filings lift the probability of the target to ``goal``."""
    allowed = to_decimal(1 - goal, 60)
    if isinstance(distribution, ExactDistribution):
        below, exact_rate = distribution.shortfalls(target), to_decimal(rate, 60)
        return lambda filings: _shortfall(below, filings, exact_rate) <= allowed + _TIE
    numeric = distribution
    limit = allowed + numeric.tolerance
    return lambda filings: numeric.shortfall_after(target, filings, float(rate)) <= limit


def fewest_filings(
    distribution: Distribution, target: int, rate: Fraction, goal: Fraction = LIKELY
) -> int | None:
    """The fewest further filings, each accredited with probability ``rate``, for P(N >= target) >= ``goal``.

    0 where that holds already; ``None`` where the rate is 0 and filings therefore help nothing.
    """
    if not rate:
        return None
    reaches = _judge(distribution, target, rate, goal)
    enough = 1
    while not reaches(enough):
        enough *= 2
    too_few = -1
    while enough - too_few > 1:
        middle = (enough + too_few) // 2
        enough, too_few = (middle, too_few) if reaches(middle) else (enough, middle)
    return enough
