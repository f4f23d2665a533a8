"""What a revocation does to awards: frozen, asked back, left to finance; pages, command, and the check of the records."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.urls import reverse

from config.common.errors import NotAllowed, Refused
from cultivation.enums import RevocationCause, Role
from cultivation.services.determinations import revoke_accreditation
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.rules.revocation import Consequence, consequence_for, reaches
from subsidies.selectors.recovery import recovery_of
from subsidies.selectors.revocations import reached_awards
from subsidies.services.awards import review_award
from subsidies.services.freezing import unfreeze_award
from subsidies.services.revocations import apply_revocations
from subsidies.services.verification import verify_records
from tests.factories import AccreditationFactory, UserFactory
from tests.subsidies.factories import award_at, office
from tests.subsidies.paying import desk

pytestmark = pytest.mark.django_db

UNPAID = (
    AwardState.AWAITING_BASIS,
    AwardState.AWAITING_POLICY,
    AwardState.CALCULATED,
    AwardState.REVIEWED,
    AwardState.DISCLOSED,
    AwardState.APPROVED,
)


def revoke(certificate, act_year=2018, revoked_on=dt.date(2019, 6, 3)):
    return revoke_accreditation(
        accreditation=certificate,
        revoked_on=revoked_on,
        act_year=act_year,
        cause=RevocationCause.FRAUD,
        document="演示撤〔2019〕1号",
        actor=office().caseworker,
    )


def apply(**options):
    return apply_revocations(actor=office().caseworker, **options)


def state_of(award):
    return Award.objects.values_list("state", flat=True).get(pk=award.pk)


def problems():
    return {problem.record: problem.code for problem in verify_records().problems}


class TestRule:
    @pytest.mark.parametrize(
        ("act_year", "issued_on", "reached"),
        [
            (2017, dt.date(2018, 11, 28), True),
            (2018, dt.date(2018, 1, 1), True),
            (2019, dt.date(2018, 12, 31), False),
            (2018, dt.date(2019, 6, 3), True),
            (2018, dt.date(2019, 6, 4), False),
        ],
    )
    def test_edge_case_23_reaches_from_the_year_of_the_act_to_the_decision(
        self, act_year, issued_on, reached
    ):
        assert reaches(act_year, dt.date(2019, 6, 3), issued_on) is reached

    def test_every_state_has_a_consequence(self):
        found = {state: consequence_for(state) for state in AwardState}
        assert {state for state, what in found.items() if what is Consequence.FREEZE} == set(UNPAID)
        assert found[AwardState.PAID] is Consequence.RECOVER
        assert found[AwardState.LISTED] is Consequence.WAIT_FOR_LIST


class TestApplying:
    @pytest.mark.parametrize("state", UNPAID)
    def test_edge_case_23_an_unpaid_award_freezes(self, state):
        award = award_at(state)
        revoke(award.accreditation)
        assert apply().frozen == (award.number,)
        assert state_of(award) == AwardState.FROZEN
        assert "演示撤〔2019〕1号" in award.events.order_by("-number").first().reason

    def test_edge_case_23_a_paid_award_is_asked_back_in_full(self):
        award = award_at(AwardState.PAID)
        revoke(award.accreditation)
        assert apply().recovering == (award.number,)
        assert state_of(award) == AwardState.RECOVERING
        assert recovery_of(Award.objects.get(pk=award.pk)).due == Decimal("80000.00")

    def test_an_award_on_a_list_is_named_and_left_to_finance(self):
        award = award_at(AwardState.LISTED)
        revoke(award.accreditation)
        assert apply().on_list == (award.number,)
        assert state_of(award) == AwardState.LISTED

    def test_edge_case_23_an_act_after_the_accreditation_leaves_its_award(self):
        award = award_at(AwardState.PAID)
        revoke(award.accreditation, act_year=2019)
        report = apply()
        assert (report.frozen, report.recovering) == ((), ())
        assert state_of(award) == AwardState.PAID

    def test_edge_case_23_the_award_for_another_accreditation_of_these_years_is_reached_too(self):
        award = award_at(AwardState.PAID, issued_on=dt.date(2018, 11, 28))
        earlier = AccreditationFactory(
            firm=award.firm, issued_on=dt.date(2016, 11, 30), last_day=dt.date(2019, 11, 29)
        )
        revoke(earlier, act_year=2018)
        assert apply().recovering == (award.number,)

    def test_what_the_firm_is_granted_after_the_decision_stands(self):
        award = award_at(AwardState.APPROVED, issued_on=dt.date(2018, 11, 28))
        earlier = AccreditationFactory(
            firm=award.firm, issued_on=dt.date(2016, 1, 4), last_day=dt.date(2019, 1, 3)
        )
        revoke(earlier, act_year=2017, revoked_on=dt.date(2018, 6, 1))
        assert reached_awards() == []

    def test_again_changes_nothing(self):
        awards = [award_at(AwardState.APPROVED), award_at(AwardState.PAID)]
        for award in awards:
            revoke(award.accreditation)
        apply()
        before = list(Award.objects.order_by("pk").values())
        again = apply()
        assert (again.frozen, again.recovering) == ((), ())
        assert set(again.done_before) == {award.number for award in awards}
        assert list(Award.objects.order_by("pk").values()) == before

    def test_a_dry_run_says_the_same_and_does_nothing(self):
        award = award_at(AwardState.APPROVED)
        revoke(award.accreditation)
        assert apply(dry_run=True).frozen == (award.number,)
        assert state_of(award) == AwardState.APPROVED

    def test_of_one_certificate_alone(self):
        one, other = award_at(AwardState.APPROVED), award_at(AwardState.APPROVED)
        certificates = [revoke(award.accreditation) for award in (one, other)]
        assert apply(accreditation=certificates[0]).frozen == (one.number,)
        assert state_of(other) == AwardState.APPROVED

    def test_a_reached_award_takes_no_further_step(self):
        award = award_at(AwardState.CALCULATED, issued_on=dt.date(2018, 11, 28))
        earlier = AccreditationFactory(
            firm=award.firm, issued_on=dt.date(2016, 11, 30), last_day=dt.date(2019, 11, 29)
        )
        revoke(earlier, act_year=2018)
        with pytest.raises(Refused) as refusal:
            review_award(award=award, actor=office().reviewer)
        assert refusal.value.code == "certificate_revoked"
        apply()
        with pytest.raises(Refused) as refusal:
            unfreeze_award(award=award, actor=office().caseworker, reason="误冻")
        assert refusal.value.code == "certificate_revoked"

    @pytest.mark.parametrize("role", [Role.FIRM, Role.COUNTY, Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_is_the_caseworkers_and_the_reviewers(self, role):
        with pytest.raises(NotAllowed):
            apply_revocations(actor=UserFactory(role=role))


class TestRecords:
    @pytest.mark.parametrize("state", [AwardState.APPROVED, AwardState.CALCULATED])
    def test_an_award_that_goes_on_is_a_problem_until_it_is_stopped(self, state):
        award = award_at(state)
        assert problems() == {}
        revoke(award.accreditation)
        assert problems() == {award.number: "revocation_not_applied"}
        apply()
        assert problems() == {}

    def test_so_is_a_paid_one(self, cast):
        paying = desk(cast)
        paying.settled()
        award = paying.awards[0]
        revoke(award.accreditation)
        assert problems() == {award.number: "revocation_not_applied"}
        apply()
        assert problems() == {}

    def test_a_later_act_is_none(self):
        revoke(award_at(AwardState.CALCULATED).accreditation, act_year=2019)
        assert problems() == {}


class TestCommand:
    def run(self, capsys, *arguments):
        status = 0
        try:
            call_command("apply_revocations", *arguments)
        except SystemExit as exit_:
            status = exit_.code
        return status, json.loads(capsys.readouterr().out)

    def test_says_and_does(self, capsys):
        award = award_at(AwardState.APPROVED)
        revoke(award.accreditation)
        for options, state in ((("--dry-run",), AwardState.APPROVED), ((), AwardState.FROZEN)):
            status, answer = self.run(capsys, *options)
            assert (status, answer["frozen"], state_of(award)) == (0, [award.number], state)

    def test_in_the_name_of_somebody_who_may_not(self, capsys):
        auditor = UserFactory(role=Role.AUDITOR)
        status, answer = self.run(capsys, "--as", auditor.username)
        assert (status, answer["error"]["code"]) == (1, "not_allowed")


class TestPages:
    def client_of(self, client, user):
        client.force_login(user)
        return client

    def test_says_what_would_happen_before_the_revocation_and_what_does_after(self, client, cast):
        award = award_at(AwardState.PAID)
        url = reverse("subsidies:revocation", args=[award.accreditation_id])
        self.client_of(client, cast.auditor)
        (effect,) = client.get(url).context["effects"]
        assert (effect.reached, effect.latest_act_year) == (False, 2018)
        revoke(award.accreditation)
        (effect,) = client.get(url, headers={"HX-Request": "true"}).context["effects"]
        assert effect.reached

    def test_shows_the_list_and_carries_it_through(self, client, cast):
        award = award_at(AwardState.APPROVED)
        revoke(award.accreditation)
        self.client_of(client, cast.reviewer)
        answer = client.get(reverse("subsidies:revocations"))
        assert (answer.context["to_do"], state_of(award)) == (1, AwardState.APPROVED)
        done = client.post(reverse("subsidies:revocations_apply"))
        assert (done.status_code, state_of(award)) == (302, AwardState.FROZEN)
        assert client.get(reverse("subsidies:revocations")).context["to_do"] == 0

    @pytest.mark.parametrize("who", ["firm", "county", "finance", "auditor", "administrator"])
    def test_nobody_else_carries_it_through(self, client, cast, who):
        award = award_at(AwardState.APPROVED)
        revoke(award.accreditation)
        self.client_of(client, getattr(cast, who))
        assert client.post(reverse("subsidies:revocations_apply")).status_code == 403
        assert state_of(award) == AwardState.APPROVED

    def test_a_certificate_that_is_none_is_not_found(self, client, cast):
        self.client_of(client, cast.auditor)
        assert client.get(reverse("subsidies:revocation", args=[999])).status_code == 404
