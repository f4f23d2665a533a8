"""The list of awards: narrowed, summed by state, exported as shown; and what waits for whom."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from config.common.clock import fixed
from cultivation.enums import Role
from cultivation.models import Delegation, FirmName
from subsidies.enums import AwardState, ObjectionOutcome, Stacking
from subsidies.models import Award
from subsidies.permissions import AwardAction
from subsidies.selectors.award_filters import AwardFilter
from subsidies.selectors.awards import award_counts, filtered_awards
from subsidies.services import disclosure, objections, overrides
from subsidies.services.awards import send_back_award
from subsidies.services.bulk import rehearse
from subsidies.services.claims import withdraw_receipt
from tests.factories import FirmFactory, UserFactory, division
from tests.people import person
from tests.subsidies.claiming import receive
from tests.subsidies.factories import accreditation, award_at, funding_line, grant, office, scheme_version

A = AwardState
LIST = "subsidies:awards"


@pytest.fixture(autouse=True)
def today():
    with fixed(dt.date(2019, 6, 30)):
        yield


@pytest.fixture
def awards(db) -> list[Award]:
    """One award in each of several states, of two counties, amounts and certificate years."""
    line = funding_line()
    near, far = division("youjiang"), division("tianyang")
    return [
        award_at(A.AWAITING_BASIS, firm=FirmFactory(division=near)),
        award_at(A.CALCULATED, amount="70000.01", firm=FirmFactory(division=far)),
        award_at(A.DISCLOSED, amount="80000.00", firm=FirmFactory(division=near)),
        award_at(A.APPROVED, amount="12345.67", line=line, firm=FirmFactory(division=far)),
        award_at(A.APPROVED, amount="50000.00", line=funding_line(fiscal_year=2020)),
    ]


def shown(client, **asked) -> set[int]:
    return {award.pk for award, _name in client.get(reverse(LIST), asked).context["rows"]}


class TestFilters:
    def test_each_narrows_the_list(self, client, awards):
        client.force_login(office().finance)
        waiting, calculated, disclosed, approved, later = awards
        everything = {award.pk for award in awards}
        line = approved.funding_line_id
        assert shown(client) == everything
        assert shown(client, state="approved") == {approved.pk, later.pk}
        assert shown(client, division="tianyang") == {calculated.pk, approved.pk}
        assert shown(client, line=line) == {approved.pk}
        assert shown(client, fiscal_year=2020) == {later.pk}
        assert shown(client, scheme="matching") == everything
        assert shown(client, disclosure=disclosed.disclosure_id) == {disclosed.pk, approved.pk, later.pk}
        year = waiting.accreditation.issued_on.year
        assert shown(client, year=year) == everything
        assert shown(client, year=year + 1) == set()
        assert shown(client, state="approved", division="tianyang", fiscal_year=2019) == {approved.pk}

    def test_search_finds_names_codes_and_numbers(self, client, awards):
        client.force_login(office().finance)
        award = awards[1]
        FirmName.objects.create(
            firm=award.firm,
            name="演示旧名厂",
            valid_from=dt.date(2010, 1, 1),
            recorded_by=office().caseworker,
        )
        for text in (
            award.firm.name,
            award.firm.credit_code.lower(),
            "旧名厂",
            award.number,
            award.accreditation.certificate_number,
        ):
            assert shown(client, q=text) == {award.pk}, text
        assert shown(client, q="没有这家企业") == set()

    def test_what_cannot_be_read_is_said_and_narrows_nothing(self, client, awards):
        client.force_login(office().finance)
        answer = client.get(reverse(LIST), {"year": "x", "scheme": "?", "state": "?", "division": "?"})
        assert len(answer.context["rows"]) == 5
        assert set(answer.context["form"].errors) == {"year", "scheme", "state", "division"}

    def test_sums_by_state_are_a_plain_reckoning(self, client, awards):
        client.force_login(office().finance)
        for asked in ({}, {"division": "tianyang"}, {"fiscal_year": 2019}, {"state": "approved"}):
            answer = client.get(reverse(LIST), asked)
            narrowed = [
                award
                for award in Award.objects.select_related("firm__division", "funding_line")
                if asked.get("division") in (None, award.firm.division and award.firm.division.key)
                and asked.get("fiscal_year") in (None, award.funding_line and award.funding_line.fiscal_year)
            ]
            for row in answer.context["counts"]:
                mine = [award for award in narrowed if award.state == row.state]
                assert row.count == len(mine)
                assert row.amount == sum((award.amount or Decimal(0) for award in mine), Decimal(0))
            kept = [award for award in narrowed if asked.get("state") in (None, award.state)]
            assert answer.context["shown_count"] == len(kept)
            assert answer.context["shown_amount"] == sum(award.amount or 0 for award in kept)

    def test_costs_the_same_however_many_there_are(self, client, awards, django_assert_num_queries):
        client.force_login(office().reviewer)
        client.get(reverse(LIST))
        with django_assert_num_queries(10):
            client.get(reverse(LIST), {"waiting": "on", "q": "演示"})
        for _ in range(3):
            award_at(A.CALCULATED)
        with django_assert_num_queries(10):
            client.get(reverse(LIST), {"waiting": "on", "q": "演示"})

    def test_is_paged_by_key_and_keeps_the_filter(self, client, db, monkeypatch):
        monkeypatch.setattr("subsidies.views.award_list.award_page.__kwdefaults__", {"after": "", "size": 2})
        scheme_version()
        for _ in range(3):
            award_at(A.CALCULATED)
        client.force_login(office().reviewer)
        first = client.get(reverse(LIST), {"state": "calculated"})
        second = client.get(reverse(LIST), {"state": "calculated", "after": first.context["next"]})
        assert [len(answer.context["rows"]) for answer in (first, second)] == [2, 1]
        assert f"after={first.context['next'].split('_')[0][:10]}" in first.content.decode()
        assert "state=calculated" in first.content.decode()


class TestRoles:
    @pytest.mark.parametrize("role", [Role.FIRM, Role.COUNTY, Role.ADMINISTRATOR])
    def test_the_list_is_the_citys(self, client, cast, role):
        client.force_login(cast.of_role(role))
        assert client.get(reverse(LIST)).status_code == 403

    def test_only_the_acts_of_the_persons_roles_are_offered(self, client, cast):
        offered = {}
        award_at(A.CALCULATED)
        for role in (Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR):
            client.force_login(cast.of_role(role))
            answer = client.get(reverse(LIST))
            offered[role] = {action for action, _count in answer.context["acts"]}
            assert ('name="awards"' in answer.content.decode()) is bool(offered[role])
        assert offered == {
            Role.CASEWORKER: {AwardAction.CALCULATE, AwardAction.DISCLOSE, AwardAction.SEND_BACK},
            Role.REVIEWER: {AwardAction.REVIEW, AwardAction.APPROVE, AwardAction.SEND_BACK},
            Role.FINANCE: set(),
            Role.AUDITOR: set(),
        }


class TestProposing:
    def test_a_caseworker_proposes_and_is_told_what_came_of_it(self, client, cast):
        scheme_version()
        accreditation()
        client.force_login(cast.caseworker)
        for created, existing in ((1, 0), (0, 1)):
            answer = client.post(reverse("subsidies:awards_propose"), follow=True)
            assert answer.redirect_chain == [(reverse(LIST), 302)]
            text = str(next(iter(answer.context["messages"])))
            assert f"{created}" in text
            assert f"{existing}" in text
        assert Award.objects.count() == 1

    def test_others_are_refused(self, client, cast):
        scheme_version()
        accreditation()
        client.force_login(cast.reviewer)
        assert client.post(reverse("subsidies:awards_propose")).status_code == 403
        assert not Award.objects.exists()


class TestExport:
    def rows(self, client, **asked):
        answer = client.get(reverse("documents:export", args=["awards"]), asked)
        sheet = load_workbook(io.BytesIO(answer.content)).active
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def test_holds_what_the_list_shows(self, client, awards):
        client.force_login(office().finance)
        rows = self.rows(client)
        assert len(rows) == 6
        by_number = {row[0]: row for row in rows[1:]}
        award = awards[3]
        assert by_number[award.number][1:3] == [award.firm.name, award.firm.credit_code]
        assert by_number[award.number][9] == 12345.67
        assert by_number[award.number][12:15] == [str(award.calculated_by)] + [str(award.reviewed_by)] * 2
        assert by_number[awards[0].number][9] is None
        assert [row[0] for row in self.rows(client, state="disclosed")[1:]] == [awards[2].number]

    def test_a_formula_stays_text(self, client, db):
        award_at(A.AWAITING_BASIS, firm=FirmFactory(name='=HYPERLINK("x")'))
        client.force_login(office().finance)
        answer = client.get(reverse("documents:export", args=["awards"]))
        cell = load_workbook(io.BytesIO(answer.content)).active["B2"]
        assert (cell.value, cell.data_type) == ('=HYPERLINK("x")', "s")


def waits_for(user) -> set[int]:
    return set(filtered_awards(user, AwardFilter(waiting=True)).values_list("pk", flat=True))


class TestWaiting:
    def test_each_step_waits_for_its_role(self, db):
        people = office()
        nothing = award_at(A.AWAITING_BASIS)
        granted = award_at(A.AWAITING_BASIS)
        grant(granted.firm)
        calculated, reviewed, over = (award_at(state) for state in (A.CALCULATED, A.REVIEWED, A.DISCLOSED))
        running = award_at(A.REVIEWED)
        disclosure.disclose_awards(awards=[running], actor=people.caseworker, place="公示栏")
        approved, paid = award_at(A.APPROVED), award_at(A.PAID)
        assert waits_for(people.caseworker) == {granted.pk, reviewed.pk}
        assert waits_for(people.reviewer) == {calculated.pk, over.pk}
        assert waits_for(people.finance) == {approved.pk}
        assert waits_for(person("reader", Role.AUDITOR)) == set()
        assert {nothing.pk, running.pk, paid.pk}.isdisjoint(waits_for(people.reviewer))
        assert sum(row.count for row in award_counts(people.reviewer, AwardFilter(waiting=True))) == 2

    def test_what_the_region_changed_waits_to_be_sent_back_and_for_no_other_step(self, db):
        people = office()
        changed = {award_at(state).pk for state in (A.CALCULATED, A.REVIEWED, A.DISCLOSED, A.APPROVED)}
        for award in Award.objects.filter(pk__in=changed):
            grant(award.firm, "60000.00")
        paid = award_at(A.PAID)
        grant(paid.firm, "60000.00")
        assert waits_for(people.caseworker) == changed
        assert waits_for(people.reviewer) == changed
        assert waits_for(people.finance) == set()
        for award in Award.objects.filter(pk__in=changed):
            send_back_award(award=award, actor=people.reviewer, reason="自治区文件调整金额")

    @pytest.mark.parametrize("stacking", [Stacking.NONE, Stacking.HIGHER])
    def test_money_from_elsewhere_sends_back_what_the_scheme_weighs_it_against(self, db, stacking):
        people = office()
        scheme_version(stacking=stacking)
        award, untouched = award_at(A.APPROVED), award_at(A.APPROVED)
        with fixed(dt.date(2019, 7, 1)):
            receipt = receive(award, confirm=False)
        weighs = stacking != Stacking.NONE
        assert waits_for(people.finance) == ({untouched.pk} if weighs else {award.pk, untouched.pk})
        assert waits_for(people.caseworker) == ({award.pk} if weighs else set())
        withdraw_receipt(receipt=receipt, reason="录错", actor=people.reviewer)
        assert waits_for(people.finance) == {award.pk, untouched.pk}

    def test_not_for_whoever_calculated_or_stands_in_for_them(self, db):
        people = office()
        own = award_at(A.CALCULATED)
        both = UserFactory(role=Role.CASEWORKER)
        both.groups.add(people.reviewer.groups.get())
        Award.objects.filter(pk=own.pk).update(calculated_by=both)
        deputy = UserFactory(role=Role.REVIEWER)
        Delegation.objects.create(
            principal=both,
            delegate=deputy,
            role=Role.CASEWORKER,
            starts_on=dt.date(2019, 6, 1),
            ends_on=dt.date(2019, 7, 30),
            reason="休假",
            granted_by=both,
        )
        assert waits_for(people.reviewer) == {own.pk}
        assert own.pk not in waits_for(both)
        assert own.pk not in waits_for(type(deputy).objects.get(pk=deputy.pk))
        for user in (both, deputy):
            found = rehearse(awards=[own.pk], action=AwardAction.REVIEW, actor=user)
            assert found.outcomes[0].code == "second_person"

    def test_another_amount_waits_for_its_confirmation_by_somebody_else(self, db):
        people = office()
        award = award_at(A.CALCULATED)
        overrides.propose_override(
            award=award,
            amount=Decimal("1.00"),
            reason="核减",
            document_number="演示函〔2019〕1号",
            actor=people.caseworker,
        )
        assert waits_for(people.reviewer) == {award.pk}
        assert waits_for(people.caseworker) == set()

    def test_an_objection_waits_for_its_answer_and_not_for_the_approval(self, db):
        people = office()
        award = award_at(A.DISCLOSED)
        assert waits_for(people.caseworker) == set()
        objection = objections.record_objection(
            award=award,
            raised_by="李某",
            raised_on=dt.date(2019, 6, 10),
            text="异议",
            actor=people.caseworker,
        )
        assert waits_for(people.caseworker) == waits_for(people.reviewer) == {award.pk}
        objections.answer_objection(
            objection=objection, outcome=ObjectionOutcome.REJECTED, answer="不成立", actor=people.caseworker
        )
        assert waits_for(people.caseworker) == set()
        assert waits_for(people.reviewer) == {award.pk}
