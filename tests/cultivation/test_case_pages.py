"""The list of cases and the page of one case: who sees what, and what an act in the browser does."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext

from config.common import clock as business_clock
from cultivation.enums import AttachmentKind, CaseAction, CaseState, CheckKind
from cultivation.models import CaseCheck, CaseEvent, CultivationCase, ExpenseYear, RefusedAttempt, User
from cultivation.rules.findings import Code
from cultivation.services import assessments, case_flow, checks, corrections
from cultivation.views.presenting import FINDING_LABELS
from tests.factories import (
    BankAccountFactory,
    ContactFactory,
    FirmFactory,
    case_at,
    division,
    give_facts,
    pass_check,
    rename,
    staff,
)
from tests.people import Cast

ACCOUNT, PHONE = "6222000000000098765", "13812345678"


@pytest.fixture
def browse(client: Client):
    """``browse(user)``: the client, logged in as this person."""

    def log_in(user: User) -> Client:
        client.force_login(user)
        return client

    return log_in


def own_case(cast: Cast, state: CaseState = CaseState.SUBMITTED) -> CultivationCase:
    firm = cast.firm.firm
    ContactFactory(firm=firm, phone=PHONE)
    BankAccountFactory(firm=firm, number=ACCOUNT)
    return case_at(state, firm=firm)


def page(client: Client, case: CultivationCase) -> str:
    answer = client.get(reverse("cultivation:case", args=[case.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def act(client: Client, case: CultivationCase, action: CaseAction, seen: int | None = None, **answers):
    """Send the form of an act, as the page that was opened now would."""
    if seen is None:
        seen = CaseEvent.objects.filter(case=case).count()
    fields = {f"{action.value}-{name}": value for name, value in answers.items()}
    url = reverse("cultivation:case_act", args=[case.pk, action.value])
    return client.post(url, {**fields, "seen": seen})


def state_of(case: CultivationCase) -> str:
    return CultivationCase.objects.values_list("state", flat=True).get(pk=case.pk)


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
            # Session, person, roles, counts, page, names of divisions.
            with django_assert_num_queries(6):
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

    def test_a_document_is_handed_in(self, browse, cast):
        case = own_case(cast)
        file = SimpleUploadedFile("审计报告.pdf", b"%PDF-1.7\n%%EOF\n")
        answer = act(browse(cast.firm), case, CaseAction.ADD_DOCUMENT, kind="audit_report", file=file)
        assert answer.status_code == 302
        assert case.documents.get().kind == AttachmentKind.AUDIT_REPORT

    def test_a_file_of_a_forbidden_kind_is_refused(self, browse, cast):
        case = own_case(cast)
        file = SimpleUploadedFile("x.exe", b"MZ")
        assert (
            act(browse(cast.firm), case, CaseAction.ADD_DOCUMENT, kind="other", file=file).status_code == 409
        )

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
