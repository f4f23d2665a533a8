"""Messages on a case and apart from any: who writes, who reads, and what is new to whom."""

import contextlib
import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from config.common.clock import fixed, now
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, MessageKind, Role
from cultivation.models import Message, RefusedAttempt
from cultivation.selectors.messages import cases_with_news, firms_with_news, messages_of, unread_in
from cultivation.services.messages import mark_read, write_firm_message, write_message
from tests.cultivation.pages import own_case
from tests.factories import FirmFactory, case_at, division
from tests.people import person

TO_FIRM, FROM_FIRM, NOTE = MessageKind.TO_FIRM, MessageKind.FROM_FIRM, MessageKind.NOTE


def url(case):
    return reverse("cultivation:case_messages", args=[case.pk])


@pytest.fixture
def thread(cast):
    """A case with one message each way and a note of the bureau."""
    case = own_case(cast)
    write_message(case=case, kind=TO_FIRM, text="请尽快补充审计报告", actor=cast.caseworker)
    write_message(case=case, kind=FROM_FIRM, text="本周内补齐", actor=cast.firm)
    write_message(case=case, kind=NOTE, text="疑似关联交易，核查中", actor=cast.caseworker)
    return case


class TestWriting:
    @pytest.mark.parametrize(
        ("kind", "writers"),
        [
            (TO_FIRM, {"county", "caseworker", "reviewer"}),
            (FROM_FIRM, {"firm"}),
            (NOTE, {"caseworker", "reviewer"}),
        ],
    )
    def test_each_kind_has_its_writers(self, cast, kind, writers):
        case = own_case(cast)
        people = ("firm", "county", "caseworker", "reviewer", "finance", "auditor", "administrator")
        able = set()
        for name in people:
            try:
                write_message(case=case, kind=kind, text="……", actor=getattr(cast, name))
            except NotAllowed:
                continue
            able.add(name)
        assert able == writers
        assert RefusedAttempt.objects.filter(action="write_message").count() == len(people) - len(writers)

    def test_nobody_writes_on_a_foreign_case(self, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        for actor, kind in ((cast.firm, FROM_FIRM), (cast.county, TO_FIRM)):
            with pytest.raises(NotAllowed):
                write_message(case=foreign, kind=kind, text="……", actor=actor)

    @pytest.mark.parametrize(
        ("text", "code"), [("  \n ", "message_empty"), ("长" * 2001, "message_too_long")]
    )
    def test_an_empty_and_an_endless_one_are_refused(self, cast, text, code):
        with pytest.raises(Refused) as refusal:
            write_message(case=own_case(cast), kind=TO_FIRM, text=text, actor=cast.caseworker)
        assert refusal.value.code == code

    def test_what_is_written_stays(self, thread):
        for change in (lambda rows: rows.update(text="改"), lambda rows: rows.delete()):
            with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
                change(Message.objects.filter(case=thread, kind=NOTE))
        assert Message.objects.get(case=thread, kind=NOTE).text == "疑似关联交易，核查中"


class TestReading:
    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("firm", [TO_FIRM, FROM_FIRM]),
            ("county", [TO_FIRM, FROM_FIRM]),
            ("caseworker", [TO_FIRM, FROM_FIRM, NOTE]),
            ("finance", [TO_FIRM, FROM_FIRM, NOTE]),
            ("auditor", [TO_FIRM, FROM_FIRM, NOTE]),
        ],
    )
    def test_notes_are_for_the_bureau_alone(self, cast, thread, name, kinds):
        assert [message.kind for message in messages_of(thread, getattr(cast, name))] == kinds

    def test_the_firms_page_names_nobody_of_the_office(self, browse, cast, thread):
        text = browse(cast.firm).get(url(thread)).content.decode()
        assert "请尽快补充审计报告" in text
        for inside in ("疑似关联交易", "caseworker", str(NOTE.label)):
            assert inside not in text

    def test_the_countys_page_shows_no_note(self, browse, cast, thread):
        text = browse(cast.county).get(url(thread)).content.decode()
        assert "本周内补齐" in text
        assert "疑似关联交易" not in text

    def test_foreign_threads_do_not_exist(self, browse, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        for user in (cast.firm, cast.county):
            client = browse(user)
            assert client.get(url(foreign)).status_code == 404
            assert client.post(url(foreign), {"kind": "to_firm", "text": "x"}).status_code == 404

    def test_the_case_page_gets_a_panel_without_the_shell(self, browse, cast, thread):
        text = browse(cast.caseworker).get(url(thread), headers={"HX-Request": "true"}).content.decode()
        assert "疑似关联交易" in text
        assert "<html" not in text

    def test_the_queries_do_not_grow_with_the_thread(
        self, browse, cast, thread, django_assert_max_num_queries
    ):
        client = browse(cast.caseworker)
        client.get(url(thread))
        with django_assert_max_num_queries(14) as first:
            client.get(url(thread))
        for _n in range(8):
            write_message(case=thread, kind=TO_FIRM, text="再次提醒", actor=cast.reviewer)
        with django_assert_max_num_queries(len(first)):
            client.get(url(thread))


class TestNews:
    def test_what_is_new_to_whom(self, cast, thread):
        expected = {"firm": 1, "county": 1, "caseworker": 1, "caseworker2": 2, "reviewer": 2, "auditor": 2}
        found = {name: unread_in(thread, getattr(cast, name)) for name in expected}
        assert found == expected

    def test_it_is_read_by_opening_the_thread_and_by_each_for_themselves(self, browse, cast, thread):
        browse(cast.firm).get(url(thread))
        assert unread_in(thread, cast.firm) == 0
        assert unread_in(thread, cast.county) == 1
        write_message(case=thread, kind=TO_FIRM, text="已收到", actor=cast.county)
        assert unread_in(thread, cast.firm) == 1

    def test_an_auditor_leaves_no_trace_by_reading(self, browse, cast, thread):
        browse(cast.auditor).get(url(thread))
        assert unread_in(thread, cast.auditor) == 2

    def test_what_was_written_before_a_colleague_came_counts_as_read(self, cast, thread):
        fresh = person("fresh", Role.CASEWORKER)
        fresh.date_joined = now() + dt.timedelta(minutes=1)
        fresh.save()
        assert (unread_in(thread, fresh), list(cases_with_news(fresh))) == (0, [])
        with fixed(dt.date(2019, 7, 1)):
            write_message(case=thread, kind=FROM_FIRM, text="已补", actor=cast.firm)
        assert (unread_in(thread, fresh), list(cases_with_news(fresh))) == (1, [thread])

    def test_a_firm_is_told_of_what_was_written_before_it_had_an_account(self, cast, thread):
        cast.firm.date_joined = now() + dt.timedelta(minutes=1)
        cast.firm.save()
        assert unread_in(thread, cast.firm) == 1

    def test_cases_with_news_are_found_among_ones_own(self, cast, thread):
        other = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        write_message(case=other, kind=TO_FIRM, text="……", actor=cast.caseworker)
        assert list(cases_with_news(cast.county)) == [thread]
        mark_read(thread=thread, reader=cast.county)
        assert list(cases_with_news(cast.county)) == []


class TestForm:
    def test_a_message_is_sent_without_a_script(self, browse, cast, thread):
        client = browse(cast.firm)
        answer = client.post(url(thread), {"kind": "from_firm", "text": "已上传"})
        assert answer["Location"] == url(thread)
        assert Message.objects.latest("pk").text == "已上传"

    def test_whoever_writes_for_the_office_says_for_whom(self, browse, cast, thread):
        answer = browse(cast.caseworker).post(url(thread), {"kind": "", "text": "内部情况"})
        assert answer.status_code == 422
        assert "内部情况" in answer.content.decode()

    def test_a_county_is_not_offered_notes(self, browse, cast, thread):
        assert browse(cast.county).post(url(thread), {"kind": "note", "text": "x"}).status_code == 422

    def test_readers_are_offered_no_form(self, browse, cast, thread):
        client = browse(cast.auditor)
        assert client.get(url(thread)).context["form"] is None
        assert client.post(url(thread), {"kind": "note", "text": "x"}).status_code == 403


class TestThreadOfAFirm:
    """A firm without a case: accredited earlier, come from elsewhere, or only in the roster."""

    @pytest.fixture
    def firm(self, cast):
        firm = cast.firm.firm
        write_firm_message(firm=firm, kind=TO_FIRM, text="请核对年报", actor=cast.caseworker)
        write_firm_message(firm=firm, kind=FROM_FIRM, text="已核对", actor=cast.firm)
        write_firm_message(firm=firm, kind=NOTE, text="电话核实过", actor=cast.reviewer)
        return firm

    def url(self, firm):
        return reverse("cultivation:firm_messages", args=[firm.pk])

    @pytest.mark.parametrize(
        ("kind", "writers"),
        [
            (TO_FIRM, {"county", "caseworker", "reviewer"}),
            (FROM_FIRM, {"firm"}),
            (NOTE, {"caseworker", "reviewer"}),
        ],
    )
    def test_each_kind_has_its_writers_as_on_a_case(self, cast, kind, writers):
        able = set()
        for name in ("firm", "county", "caseworker", "reviewer", "finance", "auditor", "administrator"):
            with contextlib.suppress(NotAllowed):
                write_firm_message(firm=cast.firm.firm, kind=kind, text="……", actor=getattr(cast, name))
                able.add(name)
        assert able == writers
        refused = RefusedAttempt.objects.filter(action="write_firm_message")
        assert set(refused.values_list("subject", flat=True)) == {f"firm:{cast.firm.firm_id}"}

    @pytest.mark.parametrize(
        ("name", "kinds"),
        [
            ("firm", [TO_FIRM, FROM_FIRM]),
            ("county", [TO_FIRM, FROM_FIRM]),
            ("auditor", [TO_FIRM, FROM_FIRM, NOTE]),
        ],
    )
    def test_notes_are_for_the_bureau_alone(self, browse, cast, firm, name, kinds):
        assert [message.kind for message in messages_of(firm, getattr(cast, name))] == kinds
        text = browse(getattr(cast, name)).get(self.url(firm)).content.decode()
        assert ("电话核实过" in text) == (NOTE in kinds)

    def test_a_foreign_firms_thread_does_not_exist(self, browse, cast):
        foreign = FirmFactory(division=division("tianyang"))
        for user, kind in ((cast.firm, FROM_FIRM), (cast.county, TO_FIRM)):
            client = browse(user)
            assert client.get(self.url(foreign)).status_code == 404
            assert client.post(self.url(foreign), {"kind": kind.value, "text": "x"}).status_code == 404
            with pytest.raises(NotAllowed):
                write_firm_message(firm=foreign, kind=kind, text="x", actor=user)
        assert not Message.objects.exists()

    def test_a_firm_from_elsewhere_writes_to_the_bureau(self, browse, cast):
        inbound = FirmFactory(division=None)
        speaker = person("inbound", Role.FIRM, firm=inbound)
        answer = browse(speaker).post(
            self.url(inbound), {"kind": "from_firm", "text": "拟整体迁入"}, follow=True
        )
        assert "拟整体迁入" in answer.content.decode()
        assert list(firms_with_news(cast.caseworker)) == [inbound]
        assert list(firms_with_news(cast.county)) == []

    def test_a_message_hangs_on_a_case_or_a_firm_and_not_on_both(self, cast):
        case = own_case(cast)
        for both in ({}, {"case": case, "firm": case.firm}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Message.objects.create(kind=TO_FIRM, text="x", author=cast.caseworker, **both)

    def test_the_threads_of_firm_and_case_are_read_apart(self, browse, cast, firm):
        case = own_case(cast)
        write_message(case=case, kind=TO_FIRM, text="请补充", actor=cast.caseworker)
        assert (unread_in(firm, cast.firm), unread_in(case, cast.firm)) == (1, 1)
        browse(cast.firm).get(self.url(firm))
        assert (unread_in(firm, cast.firm), unread_in(case, cast.firm)) == (0, 1)
        assert "请补充" not in browse(cast.firm).get(self.url(firm)).content.decode()

    def test_firm_page_and_home_lead_to_it(self, browse, cast, firm):
        for user, page in ((cast.caseworker, "firm"), (cast.county, "firm"), (cast.firm, "firm")):
            text = browse(user).get(reverse(f"cultivation:{page}", args=[firm.pk])).content.decode()
            assert f'hx-get="{self.url(firm)}"' in text
        assert (
            f'hx-get="{self.url(firm)}"'
            in browse(cast.firm).get(reverse("cultivation:portal")).content.decode()
        )
        own_case(cast)
        assert (
            f'href="{self.url(firm)}"'
            in browse(cast.firm).get(reverse("cultivation:portal")).content.decode()
        )


class TestNewMessages:
    url = "/messages/"

    def test_it_lists_the_threads_with_news_until_they_are_opened(self, browse, cast):
        case = own_case(cast)
        write_message(case=case, kind=FROM_FIRM, text="已补", actor=cast.firm)
        write_firm_message(firm=case.firm, kind=FROM_FIRM, text="请问", actor=cast.firm)
        threads = [reverse("cultivation:firm_messages", args=[case.firm_id]), url(case)]
        for user in (cast.caseworker, cast.reviewer, cast.county):
            client = browse(user)
            assert [address for address, _about in client.get(self.url).context["news"]] == threads
            client.get(threads[0])
            assert [address for address, _about in client.get(self.url).context["news"]] == threads[1:]

    def test_a_county_learns_nothing_of_others_and_of_notes(self, browse, cast):
        foreign = FirmFactory(division=division("tianyang"))
        write_firm_message(firm=foreign, kind=NOTE, text="内部", actor=cast.caseworker)
        write_firm_message(firm=cast.firm.firm, kind=NOTE, text="内部", actor=cast.caseworker)
        assert browse(cast.county).get(self.url).context["news"] == []
        assert len(browse(cast.reviewer).get(self.url).context["news"]) == 2

    def test_a_note_moves_no_thread_of_a_countys(self, cast):
        cases = [
            own_case(cast),
            case_at(CaseState.SUBMITTED, firm=FirmFactory(division=cast.county.division)),
        ]
        firms = [case.firm for case in cases]
        for case in cases:
            speaker = person(f"of_{case.firm_id}", Role.FIRM, firm=case.firm)
            write_firm_message(firm=case.firm, kind=FROM_FIRM, text="请问", actor=speaker)
            write_message(case=case, kind=FROM_FIRM, text="已补", actor=speaker)
        write_firm_message(firm=firms[0], kind=NOTE, text="内部", actor=cast.caseworker)
        write_message(case=cases[0], kind=NOTE, text="内部", actor=cast.caseworker)
        assert (list(firms_with_news(cast.county)), list(cases_with_news(cast.county))) == (
            firms[::-1],
            cases[::-1],
        )
        assert (list(firms_with_news(cast.reviewer)), list(cases_with_news(cast.reviewer))) == (firms, cases)

    @pytest.mark.parametrize(
        ("address", "most"), [("/messages/", "messages._MOST_SHOWN"), ("/county/", "county.SHOWN")]
    )
    def test_what_is_not_shown_is_counted(self, browse, cast, monkeypatch, address, most):
        for firm in (cast.firm.firm, FirmFactory(division=cast.county.division)):
            speaker = person(f"of_{firm.pk}", Role.FIRM, firm=firm)
            write_firm_message(firm=firm, kind=FROM_FIRM, text="请问", actor=speaker)
        client = browse(cast.county)
        assert "只列出最近的" not in client.get(address).content.decode()
        monkeypatch.setattr(f"cultivation.views.{most}", 1)
        answer = client.get(address)
        assert "共 2 个，只列出最近的 1 个" in answer.content.decode()
        assert [about for _address, about in answer.context["news"]] == [firm]

    def test_the_queries_do_not_grow(self, browse, cast, django_assert_num_queries):
        client = browse(cast.caseworker)
        for _n in range(2):
            for _m in range(5):
                firm = FirmFactory()
                write_firm_message(firm=firm, kind=NOTE, text="x", actor=cast.reviewer)
                case = case_at(CaseState.SUBMITTED, firm=firm)
                write_message(case=case, kind=NOTE, text="x", actor=cast.reviewer)
            # Session, person, roles, firms, cases.
            with django_assert_num_queries(5):
                client.get(self.url)
