"""What a revoked certificate does to the awards of its firm (国科发火〔2016〕32号 第十六条, 第十九条; edge case 23).

Tax benefits are asked back from the year of the act on; the plan says nothing about the city's award, so the same years are
taken: awards for accreditations of that year or later are stopped, or asked back where they were paid.
"""

from datetime import date
from enum import StrEnum


class Consequence(StrEnum):
    """What is to happen to an award that a revocation reaches."""

    FREEZE = "freeze"
    RECOVER = "recover"
    # On a payment list: finance cancels the list, or the bank's answer comes first.
    WAIT_FOR_LIST = "wait_for_list"
    NONE = "none"


_BY_STATE = {
    "listed": Consequence.WAIT_FOR_LIST,
    "paid": Consequence.RECOVER,
    "frozen": Consequence.NONE,
    "revoked": Consequence.NONE,
    "recovering": Consequence.NONE,
    "recovered": Consequence.NONE,
}


def reaches(act_year: int, revoked_on: date, issued_on: date) -> bool:
    """Whether the revocation reaches the award for an accreditation of the firm issued on a day.

    From the year of the act to the decision: what the firm was granted after that, it was granted afresh.
    """
    return act_year <= issued_on.year and issued_on <= revoked_on


def consequence_for(state: str) -> Consequence:
    """What follows for an award in a state (a value of ``subsidies.enums.AwardState``)."""
    return _BY_STATE.get(state, Consequence.FREEZE)
