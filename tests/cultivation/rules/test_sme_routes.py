"""The direct routes of the technology SME at their limits: they replace the score and nothing else."""

import pytest

from cultivation.rules.findings import Status
from cultivation.rules.technology_sme import SmeCode

from .sme_sample import evaluated, heads, sme_facts

CERTIFICATE = {"number": "GR201645000001", "issued_on": "2016-11-30", "last_day": "2019-11-29"}
AWARD = {"name": "国家科技进步奖", "date": "2015-01-09", "rank": 3, "document": "国科发奖〔2015〕1号"}
INSTITUTION = {"name": "重点实验室", "level": "provincial", "document": "桂科基字〔2018〕1号"}
STANDARD = {
    "name": "GB/T 1",
    "level": "national",
    "date": "2016-05-01",
    "rank": 5,
    "document": "公告2016年第8号",
}


class TestDirectRoutes:
    POOR = {"technical": heads("0"), "super_deduction": {"total": "0"}, "ip": []}

    @pytest.mark.parametrize(
        "claim",
        [
            {"certificate": CERTIFICATE},
            {"national_awards": [AWARD]},
            {"institutions": [INSTITUTION]},
            {"standards": [STANDARD]},
        ],
    )
    def test_take_the_place_of_the_score(self, claim):
        assert evaluated(sme_facts(**self.POOR)).verdict is Status.FAIL
        result = evaluated(sme_facts(**self.POOR, **claim))
        assert result.verdict is Status.PASS
        assert result.findings[-1].code is SmeCode.DIRECT_ROUTE
        assert result.score == 0

    def test_do_not_take_the_place_of_the_other_conditions(self):
        facts = sme_facts(certificate=CERTIFICATE, sales="200000000.01")
        assert evaluated(facts).verdict is Status.FAIL

    @pytest.mark.parametrize(
        ("claim", "expected"),
        [
            ({"certificate": {**CERTIFICATE, "last_day": "2019-03-20"}}, "pass"),
            ({"certificate": {**CERTIFICATE, "last_day": "2019-03-19"}}, "fail"),
            ({"certificate": {**CERTIFICATE, "issued_on": "2019-03-21"}}, "fail"),
            ({"certificate": {**CERTIFICATE, "number": None}}, "manual"),
            ({"national_awards": [{**AWARD, "rank": 4}]}, "fail"),
            ({"national_awards": [{**AWARD, "date": "2014-03-20"}]}, "pass"),
            ({"national_awards": [{**AWARD, "date": "2014-03-19"}]}, "fail"),
            ({"national_awards": [{**AWARD, "date": "2019-03-21"}]}, "fail"),
            ({"national_awards": [{**AWARD, "document": ""}]}, "manual"),
            ({"institutions": [{**INSTITUTION, "level": "other"}]}, "fail"),
            ({"institutions": [{"name": "某中心"}]}, "manual"),
            ({"standards": [{**STANDARD, "rank": 6}]}, "fail"),
            ({"standards": [{**STANDARD, "level": "other"}]}, "fail"),
            ({"standards": [{**STANDARD, "date": "2014-03-19"}]}, "fail"),
            ({"filled_on": ..., "certificate": CERTIFICATE}, "manual"),
        ],
    )
    def test_at_their_limits(self, claim, expected):
        assert evaluated(sme_facts(**{**self.POOR, **claim})).verdict.value == expected

    def test_an_incomplete_claim_does_not_hold_up_a_firm_that_passes_by_score(self):
        result = evaluated(sme_facts(institutions=[{"name": "某中心"}]))
        assert result.verdict is Status.PASS
        assert result.routes.unsure
