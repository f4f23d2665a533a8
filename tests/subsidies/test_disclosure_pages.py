"""What is disclosed now: rounds, the working days left of them, objections, and the list for posting."""

import datetime as dt
import io
from decimal import Decimal

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from config.common.clock import fixed
from cultivation.enums import Role
from cultivation.models import CalendarYear, FirmName
from subsidies.enums import AwardState, ObjectionOutcome
from subsidies.services import awards as award_services
from subsidies.services import disclosure, freezing, objections
from tests.subsidies.awarding import calculate
from tests.subsidies.factories import award_at, office

A = AwardState
PAGE = reverse("subsidies:disclosures")


@pytest.fixture(autouse=True)
def today():
    with fixed(dt.date(2019, 6, 28)):
        yield


@pytest.fixture
def running(db):
    """Two awards published together on Monday, 2019-06-24."""
    found = [award_at(A.REVIEWED, amount=amount) for amount in ("60000.00", "40000.55")]
    disclosure.disclose_awards(
        awards=found, actor=office().caseworker, place="门户网站", published_on=dt.date(2019, 6, 24)
    )
    for award in found:
        award.refresh_from_db()
    return found


def object_to(award, outcome=None):
    found = objections.record_objection(
        award=award,
        raised_by="李某",
        raised_on=dt.date(2019, 6, 26),
        text="异议",
        actor=office().caseworker,
    )
    if outcome:
        objections.answer_objection(objection=found, outcome=outcome, answer="…", actor=office().reviewer)


def sheet_of(client, period):
    answer = client.get(reverse("subsidies:disclosure_file", kwargs={"pk": period.pk}))
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


class TestPage:
    def test_shows_rounds_with_sums_and_the_days_left(self, client, running):
        over = award_at(A.DISCLOSED, amount="1.00")
        client.force_login(office().reviewer)
        answer = client.get(PAGE)
        first, second = answer.context["rounds"]
        assert (first.period, first.awards, first.is_over, first.days_left) == (over.disclosure, 1, True, 0)
        assert (second.awards, second.amount, second.is_over) == (2, Decimal("100000.55"), False)
        # Ten working days from the 25th; Friday the 28th is the fourth and counts as left.
        assert second.period.last_day == dt.date(2019, 7, 8)
        assert second.days_left == 7
        assert len(answer.context["rows"]) == 3

    def test_one_round_alone(self, client, running):
        award_at(A.DISCLOSED)
        client.force_login(office().reviewer)
        period = running[0].disclosure
        assert {award.pk for award, _found in client.get(PAGE, {"round": period.pk}).context["rows"]} == {
            award.pk for award in running
        }
        assert len(client.get(PAGE, {"round": "x"}).context["rows"]) == 3

    def test_objections_that_stand(self, client, running):
        object_to(running[0])
        object_to(running[0], ObjectionOutcome.REJECTED)
        object_to(running[1], ObjectionOutcome.UPHELD)
        client.force_login(office().caseworker)
        answer = client.get(PAGE)
        assert [row.objections for row in answer.context["rounds"]] == [2]
        assert {award.pk: len(found) for award, found in answer.context["rows"]} == {
            award.pk: 1 for award in running
        }

    def test_one_against_an_earlier_calculation_stands_no_longer(self, client, running):
        object_to(running[0], ObjectionOutcome.UPHELD)
        people = office()
        award = award_services.send_back_award(award=running[0], actor=people.caseworker, reason="异议成立")
        award = award_services.review_award(award=calculate(award), actor=people.reviewer)
        disclosure.disclose_awards(
            awards=[award], actor=people.caseworker, place="门户网站", published_on=dt.date(2019, 6, 24)
        )
        client.force_login(people.caseworker)
        assert [row.objections for row in client.get(PAGE).context["rounds"]] == [0]

    def test_a_year_the_calendar_does_not_know(self, client, running):
        CalendarYear.objects.all().delete()
        client.force_login(office().finance)
        assert [row.days_left for row in client.get(PAGE).context["rounds"]] == [None]

    def test_costs_the_same_however_many_there_are(self, client, running, django_assert_num_queries):
        client.force_login(office().reviewer)
        with django_assert_num_queries(10):
            client.get(PAGE)
        award_at(A.DISCLOSED)
        with django_assert_num_queries(10):
            client.get(PAGE)

    @pytest.mark.parametrize("role", [Role.FIRM, Role.COUNTY, Role.ADMINISTRATOR])
    def test_is_the_citys(self, client, cast, role):
        client.force_login(cast.of_role(role))
        assert client.get(PAGE).status_code == 403
        assert client.get(reverse("subsidies:disclosure_file", kwargs={"pk": 1})).status_code == 403


class TestPostingList:
    def test_names_firms_as_on_the_day_with_amounts_and_total(self, client, running):
        firm = running[0].firm
        FirmName.objects.create(
            firm=firm, name=firm.name, valid_from=dt.date(2015, 1, 1), recorded_by=office().caseworker
        )
        FirmName.objects.create(
            firm=firm, name="演示新名公司", valid_from=dt.date(2019, 6, 27), recorded_by=office().caseworker
        )
        client.force_login(office().caseworker)
        rows = sheet_of(client, running[0].disclosure)
        assert "2019-07-08" in rows[1][0]
        assert "门户网站" in rows[1][0]
        assert [row[1] for row in rows[3:5]] == [firm.name, running[1].firm.name]
        assert [row[6] for row in rows[3:]] == [60000.00, 40000.55, 100000.55]
        assert rows[3][2] == firm.credit_code

    def test_keeps_what_was_approved_since_and_drops_what_was_revoked_or_sent_back(self, client, running):
        freezing.revoke_award(award=running[0], actor=office().reviewer, reason="放弃")
        client.force_login(office().caseworker)
        period = running[0].disclosure
        assert [row[1] for row in sheet_of(client, period)[3:4]] == [running[1].firm.name]
        award_services.send_back_award(award=running[1], actor=office().caseworker, reason="重算")
        answer = client.get(reverse("subsidies:disclosure_file", kwargs={"pk": period.pk}))
        assert answer.status_code == 404
