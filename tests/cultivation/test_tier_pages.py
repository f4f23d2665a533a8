"""The pages of a firm's tiers: who sees and does what, and what the forms make of what is typed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from cultivation.enums import FirmTier, TierOutcome, Verification
from cultivation.forms.sme import SmeForm
from cultivation.models import TierCriterion, TierRecord
from cultivation.rules.sme_facts import parse_sme_facts
from cultivation.rules.technology_sme import evaluate_sme
from cultivation.services.tiers import record_tier
from tests.factories import AccreditationFactory, ExpenseYearFactory

TODAY = dt.date(2019, 6, 30)
DOCUMENT = {"document_number": "演科字〔2019〕12号", "document_date": "2019-06-03", "remark": ""}
SME = {
    "filled_on": "2019-06-30",
    "resident": "yes",
    "employees_in_service": "50",
    "technical_in_service": "10",
    "sales": "10,000,000.00",
    "assets": "8,000,000",
    "rd_total": "600,000.00",
    "prohibited_products": "no",
    "misconduct": "no",
    "abnormal_listing": "no",
    "dishonest_listing": "no",
    "ip_utility_model": "1",
}


@pytest.fixture(autouse=True)
def _today(clock):
    clock(TODAY)


@pytest.fixture
def firm(cast):
    return cast.firm.firm


def criterion(key, **changes):
    values = {
        "tier": FirmTier.GAZELLE,
        "key": key,
        "text": f"条件 {key}",
        "valid_from": dt.date(2019, 1, 1),
        "verification": Verification.UNVERIFIED,
        "source": "演示来源",
    }
    return TierCriterion.objects.create(**{**values, **changes})


def url(name, firm):
    return reverse(f"cultivation:{name}", args=[firm.pk])


class TestOverview:
    def test_shows_standing_history_and_criteria(self, cast, client, firm):
        criterion("growth", least=Decimal("0.2"), unit="比例")
        record_tier(
            firm=firm,
            tier=FirmTier.GAZELLE,
            outcome=TierOutcome.RECOGNISED,
            year=2018,
            document_number="桂瞪羚〔2018〕1号",
            document_date=dt.date(2018, 12, 3),
            actor=cast.caseworker,
        )
        client.force_login(cast.caseworker)
        page = client.get(url("tiers", firm)).content.decode()
        assert "桂瞪羚〔2018〕1号" in page
        assert "≥ 0.2 比例" in page
        assert "演示来源" in page
        assert str(cast.caseworker) in page

    def test_flags_what_is_due_again(self, cast, client, firm):
        record_tier(
            firm=firm,
            tier=FirmTier.TECHNOLOGY_SME,
            outcome=TierOutcome.RECOGNISED,
            year=2018,
            document_number="桂科小〔2018〕1号",
            document_date=dt.date(2018, 12, 3),
            actor=cast.caseworker,
        )
        client.force_login(cast.firm)
        answer = client.get(url("tiers", firm))
        assert [line.overdue for line in answer.context["standings"]] == [True, False]
        assert "alert-danger" in answer.content.decode()

    def test_the_firm_does_not_read_who_recorded(self, cast, client, firm):
        record_tier(
            firm=firm,
            tier=FirmTier.GAZELLE,
            outcome=TierOutcome.RECOGNISED,
            year=2019,
            document_number="桂瞪羚〔2019〕1号",
            document_date=dt.date(2019, 6, 3),
            actor=cast.caseworker2,
        )
        client.force_login(cast.firm)
        answer = client.get(url("tiers", firm))
        assert answer.context["records"][0].who == ""
        assert url("tier_record", firm) not in answer.content.decode()

    def test_takes_the_same_queries_however_many_records(self, cast, client, firm, django_assert_num_queries):
        client.force_login(cast.caseworker)
        client.get(url("tiers", firm))
        with django_assert_num_queries(7):
            client.get(url("tiers", firm))
        for year in (2017, 2018, 2019):
            record_tier(
                firm=firm,
                tier=FirmTier.GAZELLE,
                outcome=TierOutcome.RECOGNISED,
                year=year,
                document_number=f"桂瞪羚〔{year}〕1号",
                document_date=dt.date(year, 6, 3),
                actor=cast.caseworker,
            )
        with django_assert_num_queries(7):
            client.get(url("tiers", firm))


class TestRecording:
    def test_the_caseworker_records_a_recognition(self, cast, client, firm):
        client.force_login(cast.caseworker)
        fields = {**DOCUMENT, "tier": "gazelle", "outcome": "recognised", "year": "2019"}
        answer = client.post(url("tier_record", firm), fields)
        assert answer.status_code == 302
        firm.refresh_from_db()
        assert firm.tier == FirmTier.GAZELLE

    @pytest.mark.parametrize(
        ("changes", "status"),
        [({"document_number": ""}, 422), ({"outcome": "recommended"}, 422), ({"outcome": "ended"}, 409)],
    )
    def test_what_is_wrong_is_said_and_nothing_written(self, cast, client, firm, changes, status):
        client.force_login(cast.caseworker)
        fields = {**DOCUMENT, "tier": "gazelle", "outcome": "recognised", "year": "2019", **changes}
        answer = client.post(url("tier_record", firm), fields)
        assert answer.status_code == status
        assert answer.context["form"].errors
        assert not TierRecord.objects.exists()


class TestEvaluation:
    def test_the_firm_tries_it_out_and_nothing_is_stored(self, cast, client, firm):
        client.force_login(cast.firm)
        answer = client.post(url("tier_sme", firm), {**SME, "act": "evaluate"})
        assert answer.status_code == 200
        assert answer.context["result"].score == 68
        page = answer.content.decode()
        assert "科技人员还差 2.50 人可得 16 分" in page
        assert 'act" value="record' not in page
        assert not TierRecord.objects.exists()

    def test_the_firm_cannot_record(self, cast, client, firm):
        client.force_login(cast.firm)
        fields = {**SME, "act": "record", **{f"document-{key}": value for key, value in DOCUMENT.items()}}
        assert client.post(url("tier_sme", firm), fields).status_code == 403
        assert not TierRecord.objects.exists()

    def test_the_caseworker_records_it_with_a_document(self, cast, client, firm):
        client.force_login(cast.caseworker)
        fields = {**SME, "act": "record", **{f"document-{key}": value for key, value in DOCUMENT.items()}}
        assert client.post(url("tier_sme", firm), fields).status_code == 302
        record = TierRecord.objects.get()
        assert (record.tier, record.outcome) == (FirmTier.TECHNOLOGY_SME, TierOutcome.RECOMMENDED)
        assert record.result["score"] == 68

    def test_a_failing_evaluation_is_shown_and_not_recorded(self, cast, client, firm):
        client.force_login(cast.caseworker)
        fields = {**SME, "act": "record", "technical_in_service": "1"}
        fields |= {f"document-{key}": value for key, value in DOCUMENT.items()}
        answer = client.post(url("tier_sme", firm), fields)
        assert answer.status_code == 409
        assert not TierRecord.objects.exists()

    def test_the_certificate_comes_from_the_records(self, cast, client, firm):
        AccreditationFactory(firm=firm)
        client.force_login(cast.firm)
        answer = client.post(url("tier_sme", firm), {**SME, "technical_in_service": "0"})
        assert answer.context["result"].verdict == "pass"

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"sales": "12.345"}, "sales"),
            ({"sales": "many"}, "sales"),
            ({"employees_in_service": "-1"}, "employees_in_service"),
            ({"filled_on": "2019-07-01"}, "filled_on"),
            ({"filled_on": "2017-01-01"}, "filled_on"),
            ({"filled_on": ""}, "filled_on"),
            ({"award_rank": "0.5"}, "award_rank"),
            ({"ip_utility_model": "201"}, "ip_utility_model"),
            ({"resident": "perhaps"}, "resident"),
        ],
    )
    def test_what_cannot_be_read_is_marked(self, cast, client, firm, changes, field):
        client.force_login(cast.firm)
        answer = client.post(url("tier_sme", firm), {**SME, **changes})
        assert answer.status_code == 422
        assert field in answer.context["form"].errors

    def test_begins_with_the_sales_on_record_and_no_other_figure(self, cast, client, firm):
        """Heads and R&D are counted in another caliber there (edge case 17)."""
        ExpenseYearFactory(firm=firm, year=2018)
        client.force_login(cast.firm)
        initial = client.get(url("tier_sme", firm)).context["form"].initial
        assert initial == {"filled_on": TODAY, "sales": "10,000,000.00"}

    def test_every_field_of_the_form_becomes_a_fact(self):
        """Filled in as far as it goes, the form leaves nothing for a person."""
        claims = {
            "costs": "9000000",
            "rd_indicator": "costs",
            "misconduct": "yes",
            "misconduct_kind": "quality",
            "misconduct_date": "2018-05-01",
            "misconduct_document": "演质罚〔2018〕1号",
            "award_name": "国家奖",
            "award_date": "2018-01-08",
            "award_rank": "2",
            "award_document": "国科发奖〔2018〕1号",
            "institution_name": "重点实验室",
            "institution_level": "provincial",
            "institution_document": "桂科〔2018〕1号",
            "standard_name": "GB/T 1",
            "standard_level": "national",
            "standard_date": "2018-02-01",
            "standard_rank": "5",
            "standard_document": "公告2018年第1号",
        }
        form = SmeForm({**SME, **claims})
        assert form.is_valid(), form.errors
        facts = form.facts(None)
        result = evaluate_sme(parse_sme_facts(facts))
        assert len(result.routes.established) == 3
        assert not result.routes.unsure
        assert {finding.status for finding in result.findings} == {"pass", "fail"}


class TestRecommendation:
    def fields(self, **changes):
        return {**DOCUMENT, "year": "2019", "on": "2019-06-30", **changes}

    def test_asks_what_the_records_do_not_know(self, cast, client, firm):
        criterion("accredited")
        criterion("standing", order=1)
        criterion("growth", order=2, least=Decimal("0.2"))
        client.force_login(cast.caseworker)
        form = client.get(url("tier_gazelle", firm)).context["form"]
        asked = {name for name in form.fields if "-" in name}
        assert asked == {
            "met-standing",
            "measured-standing",
            "note-standing",
            "measured-growth",
            "note-growth",
        }

    def test_records_the_answers(self, cast, client, firm):
        criterion("standing")
        criterion("growth", order=1, least=Decimal("0.2"))
        client.force_login(cast.caseworker)
        fields = self.fields(**{"met-standing": "yes", "measured-growth": "0.25", "note-growth": "年报"})
        assert client.post(url("tier_gazelle", firm), fields).status_code == 302
        assert TierRecord.objects.get().result == {"met": 2, "not_met": 0, "not_known": 0}
        page = client.get(url("tiers", firm)).content.decode()
        assert "年报" in page

    def test_other_criteria_on_the_documents_date_are_asked_first(self, cast, client, firm):
        criterion("standing", valid_to=dt.date(2019, 6, 10))
        client.force_login(cast.caseworker)
        answer = client.post(url("tier_gazelle", firm), self.fields())
        assert answer.status_code == 422
        assert "met-standing" in answer.context["form"].fields
        again = self.fields(on="2019-06-03", **{"met-standing": "yes"})
        assert client.post(url("tier_gazelle", firm), again).status_code == 302

    @pytest.mark.parametrize("typed", ["a", "1.23456", "1" * 30])
    def test_a_figure_that_cannot_be_read_is_marked(self, cast, client, firm, typed):
        criterion("growth", least=Decimal("0.2"))
        client.force_login(cast.caseworker)
        answer = client.post(url("tier_gazelle", firm), self.fields(**{"measured-growth": typed}))
        assert answer.status_code == 422
        assert "measured-growth" in answer.context["form"].errors

    def test_without_criteria_the_document_alone_is_recorded(self, cast, client, firm):
        client.force_login(cast.caseworker)
        assert client.post(url("tier_gazelle", firm), self.fields()).status_code == 302
        assert TierRecord.objects.get().facts == {"answers": []}

    def test_refusals_of_the_rules_are_shown(self, cast, client, firm):
        criterion("accredited")
        client.force_login(cast.caseworker)
        answer = client.post(url("tier_gazelle", firm), self.fields())
        assert answer.status_code == 409
        assert answer.context["form"].non_field_errors()
