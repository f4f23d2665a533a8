"""Technology SMEs and gazelles by document: what is recorded, what is refused, and the firm's tier in step with it."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import FirmTier, Role, TierOutcome, Verification
from cultivation.models import Firm, RefusedAttempt, TierCriterion, TierRecord
from cultivation.rules.tier_criteria import Said
from cultivation.selectors.tiers import (
    Due,
    criteria_in_force,
    standing,
    standings,
    tier_records,
)
from cultivation.services.tiers import recommend_gazelle, recommend_sme, record_tier
from tests.cultivation.rules.sme_sample import heads, sme_facts
from tests.factories import AccreditationFactory, FirmFactory, UserFactory

TODAY = dt.date(2019, 6, 30)
DAY = dt.date(2019, 6, 3)
NUMBER = "演科字〔2019〕12号"


@pytest.fixture
def firm(db, clock):
    clock(TODAY)
    return FirmFactory()


@pytest.fixture
def caseworker(db):
    return UserFactory(role=Role.CASEWORKER)


def criterion(key, **changes):
    values = {
        "tier": FirmTier.GAZELLE,
        "key": key,
        "text": f"条件 {key}",
        "valid_from": dt.date(2019, 1, 1),
        "verification": Verification.UNVERIFIED,
        "source": "演示",
    }
    return TierCriterion.objects.create(**{**values, **changes})


def document(firm, actor, **changes):
    values = {
        "tier": FirmTier.GAZELLE,
        "outcome": TierOutcome.RECOGNISED,
        "year": 2019,
        "document_number": NUMBER,
        "document_date": DAY,
    }
    return record_tier(firm=firm, actor=actor, **{**values, **changes})


def sme(firm, actor, facts=None, **changes):
    values = {"document_number": NUMBER, "document_date": DAY}
    return recommend_sme(firm=firm, actor=actor, facts=facts or sme_facts(), **{**values, **changes})


def gazelle(firm, actor, answers=None, **changes):
    values = {"year": 2019, "document_number": NUMBER, "document_date": DAY}
    return recommend_gazelle(firm=firm, actor=actor, answers=answers or {}, **{**values, **changes})


def refused(service, *args, **kwargs) -> str:
    with pytest.raises(Refused) as caught:
        service(*args, **kwargs)
    return caught.value.code


class TestTechnologySme:
    def test_is_put_forward_with_its_facts_and_result(self, firm, caseworker):
        record = sme(firm, caseworker)
        record.refresh_from_db()
        assert (record.outcome, record.year) == (TierOutcome.RECOMMENDED, 2019)
        assert record.rule_set == "gkfz-2017-115"
        assert record.facts == sme_facts()
        assert record.result["score"] == 68
        assert Firm.objects.get(pk=firm.pk).tier == FirmTier.NONE

    @pytest.mark.parametrize(
        ("facts", "code"),
        [
            (sme_facts(technical=heads("1")), "not_qualified"),
            (sme_facts(super_deduction=...), "remark_missing"),
            (sme_facts(sales="-1"), "facts_wrong"),
            (sme_facts(technical_average="10"), "facts_wrong"),
            (sme_facts(filled_on=...), "facts_wrong"),
            (sme_facts(filled_on="2016-12-31"), "facts_wrong"),
        ],
    )
    def test_refuses(self, firm, caseworker, facts, code):
        assert refused(sme, firm, caseworker, facts) == code
        assert not TierRecord.objects.exists()

    def test_an_open_condition_is_decided_with_a_remark(self, firm, caseworker):
        record = sme(firm, caseworker, sme_facts(super_deduction=...), remark="已核对加计扣除申报表")
        assert record.result["verdict"] == "manual"


class TestGazelle:
    def test_keeps_every_criterion_in_force_as_it_was_answered(self, firm, caseworker):
        criterion("accredited", order=1)
        criterion("growth", order=2, least=Decimal("0.20"), unit="比例")
        criterion("old", valid_to=dt.date(2019, 6, 3))
        criterion("later", valid_from=dt.date(2019, 6, 4))
        AccreditationFactory(firm=firm)
        record = gazelle(firm, caseworker, {"growth": Said(measured=Decimal("0.20"))})
        assert [(row["key"], row["met"]) for row in record.facts["answers"]] == [
            ("accredited", True),
            ("growth", True),
        ]
        assert record.facts["answers"][0]["from_records"]
        assert record.result == {"met": 2, "not_met": 0, "not_known": 0}
        assert record.facts["answers"][1]["source"] == "演示"

    def test_the_records_answer_over_what_is_said(self, firm, caseworker):
        criterion("accredited")
        assert refused(gazelle, firm, caseworker, {"accredited": Said(met=True)}) == "remark_missing"
        record = gazelle(firm, caseworker, remark="证书换发中")
        assert record.facts["answers"][0]["met"] is False

    @pytest.mark.parametrize(("measured", "met"), [("0.2", True), ("0.1999", False), (None, None)])
    def test_a_number_decides_where_the_criterion_has_one(self, firm, caseworker, measured, met):
        criterion("growth", least=Decimal("0.2000"))
        said = Said(met=True, measured=None if measured is None else Decimal(measured))
        record = gazelle(firm, caseworker, {"growth": said}, remark="见说明")
        assert record.facts["answers"][0]["met"] is met

    def test_refuses_an_answer_to_no_criterion(self, firm, caseworker):
        assert refused(gazelle, firm, caseworker, {"sales": Said(met=True)}) == "criterion_unknown"

    def test_is_put_forward_once_a_year(self, firm, caseworker):
        gazelle(firm, caseworker)
        again = {"document_number": "演科字〔2019〕13号"}
        assert refused(gazelle, firm, caseworker, **again) == "recommended_already"
        gazelle(firm, caseworker, year=2020, **again)

    def test_of_two_rows_of_a_criterion_the_later_holds(self, firm):
        criterion("growth", text="旧")
        criterion("growth", text="新", valid_from=dt.date(2019, 6, 1))
        assert [row.text for row in criteria_in_force(FirmTier.GAZELLE, DAY)] == ["新"]


class TestDocuments:
    def test_the_firms_tier_keeps_step(self, firm, caseworker):
        def now():
            row = Firm.objects.get(pk=firm.pk)
            return row.tier, row.tier_source

        document(firm, caseworker, tier=FirmTier.TECHNOLOGY_SME)
        assert now() == (FirmTier.TECHNOLOGY_SME, NUMBER)
        document(firm, caseworker, document_number="演科字〔2019〕14号")
        assert now() == (FirmTier.GAZELLE, "演科字〔2019〕14号")
        document(firm, caseworker, outcome=TierOutcome.ENDED)
        assert now() == (FirmTier.TECHNOLOGY_SME, NUMBER)
        document(firm, caseworker, tier=FirmTier.TECHNOLOGY_SME, outcome=TierOutcome.ENDED)
        assert now() == (FirmTier.NONE, "")

    def test_a_recognition_that_has_run_out_is_no_tier(self, firm, caseworker):
        document(
            firm,
            caseworker,
            document_date=dt.date(2018, 6, 1),
            year=2018,
            valid_until=dt.date(2019, 6, 29),
        )
        assert Firm.objects.get(pk=firm.pk).tier == FirmTier.NONE

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"document_number": " "}, "document_missing"),
            ({"document_date": dt.date(2019, 7, 1)}, "document_in_future"),
            ({"outcome": TierOutcome.RECOMMENDED}, "needs_evaluation"),
            ({"outcome": TierOutcome.ENDED}, "not_recognised"),
            ({"year": 2017}, "year_wrong"),
            ({"year": 2021}, "year_wrong"),
            ({"tier": FirmTier.NONE}, "tier_missing"),
            ({"valid_until": dt.date(2019, 6, 2)}, "valid_until_wrong"),
        ],
    )
    def test_refuses(self, firm, caseworker, changes, code):
        assert refused(document, firm, caseworker, **changes) == code
        assert not TierRecord.objects.exists()
        assert RefusedAttempt.objects.filter(code=code).exists()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({}, "document_recorded"),
            (
                {"document_number": "演科字〔2019〕9号", "document_date": dt.date(2019, 6, 2)},
                "document_before_last",
            ),
        ],
    )
    def test_refuses_what_does_not_follow_the_last_document(self, firm, caseworker, changes, code):
        document(firm, caseworker)
        assert refused(document, firm, caseworker, **changes) == code

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
    @pytest.mark.parametrize("service", [document, sme, gazelle])
    def test_only_the_caseworker_records(self, firm, role, service):
        actor = UserFactory(role=role, firm=firm, division=firm.division)
        with pytest.raises(NotAllowed):
            service(firm, actor)


class TestStanding:
    def on(self, firm, day, tier=FirmTier.GAZELLE):
        return standing(tier_records(firm), tier, day)

    def test_holds_from_its_document_to_its_last_day(self, firm, caseworker):
        document(firm, caseworker, valid_until=dt.date(2022, 6, 2))
        held = {day: self.on(firm, day).holds for day in (DAY - dt.timedelta(days=1), DAY)}
        assert held == {DAY - dt.timedelta(days=1): False, DAY: True}
        assert self.on(firm, dt.date(2022, 6, 2)).holds
        assert not self.on(firm, dt.date(2022, 6, 3)).holds

    def test_a_gazelle_is_put_forward_again_every_year(self, firm, caseworker, clock):
        AccreditationFactory(firm=firm)
        document(firm, caseworker)
        assert self.on(firm, TODAY).due is Due.NOTHING
        assert self.on(firm, dt.date(2020, 1, 1)).due is Due.THIS_YEAR
        clock(dt.date(2020, 5, 1))
        gazelle(
            firm,
            caseworker,
            year=2020,
            document_date=dt.date(2020, 4, 1),
            document_number="演科字〔2020〕1号",
        )
        assert self.on(firm, dt.date(2020, 5, 1)).due is Due.NOTHING

    @pytest.mark.parametrize(
        ("day", "due"), [((2019, 12, 31), "nothing"), ((2020, 3, 31), "this_year"), ((2020, 4, 1), "overdue")]
    )
    def test_a_technology_sme_is_updated_by_the_end_of_march(self, firm, caseworker, day, due):
        document(firm, caseworker, tier=FirmTier.TECHNOLOGY_SME)
        assert self.on(firm, dt.date(*day), FirmTier.TECHNOLOGY_SME).due == due

    def test_nothing_is_due_after_the_end(self, firm, caseworker):
        document(firm, caseworker)
        document(firm, caseworker, outcome=TierOutcome.ENDED)
        assert self.on(firm, dt.date(2020, 5, 1)).due is Due.NOTHING

    def test_all_standings_take_one_query(self, firm, caseworker, django_assert_num_queries):
        document(firm, caseworker)
        document(firm, caseworker, tier=FirmTier.TECHNOLOGY_SME)
        with django_assert_num_queries(1):
            found = standings(tier_records(firm), TODAY)
        assert [row.holds for row in found] == [True, True]


def test_records_are_never_changed(firm, caseworker):
    record = document(firm, caseworker)
    with pytest.raises(Exception, match="append"):
        TierRecord.objects.filter(pk=record.pk).update(year=2018)


def test_the_criteria_of_the_notice_of_2020_carry_their_source(db):
    found = criteria_in_force(FirmTier.GAZELLE, dt.date(2020, 6, 1))
    assert [row.key for row in found][-1] == "accredited"
    assert all(row.least is None and "2020" in row.source for row in found)
    assert criteria_in_force(FirmTier.GAZELLE, dt.date(2019, 12, 31)) == []
