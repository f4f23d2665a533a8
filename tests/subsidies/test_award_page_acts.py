"""The acts on the page of one award: by the right person, by anybody else, on a stale page, with a faulty form."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse

from config.common.clock import fixed
from cultivation.enums import Role
from cultivation.models import RefusedAttempt
from documents.api import DeliveryKind
from subsidies.enums import AwardState, ObjectionOutcome, OverrideState
from subsidies.models import Award
from subsidies.services.freezing import freeze_award
from subsidies.services.notices import issue_grant_notice
from subsidies.services.overrides import propose_override
from tests.factories import UserFactory
from tests.people import person
from tests.subsidies.award_pages import act, error_of, objection, offered, page, state_of
from tests.subsidies.factories import award_at, funding_line, grant, notice_organ, office, scheme_version

A = AwardState
TODAY = dt.date(2019, 6, 30)


@pytest.fixture(autouse=True)
def today():
    with fixed(TODAY):
        yield


class TestActs:
    def test_the_whole_way(self, client, cast):
        people = office()
        line, organ = funding_line("100000.00"), notice_organ()
        award = award_at(A.AWAITING_BASIS)
        grant(award.firm)
        way = [
            ("record_application", people.caseworker, {"applied_on": "2019-06-01", "document": "申请表"}),
            ("calculate", people.caseworker, {}),
            ("send_back", people.reviewer, {"reason": "重新计算"}),
            ("calculate", people.caseworker, {}),
            ("review", people.reviewer, {}),
            ("disclose", people.caseworker, {"place": "公示网", "published_on": "2019-06-03"}),
            ("freeze", people.caseworker, {"reason": "核实举报"}),
            ("unfreeze", people.reviewer, {"reason": "举报不实"}),
            ("approve", people.reviewer, {"funding_line": line.pk}),
            ("issue_notice", people.caseworker, {"organ": organ.pk, "issued_on": "2019-06-30"}),
            (
                "deliver_notice",
                people.caseworker,
                {"kind": DeliveryKind.HANDED_OVER.value, "delivered_on": "2019-06-30", "receiver": "王某"},
            ),
            ("revoke", people.reviewer, {"reason": "企业放弃"}),
        ]
        for action, user, answers in way:
            answer = act(client, award, action, user, **answers)
            assert answer.status_code == 302, (action, error_of(answer, action))
            assert answer["Location"] == reverse("subsidies:award", args=[award.pk])
        assert state_of(award) == A.REVOKED
        answer = page(client, award)
        assert [event.number for event in answer.context["events"]] == list(range(len(way) + 1, 0, -1))
        assert len(answer.context["page"].calculations) == 2
        [delivery] = answer.context["page"].deliveries
        assert delivery.receiver == "王某"

    @pytest.mark.parametrize(
        ("state", "action", "role", "answers"),
        [
            (A.CALCULATED, "review", Role.CASEWORKER, {}),
            (A.CALCULATED, "review", Role.AUDITOR, {}),
            (A.REVIEWED, "disclose", Role.REVIEWER, {"place": "网", "published_on": "2019-06-03"}),
            (A.CALCULATED, "freeze", Role.FINANCE, {"reason": "理由"}),
            (
                A.RECOVERING,
                "record_repayment",
                Role.REVIEWER,
                {"amount": "1", "reference": "1", "on": "2019-06-30"},
            ),
            (A.AWAITING_BASIS, "calculate", Role.REVIEWER, {}),
            (A.CALCULATED, "override", Role.REVIEWER, {"amount": "1", "document_number": "1", "reason": "x"}),
        ],
    )
    def test_the_wrong_role_changes_nothing(self, client, db, state, action, role, answers):
        award = award_at(state)
        answer = act(client, award, action, person("wrong", role), **answers)
        assert answer.status_code == 403
        assert state_of(award) == state
        assert RefusedAttempt.objects.get().code == "not_allowed"
        assert answer.context["stray"][0] == action

    @pytest.mark.parametrize(
        ("state", "action", "role", "field"),
        [
            (A.CALCULATED, "send_back", Role.REVIEWER, "reason"),
            (A.CALCULATED, "override", Role.CASEWORKER, "amount"),
            (A.REVIEWED, "disclose", Role.CASEWORKER, "place"),
            (A.DISCLOSED, "approve", Role.REVIEWER, "funding_line"),
            (A.DISCLOSED, "record_objection", Role.REVIEWER, "raised_by"),
            (A.APPROVED, "revoke", Role.CASEWORKER, "reason"),
            (A.RECOVERING, "record_repayment", Role.FINANCE, "reference"),
        ],
    )
    def test_a_form_that_is_not_filled_in(self, client, db, state, action, role, field):
        award = award_at(state)
        if state is A.RECOVERING:
            grant(award.firm, "60000.00")
        answer = act(client, award, action, person("clerk", role))
        assert answer.status_code == 422
        [form] = [form for offer, form in answer.context["acts"] if offer.name == action]
        assert form.errors[field]
        assert state_of(award) == state

    def test_a_stale_page_is_refused_and_what_was_typed_is_kept(self, client, db):
        award = award_at(A.CALCULATED)
        seen = award.events.count()
        freeze_award(award=award, actor=office().reviewer, reason="核实举报")
        answer = act(client, award, "revoke", office().caseworker, seen=seen, reason="企业放弃本次奖补")
        assert answer.status_code == 409
        assert state_of(award) == A.FROZEN
        [event] = answer.context["meanwhile"]
        assert event.reason == "核实举报"
        assert "企业放弃本次奖补" in answer.content.decode()
        assert f'name="seen" value="{seen + 1}"' in answer.content.decode()

    def test_a_stale_act_that_is_no_longer_offered_keeps_its_words(self, client, db):
        award = award_at(A.CALCULATED)
        seen = award.events.count()
        freeze_award(award=award, actor=office().reviewer, reason="核实举报")
        answer = act(client, award, "send_back", office().caseworker, seen=seen, reason="数据有误要改")
        assert answer.status_code == 409
        assert answer.context["stray"][0] == "send_back"
        assert "数据有误要改" in answer.content.decode()

    @pytest.mark.parametrize("seen", ["", "x", "99999999999", "-1"])
    def test_a_page_that_tells_no_event_is_stale(self, client, db, seen):
        award = award_at(A.CALCULATED)
        assert act(client, award, "review", office().reviewer, seen=seen).status_code == 409
        assert state_of(award) == A.CALCULATED

    def test_sent_twice_it_is_done_once(self, client, db):
        award = award_at(A.CALCULATED)
        seen = award.events.count()
        assert act(client, award, "review", office().reviewer, seen=seen).status_code == 302
        assert act(client, award, "review", office().reviewer, seen=seen).status_code == 409
        assert award.events.count() == seen + 1

    def test_a_line_without_money_or_of_another_fund(self, client, db):
        award = award_at(A.DISCLOSED)
        poor = funding_line("1.00")
        answer = act(client, award, "approve", office().reviewer, funding_line=poor.pk)
        assert answer.status_code == 409
        assert state_of(award) == A.DISCLOSED

    def test_only_lines_of_the_schemes_fund_are_offered_with_what_is_available(self, client, db):
        scheme_version(fund="演示专项资金")
        own = funding_line("90000.00", fund="演示专项资金")
        other = funding_line("90000.00", fund="别的资金")
        award = award_at(A.DISCLOSED)
        answer = page(client, award, office().reviewer)
        [form] = [form for offer, form in answer.context["acts"] if offer.name == "approve"]
        assert list(form.fields["funding_line"].queryset) == [own]
        assert "90,000.00" in str(form["funding_line"])
        assert act(client, award, "approve", funding_line=other.pk).status_code == 422


class TestAmountsByHand:
    @pytest.fixture
    def award(self, db):
        return award_at(A.CALCULATED)

    def propose(self, client, award, amount="70000.00", user=None):
        return act(
            client,
            award,
            "override",
            user or office().caseworker,
            amount=amount,
            document_number="演示科函〔2019〕8号",
            reason="核减",
        )

    def test_proposed_and_confirmed(self, client, award):
        assert self.propose(client, award).status_code == 302
        assert set(offered(page(client, award, office().reviewer))) >= {"confirm_override", "reject_override"}
        # Nobody reviews while an amount waits.
        assert offered(page(client, award))["review"] != ()
        assert act(client, award, "confirm_override").status_code == 302
        award.refresh_from_db()
        assert award.amount == Decimal("70000.00")
        answer = page(client, award)
        assert len(answer.context["page"].calculations) == 2
        assert "70,000.00" in answer.content.decode()

    def test_above_the_cap(self, client, award):
        assert self.propose(client, award, "80000.01").status_code == 409
        assert not award.overrides.exists()

    def test_not_confirmed_by_the_calculator_or_the_proposer(self, client, award):
        people = office()
        both = UserFactory(role=Role.CASEWORKER)
        both.groups.add(*people.reviewer.groups.all())
        self.propose(client, award, user=both)
        [why] = offered(page(client, award, both))["confirm_override"]
        answer = act(client, award, "confirm_override", both)
        assert answer.status_code == 403
        assert error_of(answer, "confirm_override") == why
        assert award.overrides.get().state == OverrideState.PROPOSED

    def test_taken_back_by_its_proposer_and_by_no_other_caseworker(self, client, award):
        self.propose(client, award)
        other = UserFactory(role=Role.CASEWORKER)
        assert "reject_override" not in offered(page(client, award, other))
        assert act(client, award, "reject_override", other, reason="x").status_code == 403
        assert "reject_override" in offered(page(client, award, office().caseworker))
        assert act(client, award, "reject_override", reason="填错").status_code == 302
        assert award.overrides.get().state == OverrideState.REJECTED

    def test_a_second_amount_waits_for_the_first(self, client, award):
        self.propose(client, award)
        assert offered(page(client, award))["override"] != ()
        assert self.propose(client, award).status_code == 409

    def test_nothing_waits_any_more(self, client, award):
        propose_override(
            award=award,
            amount=Decimal("1.00"),
            reason="核减",
            document_number="1",
            actor=office().caseworker,
        )
        act(client, award, "reject_override", office().reviewer, reason="不同意")
        answer = act(client, award, "confirm_override", office().reviewer)
        assert answer.status_code == 409
        assert Award.objects.get(pk=award.pk).amount == Decimal("80000.00")


class TestObjections:
    def test_recorded_and_answered(self, client, db):
        award = award_at(A.DISCLOSED)
        raised = {"raised_by": "演示乙公司", "raised_on": "2019-06-10", "text": "研发费用不实"}
        assert act(client, award, "record_objection", office().caseworker, **raised).status_code == 302
        assert offered(page(client, award, office().reviewer))["approve"] != ()
        found = award.objections.get()
        answered = {"objection": found.pk, "outcome": "rejected", "answer": "经核查不属实"}
        assert act(client, award, "answer_objection", **answered).status_code == 302
        found.refresh_from_db()
        assert found.outcome == ObjectionOutcome.REJECTED
        answer = page(client, award)
        assert offered(answer)["approve"] == ()
        assert "answer_objection" not in offered(answer)
        assert "经核查不属实" in answer.content.decode()

    def test_of_another_award_it_is_no_choice(self, client, db):
        award, other = award_at(A.DISCLOSED), award_at(A.DISCLOSED)
        objection(award)
        foreign = objection(other)
        answered = {"objection": foreign.pk, "outcome": "rejected", "answer": "不属实"}
        assert act(client, award, "answer_objection", office().reviewer, **answered).status_code == 422
        foreign.refresh_from_db()
        assert foreign.outcome == ""


class TestNotice:
    def test_a_standing_notice_is_not_issued_again(self, client, cast):
        award = award_at(A.APPROVED)
        organ = notice_organ()
        issue_grant_notice(award=award, organ=organ, actor=office().caseworker)
        assert "issue_notice" not in offered(page(client, award, office().caseworker))
        assert act(client, award, "issue_notice", organ=organ.pk, issued_on="2019-06-30").status_code == 409

    def test_a_delivery_before_the_issue_is_refused(self, client, cast):
        award = award_at(A.APPROVED)
        issue_grant_notice(award=award, organ=notice_organ(), actor=office().caseworker)
        delivery = {"kind": "sent", "delivered_on": "2019-06-29", "receiver": "王某"}
        assert act(client, award, "deliver_notice", office().reviewer, **delivery).status_code == 409


class TestRecovery:
    def test_opened_and_paid_back_in_parts(self, client, db):
        award = award_at(A.PAID)
        assert "open_recovery" not in offered(page(client, award, office().reviewer))
        grant(award.firm, "60000.00", document_date=dt.date(2019, 6, 20))
        assert "open_recovery" in offered(page(client, award))
        assert act(client, award, "open_recovery").status_code == 302
        client.force_login(office().finance)
        parts = [("15000.00", "收据1", A.RECOVERING), ("5000.00", "收据2", A.RECOVERED)]
        for amount, reference, state in parts:
            paid = {"amount": amount, "reference": reference, "on": "2019-06-30"}
            assert act(client, award, "record_repayment", **paid).status_code == 302
            assert state_of(award) == state
        answer = page(client, award)
        found = answer.context["page"]
        assert (found.recovery.due, found.recovery.outstanding) == (Decimal("20000.00"), Decimal("0.00"))
        assert [entry.document_number for entry in found.repayments] == ["收据1", "收据2"]

    def test_what_the_region_gave_again_is_not_asked_back_and_the_recovery_is_closed(self, client, db):
        award = award_at(A.PAID)
        grant(award.firm, "60000.00", document_date=dt.date(2019, 6, 20))
        act(client, award, "open_recovery", office().reviewer)
        assert act(client, award, "close_recovery", office().reviewer, reason="误").status_code == 409
        grant(award.firm, "80000.00", document_date=dt.date(2019, 6, 25))
        assert "record_repayment" not in offered(page(client, award, office().finance))
        assert act(client, award, "close_recovery", reason="自治区恢复原金额").status_code == 302
        assert state_of(award) == A.RECOVERED

    def test_more_than_is_outstanding(self, client, db):
        award = award_at(A.PAID)
        grant(award.firm, "60000.00", document_date=dt.date(2019, 6, 20))
        act(client, award, "open_recovery", office().reviewer)
        paid = {"amount": "20000.01", "reference": "收据1", "on": "2019-06-30"}
        assert act(client, award, "record_repayment", office().finance, **paid).status_code == 409
        assert not award.entries.filter(kind="recovered").exists()
