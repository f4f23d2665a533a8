"""Standing in for a colleague: with a first and a last day, and never a way round the four eyes."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import Delegation, RefusedAttempt, User
from cultivation.permissions import require_second_person
from cultivation.services.delegations import end_delegation, grant_delegation
from tests.factories import division
from tests.people import person

MONDAY, FRIDAY = dt.date(2019, 7, 1), dt.date(2019, 7, 5)


@pytest.fixture(autouse=True)
def _monday():
    with clock.fixed(MONDAY):
        yield


def fresh(user: User) -> User:
    """As the next request sees the person."""
    return User.objects.get(pk=user.pk)


def lend(cast, **changes) -> Delegation:
    wanted = {
        "principal": cast.reviewer,
        "delegate": cast.caseworker2,
        "role": Role.REVIEWER,
        "starts_on": MONDAY,
        "ends_on": FRIDAY,
        "reason": "年休假",
        "actor": cast.reviewer,
    }
    return grant_delegation(**{**wanted, **changes})


class TestRole:
    @pytest.mark.parametrize(
        ("day", "held"),
        [(-1, False), (0, True), (4, True), (5, False)],
    )
    def test_is_held_from_the_first_through_the_last_day(self, cast, day, held):
        lend(cast)
        with clock.fixed(MONDAY + dt.timedelta(days=day)):
            assert fresh(cast.caseworker2).has_role(Role.REVIEWER) == held

    def test_goes_with_the_principals_own(self, cast):
        lend(cast)
        cast.reviewer.groups.clear()
        assert not fresh(cast.caseworker2).has_role(Role.REVIEWER)

    def test_goes_when_the_principal_leaves(self, cast):
        lend(cast)
        User.objects.filter(pk=cast.reviewer.pk).update(is_active=False)
        assert not fresh(cast.caseworker2).has_role(Role.REVIEWER)

    def test_cannot_be_handed_on_further(self, cast):
        lend(cast)
        with pytest.raises(Refused) as refusal:
            lend(cast, principal=cast.caseworker2, delegate=cast.caseworker, actor=cast.caseworker2)
        assert refusal.value.code == "role_not_held"

    def test_is_asked_in_one_query(self, cast, django_assert_num_queries):
        lend(cast)
        user = fresh(cast.caseworker2)
        with django_assert_num_queries(1):
            assert user.roles == {Role.CASEWORKER, Role.REVIEWER}


class TestFourEyes:
    def at(self, day: dt.date) -> dt.datetime:
        with clock.fixed(day):
            return clock.now()

    def test_a_delegate_counts_as_both_persons(self, cast):
        lend(cast)
        for one, other in ((cast.reviewer, cast.caseworker2), (cast.caseworker2, cast.reviewer)):
            with pytest.raises(NotAllowed) as refusal:
                require_second_person(fresh(one), other, self.at(MONDAY))
            assert refusal.value.code == "second_person"

    def test_what_was_done_as_a_delegate_stays_the_principals(self, cast):
        lend(cast)
        with clock.fixed(FRIDAY + dt.timedelta(days=30)), pytest.raises(NotAllowed):
            require_second_person(fresh(cast.reviewer), cast.caseworker2, self.at(FRIDAY))

    def test_before_and_after_they_are_two(self, cast):
        lend(cast)
        later = FRIDAY + dt.timedelta(days=1)
        with clock.fixed(later):
            require_second_person(fresh(cast.reviewer), cast.caseworker2, self.at(later))
            require_second_person(
                fresh(cast.reviewer), cast.caseworker2, self.at(MONDAY - dt.timedelta(days=1))
            )

    def test_a_third_person_is_free(self, cast):
        lend(cast)
        require_second_person(fresh(cast.caseworker), cast.caseworker2, self.at(MONDAY))

    def test_two_who_stand_in_for_one_colleague_are_not_two_for_that_colleague(self, cast):
        """Each acts as the reviewer too: what one did, the other would confirm in the same name."""
        lend(cast)
        lend(cast, delegate=cast.caseworker)
        for one, other in ((cast.caseworker, cast.caseworker2), (cast.caseworker2, cast.caseworker)):
            with pytest.raises(NotAllowed):
                require_second_person(fresh(one), other, self.at(MONDAY))
        with clock.fixed(FRIDAY + dt.timedelta(days=3)):
            require_second_person(fresh(cast.caseworker), cast.caseworker2, clock.now())

    def test_who_stood_in_at_another_time_is_free(self, cast):
        lend(cast)
        later = FRIDAY + dt.timedelta(days=3)
        lend(cast, delegate=cast.caseworker, starts_on=later, ends_on=later)
        with clock.fixed(later):
            require_second_person(fresh(cast.caseworker), cast.caseworker2, self.at(MONDAY))

    def test_an_early_end_frees_from_the_next_day_on(self, cast):
        delegation = lend(cast)
        end_delegation(delegation=delegation, actor=cast.reviewer)
        assert not fresh(cast.caseworker2).has_role(Role.REVIEWER)
        with pytest.raises(NotAllowed):
            require_second_person(fresh(cast.reviewer), cast.caseworker2, self.at(MONDAY))
        with clock.fixed(FRIDAY):
            require_second_person(fresh(cast.reviewer), cast.caseworker2, self.at(FRIDAY))


class TestGranting:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"role": Role.FIRM}, "role_not_delegable"),
            ({"role": Role.ADMINISTRATOR}, "role_not_delegable"),
            ({"role": Role.FINANCE}, "role_not_held"),
            ({"starts_on": MONDAY - dt.timedelta(days=1)}, "span_wrong"),
            ({"ends_on": MONDAY - dt.timedelta(days=1)}, "span_wrong"),
            ({"reason": "  "}, "reason_missing"),
        ],
    )
    def test_refuses_what_cannot_be(self, cast, changes, code):
        with pytest.raises(Refused) as refusal:
            lend(cast, **changes)
        assert refusal.value.code == code
        assert not Delegation.objects.exists()

    @pytest.mark.parametrize("name", ["firm", "auditor", "administrator", "reviewer"])
    def test_only_a_colleague_of_the_office_stands_in(self, cast, name):
        with pytest.raises(Refused) as refusal:
            lend(cast, delegate=getattr(cast, name))
        assert refusal.value.code == "delegate_unfit"

    def test_nobody_grants_for_another_but_the_administrator(self, cast):
        with pytest.raises(NotAllowed):
            lend(cast, actor=cast.caseworker)
        assert RefusedAttempt.objects.filter(action="grant_delegation").count() == 1
        assert lend(cast, actor=cast.administrator).granted_by == cast.administrator

    def test_a_county_is_stood_in_for_by_the_county(self, cast):
        stranger = person("stranger", Role.COUNTY, division=division("tianyang"))
        wanted = {"principal": cast.county, "role": Role.COUNTY, "actor": cast.county}
        with pytest.raises(Refused) as refusal:
            lend(cast, delegate=stranger, **wanted)
        assert refusal.value.code == "other_division"
        neighbour = person("neighbour", Role.COUNTY, division=cast.county.division)
        assert lend(cast, delegate=neighbour, **wanted)

    def test_the_same_days_are_delegated_once(self, cast):
        lend(cast)
        with pytest.raises(Refused) as refusal:
            lend(cast, starts_on=FRIDAY, ends_on=FRIDAY + dt.timedelta(days=7))
        assert refusal.value.code == "delegation_exists"

    def test_the_database_refuses_oneself_and_a_span_that_runs_backwards(self, cast):
        row = Delegation(
            principal=cast.reviewer,
            delegate=cast.reviewer,
            role=Role.REVIEWER,
            starts_on=MONDAY,
            ends_on=FRIDAY,
            reason="x",
            granted_by=cast.reviewer,
        )
        with pytest.raises(IntegrityError, match="nobody_stands_in_for_themselves"), transaction.atomic():
            row.save()
        row.delegate, row.ends_on = cast.caseworker, MONDAY - dt.timedelta(days=1)
        with pytest.raises(IntegrityError, match="delegation_ends_after_it_begins"), transaction.atomic():
            row.save()


class TestEnding:
    def test_only_the_two_and_the_administrator(self, cast):
        delegation = lend(cast)
        with pytest.raises(NotAllowed):
            end_delegation(delegation=delegation, actor=cast.caseworker)
        assert end_delegation(delegation=delegation, actor=cast.caseworker2).ended_by == cast.caseworker2

    def test_once(self, cast):
        delegation = lend(cast)
        end_delegation(delegation=delegation, actor=cast.administrator)
        with pytest.raises(Refused) as refusal:
            end_delegation(delegation=delegation, actor=cast.administrator)
        assert refusal.value.code == "delegation_over"


class TestPage:
    URL = "/delegations/"

    def posted(self, cast, **changes):
        return {
            "principal": cast.reviewer.pk,
            "delegate": cast.caseworker2.pk,
            "role": Role.REVIEWER.value,
            "starts_on": "2019-07-01",
            "ends_on": "2019-07-05",
            "reason": "年休假",
            **changes,
        }

    def test_grants_and_ends(self, cast, client):
        client.force_login(cast.reviewer)
        assert client.post(self.URL, self.posted(cast)).status_code == 302
        delegation = Delegation.objects.get()
        page = client.get(self.URL)
        assert reverse("cultivation:delegation_end", kwargs={"pk": delegation.pk}) in page.content.decode()
        ending = reverse("cultivation:delegation_end", kwargs={"pk": delegation.pk})
        assert client.post(ending).status_code == 302
        delegation.refresh_from_db()
        assert delegation.ended_by == cast.reviewer
        assert client.post(ending).status_code == 409

    def test_keeps_what_was_typed_when_it_is_refused(self, cast, client):
        client.force_login(cast.reviewer)
        answer = client.post(self.URL, self.posted(cast, ends_on="2019-06-01"))
        assert answer.status_code == 409
        assert "年休假" in answer.content.decode()
        assert client.post(self.URL, self.posted(cast, ends_on="soon")).status_code == 422

    def test_a_person_names_no_other_principal(self, cast, client):
        client.force_login(cast.caseworker)
        assert client.post(self.URL, self.posted(cast)).status_code == 422
        assert not Delegation.objects.exists()

    def test_another_persons_delegation_does_not_exist(self, cast, client):
        delegation = lend(cast)
        client.force_login(cast.finance)
        answer = client.post(reverse("cultivation:delegation_end", kwargs={"pk": delegation.pk}))
        assert answer.status_code == 404

    def test_the_auditor_reads_all_and_grants_none(self, cast, client):
        lend(cast)
        client.force_login(cast.auditor)
        assert client.get(self.URL).context["rows"].count() == 1
        assert client.post(self.URL, self.posted(cast)).status_code == 403
