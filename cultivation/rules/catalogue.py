"""Every family of dated rules there is, for the page that lists them all with their sources."""

from collections.abc import Sequence

from .dated import DatedRules
from .rulesets import RULE_SETS

CATALOGUE: tuple[Sequence[DatedRules], ...] = (RULE_SETS,)
