"""Acts on many cases from the queue: what is told beforehand is what is done, and one refusal stops no other."""

import pytest
from django.urls import reverse

from cultivation.enums import CaseAction, CaseState
from cultivation.models import CaseEvent, RefusedAttempt
from cultivation.services import bulk
from cultivation.services.case_flow import enrol_case
from tests.cultivation.pages import state_of
from tests.factories import FirmFactory, case_at, division

OUTCOME = "/queue/bulk/outcome/"


def preflight(client, action, cases, query="", **answers):
    url = reverse("cultivation:cases_bulk", args=[action]) + query
    return client.post(url, {"cases": [case.pk for case in cases], **answers})


def confirm(client, action, plan):
    url = reverse("cultivation:cases_bulk_confirm", args=[action])
    return client.post(url, {"plan": plan}, follow=True)


class TestPreflight:
    def test_it_tells_each_case_and_does_nothing(self, browse, cast):
        ready, wrong = case_at(CaseState.RECOMMENDED), case_at(CaseState.DRAFT)
        events = CaseEvent.objects.count()
        answer = preflight(browse(cast.caseworker), "enrol", [ready, wrong])
        told = {line.case: line.outcome.code for line in answer.context["lines"]}
        assert told == {ready: "", wrong: "wrong_state"}
        assert (answer.context["done"], answer.context["refused"]) == (1, 1)
        assert state_of(ready) == CaseState.RECOMMENDED
        assert CaseEvent.objects.count() == events
        assert not RefusedAttempt.objects.exists()

    def test_what_the_act_asks_for_is_asked_first_and_kept(self, browse, cast):
        case = case_at(CaseState.SUBMITTED)
        client = browse(cast.county)
        assert "lines" not in preflight(client, "return", [case]).context
        answer = preflight(client, "return", [case], told="1", reason="")
        assert (answer.status_code, "lines" in answer.context) == (422, False)
        answer = preflight(client, "return", [case], told="1", reason="缺审计报告")
        assert answer.context["done"] == 1
        assert "缺审计报告" in answer.content.decode()

    def test_all_that_match_the_filter_and_the_act(self, browse, cast):
        wanted = [case_at(CaseState.RECOMMENDED), case_at(CaseState.RECOMMENDED)]
        case_at(CaseState.DRAFT)
        answer = preflight(browse(cast.caseworker), "enrol", [], query="?waiting=city", all="1")
        assert [line.case for line in answer.context["lines"]] == wanted

    @pytest.mark.parametrize(("most", "code"), [(0, 409), (1, 409), (2, 200)])
    def test_none_and_too_many_are_refused_on_the_queue(self, browse, cast, monkeypatch, most, code):
        monkeypatch.setattr(bulk, "MOST", most or 100)
        cases = [case_at(CaseState.RECOMMENDED), case_at(CaseState.RECOMMENDED)] if most else []
        answer = preflight(browse(cast.caseworker), "enrol", cases)
        assert answer.status_code == code
        assert ('role="alert"' in answer.content.decode()) == (code == 409)

    def test_what_one_does_not_see_is_not_chosen(self, browse, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        own = case_at(CaseState.SUBMITTED)
        answer = preflight(browse(cast.county), "recommend", [foreign, own])
        assert [line.case for line in answer.context["lines"]] == [own]

    @pytest.mark.parametrize(
        ("who", "action", "status"),
        [
            ("county", "enrol", 403),
            ("auditor", "enrol", 403),
            ("firm", "return", 403),
            ("caseworker", "accredit", 404),
        ],
    )
    def test_the_act_has_to_be_the_persons(self, browse, cast, who, action, status):
        assert preflight(browse(getattr(cast, who)), action, []).status_code == status


class TestConfirm:
    def test_it_does_what_was_told_and_says_what_became(self, browse, cast):
        cases = [case_at(CaseState.RECOMMENDED), case_at(CaseState.RECOMMENDED), case_at(CaseState.DRAFT)]
        client = browse(cast.caseworker)
        plan = preflight(client, "enrol", cases).context["plan"]
        enrol_case(case=cases[1], actor=cast.caseworker2)  # somebody is quicker
        answer = confirm(client, "enrol", plan)
        assert answer.request["PATH_INFO"] == OUTCOME
        outcome = {line.case: line.outcome.code for line in answer.context["lines"]}
        assert outcome == {cases[0]: "", cases[1]: "changed_meanwhile", cases[2]: "wrong_state"}
        assert state_of(cases[0]) == CaseState.POOLED
        assert CaseEvent.objects.get(case=cases[0], action="enrol").actor == cast.caseworker

    def test_sending_it_twice_does_nothing_twice(self, browse, cast):
        case = case_at(CaseState.RECOMMENDED)
        client = browse(cast.caseworker)
        plan = preflight(client, "enrol", [case]).context["plan"]
        confirm(client, "enrol", plan)
        answer = confirm(client, "enrol", plan)
        assert [line.outcome.done_before for line in answer.context["lines"]] == [True]
        assert CaseEvent.objects.filter(case=case, action="enrol").count() == 1

    def test_a_handler_is_assigned_to_all(self, browse, cast):
        cases = [case_at(CaseState.DRAFT), case_at(CaseState.POOLED)]
        client = browse(cast.caseworker)
        answers = {"told": "1", "handler": cast.caseworker2.pk}
        confirm(client, "assign", preflight(client, "assign", cases, **answers).context["plan"])
        for case in cases:
            case.refresh_from_db()
            assert case.handler == cast.caseworker2

    def test_the_plan_is_of_the_person_and_the_act(self, browse, cast):
        case = case_at(CaseState.RECOMMENDED)
        plan = preflight(browse(cast.caseworker), "enrol", [case]).context["plan"]
        for user, action, text in (
            (cast.caseworker2, "enrol", plan),
            (cast.caseworker, "start_training", plan),
            (cast.caseworker, "enrol", "x"),
        ):
            assert confirm(browse(user), action, text).status_code == 409
        assert state_of(case) == CaseState.RECOMMENDED

    def test_without_an_act_there_is_no_outcome(self, browse, cast):
        assert browse(cast.caseworker).get(OUTCOME)["Location"] == reverse("cultivation:queue")


@pytest.mark.parametrize(
    ("action", "states"),
    [
        (CaseAction.RECOMMEND, {"submitted"}),
        (CaseAction.RETURN, {"submitted", "expense_review"}),
        (CaseAction.FILE, {"ready"}),
    ],
)
def test_the_states_of_an_act_are_those_of_the_machine(action, states):
    assert set(bulk.source_states(action)) == states


def test_a_caseworker_takes_a_case_over_from_its_page(browse, cast):
    case = case_at(CaseState.POOLED)
    client = browse(cast.caseworker)
    url = reverse("cultivation:case", args=[case.pk])
    assert client.get(url).context["may_take_over"]
    seen = CaseEvent.objects.filter(case=case).count()
    client.post(
        reverse("cultivation:case_act", args=[case.pk, "assign"]),
        {"seen": seen, "assign-handler": cast.caseworker.pk},
    )
    case.refresh_from_db()
    assert case.handler == cast.caseworker
    assert not client.get(url).context["may_take_over"]
    assert not browse(cast.county).get(url).context["may_take_over"]
