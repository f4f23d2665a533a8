"""Bulk acts in the browser: chosen, told, confirmed, told again; nothing before the confirmation and nothing twice."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core import signing
from django.urls import reverse

from config.common.clock import fixed
from cultivation.enums import Role
from cultivation.models import DisclosurePeriod, RefusedAttempt
from subsidies.enums import AwardState
from subsidies.models import Award, AwardEvent
from subsidies.services import bulk
from subsidies.services.awards import send_back_award
from tests.factories import UserFactory
from tests.subsidies.factories import award_at, funding_line, grant, office

A = AwardState
LIST = reverse("subsidies:awards")
OUTCOME = reverse("subsidies:awards_outcome")


@pytest.fixture(autouse=True)
def today():
    with fixed(dt.date(2019, 6, 30)):
        yield


def url(action: str) -> str:
    return reverse("subsidies:awards_bulk", kwargs={"action": action})


def confirm_url(action: str) -> str:
    return reverse("subsidies:awards_bulk_confirm", kwargs={"action": action})


def told(client, action, *awards, **answers):
    """The pre-flight of these awards."""
    data = {"awards": [award.pk for award in awards], "told": "1", **answers}
    return client.post(url(action), data)


def states(*awards) -> list[str]:
    found = Award.objects.in_bulk([award.pk for award in awards])
    return [found[award.pk].state for award in awards]


def codes(answer) -> list[str]:
    return [line.outcome.code for line in answer.context["lines"]]


class TestApproving:
    @pytest.fixture
    def line(self, db):
        return funding_line("100000.00")

    @pytest.fixture
    def awards(self, line):
        return [
            award_at(A.DISCLOSED, amount="60000.00"),
            award_at(A.DISCLOSED, amount="50000.00"),
            award_at(A.REVIEWED, amount="10000.00"),
            award_at(A.DISCLOSED, amount="40000.00"),
        ]

    def test_asks_for_the_line_first(self, client, line, awards):
        client.force_login(office().reviewer)
        answer = client.post(url("approve"), {"awards": [award.pk for award in awards]})
        assert answer.status_code == 200
        assert not answer.context["form"].is_bound
        assert "lines" not in answer.context
        assert "100,000.00" in answer.content.decode()

    def test_a_line_that_was_not_chosen_is_asked_for_again(self, client, line, awards):
        client.force_login(office().reviewer)
        answer = told(client, "approve", *awards)
        assert answer.status_code == 422
        assert answer.context["form"].errors["funding_line"]

    def test_the_whole_way(self, client, line, awards):
        client.force_login(office().reviewer)
        before = AwardEvent.objects.count()
        answer = told(client, "approve", *awards, funding_line=line.pk)
        assert codes(answer) == ["", "overdrawn", "disclosure_missing", ""]
        assert (answer.context["done"], answer.context["done_amount"]) == (2, Decimal("100000.00"))
        assert (answer.context["refused"], answer.context["refused_amount"]) == (2, Decimal("60000.00"))
        assert answer.context["rehearsal"].available_after == 0
        assert AwardEvent.objects.count() == before
        assert states(*awards) == [A.DISCLOSED, A.DISCLOSED, A.REVIEWED, A.DISCLOSED]
        assert not RefusedAttempt.objects.exists()

        done = client.post(confirm_url("approve"), {"plan": answer.context["plan"]})
        assert done["Location"] == OUTCOME
        assert states(*awards) == [A.APPROVED, A.DISCLOSED, A.REVIEWED, A.APPROVED]
        outcome = client.get(OUTCOME)
        assert codes(outcome) == codes(answer)
        assert [line.outcome.message for line in outcome.context["lines"]] == [
            line.outcome.message for line in answer.context["lines"]
        ]
        line.refresh_from_db()
        assert line.committed == Decimal("100000.00")

    def test_a_second_click_does_nothing_twice_and_says_so(self, client, line, awards):
        client.force_login(office().reviewer)
        plan = told(client, "approve", *awards, funding_line=line.pk).context["plan"]
        client.post(confirm_url("approve"), {"plan": plan})
        events = AwardEvent.objects.count()
        client.post(confirm_url("approve"), {"plan": plan})
        assert AwardEvent.objects.count() == events
        outcome = client.get(OUTCOME)
        assert (outcome.context["done"], outcome.context["done_before"], outcome.context["refused"]) == (
            0,
            2,
            2,
        )
        line.refresh_from_db()
        assert line.committed == Decimal("100000.00")

    def test_what_the_preflight_refused_is_not_tried_even_if_it_could_be_done_by_then(
        self, client, line, awards
    ):
        client.force_login(office().reviewer)
        other = funding_line("0.00")
        answer = told(client, "approve", awards[0], funding_line=other.pk)
        assert codes(answer) == ["overdrawn"]
        assert confirm_url("approve") not in answer.content.decode()
        assert client.post(confirm_url("approve"), {"plan": answer.context["plan"]}).status_code == 409
        assert states(awards[0]) == [A.DISCLOSED]


class TestOthers:
    def test_review_needs_no_answers_and_is_told_at_once(self, client, db):
        awards = [award_at(A.CALCULATED), award_at(A.AWAITING_BASIS)]
        client.force_login(office().reviewer)
        answer = client.post(url("review"), {"awards": [award.pk for award in awards]})
        assert codes(answer) == ["", "wrong_state"]
        client.post(confirm_url("review"), {"plan": answer.context["plan"]})
        assert states(*awards) == [A.REVIEWED, A.AWAITING_BASIS]

    def test_a_stale_award_is_told_row_by_row(self, client, db):
        awards = [award_at(A.CALCULATED), award_at(A.CALCULATED)]
        client.force_login(office().reviewer)
        plan = told(client, "review", *awards).context["plan"]
        send_back_award(award=awards[0], actor=office().caseworker, reason="重算")
        client.post(confirm_url("review"), {"plan": plan})
        assert codes(client.get(OUTCOME)) == ["changed_meanwhile", ""]
        assert states(*awards) == [A.AWAITING_BASIS, A.REVIEWED]

    def test_calculate_and_disclose_and_send_back(self, client, db):
        awards = [award_at(A.AWAITING_BASIS) for _ in range(2)]
        for award in awards:
            grant(award.firm)
        client.force_login(office().caseworker)
        for action, answers, state in (
            ("calculate", {}, A.CALCULATED),
            ("send_back", {"reason": "核对金额"}, A.AWAITING_BASIS),
            ("calculate", {}, A.CALCULATED),
        ):
            plan = told(client, action, *awards, **answers).context["plan"]
            client.post(confirm_url(action), {"plan": plan})
            assert states(*awards) == [state, state]
        client.force_login(office().reviewer)
        client.post(confirm_url("review"), {"plan": told(client, "review", *awards).context["plan"]})
        client.force_login(office().caseworker)
        answers = {"place": "门户网站", "published_on": "2019-06-28"}
        answer = told(client, "disclose", *awards, **answers)
        assert not DisclosurePeriod.objects.exists()
        client.post(confirm_url("disclose"), {"plan": answer.context["plan"]})
        assert DisclosurePeriod.objects.get().awards.count() == 2

    def test_a_round_in_the_future_is_refused_for_each(self, client, db):
        award = award_at(A.REVIEWED)
        client.force_login(office().caseworker)
        answer = told(client, "disclose", award, place="门户网站", published_on="2019-07-05")
        assert codes(answer) == ["published_in_future"]
        assert not answer.context["done"]

    def test_sending_back_wants_a_reason(self, client, db):
        client.force_login(office().caseworker)
        assert told(client, "send_back", award_at(A.CALCULATED), reason=" ").status_code == 422

    def test_four_eyes_hold_in_bulk(self, client, db):
        both = UserFactory(role=Role.CASEWORKER)
        both.groups.add(office().reviewer.groups.get())
        own, other = award_at(A.AWAITING_BASIS), award_at(A.CALCULATED)
        grant(own.firm)
        client.force_login(both)
        for action, chosen in (("calculate", [own]), ("review", [own, other])):
            answer = told(client, action, *chosen)
            client.post(confirm_url(action), {"plan": answer.context["plan"]})
        assert codes(answer) == ["second_person", ""]
        assert states(own, other) == [A.CALCULATED, A.REVIEWED]


class TestChoosing:
    def test_all_that_match_and_are_in_a_state_for_the_act(self, client, db):
        calculated = [award_at(A.CALCULATED) for _ in range(2)]
        award_at(A.AWAITING_BASIS)
        client.force_login(office().reviewer)
        answer = client.post(url("review"), {"all": "1"})
        assert [line.award for line in answer.context["lines"]] == calculated
        one = client.post(f"{url('review')}?q={calculated[1].firm.credit_code}", {"all": "1"})
        assert [line.award for line in one.context["lines"]] == [calculated[1]]

    def test_more_than_the_bound_is_refused(self, client, db, monkeypatch):
        monkeypatch.setattr(bulk, "MOST", 1)
        awards = [award_at(A.CALCULATED) for _ in range(2)]
        client.force_login(office().reviewer)
        for data in ({"all": "1"}, {"awards": [award.pk for award in awards]}):
            answer = client.post(url("review"), data)
            assert answer.status_code == 409
            assert answer.context["fault"]

    @pytest.mark.parametrize("keys", [[], ["x"], ["-1"], ["9" * 30], ["999999"]])
    def test_nothing_chosen_is_said_on_the_list(self, client, cast, keys):
        client.force_login(cast.reviewer)
        answer = client.post(f"{url('review')}?state=calculated", {"awards": keys})
        assert answer.status_code == 409
        assert answer.context["wanted"].state == "calculated"

    @pytest.mark.parametrize(
        ("action", "role", "status"),
        [
            ("approve", Role.CASEWORKER, 403),
            ("calculate", Role.REVIEWER, 403),
            ("review", Role.FINANCE, 403),
            ("send_back", Role.AUDITOR, 403),
            ("review", Role.ADMINISTRATOR, 403),
            ("pay", Role.REVIEWER, 404),
            ("nothing", Role.REVIEWER, 404),
        ],
    )
    def test_acts_of_other_roles_are_closed(self, client, cast, action, role, status):
        client.force_login(cast.of_role(role))
        assert client.post(url(action), {"all": "1"}).status_code == status
        assert client.post(confirm_url(action)).status_code == status


class TestPlan:
    @pytest.fixture
    def plan(self, client, db):
        client.force_login(office().reviewer)
        return told(client, "review", award_at(A.CALCULATED)).context["plan"]

    def refused(self, client, plan, action="review"):
        answer = client.post(confirm_url(action), {"plan": plan})
        return answer.status_code == 409 and states(Award.objects.get()) == [A.CALCULATED]

    def test_only_one_signed_here_is_confirmed(self, client, plan):
        assert self.refused(client, "")
        assert self.refused(client, plan[:-2])
        assert self.refused(client, signing.dumps({"by": office().reviewer.pk}, salt="other"))

    def test_not_another_act_and_not_another_persons(self, client, plan):
        assert self.refused(client, plan, action="send_back")
        client.force_login(UserFactory(role=Role.REVIEWER))
        assert self.refused(client, plan)

    def test_not_an_old_one(self, client, plan, monkeypatch):
        monkeypatch.setattr("subsidies.views.bulk_plans._VALID_SECONDS", -1)
        assert self.refused(client, plan)

    def test_without_an_act_there_is_no_outcome(self, client, plan):
        assert client.get(OUTCOME)["Location"] == LIST
