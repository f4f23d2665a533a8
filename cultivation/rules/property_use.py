"""When property that a filing used may be used again (国科发火〔2016〕195号 三（二）4 and 5).

Class II "在申请高新技术企业时，仅限使用一次"; property of several owners "在申请高新技术企业及高新技术企业资格存续期内……只能由一个
权属人在申请时使用". Numbers are compared in the spelling of :mod:`.property_numbers`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a filing; ``EARLIER`` is one before this system, known by a document alone."""

    UNDER_WAY = "under_way"
    ACCREDITED = "accredited"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EARLIER = "earlier"


UNSUCCESSFUL = frozenset({Outcome.DECLINED, Outcome.WITHDRAWN})


@dataclass(frozen=True, slots=True)
class Use:
    """One item used in one filing. ``own``: by the firm that asks; ``holds_until``: the last day on which the
    certificate of that filing counts, ``None`` without one.
    """

    filed_on: date
    own: bool
    outcome: Outcome
    holds_until: date | None = None

    def keeps_others_out(self, on: date) -> bool:
        """Whether another owner may not use the item on that day: under way, or while the certificate runs."""
        if self.outcome is Outcome.UNDER_WAY:
            return True
        return self.holds_until is not None and on <= self.holds_until

    def uses_up(self, *, unsuccessful_counts: bool) -> bool:
        """Whether an item of class II is spent by this filing; the text does not say so of one that failed."""
        return unsuccessful_counts or self.outcome not in UNSUCCESSFUL


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands against using an item: the first filing that spent it, and another firm's that holds it."""

    spent_by: int | None
    held_by: int | None

    @property
    def is_free(self) -> bool:
        return self.spent_by is None and self.held_by is None


def standing(uses: Sequence[Use], *, ip_class: int | None, on: date, unsuccessful_counts: bool) -> Standing:
    """The item's standing for a filing on ``on``, as indices of ``uses``; class I is never spent."""
    spent = (index for index, use in enumerate(uses) if use.uses_up(unsuccessful_counts=unsuccessful_counts))
    held = (index for index, use in enumerate(uses) if not use.own and use.keeps_others_out(on))
    return Standing(
        spent_by=next(spent, None) if ip_class == 2 else None,
        held_by=next(held, None),
    )


def note_on(use: Use) -> str:
    """A use in Chinese words that name no other firm."""
    day = use.filed_on.isoformat()
    if use.own:
        return f"台账：本企业 {day} 申报已使用"
    until = f"，资格存续至 {use.holds_until.isoformat()}" if use.holds_until else ""
    return f"台账：其他企业 {day} 申报已使用{until}"
