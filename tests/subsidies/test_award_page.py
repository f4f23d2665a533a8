"""The page of one award: what it shows to whom, and which acts it offers or says are blocked."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.urls import reverse

from config.common.clock import fixed
from cultivation.enums import Role
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.services.disclosure import disclose_awards
from tests.factories import UserFactory
from tests.people import person
from tests.subsidies.award_pages import act, error_of, objection, offered, page, state_of
from tests.subsidies.factories import award_at, grant, office, scheme_version
from tests.subsidies.paying import desk

A = AwardState
TODAY = dt.date(2019, 6, 30)


@pytest.fixture(autouse=True)
def today():
    with fixed(TODAY):
        yield


class TestReading:
    @pytest.mark.parametrize("role", [Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR])
    def test_the_office_reads_an_award_with_everything_behind_it(self, client, db, role):
        award = award_at(A.PAID)
        answer = page(client, award, person("reader", role))
        assert answer.status_code == 200
        text = answer.content.decode()
        for told in (
            award.number,
            award.firm.name,
            award.accreditation.certificate_number,
            "80,000.00",
            "捌万元整",
            award.calculation.sha256,
            "市级奖励性补助金额为80000.00元。",
            award.version.basis.document_number,
            award.regional_award.document.policy.document_number,
            str(office().caseworker),
            str(award.funding_line),
        ):
            assert told in text, told
        assert [step.by for step in answer.context["steps"]] == [
            office().caseworker,
            office().caseworker,
            office().reviewer,
            office().caseworker,
            office().reviewer,
            office().finance,
            office().finance,
        ]

    @pytest.mark.parametrize("role", [Role.FIRM, Role.COUNTY, Role.ADMINISTRATOR])
    def test_nobody_else_does(self, client, db, role):
        award = award_at(A.CALCULATED)
        extra = {"firm": award.firm} if role is Role.FIRM else {}
        assert page(client, award, person("stranger", role, **extra)).status_code == 403

    def test_an_award_that_does_not_exist(self, client, db):
        client.force_login(office().caseworker)
        for url in (
            reverse("subsidies:award", args=[4711]),
            reverse("subsidies:award_calculation", args=[4711, 1]),
        ):
            assert client.get(url).status_code == 404
        assert client.post(reverse("subsidies:award_act", args=[4711, "freeze"])).status_code == 404

    def test_an_act_that_does_not_exist_or_is_not_done_on_one_award(self, client, db):
        award = award_at(A.CALCULATED)
        client.force_login(office().caseworker)
        for action in ("dance", "propose", "pay"):
            url = reverse("subsidies:award_act", args=[award.pk, action])
            assert client.post(url).status_code == 404

    def test_an_auditor_is_offered_nothing(self, client, db):
        for state in A:
            assert offered(page(client, award_at(state), person(f"auditor-{state}", Role.AUDITOR))) == {}

    def test_every_page_of_every_state_can_be_shown_to_everybody(self, client, db):
        people = office()
        for state in A:
            award = award_at(state)
            for user in (people.caseworker, people.reviewer, people.finance):
                assert page(client, award, user).status_code == 200, state

    def test_who_may_see_whose_contact(self, client, db):
        award = award_at(A.DISCLOSED)
        objection(award, contact="13800000000")
        assert "13800000000" in page(client, award, office().reviewer).content.decode()
        assert "13800000000" not in page(client, award, office().finance).content.decode()

    def test_lists_are_linked_for_those_who_may_open_them(self, client, cast):
        paying = desk(cast)
        released = paying.released()
        link = reverse("subsidies:payment_list", args=[released.number])
        award = paying.awards[0]
        assert link in page(client, award, cast.finance).content.decode()
        text = page(client, award, cast.caseworker).content.decode()
        assert released.number in text
        assert link not in text


class TestOffers:
    """Only what the person's roles open; blocked acts say why."""

    @pytest.mark.parametrize(
        ("state", "caseworker", "reviewer"),
        [
            (
                A.CALCULATED,
                {"override", "send_back", "freeze", "revoke"},
                {"review", "send_back", "freeze", "revoke"},
            ),
            (A.REVIEWED, {"disclose", "send_back", "freeze", "revoke"}, {"send_back", "freeze", "revoke"}),
            (
                A.DISCLOSED,
                {"record_objection", "send_back", "freeze", "revoke"},
                {"record_objection", "approve", "send_back", "freeze", "revoke"},
            ),
            (
                A.APPROVED,
                {"issue_notice", "send_back", "freeze", "revoke"},
                {"issue_notice", "send_back", "freeze", "revoke"},
            ),
            (A.LISTED, {"issue_notice"}, {"issue_notice"}),
            (A.PAID, {"issue_notice"}, {"issue_notice"}),
            (A.FROZEN, {"unfreeze", "revoke"}, {"unfreeze", "revoke"}),
            (A.REVOKED, set(), set()),
            # Nothing is due by the records of this one.
            (A.RECOVERING, {"close_recovery"}, {"close_recovery"}),
            (A.RECOVERED, set(), set()),
        ],
    )
    def test_by_state(self, client, db, state, caseworker, reviewer):
        award = award_at(state)
        assert set(offered(page(client, award, office().caseworker))) == caseworker
        assert set(offered(page(client, award, office().reviewer))) == reviewer

    def test_finance_is_offered_what_ends_a_recovery_alone(self, client, db):
        for state in A:
            award = award_at(state)
            found = set(offered(page(client, award, office().finance)))
            assert found == ({"close_recovery"} if state is A.RECOVERING else set()), state
            if state is A.RECOVERING:
                grant(award.firm, "60000.00")
                assert set(offered(page(client, award, office().finance))) == {"record_repayment"}

    def test_what_is_offered_open_is_done_and_what_is_blocked_is_refused(self, client, db):
        """The page tells what the services enforce: calculator, disclosure, objection."""
        both = UserFactory(role=Role.CASEWORKER)
        both.groups.add(*office().reviewer.groups.all())
        scheme_version()
        award = award_at(A.AWAITING_BASIS)
        grant(award.firm)
        assert offered(page(client, award, both))["calculate"] == ()
        act(client, award, "calculate", both)
        assert state_of(award) == A.CALCULATED
        [why] = offered(page(client, award, both))["review"]
        assert "calculated" in why or "计算" in why
        answer = act(client, award, "review", both)
        assert answer.status_code == 403
        assert state_of(award) == A.CALCULATED
        assert error_of(answer, "review") == why

    def test_a_calculation_that_is_not_possible_says_why(self, client, db):
        award = award_at(A.AWAITING_BASIS)
        answer = page(client, award, office().caseworker)
        assert len(offered(answer)["calculate"]) == 1

    def test_a_calculation_that_is_possible_says_what_it_would_come_to(self, client, db):
        award = award_at(A.AWAITING_BASIS)
        grant(award.firm, "80000.00")
        answer = page(client, award, office().caseworker)
        [hint] = [offer.hint for offer, _form in answer.context["acts"] if offer.name == "calculate"]
        assert "80,000.00" in hint

    def test_a_later_document_asks_for_a_word_and_blocks_nothing(self, client, db):
        award = award_at(A.AWAITING_BASIS)
        grant(award.firm, "80000.00")
        grant(award.firm, "60000.00", document_date=dt.date(2019, 6, 1))
        answer = page(client, award, office().caseworker)
        [offer] = [offer for offer, _form in answer.context["acts"] if offer.name == "calculate"]
        assert offer.blocked_by == ()
        assert "60000.00" in offer.hint
        assert act(client, award, "calculate").status_code == 409
        assert act(client, award, "calculate", reason="以更正文件为准").status_code == 302
        assert Award.objects.get(pk=award.pk).amount == Decimal("60000.00")

    def test_a_running_disclosure_blocks_the_approval_and_tells_the_days_left(self, client, db):
        award = award_at(A.REVIEWED)
        disclose_awards(
            awards=[award], actor=office().caseworker, place="公示网", published_on=dt.date(2019, 6, 28)
        )
        answer = page(client, award, office().reviewer)
        assert len(offered(answer)["approve"]) == 1
        assert not answer.context["page"].disclosure.is_over
        assert answer.context["page"].disclosure.days_left == 10

    def test_every_reason_is_told_at_once(self, client, db):
        award = award_at(A.REVIEWED)
        disclose_awards(
            awards=[award], actor=office().caseworker, place="公示网", published_on=dt.date(2019, 6, 28)
        )
        objection(award, raised_on=TODAY)
        assert len(offered(page(client, award, office().reviewer))["approve"]) == 2

    def test_without_required_disclosure_a_reviewed_award_can_be_approved(self, client, db):
        scheme_version(disclosure_required=False, disclosure_source="演示科〔2019〕1号第5条")
        award = award_at(A.REVIEWED)
        assert offered(page(client, award, office().reviewer))["approve"] == ()


class TestQueries:
    def test_they_do_not_grow_with_the_history(self, client, db, django_assert_max_num_queries):
        people = office()
        award = award_at(A.CALCULATED)
        client.force_login(people.reviewer)

        def count():
            with django_assert_max_num_queries(60) as captured:
                page(client, award)
            return len(captured)

        before = count()
        for number in range(5):
            act(
                client,
                award,
                "override",
                people.caseworker,
                amount=f"{number + 1}.00",
                document_number="1",
                reason="x",
            )
            act(client, award, "reject_override", people.reviewer, reason="不同意")
        for _again in range(3):
            act(client, award, "send_back", people.reviewer, reason="重算")
            act(client, award, "calculate", people.caseworker)
        client.force_login(people.reviewer)
        assert count() == before


def test_links_lead_to_the_award(client, cast):
    paying = desk(cast)
    released = paying.released()
    award = paying.awards[0]
    link = reverse("subsidies:award", args=[award.pk])
    pages = [
        reverse("subsidies:awards"),
        reverse("subsidies:payment_list", args=[released.number]),
        reverse("subsidies:funding_line", args=[award.funding_line_id]),
        reverse("subsidies:revocation", args=[award.accreditation_id]),
        reverse("subsidies:firm_awards", args=[award.firm_id]),
    ]
    client.force_login(cast.finance)
    for url in pages:
        assert re.search(rf'href="{link}"', client.get(url).content.decode()), url


def test_a_firm_and_a_county_get_no_link_that_is_closed_to_them(client, db):
    award = award_at(A.PAID)
    client.force_login(person("own", Role.FIRM, firm=award.firm))
    text = client.get(reverse("subsidies:firm_awards", args=[award.firm_id])).content.decode()
    assert award.number in text
    assert reverse("subsidies:award", args=[award.pk]) + '"' not in text
