"""A reason is as long as an event can hold, on every database alike."""

import pytest

from subsidies.enums import AwardState
from subsidies.services import calculation, freezing
from tests.subsidies.awarding import refused
from tests.subsidies.factories import award_at, grant, office


@pytest.mark.parametrize("stop", [freezing.freeze_award, freezing.revoke_award])
def test_a_reason_that_no_event_holds_is_refused(db, stop):
    award, people = award_at(AwardState.APPROVED), office()
    act = lambda reason: stop(award=award, actor=people.caseworker, reason=reason)  # noqa: E731
    assert refused(lambda: act("长" * 501)) == "reason_too_long"
    assert act("长" * 500).events.order_by("number").last().reason == "长" * 500


def test_so_is_the_reason_of_a_calculation(db):
    award = award_at(AwardState.AWAITING_BASIS)
    grant(award.firm)
    people = office()
    act = lambda: calculation.calculate_award(  # noqa: E731
        award=award, actor=people.caseworker, reason="长" * 501
    )
    assert refused(act) == "reason_too_long"
