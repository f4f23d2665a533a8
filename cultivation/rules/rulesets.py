"""The rule sets of the accreditation on record and the choice among them by the filing date.

A change of the law is a new :class:`RuleSet`; an old one is never edited, so that an old assessment stays
what it was. Periods that overlap are refused here, when the module is imported.
"""

from datetime import date

from .dated import NoRuleSet, UnknownRuleSet, in_force, in_order, named
from .rules_of_2016 import RULES_OF_2016
from .thresholds import RuleSet

__all__ = [
    "NEWEST",
    "RULE_SETS",
    "NoRuleSet",
    "RuleSet",
    "UnknownRuleSet",
    "rule_set_named",
    "rules_in_force",
]

RULE_SETS: tuple[RuleSet, ...] = in_order(RULES_OF_2016)
"""Oldest first; their periods do not overlap."""

NEWEST = RULE_SETS[-1]


def rules_in_force(on: date) -> RuleSet:
    """The rule set for a filing on that date; raises :class:`NoRuleSet`."""
    return in_force(RULE_SETS, on)


def rule_set_named(name: str) -> RuleSet:
    """The rule set an old assessment was made with; raises :class:`UnknownRuleSet`."""
    return named(RULE_SETS, name)
