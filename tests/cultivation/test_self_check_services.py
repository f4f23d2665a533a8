"""Self-checks are kept as they were made; handed over, they become the case's figures, whole or not at all."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, Verdict
from cultivation.models import Assessment, CaseEvent, CaseFacts, ExpenseYear, RefusedAttempt, SelfCheck
from cultivation.rules.expenses import OtherCap
from cultivation.rules.reading import sha256_of
from cultivation.selectors.self_checks import shown_facts, starting_facts
from cultivation.services.self_checks import (
    adopt_self_check,
    pending_changes,
    save_self_check,
    state_of_records,
)
from tests.cultivation.pages import own_case
from tests.cultivation.property import MODEL, OTHER_MODEL, PATENT, filed_with
from tests.cultivation.rules.sample import PASSING, own_patent, year
from tests.cultivation.self_checks import facts
from tests.factories import FirmFactory, give_facts


@pytest.fixture(autouse=True)
def _today(clock):
    clock(dt.date(2019, 6, 30))


def save(actor, firm, figures=None, **more):
    return save_self_check(firm=firm, facts=figures or facts(), actor=actor, **more)


class TestSaving:
    def test_it_is_kept_with_what_the_rules_say(self, cast):
        check = save(cast.firm, cast.firm.firm)
        assert check.verdict == Verdict.MANUAL
        assert check.inputs_sha256 == sha256_of(check.facts)
        assert check.result["innovation_range"]["total"]["high"] == 92
        assert (check.made_by, check.other_cap) == (cast.firm, "internal")

    def test_sent_twice_it_is_kept_once(self, cast):
        first = save(cast.firm, cast.firm.firm)
        assert save(cast.firm, cast.firm.firm) == first
        assert save(cast.firm, cast.firm.firm, other_cap=OtherCap.WITH_OUTSOURCED) != first
        assert save(cast.firm, cast.firm.firm, facts(core_ip_owned=None)) != first
        assert SelfCheck.objects.count() == 3

    def test_only_the_firm_itself_and_caseworkers_may(self, cast):
        firm = cast.firm.firm
        for person in (cast.county, cast.reviewer, cast.finance, cast.auditor, cast.administrator):
            with pytest.raises(NotAllowed):
                save(person, firm)
        with pytest.raises(NotAllowed):
            save(cast.firm, FirmFactory())
        assert SelfCheck.objects.count() == 0
        assert save(cast.caseworker, firm).firm == firm

    def test_a_firm_brings_along_nothing_that_experts_said(self, cast):
        with pytest.raises(Refused) as refused:
            save(cast.firm, cast.firm.firm, PASSING)
        assert refused.value.code == "not_yours"
        assert save(cast.caseworker, cast.firm.firm, PASSING).verdict == Verdict.PASS

    @pytest.mark.parametrize(
        ("figures", "code"),
        [
            ({"years": [{"year": 2018, "sales": "-1"}]}, "facts_malformed"),
            ({"filed_on": "2015-06-30"}, "no_rule_set"),
        ],
    )
    def test_what_cannot_be_judged_is_not_kept(self, cast, figures, code):
        with pytest.raises(Refused) as refused:
            save(cast.firm, cast.firm.firm, figures)
        assert refused.value.code == code
        assert SelfCheck.objects.count() == 0


def adopt(actor, case, figures, **more):
    more.setdefault("seen", state_of_records(case=case))
    return adopt_self_check(firm=case.firm, facts=figures, actor=actor, **more)


class TestHandingOver:
    def test_a_caseworkers_figures_are_recorded_declared_and_judged_in_one_step(self, cast):
        case = own_case(cast, CaseState.POOLED)
        figures = facts(incidents=[])
        adoption = adopt(cast.caseworker, case, figures)
        assert adoption.assessment is not None
        judged = adoption.assessment.facts
        assert {key: judged[key] for key in figures} == figures
        assert adoption.assessment.result["findings"] == adoption.check.result["findings"]

    def test_a_firms_figures_are_handed_over_and_not_judged(self, cast):
        case = own_case(cast, CaseState.DRAFT)
        adoption = adopt(cast.firm, case, facts(incidents=[]))
        assert adoption.assessment is None
        assert ExpenseYear.objects.filter(firm=case.firm).count() == 3
        declared = CaseFacts.objects.get(case=case).declared
        assert declared["employees_average"] == "50.5"
        assert "incidents" not in declared

    def test_outside_the_pool_a_caseworkers_figures_are_not_judged_either(self, cast):
        case = own_case(cast, CaseState.SUBMITTED)
        assert adopt(cast.caseworker, case, facts()).assessment is None

    def test_only_years_that_changed_are_recorded_again(self, cast):
        case = own_case(cast, CaseState.POOLED)
        adopt(cast.firm, case, facts())
        before = CaseEvent.objects.filter(case=case).count()
        changed = facts()
        changed["years"][1]["sales"] = "12000000.01"
        adopt(cast.firm, case, changed)
        events = CaseEvent.objects.filter(case=case, number__gt=before)
        (event,) = events
        assert event.reason.startswith("2017: sales ")
        assert event.reason.endswith("→12000000.01")

    def test_the_changes_are_told_beforehand(self, cast):
        case = own_case(cast, CaseState.POOLED)
        adopt(cast.firm, case, facts())
        assert pending_changes(case=case, facts=facts(), actor=cast.firm) == []
        changed = facts(technical_average="7", conversions=None, ip=[own_patent(title="新")])
        changed["years"][2]["other"] = "x"
        changed["years"][2]["rd"]["other"] = "5.00"
        found = pending_changes(case=case, facts=changed, actor=cast.firm)
        assert [(change.key, change.year) for change in found] == [
            ("other", 2018),
            ("conversions", None),
            ("ip", None),
            ("technical_average", None),
        ]
        assert (found[0].old, found[0].new) == (Decimal("0.00"), Decimal("5.00"))

    def test_what_the_ledger_says_of_property_is_not_kept_as_the_firms_word(self, cast):
        filed_with(PATENT, MODEL)
        case = own_case(cast, CaseState.POOLED)
        give_facts(case, ip=[PATENT, {**MODEL, "used_before": True}])
        found = starting_facts(case.firm, dt.date(2019, 6, 30), outsider=True)
        assert [item["co_owned_used_by_other"] for item in found["ip"]] == [True, True]
        found["ip"].append(OTHER_MODEL)
        adopt(cast.firm, case, found)
        patent, model, other = CaseFacts.objects.get(case=case).declared["ip"]
        assert "co_owned_used_by_other" not in patent
        assert (model["used_before"], "co_owned_used_by_other" in model) == (True, False)
        assert other["number"] == OTHER_MODEL["number"]

    def test_a_fact_left_empty_is_taken_out_of_the_declaration(self, cast):
        case = own_case(cast, CaseState.POOLED)
        adopt(cast.firm, case, facts())
        adopt(cast.firm, case, facts(field_code=None))
        assert "field_code" not in CaseFacts.objects.get(case=case).declared

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"registered_on": "2014-01-01"}, "registration_differs"),
            ({"filed_on": "2020-01-01", "years": [year(2017), year(2018), year(2019)]}, "other_filing_year"),
            ({"years": [year(2016), year(2017), year(2018, sales=None)]}, "figures_missing"),
            ({"years": [year(2016), year(2017), year(2018, rd={"personnel": "1.00"})]}, "figures_missing"),
            ({"years": [year(2016), year(2017), year(2018, high_tech_income="99999999.00")]}, "income_parts"),
        ],
    )
    def test_what_does_not_fit_is_refused_whole(self, cast, changes, code):
        case = own_case(cast, CaseState.POOLED)
        with pytest.raises(Refused) as refused:
            adopt(cast.caseworker, case, facts(**changes))
        assert refused.value.code == code
        assert not SelfCheck.objects.exists()
        assert not ExpenseYear.objects.filter(firm=case.firm).exists()
        assert not CaseFacts.objects.filter(case=case).exists()
        assert not Assessment.objects.exists()
        assert RefusedAttempt.objects.get().code == code

    def test_a_failure_at_the_last_step_leaves_nothing(self, cast, monkeypatch):
        case = own_case(cast, CaseState.POOLED)

        def fail(**_kwargs):
            raise Refused("no", "no")

        monkeypatch.setattr("cultivation.services.self_checks.assess_case", fail)
        with pytest.raises(Refused):
            adopt(cast.caseworker, case, facts())
        assert not ExpenseYear.objects.filter(firm=case.firm).exists()
        assert not SelfCheck.objects.exists()

    def test_figures_changed_by_somebody_else_are_not_overwritten(self, cast):
        case = own_case(cast, CaseState.POOLED)
        seen = state_of_records(case=case)
        give_facts(case)
        with pytest.raises(Refused) as refused:
            adopt(cast.firm, case, facts(), seen=seen)
        assert refused.value.code == "changed_meanwhile"

    def test_a_filed_case_takes_nothing_more(self, cast):
        case = own_case(cast, CaseState.FILED)
        with pytest.raises(Refused) as refused:
            adopt(cast.caseworker, case, facts())
        assert refused.value.code == "wrong_state"

    def test_without_an_open_case_there_is_nothing_to_hand_over_to(self, cast):
        with pytest.raises(Refused) as refused:
            adopt_self_check(firm=cast.firm.firm, facts=facts(), seen="", actor=cast.firm)
        assert refused.value.code == "no_open_case"


class TestStarting:
    """The form begins with the records; the last self-check fills what they lack."""

    on = dt.date(2019, 6, 30)

    def test_records_come_first(self, cast):
        case = own_case(cast, CaseState.POOLED)
        save(cast.firm, case.firm, facts(technical_average="1", field_code="一（一）1"))
        give_facts(case, field_code=None)
        found = starting_facts(case.firm, self.on, outsider=True)
        assert found["technical_average"] == "15"
        assert found["field_code"] == "一（一）1"
        assert [row["sales"] for row in found["years"]] == ["10000000.00", "12000000.00", "14400000.00"]

    def test_a_firm_without_a_case_begins_with_its_last_self_check(self, cast):
        firm = cast.firm.firm
        save(cast.firm, firm)
        found = starting_facts(firm, self.on, outsider=True)
        assert found["years"] == facts()["years"]
        assert found["conversions"] == [5, 5, 5]

    def test_figures_of_other_years_are_left_behind(self, cast, clock):
        firm = cast.firm.firm
        save(cast.firm, firm)
        found = starting_facts(firm, dt.date(2020, 3, 1), outsider=True)
        assert [row["year"] for row in found["years"]] == [2017, 2018]
        assert found.get("conversions") is None

    def test_a_firm_does_not_begin_with_the_offices_word(self, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        check = save(cast.caseworker, case.firm, PASSING)
        for found in (starting_facts(case.firm, self.on, outsider=True), shown_facts(check, outsider=True)):
            assert not {"expert_scores", "experts", "expert_sheets", "incidents"} & set(found)
        assert "expert_scores" in starting_facts(case.firm, self.on, outsider=False)

    def test_its_own_declaration_of_incidents_is_its_own(self, cast):
        save(cast.firm, cast.firm.firm, facts(incidents=[]))
        assert starting_facts(cast.firm.firm, self.on, outsider=True)["incidents"] == []
