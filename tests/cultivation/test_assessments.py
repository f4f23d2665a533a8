"""Declared facts and the judgement of a case, kept whole."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, Role, Verdict
from cultivation.models import Assessment, CaseEvent
from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import parse_facts
from cultivation.rules.rulesets import rule_set_named
from cultivation.selectors.facts import gather_facts, is_current
from cultivation.services.assessments import assess_case, declare_facts
from cultivation.services.expenses import record_expense_year
from tests.factories import FIGURES, UserFactory, case_at, give_facts, staff

pytestmark = pytest.mark.django_db


class TestDeclaring:
    def test_merges_key_by_key_and_none_takes_one_away(self) -> None:
        case, actor = case_at(CaseState.DRAFT), staff().caseworker
        declare_facts(case=case, facts={"employees_average": "60", "core_ip_owned": True}, actor=actor)
        row = declare_facts(
            case=case, facts={"employees_average": None, "technical_average": Decimal("15.5")}, actor=actor
        )
        row.refresh_from_db()
        assert row.declared == {"core_ip_owned": True, "technical_average": "15.5"}

    @pytest.mark.parametrize(
        ("facts", "code", "key"),
        [
            ({"headcount": 5}, "fact_unknown", "headcount"),
            ({"years": []}, "fact_unknown", "years"),
            ({"filed_on": "2019-06-30"}, "fact_unknown", "filed_on"),
            ({"employees_average": 60.5}, "facts_malformed", "employees_average"),
            ({"employees_average": "-1"}, "facts_malformed", "employees_average"),
            ({"ip": [{"class": 3}]}, "facts_malformed", "ip[0].class"),
            ({"conversions": [1, 2, 3, 4]}, "facts_malformed", "conversions"),
        ],
    )
    def test_a_wrong_fact_is_named_by_its_path(self, facts: dict[str, object], code: str, key: str) -> None:
        case = case_at(CaseState.DRAFT)
        with pytest.raises(Refused) as refusal:
            declare_facts(case=case, facts=facts, actor=staff().caseworker)
        assert (refusal.value.code, refusal.value.details["key"]) == (code, key)

    @pytest.mark.parametrize("key", ["expert_scores", "experts", "incidents"])
    def test_a_firm_does_not_speak_for_experts_and_authorities(self, key: str) -> None:
        case = case_at(CaseState.DRAFT)
        owner = UserFactory(role=Role.FIRM, firm=case.firm)
        with pytest.raises(NotAllowed):
            declare_facts(case=case, facts={key: None}, actor=owner)
        assert declare_facts(case=case, facts={"core_ip_owned": True}, actor=owner).declared


class TestAssessing:
    def test_takes_the_three_years_before_the_day_and_passes_a_good_firm(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        record_expense_year(firm=case.firm, year=2015, figures=FIGURES, actor=staff().caseworker)
        assessment = assess_case(case=case, actor=staff().caseworker)
        assert assessment.verdict == Verdict.PASS
        assert [year["year"] for year in assessment.facts["years"]] == [2016, 2017, 2018]
        assert assessment.facts["filed_on"] == "2019-06-30"
        assert assessment.facts["registered_on"] == "2015-03-01"

    def test_next_year_other_years_count(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        with clock.fixed(dt.date(2020, 1, 1)):
            assessment = assess_case(case=case, actor=staff().caseworker)
        assert [year["year"] for year in assessment.facts["years"]] == [2017, 2018]
        assert assessment.verdict == Verdict.MANUAL  # 2019 is missing

    def test_what_is_not_known_is_left_to_a_person(self) -> None:
        case = case_at(CaseState.POOLED)
        assessment = assess_case(case=case, actor=staff().caseworker)
        assert assessment.verdict == Verdict.MANUAL

    def test_fails_a_firm_whose_spending_is_a_fen_short(self) -> None:
        """Sales of 36.4 million in all need 5 %: 1,820,000.00 of R&D."""
        case = case_at(CaseState.POOLED)
        give_facts(case)
        for short, verdict in ((0, Verdict.PASS), (1, Verdict.FAIL)):
            for year in case.firm.expense_years.all():
                year.personnel = Decimal("600000.00")
                year.direct_input = Decimal("0.00")
                if year.year == 2018:
                    year.direct_input = Decimal("20000.00") - Decimal(short) / 100
                year.save()
            assert assess_case(case=case, actor=staff().caseworker).verdict == verdict

    def test_keeps_what_can_be_recomputed_from_the_row_alone(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case, conversions=[1, 1, 0])
        kept = assess_case(case=case, actor=staff().caseworker, other_cap=OtherCap.WITH_OUTSOURCED)
        kept.refresh_from_db()
        again = assess(parse_facts(kept.facts), rule_set_named(kept.rule_set), OtherCap(kept.other_cap))
        assert again.as_json() == kept.result
        assert (again.verdict.value, again.inputs_sha256) == (kept.verdict, kept.inputs_sha256)
        assert kept.result["inputs_sha256"] == kept.inputs_sha256

    def test_is_never_changed(self) -> None:
        case = case_at(CaseState.POOLED)
        assess_case(case=case, actor=staff().caseworker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Assessment.objects.update(verdict=Verdict.PASS)

    def test_is_told_among_the_events(self) -> None:
        case = case_at(CaseState.POOLED)
        assess_case(case=case, actor=staff().caseworker)
        event = CaseEvent.objects.filter(case=case).order_by("number").last()
        assert (event.action, event.from_state, event.to_state) == ("assess", "pooled", "pooled")
        assert event.reason == "manual"

    def test_knows_whether_the_facts_are_still_the_same(self, django_assert_num_queries) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        assessment = assess_case(case=case, actor=staff().caseworker)
        with clock.fixed(dt.date(2019, 8, 1)), django_assert_num_queries(3):
            assert is_current(assessment, case)
        declare_facts(case=case, facts={"employees_average": "61"}, actor=staff().caseworker)
        assert not is_current(assessment, case)
        assert gather_facts(case, dt.date(2019, 6, 30))["employees_average"] == "61"

    def test_before_the_rules_began_nothing_is_judged(self) -> None:
        case = case_at(CaseState.POOLED)
        with clock.fixed(dt.date(2015, 12, 31)), pytest.raises(Refused) as refusal:
            assess_case(case=case, actor=staff().caseworker)
        assert refusal.value.code == "no_rule_set"
