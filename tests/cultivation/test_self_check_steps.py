"""What is done with figures that were checked: tried, kept, handed over; one class a view."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from cultivation.enums import CaseState, Verdict
from cultivation.models import Assessment, CultivationCase, ExpenseYear, SelfCheck
from cultivation.rules.findings import Code
from cultivation.rules.self_check import judge
from cultivation.services.self_checks import state_of_records
from tests.cultivation.pages import own_case
from tests.cultivation.rules.sample import PASSING, rd, year
from tests.cultivation.self_checks import FAILING, carried, facts, sent, text_of, url
from tests.factories import FirmFactory, division, give_facts
from tests.overtaking import from_page


@pytest.fixture(autouse=True)
def _today(clock):
    clock(dt.date(2019, 6, 30))


class TestWhatIf:
    def try_out(self, client, firm, figures=FAILING, **more):
        return client.post(url("_what_if", firm), carried(figures, **more))

    def levers(self, **changes):
        return {f"lever-{name}": value for name, value in changes.items()}

    def after(self, answer):
        return {row.after.code: row.after.status for row in answer.context["trial"].comparisons}

    def test_the_outcome_is_that_of_assess_on_the_moved_figures(self, browse, cast):
        answer = self.try_out(browse(cast.firm), cast.firm.firm, **self.levers(technical="5.3", sales="1"))
        moved = facts(employees_average="53", technical_average="5.3", years=FAILING["years"])
        moved = json.loads(json.dumps(moved))
        moved["years"][2]["sales"] = "1.00"
        expected = {finding.code: finding.status for finding in judge(moved).result.findings}
        assert {**self.after(answer), Code.INNOVATION_SCORE: ""} == {**expected, Code.INNOVATION_SCORE: ""}

    def test_changes_are_marked(self, browse, cast):
        answer = self.try_out(browse(cast.firm), cast.firm.firm, **self.levers(technical="5.3"))
        changed = [row.after.code for row in answer.context["trial"].comparisons if row.changed]
        assert changed == [Code.TECHNICAL_STAFF_SHARE]

    def test_a_gap_is_closed_by_the_least_change(self, browse, cast):
        answer = self.try_out(browse(cast.firm), cast.firm.firm, gap=Code.TECHNICAL_STAFF_SHARE.value)
        assert answer.context["trial"].form["technical"].value() == "5.3"
        assert self.after(answer)[Code.TECHNICAL_STAFF_SHARE] == Verdict.PASS

    def test_all_gaps_at_once(self, browse, cast):
        answer = self.try_out(browse(cast.firm), cast.firm.firm, gap="all")
        assert Verdict.FAIL not in self.after(answer).values()
        assert answer.context["trial"].remedies == []

    def test_property_adds_up(self, browse, cast):
        figures = facts(ip=[])
        answer = self.try_out(browse(cast.firm), cast.firm.firm, figures, gap=Code.CORE_IP.value)
        assert answer.context["trial"].form["class_one"].value() == "1"
        again = self.try_out(
            browse(cast.firm), cast.firm.firm, figures, **self.levers(class_one="1"), gap="all"
        )
        assert again.context["trial"].form["class_one"].value() == "1"

    def test_a_gap_that_no_figure_closes_is_told(self, browse, cast):
        figures = facts(registered_on="2019-01-01")
        answer = self.try_out(browse(cast.firm), cast.firm.firm, figures)
        assert [row.code for row in answer.context["trial"].hopeless] == [Code.REGISTERED_365_DAYS]

    def test_in_place_the_panel_alone_is_sent(self, browse, cast):
        answer = browse(cast.firm).post(
            url("_what_if", cast.firm.firm), carried(FAILING), headers={"HX-Request": "true"}
        )
        assert text_of(answer).strip().startswith("<section")
        assert "<html" not in text_of(answer)

    @pytest.mark.parametrize(
        ("levers", "field"),
        [
            ({"sales": "abc"}, "sales"),
            ({"sales": "-1"}, "sales"),
            ({"rd_total": "0"}, None),
            ({"technical": "x"}, "technical"),
            ({"class_one": "99"}, "class_one"),
            ({"conversions": "1.5"}, "conversions"),
        ],
    )
    def test_what_cannot_be_read_is_told_beside_its_field(self, browse, cast, levers, field):
        answer = self.try_out(browse(cast.firm), cast.firm.firm, **self.levers(**levers))
        assert answer.status_code == (422 if field else 200)
        assert (field in answer.context["trial"].form.errors) if field else True

    def test_a_total_below_the_other_categories_is_refused_there(self, browse, cast):
        figures = facts(years=[year(2016), year(2017), year(2018, rd=rd(personnel="1.00", design="5.00"))])
        answer = self.try_out(browse(cast.firm), cast.firm.firm, figures, **self.levers(rd_total="4"))
        assert "rd_total" in answer.context["trial"].form.errors

    def test_units_hold_here_too(self, browse, cast):
        data = {**carried(facts(), **self.levers(sales="2,000")), "unit": "wan"}
        answer = browse(cast.firm).post(url("_what_if", cast.firm.firm), data)
        assert answer.context["trial"].form["sales"].value() == "2,000"
        assert "20,000,000" not in text_of(answer)


MANGLED = ["", "{", "[]", '{"years": [{"sales": -5}]}', '{"filed_on": "2015-01-01"}', '{"ip": 5}']


class TestSaving:
    def test_it_is_kept_and_shown(self, browse, cast):
        answer = browse(cast.firm).post(url("_save", cast.firm.firm), carried(facts()), follow=True)
        check = SelfCheck.objects.get()
        assert answer.request["PATH_INFO"] == url("_saved", cast.firm.firm, number=check.pk)
        assert check.facts == facts()

    @pytest.mark.parametrize("name", ["_save", "_what_if", "_assess"])
    @pytest.mark.parametrize("text", MANGLED)
    def test_mangled_figures_are_explained(self, browse, cast, name, text):
        answer = browse(cast.firm).post(url(name, cast.firm.firm), {"facts": text})
        assert answer.status_code == 422
        assert answer.context["refusal"]
        assert not SelfCheck.objects.exists()

    def test_a_firm_cannot_slip_in_scores(self, browse, cast):
        browse(cast.firm).post(url("_save", cast.firm.firm), carried(PASSING))
        assert "expert_scores" not in SelfCheck.objects.get().facts

    def test_nobody_else_may(self, browse, cast):
        foreign = FirmFactory(division=division("tianyang"))
        for name in ("_save", "_what_if", "_assess", "_upload"):
            for person in (cast.county, cast.reviewer, cast.finance, cast.auditor):
                assert browse(person).post(url(name, cast.firm.firm), carried(facts())).status_code == 403
            assert browse(cast.firm).post(url(name, foreign), carried(facts())).status_code == 404
        assert not SelfCheck.objects.exists()


class TestAssessing:
    def hand_over(self, client, case, figures, **more):
        data = carried(figures, records=state_of_records(case=case), **more)
        return client.post(url("_assess", case.firm), from_page(client, url("", case.firm), **data))

    def test_a_caseworkers_figures_become_the_assessment(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        answer = self.hand_over(browse(cast.caseworker), case, PASSING)
        assert answer["Location"] == reverse("cultivation:case", args=[case.pk])
        assert Assessment.objects.get().verdict == Verdict.PASS

    def test_those_of_a_saved_self_check_are_handed_over_from_its_page(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        client = browse(cast.caseworker)
        page = client.post(url("_save", case.firm), carried(PASSING))["Location"]
        told = client.get(page).context["hand_over"]
        figures = carried(PASSING, seen=told.seen, records=told.records)
        assert client.post(url("_assess", case.firm), figures).status_code == 302
        assert Assessment.objects.exists()

    def test_a_firms_figures_become_the_declaration(self, browse, cast):
        case = own_case(cast, CaseState.DRAFT)
        assert self.hand_over(browse(cast.firm), case, facts()).status_code == 302
        assert ExpenseYear.objects.filter(firm=case.firm).count() == 3
        assert not Assessment.objects.exists()

    def test_a_refusal_is_shown_and_the_figures_stay(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        figures = facts(years=[year(2016), year(2017), year(2018, sales=None)])
        answer = self.hand_over(browse(cast.caseworker), case, figures)
        assert answer.status_code == 409
        assert answer.context["refusal"]
        assert answer.context["sheet"].figures["technical_average"].value() == "6.25"
        assert not ExpenseYear.objects.exists()

    def test_what_changed_meanwhile_is_not_overwritten(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        client = browse(cast.caseworker)
        data = from_page(client, url("", case.firm), **carried(facts(), records="0" * 64))
        answer = client.post(url("_assess", case.firm), data)
        assert answer.status_code == 409

    def test_the_page_says_what_it_would_change(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        answer = browse(cast.caseworker).post(url("", case.firm), sent(facts(), technical_average="7"))
        hand_over = answer.context["hand_over"]
        assert hand_over.judges
        assert any("15" in change and "7" in change for change in hand_over.changes)

    def test_without_an_open_case_nothing_is_offered(self, browse, cast):
        assert not CultivationCase.objects.exists()
        answer = browse(cast.firm).post(url("", cast.firm.firm), sent(facts()))
        assert answer.context["hand_over"] is None
