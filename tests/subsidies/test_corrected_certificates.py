"""An award whose certificate was corrected: what was calculated stays true, and goes no further as it is."""

import datetime as dt

import pytest

from config.common import clock
from cultivation.enums import Role
from cultivation.services.accreditation_corrections import confirm_correction, propose_correction
from subsidies.enums import AwardState
from subsidies.selectors.award_filters import AwardFilter
from subsidies.selectors.awards import filtered_awards
from subsidies.services import awards
from subsidies.services.verification import verify_records
from tests.factories import UserFactory
from tests.subsidies.awarding import calculate, refused
from tests.subsidies.factories import award_at, office


@pytest.fixture
def corrected(db):
    award = award_at(AwardState.CALCULATED)
    with clock.fixed(dt.date(2019, 7, 1)):
        correction = propose_correction(
            accreditation=award.accreditation,
            changes={"document_number": "演示桂科〔2018〕9号"},
            reason="文号录错",
            document="原件",
            actor=office().caseworker,
        )
        confirm_correction(correction=correction, actor=UserFactory(username="second", role=Role.REVIEWER))
        award.refresh_from_db()
        yield award


def test_edge_case_50_the_records_still_explain_the_calculation(corrected):
    assert verify_records().problems == []


def test_edge_case_50_the_award_is_calculated_afresh(corrected):
    review = {"award": corrected, "actor": office().reviewer}
    assert refused(lambda: awards.review_award(**review)) == "certificate_corrected"
    for user in (office().caseworker, office().reviewer):
        assert list(filtered_awards(user, AwardFilter(waiting=True))) == [corrected]
    awards.send_back_award(award=corrected, actor=office().reviewer, reason="证书已更正")
    with clock.fixed(dt.date(2019, 7, 2)):
        corrected.refresh_from_db()
        assert (
            calculate(corrected).calculation.inputs["certificate"]["document_number"] == "演示桂科〔2018〕9号"
        )
        assert awards.review_award(**review).state == AwardState.REVIEWED
    assert verify_records().problems == []
