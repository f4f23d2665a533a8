"""The rule sets on record and the choice among them by the filing date.

A change of the law is a new :class:`RuleSet`; an old one is never edited, so that an old assessment stays
what it was.
"""

from datetime import date

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

RULE_SETS: tuple[RuleSet, ...] = (RULES_OF_2016,)
"""Oldest first; their periods do not overlap."""

NEWEST = RULE_SETS[-1]


class NoRuleSet(ValueError):
    """No rule set is known for a filing on this date."""

    def __init__(self, on: date) -> None:
        first = RULE_SETS[0].valid_from.isoformat()
        super().__init__(f"没有适用于 {on.isoformat()} 的认定规则（已录入的规则自 {first} 起施行）")
        self.on = on


class UnknownRuleSet(ValueError):
    """An assessment names a rule set that is not on record."""


def rules_in_force(on: date) -> RuleSet:
    """The rule set for a filing on that date; raises :class:`NoRuleSet`."""
    for rule_set in RULE_SETS:
        if rule_set.in_force(on):
            return rule_set
    raise NoRuleSet(on)


def rule_set_named(name: str) -> RuleSet:
    """The rule set an old assessment was made with; raises :class:`UnknownRuleSet`."""
    for rule_set in RULE_SETS:
        if rule_set.name == name:
            return rule_set
    raise UnknownRuleSet(name)
