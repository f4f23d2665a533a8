"""A revocation keeps two dates and its cause; the stock, the year-ends and the next filing follow from them."""

import datetime as dt

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import RevocationCause, Role
from cultivation.models import Accreditation
from cultivation.rules.after_accreditation import REVOCATION_SOURCES
from cultivation.selectors.stock import stock_at_year_ends, stock_on
from cultivation.services.determinations import revoke_accreditation
from tests.factories import AccreditationFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def caseworker():
    return UserFactory(role=Role.CASEWORKER)


class TestRevoking:
    def revoke(self, certificate, actor, **changes):
        values = {
            "revoked_on": dt.date(2019, 6, 3),
            "act_year": 2018,
            "cause": RevocationCause.FRAUD,
            "document": "演示撤〔2019〕1号",
        }
        return revoke_accreditation(accreditation=certificate, actor=actor, **(values | changes))

    def test_edge_case_23_keeps_two_dates_and_the_stock_counts_from_the_decision(self, caseworker):
        certificate = self.revoke(AccreditationFactory(), caseworker)
        assert (certificate.revoked_on, certificate.revoked_act_year) == (dt.date(2019, 6, 3), 2018)
        assert certificate.revoked_by == caseworker
        assert stock_on(dt.date(2019, 6, 2)).total == 1
        assert stock_on(dt.date(2019, 6, 3)).total == 0

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"document": " "}, "document_missing"),
            ({"revoked_on": dt.date(2019, 7, 1)}, "document_in_future"),
            ({"revoked_on": dt.date(2018, 11, 27)}, "revoked_before_issue"),
            ({"act_year": 2020}, "act_after_decision"),
            ({"act_year": 2007}, "act_too_early"),
        ],
    )
    def test_refuses(self, caseworker, changes, code):
        with pytest.raises(Refused) as refusal:
            self.revoke(AccreditationFactory(), caseworker, **changes)
        assert refusal.value.code == code

    def test_happens_once(self, caseworker):
        certificate = self.revoke(AccreditationFactory(), caseworker)
        with pytest.raises(Refused) as refusal:
            self.revoke(certificate, caseworker)
        assert refusal.value.code == "already_revoked"

    def test_what_was_recorded_wrongly_is_not_revoked(self, caseworker):
        with pytest.raises(Refused) as refusal:
            self.revoke(AccreditationFactory(), caseworker, cause=RevocationCause.RECORDED_WRONGLY)
        assert refusal.value.code == "cause_unknown"

    @pytest.mark.parametrize(
        "cause", [cause for cause in RevocationCause if cause != RevocationCause.RECORDED_WRONGLY]
    )
    def test_keeps_the_cause_whose_article_is_known(self, caseworker, cause):
        certificate = self.revoke(AccreditationFactory(), caseworker, cause=cause)
        assert Accreditation.objects.get(pk=certificate.pk).revocation_cause == cause
        assert REVOCATION_SOURCES[cause.value].startswith("国科发火〔2016〕32号")

    def test_edge_case_23_year_ends_before_the_decision_stay(self, caseworker):
        certificate = AccreditationFactory(issued_on=dt.date(2017, 11, 28), last_day=dt.date(2020, 11, 27))
        before = stock_at_year_ends(2017, 2018)
        self.revoke(certificate, caseworker)
        assert before == stock_at_year_ends(2017, 2018) == {2017: 1, 2018: 1}
        assert stock_at_year_ends(2019, 2019) == {2019: 0}

    def test_is_the_city_s(self, cast):
        with pytest.raises(NotAllowed):
            self.revoke(AccreditationFactory(), cast.reviewer)
