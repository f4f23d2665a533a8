"""Every family of dated rules there is, for the page that lists them all with their sources."""

from collections.abc import Sequence

from .dated import DatedRules
from .duties import DUTY_RULE_SETS
from .rules_of_115 import SME_RULE_SETS
from .rules_of_119 import SUPER_DEDUCTION_RULE_SETS
from .rulesets import RULE_SETS

CATALOGUE: tuple[Sequence[DatedRules], ...] = (
    RULE_SETS,
    DUTY_RULE_SETS,
    SME_RULE_SETS,
    SUPER_DEDUCTION_RULE_SETS,
)
