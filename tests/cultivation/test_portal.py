"""The firm's home: plain words by an allow-list, what is asked and by when, the correction round; nothing from inside."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cultivation.enums import (
    AttachmentKind,
    CaseAction,
    CaseKind,
    CaseState,
    CheckKind,
    MessageKind,
    ParameterKey,
    Role,
)
from cultivation.models import AnnualReport, CalendarYear, CaseEvent, Parameter
from cultivation.services import case_flow, checks, corrections, training
from cultivation.services.case_documents import reject_case_document
from cultivation.services.letters import issue_letter
from cultivation.services.messages import write_firm_message, write_message
from cultivation.views.portal_words import EVENT_WORDS, STATE_WORDS, ladder
from documents.api import NoticeDelivery, NoticeKind, void_notice
from tests.cultivation.pages import act, own_case, state_of
from tests.factories import (
    AccreditationFactory,
    BankAccountFactory,
    ContactFactory,
    FirmFactory,
    case_at,
    pass_check,
    staff,
)
from tests.people import person
from tests.subsidies.factories import basis, notice_organ

HOME = "/portal/"
# Acts of the office about which a firm reads nothing.
INSIDE = {
    CaseAction.ASSIGN,
    CaseAction.ASSESS,
    CaseAction.RECORD_CHECK,
    CaseAction.DECIDE_MANUAL,
    CaseAction.RESET_CHECK,
    CaseAction.DECIDE_LEDGER,
    CaseAction.RECORD_SHEET,
    CaseAction.WITHDRAW_SHEET,
}


def documents_of(case):
    return reverse("cultivation:case_documents", args=[case.pk])


def tasks(client):
    return {task.text: task for task in client.get(HOME).context["tasks"]}


class TestAllowList:
    def test_every_state_has_its_words(self):
        assert set(STATE_WORDS) == set(CaseState)

    def test_every_act_is_either_told_in_plain_words_or_kept_inside(self):
        assert set(EVENT_WORDS) | INSIDE == set(CaseAction)
        assert not set(EVENT_WORDS) & INSIDE

    @pytest.mark.parametrize("state", list(CaseState))
    def test_nothing_from_inside_is_on_the_page_of_any_state(self, browse, cast, state):
        others = FirmFactory(name="演示邻家有限公司")
        case_at(CaseState.SUBMITTED, firm=others)
        ContactFactory(firm=cast.firm.firm)
        case = case_at(state, firm=cast.firm.firm)
        if case.is_open:
            case_flow.assign_handler(case=case, handler=cast.caseworker2, actor=cast.caseworker)
        write_message(case=case, kind=MessageKind.NOTE, text="内部线索待核", actor=cast.reviewer)
        for url in (HOME, reverse("cultivation:case", args=[case.pk])):
            text = browse(cast.firm).get(url).content.decode()
            assert str(STATE_WORDS[state].where) in text
            inside = ["邻家", "factory-", "caseworker", "reviewer", "county", "内部线索"]
            inside += [str(action.label) for action in INSIDE - {CaseAction.ASSESS}]
            assert [word for word in inside if word in text] == []

    def test_the_office_page_is_not_the_firms(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.firm)
        answer = client.get(reverse("cultivation:case", args=[case.pk]))
        names = {template.name for template in answer.templates}
        assert "cultivation/portal.html" in names
        assert "cultivation/case.html" not in names

    def test_a_reason_meant_for_the_office_is_left_out(self, browse, cast):
        case = own_case(cast, CaseState.POOLED)
        pass_check(case, CheckKind.TRAINING)
        checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="签到疑似代签", actor=cast.caseworker)
        case_flow.start_training(case=case, actor=cast.caseworker, reason="先行安排")
        text = browse(cast.firm).get(HOME).content.decode()
        assert "代签" not in text
        assert "先行安排" not in text


class TestLadder:
    @pytest.mark.parametrize(
        ("state", "current"),
        [
            (CaseState.DRAFT, 1),
            (CaseState.SUBMITTED, 2),
            (CaseState.RECOMMENDED, 3),
            (CaseState.TRAINING, 4),
            (CaseState.EXPENSE_REVIEW, 5),
            (CaseState.READY, 6),
            (CaseState.DISCLOSED, 7),
            (CaseState.DECLINED, 8),
        ],
    )
    def test_the_place_of_the_case(self, db, state, current):
        steps = ladder(case_at(state))
        assert [step.number for step in steps if step.current] == [current]
        assert [step.number for step in steps if step.done] == list(range(1, current))

    def test_a_returned_case_stays_where_it_was_returned_from(self, db):
        case = case_at(CaseState.RETURNED, returned_from=CaseState.EXPENSE_REVIEW)
        assert [step.number for step in ladder(case) if step.current] == [5]

    def test_an_accredited_one_has_all_behind_it_and_a_closed_one_has_none(self, db):
        assert all(step.done for step in ladder(case_at(CaseState.ACCREDITED)))
        assert ladder(case_at(CaseState.WITHDRAWN)) == []


class TestTasks:
    def test_documents_are_asked_for_until_they_are_handed_in(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.firm)
        wanted = f"请提交材料：{AttachmentKind.AUDIT_REPORT.label}。"
        assert tasks(client)[wanted].url == documents_of(case)
        file = SimpleUploadedFile("审计报告.pdf", b"%PDF-1.7\n%%EOF\n")
        client.post(documents_of(case), {"kind": "audit_report", "file": file})
        assert wanted not in tasks(client)

    def test_a_file_says_in_plain_words_what_became_of_it(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.firm)
        file = SimpleUploadedFile("审计报告.pdf", b"%PDF-1.7\n%%EOF\n")
        client.post(documents_of(case), {"kind": "audit_report", "file": file})
        assert [line.words for line in client.get(HOME).context["files"]] == ["审核中"]
        reject_case_document(document=case.documents.get(), actor=cast.caseworker, reason="缺少附注")
        answer = client.get(HOME)
        assert [line.words for line in answer.context["files"]] == ["未通过，请重新提交"]
        assert "缺少附注" in answer.content.decode()

    def test_minutes_of_training_that_are_missing(self, browse, cast):
        own_case(cast, CaseState.POOLED)
        assert any(text.startswith("培训还差") for text in tasks(browse(cast.firm)))

    def test_a_certificate_that_ends_is_to_be_renewed_by_its_last_day(self, browse, cast):
        AccreditationFactory(
            firm=cast.firm.firm, issued_on=dt.date(2016, 11, 30), last_day=dt.date(2019, 11, 29)
        )
        client = browse(cast.firm)
        found = [task for task in client.get(HOME).context["tasks"] if "重新认定" in task.text]
        assert [(task.due, task.url) for task in found] == [
            (dt.date(2019, 11, 29), reverse("cultivation:case_new"))
        ]
        case_at(CaseState.DRAFT, firm=cast.firm.firm, kind=CaseKind.RENEWAL)
        assert not [task for task in client.get(HOME).context["tasks"] if "建立重新认定案件" in task.text]

    def test_an_annual_report_is_asked_for_and_said_to_be_late(self, browse, cast, clock):
        certificate = AccreditationFactory(firm=cast.firm.firm)
        client = browse(cast.firm)
        clock(dt.date(2019, 5, 31))
        (task,) = [task for task in client.get(HOME).context["tasks"] if "年度发展情况" in task.text]
        assert (task.due, task.overdue) == (dt.date(2019, 5, 31), False)
        clock(dt.date(2019, 6, 1))
        (task,) = [task for task in client.get(HOME).context["tasks"] if "年度发展情况" in task.text]
        assert task.overdue
        AnnualReport.objects.create(
            accreditation=certificate,
            year=2018,
            reported_on=dt.date(2019, 5, 20),
            recorded_by=cast.caseworker,
        )
        assert not [task for task in client.get(HOME).context["tasks"] if "年度发展情况" in task.text]

    def test_an_account_is_asked_for_once_there_is_a_certificate(self, browse, cast):
        client = browse(cast.firm)
        assert "请填报收款账户。" not in tasks(client)
        AccreditationFactory(firm=cast.firm.firm)
        assert "请填报收款账户。" in tasks(client)
        BankAccountFactory(firm=cast.firm.firm)
        assert "请填报收款账户。" not in tasks(client)

    def test_what_is_due_comes_first(self, browse, cast):
        own_case(cast)
        AccreditationFactory(firm=cast.firm.firm)
        due = [task.due for task in browse(cast.firm).get(HOME).context["tasks"]]
        assert due[0] is not None
        assert due == sorted(due, key=lambda day: (day is None, day or dt.date.min))

    def test_new_messages_are_among_them_until_read(self, browse, cast):
        case = own_case(cast)
        write_message(case=case, kind=MessageKind.TO_FIRM, text="请留意", actor=cast.caseworker)
        client = browse(cast.firm)
        on_case, apart = f"案件 {case.number} 有 1 条新消息。", "案件以外有 1 条新消息。"
        assert on_case in tasks(client)
        assert apart not in tasks(client)
        write_firm_message(firm=case.firm, kind=MessageKind.TO_FIRM, text="请核对", actor=cast.caseworker)
        client.get(reverse("cultivation:case_messages", args=[case.pk]))
        assert on_case not in tasks(client)
        assert apart in tasks(client)


class TestCorrectionRound:
    def test_what_was_asked_back_is_answered_and_handed_in_again(self, browse, cast):
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充审计报告附注")
        client = browse(cast.firm)
        answer = client.get(HOME)
        assert answer.context["correction"].reason == "请补充审计报告附注"
        assert act(client, case, CaseAction.RESUBMIT, reason="附注已补充").status_code == 302
        assert state_of(case) == CaseState.SUBMITTED
        assert CaseEvent.objects.filter(case=case).latest("number").reason == "附注已补充"
        assert "附注已补充" in client.get(HOME).content.decode()

    def test_what_was_typed_is_kept_when_somebody_was_quicker(self, browse, cast):
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充")
        answer = act(browse(cast.firm), case, CaseAction.RESUBMIT, seen=1, reason="附注已补充")
        assert answer.status_code == 409
        assert "附注已补充" in answer.content.decode()
        assert state_of(case) == CaseState.RETURNED

    def test_it_shows_its_last_day_and_whose_number_that_is(self, browse, cast, clock):
        clock(dt.date(2019, 6, 3))
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充")
        client = browse(cast.firm)
        page = client.get(HOME)
        # Fifteen working days after Monday; Friday the 7th was a holiday.
        assert page.context["deadline"].last_day == dt.date(2019, 6, 25)
        assert "2019-06-25" in page.content.decode()
        assert Parameter.objects.get(key=ParameterKey.DAYS_RETURNED).source in page.content.decode()
        (task,) = [task for task in page.context["tasks"] if task.url == "#correction"]
        assert (task.due, task.overdue) == (dt.date(2019, 6, 25), False)
        clock(dt.date(2019, 6, 26))
        (task,) = [task for task in client.get(HOME).context["tasks"] if task.url == "#correction"]
        assert task.overdue

    def test_where_no_limit_is_set_it_says_so(self, browse, cast):
        Parameter.objects.filter(key=ParameterKey.DAYS_RETURNED).delete()
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充")
        page = browse(cast.firm).get(HOME)
        assert "本次补正没有规定最后期限" in page.content.decode()
        assert "未定期限" in page.content.decode()

    def test_where_the_calendar_ends_the_day_is_left_to_the_bureau(self, browse, cast):
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充")
        CalendarYear.objects.all().delete()
        page = browse(cast.firm).get(HOME)
        assert page.context["deadline"].last_day is None
        assert "具体日期请向科技局询问" in page.content.decode()

    def test_the_second_round_shows_what_was_asked_last(self, browse, cast):
        case = own_case(cast)
        corrections.return_case(case=case, actor=cast.caseworker, reason="第一次")
        corrections.resubmit_case(case=case, actor=cast.firm)
        corrections.return_case(case=case, actor=cast.county, reason="第二次")
        assert browse(cast.firm).get(HOME).context["correction"].reason == "第二次"


class TestNotices:
    @pytest.fixture
    def letter(self, cast):
        ContactFactory(firm=cast.firm.firm)
        case = case_at(CaseState.POOLED, firm=cast.firm.firm)
        return case, issue_letter(
            case=case,
            kind=NoticeKind.ENROLMENT,
            bases=[basis()],
            organ=notice_organ(NoticeKind.ENROLMENT),
            actor=cast.caseworker,
        )

    def test_a_letter_is_taken_once_a_person_and_kept_as_delivery(self, browse, cast, letter):
        case, notice = letter
        url = reverse("cultivation:case_notice", args=[case.pk, notice.pk])
        client = browse(cast.firm)
        assert url in client.get(HOME).content.decode()
        for _n in range(2):
            answer = client.get(url)
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
        assert NoticeDelivery.objects.filter(notice=notice, recorded_by=cast.firm).count() == 1

    def test_the_office_looks_without_that_counting_as_delivered(self, browse, cast, letter):
        case, notice = letter
        url = reverse("cultivation:case_notice", args=[case.pk, notice.pk])
        assert browse(cast.county).get(url).status_code == 200
        assert not NoticeDelivery.objects.exists()

    def test_it_does_not_exist_under_another_case_nor_when_void(self, browse, cast, letter):
        case, notice = letter
        other = person("neighbour", Role.FIRM, firm=FirmFactory())
        foreign = case_at(CaseState.SUBMITTED, firm=other.firm)
        for pk in (case.pk, foreign.pk):
            url = reverse("cultivation:case_notice", args=[pk, notice.pk])
            assert browse(other).get(url).status_code == 404
        void_notice(notice=notice, actor=cast.caseworker, reason="文字有误")
        url = reverse("cultivation:case_notice", args=[case.pk, notice.pk])
        assert browse(cast.firm).get(url).status_code == 404


def test_sessions_to_come_are_shown_and_past_ones_not(browse, cast):
    for title, day in (("往期", dt.date(2019, 6, 1)), ("来期", dt.date(2019, 7, 5))):
        training.create_session(title=title, held_on=day, minutes=90, actor=staff().caseworker)
    found = browse(cast.firm).get(HOME).context["sessions"]
    assert [session.title for session in found] == ["来期"]


def test_the_queries_do_not_grow_with_the_history(browse, cast, django_assert_max_num_queries):
    case = own_case(cast)
    client = browse(cast.firm)
    client.get(HOME)
    with django_assert_max_num_queries(60) as first:
        client.get(HOME)
    for _n in range(4):
        corrections.return_case(case=case, actor=cast.caseworker, reason="请补充")
        corrections.resubmit_case(case=case, actor=cast.firm)
    with django_assert_max_num_queries(len(first)):
        client.get(HOME)
