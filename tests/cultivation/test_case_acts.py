"""What an act in the browser does, and what two people at one case are told."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cultivation.enums import CaseAction, CaseState, CheckKind
from cultivation.models import CaseCheck, CaseEvent, CultivationCase, ExpenseYear, RefusedAttempt
from cultivation.services import case_flow
from cultivation.services.acting import act_on_case
from tests.cultivation.pages import act, own_case, page, state_of
from tests.factories import (
    FirmFactory,
    attach_required,
    division,
    train,
)


class TestActs:
    def test_an_act_moves_the_case(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.county)
        answer = act(client, case, CaseAction.RECOMMEND)
        assert answer.status_code == 302
        assert answer["Location"] == reverse("cultivation:case", args=[case.pk])
        assert state_of(case) == CaseState.RECOMMENDED
        assert str(CaseAction.RECOMMEND.label) in page(client, case)

    def test_each_open_act_has_a_form_that_needs_no_script(self, browse, cast):
        case = own_case(cast)
        text = page(browse(cast.county), case)
        for action in (CaseAction.RECOMMEND, CaseAction.RETURN):
            assert f'action="{reverse("cultivation:case_act", args=[case.pk, action.value])}"' in text

    def test_a_reason_that_is_missing_is_asked_for_in_place(self, browse, cast):
        case = own_case(cast)
        answer = act(browse(cast.county), case, CaseAction.RETURN, reason="")
        assert answer.status_code == 422
        assert 'aria-invalid="true"' in answer.content.decode()
        assert state_of(case) == CaseState.SUBMITTED

    def test_a_refusal_is_explained_and_nothing_typed_is_lost(self, browse, cast):
        case = own_case(cast, CaseState.FILED)
        answer = act(
            browse(cast.caseworker),
            case,
            CaseAction.DISCLOSE,
            published_on="2019-06-01",
            place="自治区科技厅网站",
            last_day="",
            reason="第一批名单",
        )
        text = answer.content.decode()
        assert answer.status_code == 409
        assert "2019-06-30" in text
        for typed in ("2019-06-01", "自治区科技厅网站", "第一批名单"):
            assert typed in text
        assert RefusedAttempt.objects.get().code == "published_before_filing"

    def test_what_is_not_the_persons_is_refused_and_recorded(self, browse, cast):
        case = own_case(cast)
        for user in (cast.auditor, cast.finance, cast.reviewer):
            assert act(browse(user), case, CaseAction.RETURN, reason="试试").status_code == 403
        assert state_of(case) == CaseState.SUBMITTED
        assert RefusedAttempt.objects.filter(code="not_allowed").count() == 3

    def test_an_auditor_is_offered_nothing(self, browse, cast):
        case = own_case(cast)
        answer = browse(cast.auditor).get(reverse("cultivation:case", args=[case.pk]))
        assert answer.context["actions"] == []

    def test_what_is_missing_is_said_before_one_tries(self, browse, cast):
        case = own_case(cast, CaseState.TRAINING)
        client = browse(cast.caseworker)
        answer = client.get(reverse("cultivation:case", args=[case.pk]))
        blocked = {action.name: action.blocked_by for action, _form in answer.context["actions"]}
        missing = blocked[CaseAction.START_EXPENSE_REVIEW][0]
        assert missing in answer.content.decode()
        assert act(client, case, CaseAction.START_EXPENSE_REVIEW).status_code == 409

    def test_a_check_is_recorded(self, browse, cast):
        case = own_case(cast, CaseState.EXPENSE_REVIEW)
        client = browse(cast.caseworker)
        act(client, case, CaseAction.RESET_CHECK, kind="training", reason="签到表有误")
        assert not CaseCheck.objects.filter(case=case, reset_at__isnull=True).exists()
        assert act(client, case, CaseAction.RECORD_CHECK, kind="training", note="已复核").status_code == 302
        assert CaseCheck.objects.get(case=case, reset_at__isnull=True).note == "已复核"

    def test_a_handler_is_assigned(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.caseworker)
        assert act(client, case, CaseAction.ASSIGN, handler=cast.caseworker2.pk).status_code == 302
        case.refresh_from_db(fields=["handler"])
        assert case.handler == cast.caseworker2
        assert act(client, case, CaseAction.ASSIGN, handler=cast.finance.pk).status_code == 422

    def test_the_firm_is_locked_before_its_case(self, cast):
        """As by the imports, so that the two never wait for each other."""
        case = own_case(cast)
        with CaptureQueriesContext(connection) as queries:
            act_on_case(case=case, action=CaseAction.RECOMMEND, actor=cast.county, seen=case.events.count())
        tables = [
            match[1]
            for query in queries
            if (match := re.search(r'FROM "(cultivation_(?:firm|cultivationcase))"', query["sql"]))
        ]
        assert tables[:2] == ["cultivation_firm", "cultivation_cultivationcase"]

    def test_the_figures_of_a_year_are_recorded(self, browse, cast):
        case = own_case(cast)
        answer = act(
            browse(cast.firm),
            case,
            CaseAction.RECORD_EXPENSES,
            year="2018",
            sales="1000000.00",
            total_income="1200000.00",
            high_tech_income="900000.00",
            net_assets_end="-5000.50",
            personnel="80000.01",
        )
        assert answer.status_code == 302
        row = ExpenseYear.objects.get(firm=case.firm)
        assert (str(row.sales), str(row.net_assets_end), str(row.personnel), str(row.design)) == (
            "1000000.00",
            "-5000.50",
            "80000.01",
            "0.00",
        )


class TestOpening:
    url = "/cases/new/"

    def test_a_firm_opens_its_own(self, browse, cast):
        answer = browse(cast.firm).post(self.url, {"kind": "first"})
        case = CultivationCase.objects.get()
        assert (case.firm, case.state, case.opened_by) == (cast.firm.firm, CaseState.DRAFT, cast.firm)
        assert answer["Location"] == reverse("cultivation:case", args=[case.pk])

    def test_it_cannot_open_one_for_another(self, browse, cast):
        browse(cast.firm).post(self.url, {"kind": "first", "credit_code": FirmFactory().credit_code})
        assert CultivationCase.objects.get().firm == cast.firm.firm

    def test_the_county_opens_one_by_the_code(self, browse, cast):
        code = FirmFactory().credit_code
        answer = browse(cast.county).post(self.url, {"kind": "first", "credit_code": f" {code.lower()} "})
        assert answer.status_code == 302
        assert CultivationCase.objects.get().firm.credit_code == code

    def test_a_firm_of_another_county_is_not_found(self, browse, cast):
        code = FirmFactory(division=division("tianyang")).credit_code
        answer = browse(cast.county).post(self.url, {"kind": "first", "credit_code": code})
        assert answer.status_code == 422
        assert code in answer.content.decode()
        assert not CultivationCase.objects.exists()

    def test_a_second_open_case_is_refused_in_place(self, browse, cast):
        case = own_case(cast)
        answer = browse(cast.firm).post(self.url, {"kind": "first"})
        assert answer.status_code == 409
        assert case.number in answer.content.decode()


class TestTwoPeople:
    def test_the_second_is_told_what_happened_and_loses_nothing(self, browse, cast):
        case = own_case(cast)
        seen = CaseEvent.objects.filter(case=case).count()
        case_flow.assign_handler(case=case, handler=cast.caseworker2, actor=cast.caseworker)
        answer = act(browse(cast.caseworker2), case, CaseAction.RETURN, seen=seen, reason="请补充审计报告")
        text = answer.content.decode()
        assert answer.status_code == 409
        assert [event.label for event in answer.context["meanwhile"]] == [CaseAction.ASSIGN.label]
        assert "请补充审计报告" in text
        assert f'name="seen" value="{seen + 1}"' in text
        assert state_of(case) == CaseState.SUBMITTED
        assert RefusedAttempt.objects.get().code == "changed_meanwhile"

    def test_a_step_is_told_with_the_states_it_led_from_and_to(self, browse, cast):
        case = own_case(cast)
        seen = CaseEvent.objects.filter(case=case).count()
        case_flow.recommend_case(case=case, actor=cast.county)
        answer = act(browse(cast.caseworker), case, CaseAction.RETURN, seen=seen, reason="缺材料")
        (news,) = answer.context["meanwhile"]
        told = (news.actor, news.came_from, news.state)
        assert told == ("county", CaseState.SUBMITTED.label, CaseState.RECOMMENDED.label)
        assert f"{news.came_from} → {news.state}" in answer.content.decode()
        assert "缺材料" in answer.content.decode()

    def test_what_was_typed_is_kept_where_the_act_is_gone(self, browse, cast):
        case = own_case(cast)
        seen = CaseEvent.objects.filter(case=case).count()
        case_flow.recommend_case(case=case, actor=cast.county)
        answer = act(browse(cast.caseworker), case, CaseAction.RETURN, seen=seen, reason="请补充审计报告")
        assert answer.status_code == 409
        assert answer.context["stray"][0] is CaseAction.RETURN
        assert "请补充审计报告" in answer.content.decode()

    @pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
    def test_a_page_that_does_not_say_what_it_showed_does_nothing(self, browse, cast, seen):
        case = own_case(cast)
        answer = act(browse(cast.county), case, CaseAction.RECOMMEND, seen=seen)
        assert answer.status_code == 409
        assert state_of(case) == CaseState.SUBMITTED


class TestChecks:
    """From enrolment on they go side by side, can be reset, and gate the clearance; the page says where."""

    def test_all_are_recorded_side_by_side_and_reset_from_the_page(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        client = browse(cast.caseworker)
        text = page(client, case)
        assert 'href="#act-record_check"' in text
        assert 'id="act-record_check"' in text
        attach_required(case)
        train(case)
        for kind in (CheckKind.ATTACHMENTS, CheckKind.TRAINING):
            assert act(client, case, CaseAction.RECORD_CHECK, kind=kind.value).status_code == 302
        assert 'href="#act-reset_check"' in page(client, case)
        answer = act(client, case, CaseAction.RESET_CHECK, kind=CheckKind.TRAINING.value, reason="签到有误")
        assert answer.status_code == 302
        assert [check.kind for check in CaseCheck.objects.filter(reset_at__isnull=True)] == [
            CheckKind.ATTACHMENTS
        ]

    def test_a_firm_is_not_pointed_to_what_it_cannot_do(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        assert "#act-record_check" not in page(browse(cast.firm), case)
