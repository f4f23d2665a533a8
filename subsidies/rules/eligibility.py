"""Whether an accreditation qualifies under a scheme's switches (edge cases 29 and 30).

The plan only says 新认定企业 and 一次性. Whether renewals and inbound firms qualify, and whether 一次性 means once a
firm or once an accreditation, are switches of the scheme; where one that matters is undecided, a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Switch(StrEnum):
    """The values of ``subsidies.enums.Decision``."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


class Once(StrEnum):
    """The values of ``subsidies.enums.OncePer``."""

    FIRM = "firm"
    ACCREDITATION = "accreditation"
    UNDECIDED = "undecided"


class Reason(StrEnum):
    """Why an accreditation does not, or not yet, qualify."""

    QUALIFIES = "qualifies"
    KIND_EXCLUDED = "kind_excluded"
    KIND_UNDECIDED = "kind_undecided"
    ALREADY_AWARDED = "already_awarded"
    ALREADY_MATCHED = "already_matched"
    ONCE_UNDECIDED = "once_undecided"


@dataclass(frozen=True, slots=True)
class Switches:
    """A scheme version's switches; ``kinds`` maps first, renewal and inbound to their decision."""

    kinds: dict[str, Switch]
    once_per: Once


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The decision, its reason and, where an earlier award matters, that award's number."""

    decision: Switch
    reason: Reason
    earlier: str = ""


def eligibility(kind: str, switches: Switches, earlier: Sequence[str] = (), matched: str = "") -> Eligibility:
    """Judge an accreditation of ``kind`` whose firm has the ``earlier`` awards in the scheme (their numbers).

    ``matched`` is the one among them that was paid for this very accreditation: it is matched once, whatever
    一次性 means (edge cases 29 and 49). An exclusion that is decided comes before a question that is open: it needs no policy to be settled first.
    """
    of_kind = switches.kinds[kind]
    first = earlier[0] if earlier else ""
    if of_kind is Switch.NO:
        return Eligibility(Switch.NO, Reason.KIND_EXCLUDED)
    if matched:
        return Eligibility(Switch.NO, Reason.ALREADY_MATCHED, matched)
    if first and switches.once_per is Once.FIRM:
        return Eligibility(Switch.NO, Reason.ALREADY_AWARDED, first)
    if of_kind is Switch.UNDECIDED:
        return Eligibility(Switch.UNDECIDED, Reason.KIND_UNDECIDED)
    if first and switches.once_per is Once.UNDECIDED:
        return Eligibility(Switch.UNDECIDED, Reason.ONCE_UNDECIDED, first)
    return Eligibility(Switch.YES, Reason.QUALIFIES)
