"""The list of cases and the page of one case: who sees what."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from config.common import clock as business_clock
from cultivation.enums import CaseAction, CaseState, CheckKind
from cultivation.rules.findings import Code
from cultivation.services import assessments, case_flow, checks, corrections
from cultivation.views.presenting import FINDING_LABELS
from tests.cultivation.pages import ACCOUNT, PHONE, act, own_case, page, state_of
from tests.factories import (
    FirmFactory,
    case_at,
    division,
    give_facts,
    pass_check,
    rename,
    staff,
)


class TestList:
    url = "/cases/"

    def test_every_state_is_there_with_its_count(self, browse, cast):
        case_at(CaseState.SUBMITTED)
        case_at(CaseState.SUBMITTED)
        case_at(CaseState.POOLED)
        answer = browse(cast.caseworker).get(self.url)
        counts = {row.state: row.count for row in answer.context["counts"]}
        assert set(counts) == set(CaseState)
        assert (counts[CaseState.SUBMITTED], counts[CaseState.POOLED], counts[CaseState.FILED]) == (2, 1, 0)
        assert answer.context["all_cases"] == 3

    def test_a_state_narrows_it(self, browse, cast):
        case_at(CaseState.SUBMITTED)
        pooled = case_at(CaseState.POOLED)
        answer = browse(cast.caseworker).get(self.url, {"state": "pooled"})
        assert [case for case, _name in answer.context["rows"]] == [pooled]

    def test_an_unknown_state_shows_all(self, browse, cast):
        case_at(CaseState.SUBMITTED)
        assert len(browse(cast.caseworker).get(self.url, {"state": "x"}).context["rows"]) == 1

    @pytest.mark.parametrize("text", ["新名", "旧名", "code", "number"])
    def test_it_is_searched_by_names_code_and_number(self, browse, cast, text):
        firm = FirmFactory(name="演示旧名有限公司")
        rename(firm, "演示旧名有限公司", dt.date(2015, 3, 1))
        rename(firm, "演示新名有限公司", dt.date(2019, 1, 1))
        wanted, _other = case_at(CaseState.DRAFT, firm=firm), case_at(CaseState.DRAFT)
        text = {"code": firm.credit_code, "number": wanted.number}.get(text, text)
        answer = browse(cast.caseworker).get(self.url, {"q": text})
        assert [case for case, _name in answer.context["rows"]] == [wanted]

    def test_it_goes_on_by_key(self, browse, cast):
        cases = [case_at(CaseState.DRAFT) for _n in range(52)]
        answer = browse(cast.caseworker).get(self.url, {"state": "draft"})
        assert len(answer.context["rows"]) == 50
        following = browse(cast.caseworker).get(self.url, {"state": "draft", "after": answer.context["next"]})
        assert {case for case, _name in following.context["rows"]} == set(cases[:2])
        assert following.context["next"] == ""

    def test_the_queries_do_not_grow_with_the_rows(self, browse, cast, django_assert_num_queries):
        case_at(CaseState.DRAFT)
        client = browse(cast.caseworker)
        for more in (0, 12):
            for n in range(more):
                case_at(CaseState.DRAFT, firm=FirmFactory(division=division(("tianyang", "debao")[n % 2])))
            # Session, person, roles, counts, page, names of divisions, kept filters; the pool's limit, how many are beyond it.
            with django_assert_num_queries(9):
                client.get(self.url)

    def test_a_county_sees_its_own_division_alone(self, browse, cast):
        own = case_at(CaseState.DRAFT)
        case_at(CaseState.DRAFT, firm=FirmFactory(division=division("tianyang")))
        answer = browse(cast.county).get(self.url)
        assert [case for case, _name in answer.context["rows"]] == [own]
        assert answer.context["all_cases"] == 1

    def test_a_firm_sees_its_own_alone(self, browse, cast):
        own = own_case(cast)
        case_at(CaseState.DRAFT)
        answer = browse(cast.firm).get(self.url)
        assert [case for case, _name in answer.context["rows"]] == [own]

    def test_a_division_carries_the_name_in_force_today(self, browse, cast):
        case_at(CaseState.DRAFT, firm=FirmFactory(division=division("tianyang")))
        for day, expected in ((dt.date(2018, 12, 31), "田阳县"), (dt.date(2019, 12, 31), "田阳区")):
            with business_clock.fixed(day):
                answer = browse(cast.caseworker).get(self.url)
            assert [name for _case, name in answer.context["rows"]] == [expected]

    def test_a_firm_that_moved_away_has_its_place(self, browse, cast):
        case = case_at(CaseState.DRAFT)
        type(case.firm).objects.filter(pk=case.firm_id).update(division=None)
        answer = browse(cast.caseworker).get(self.url)
        assert [name for _case, name in answer.context["rows"]] == [gettext("Outside Baise")]


class TestPrivateFigures:
    def test_finance_and_the_owner_see_them_in_full(self, browse, cast):
        case = own_case(cast)
        for user in (cast.finance, cast.firm):
            text = page(browse(user), case)
            assert ACCOUNT in text
            assert PHONE in text

    def test_everybody_else_sees_masks(self, browse, cast):
        case = own_case(cast)
        for user in (cast.caseworker, cast.reviewer, cast.auditor, cast.county):
            text = page(browse(user), case)
            assert ACCOUNT not in text
            assert PHONE not in text
            assert "…8765" in text
            assert "138****5678" in text


class TestForeignCases:
    def test_they_do_not_exist(self, browse, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        for user in (cast.firm, cast.county):
            client = browse(user)
            assert client.get(reverse("cultivation:case", args=[foreign.pk])).status_code == 404
            assert act(client, foreign, CaseAction.RETURN, reason="x").status_code == 404
        assert state_of(foreign) == CaseState.SUBMITTED

    def test_nor_does_an_unknown_act(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.caseworker)
        for action in ("explode", "open", "accredit", "declare"):
            url = reverse("cultivation:case_act", args=[case.pk, action])
            assert client.post(url, {"seen": 2}).status_code == 404


class TestTimeline:
    def test_the_newest_comes_first_with_who_and_where(self, browse, cast):
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充审计报告")
        answer = browse(cast.auditor).get(reverse("cultivation:case", args=[case.pk]))
        events = answer.context["events"]
        assert [event.number for event in events] == [3, 2, 1]
        assert (events[0].actor, events[0].reason) == ("caseworker", "请补充审计报告")
        assert events[0].state == str(CaseState.RETURNED.label)

    def test_a_firm_reads_what_is_meant_for_it(self, browse, cast):
        case = own_case(cast)
        case = corrections.return_case(case=case, actor=cast.caseworker, reason="请补充审计报告")
        case = corrections.resubmit_case(case=case, actor=cast.firm, reason="已补充")
        text = page(browse(cast.firm), case)
        assert "请补充审计报告" in text
        assert "已补充" in text

    def test_it_reads_no_names_and_no_inside_notes(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        case_flow.assign_handler(case=case, handler=cast.caseworker2, actor=cast.caseworker)
        pass_check(case, CheckKind.TRAINING)
        checks.reset_check(
            case=case, kind=CheckKind.TRAINING, reason="内部线索核实", actor=staff().caseworker
        )
        pass_check(case, CheckKind.EXPENSES)
        answer = browse(cast.firm).get(reverse("cultivation:case", args=[case.pk]))
        text = answer.content.decode()
        for inside in ("caseworker2", "factory-caseworker", "factory-county", "内部线索核实"):
            assert inside not in text
        assert CaseAction.ASSIGN.label not in {event.label for event in answer.context["events"]}
        assert "caseworker2" in page(browse(cast.auditor), case)
        assert "内部线索核实" in page(browse(cast.auditor), case)

    def test_codes_are_told_in_words(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        pass_check(case, CheckKind.EXPENSES)
        answer = browse(cast.caseworker).get(reverse("cultivation:case", args=[case.pk]))
        reasons = [event.reason for event in answer.context["events"]]
        assert not [reason for reason in reasons if reason.startswith(("pass", "expenses:", "conversions"))]


class TestChecks:
    def test_the_office_sees_six_beside_each_other(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        assessments.assess_case(case=case, actor=cast.caseworker)
        shown = browse(cast.reviewer).get(reverse("cultivation:case", args=[case.pk])).context["checks"]
        assert [check.label for check in shown][3:] == ["核心自主知识产权", "认定条件", "自评"]
        assert [check.state for check in shown] == [*["未登记"] * 3, "符合", "符合", "暂无"]
        assert shown[4].note == "9 项中 9 项符合"

    def test_a_firm_sees_the_three_that_are_recorded_without_the_notes_of_the_office(self, browse, cast):
        case = own_case(cast, CaseState.READY)
        shown = browse(cast.firm).get(reverse("cultivation:case", args=[case.pk])).context["checks"]
        assert [check.state for check in shown] == ["通过"] * 3
        assert [check.note for check in shown[1:]] == ["", ""]


class TestFindings:
    def test_every_code_has_a_chinese_label(self):
        assert set(FINDING_LABELS) == set(Code)

    def test_all_nine_are_shown_to_the_office(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        assessments.assess_case(case=case, actor=cast.caseworker)
        text = page(browse(cast.reviewer), case)
        for label in FINDING_LABELS.values():
            assert label in text

    def test_a_firm_is_not_shown_what_experts_and_authorities_said(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        give_facts(case)
        assessments.assess_case(case=case, actor=cast.caseworker)
        text = page(browse(cast.firm), case)
        assert FINDING_LABELS[Code.RD_INTENSITY] in text
        assert FINDING_LABELS[Code.INNOVATION_SCORE] not in text


def test_the_queries_of_the_page_do_not_grow_with_the_history(browse, cast, django_assert_max_num_queries):
    case = own_case(cast, CaseState.READY)
    client = browse(cast.caseworker)
    with django_assert_max_num_queries(45) as first:
        page(client, case)
    for _n in range(5):
        checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="复核", actor=cast.caseworker)
        checks.record_check(case=case, kind=CheckKind.TRAINING, actor=cast.caseworker)
    with django_assert_max_num_queries(len(first)):
        page(client, case)
