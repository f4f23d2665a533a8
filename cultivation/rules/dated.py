"""What every dated set of rules has in common: a name, the period it holds for, and a hash over its content.

A change of the law is a new set; an old one is never edited, so that whatever was judged by it stays what it
was. The end of a period is known only when the next set comes, so it is no part of the hash.
"""

import json
from collections.abc import Sequence
from dataclasses import Field, dataclass, field, fields, is_dataclass
from datetime import date
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from itertools import pairwise
from typing import Any, TypeVar

NOT_HASHED = {"hashed": False}
"""Metadata of a field that says how far a rule was checked or how long it holds, not what it asks."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Annotates a tuple of bands, records or names that is a table of its own in ``docs/rules.md``.

    ``source`` names the field of the same record that holds the table's :class:`Source`.
    """

    title: str
    source: str


@dataclass(frozen=True, slots=True)
class Stated:
    """Annotates a bare number or range: its meaning in a few Chinese words, its unit, and the name of the field
    that holds its :class:`Source`. It is a row of ``docs/rules.md`` as a ``Threshold`` is.
    """

    meaning: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True)
class DatedRules:
    """Rules that hold from ``valid_from`` to before ``valid_until`` (``None``: no end on record)."""

    name: str
    title: str
    valid_from: date
    valid_until: date | None = field(metadata=NOT_HASHED)

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_until is None or on < self.valid_until)

    @property
    def sha256(self) -> str:
        """SHA-256 over every value and every source, in a canonical form that does not depend on the code's
        order of fields.
        """
        text = json.dumps(_plain(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    """The value in plain JSON; fractions as ``numerator/denominator``, exact."""
    if is_dataclass(value):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value) if _is_hashed(f)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def _is_hashed(of: "Field[Any]") -> bool:
    return bool(of.metadata.get("hashed", True))


Rules = TypeVar("Rules", bound=DatedRules)


class OverlappingRules(ValueError):
    """Two sets of rules claim the same day, or the same name; found when the rules are imported."""


class NoRuleSet(ValueError):
    """No rule set is known for this date."""

    def __init__(self, on: date, first: date) -> None:
        super().__init__(f"没有适用于 {on.isoformat()} 的规则（已录入的规则自 {first.isoformat()} 起施行）")
        self.on = on


class UnknownRuleSet(ValueError):
    """A record names a rule set that is not known here."""


def in_order(*rule_sets: Rules) -> tuple[Rules, ...]:
    """The sets, oldest first; raises :class:`OverlappingRules` where two hold on one day or share a name."""
    for earlier, later in pairwise(rule_sets):
        if earlier.valid_until is None or earlier.valid_until > later.valid_from:
            raise OverlappingRules(f"{earlier.name} has not ended when {later.name} begins")
    for rules in rule_sets:
        if rules.valid_until is not None and rules.valid_until <= rules.valid_from:
            raise OverlappingRules(f"{rules.name} ends before it begins")
    if len({rules.name for rules in rule_sets}) < len(rule_sets):
        raise OverlappingRules("two rule sets have the same name")
    return rule_sets


def in_force(rule_sets: Sequence[Rules], on: date) -> Rules:
    """The set that holds on that date; raises :class:`NoRuleSet`."""
    for rules in rule_sets:
        if rules.in_force(on):
            return rules
    raise NoRuleSet(on, rule_sets[0].valid_from)


def named(rule_sets: Sequence[Rules], name: str) -> Rules:
    """The set of that name; raises :class:`UnknownRuleSet`."""
    for rules in rule_sets:
        if rules.name == name:
            return rules
    raise UnknownRuleSet(name)
