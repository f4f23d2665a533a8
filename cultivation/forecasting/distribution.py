"""The distribution of a year-end number: exact in whole numbers, or numeric where there are too many firms."""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from .exact import ExactDistribution, exact_distribution, is_feasible
from .trials import Trials

if TYPE_CHECKING:
    from .numeric import NumericDistribution

Distribution: TypeAlias = "ExactDistribution | NumericDistribution"


def _gathered(groups: Sequence[Trials]) -> list[Trials]:
    """The same firms in fewer groups: those with one known probability together. Estimated groups stay apart."""
    known: Counter[Fraction] = Counter()
    for group in groups:
        if group.weight is None:
            known[group.probability] += group.count
    return [Trials(count, probability) for probability, count in known.items()] + [
        group for group in groups if group.weight is not None and group.count
    ]


def distribution_of(groups: Sequence[Trials], start: int = 0) -> Distribution:
    """``start`` plus how many firms of independent groups come through."""
    groups = _gathered(groups)
    if is_feasible(groups):
        return exact_distribution(groups).shifted(start)
    # NumPy and SciPy take their time to load; most commands and most forecasts never need them.
    from .numeric import numeric_distribution

    return numeric_distribution(groups).shifted(start)
