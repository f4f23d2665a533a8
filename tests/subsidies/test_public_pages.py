"""What everybody may read: lists in disclosure with their dates, and the city's progress; and what nobody may."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from config.common.clock import today
from cultivation.enums import CaseState, DisclosureKind
from cultivation.models import AnnualTarget, CultivationCase, DisclosurePeriod
from subsidies.selectors.public import posted_page, posted_rounds, progress
from tests.factories import AccreditationFactory, UserFactory, case_at

pytestmark = pytest.mark.django_db


def period(*, published: int, last: int, kind: DisclosureKind = DisclosureKind.AWARD) -> DisclosurePeriod:
    """Days counted from today."""
    return DisclosurePeriod.objects.create(
        kind=kind,
        published_on=today() + dt.timedelta(days=published),
        last_day=today() + dt.timedelta(days=last),
        working_days=10,
        place="局门户网站",
        opened_by=UserFactory(),
    )


@pytest.mark.parametrize(
    ("published", "last", "shown", "is_over"),
    [
        (1, 14, False, False),
        (0, 14, True, False),
        (-14, 0, True, False),
        (-15, -1, True, True),
        (-44, -30, True, True),
        (-45, -31, False, True),
    ],
)
def test_a_list_is_posted_from_its_publication_until_a_month_after_its_end(
    client: Client, published: int, last: int, shown: bool, is_over: bool
) -> None:
    row = period(published=published, last=last)
    assert [(found.period, found.is_over) for found in posted_rounds(today())] == (
        [(row, is_over)] if shown else []
    )
    answer = client.get(reverse("public:disclosure", args=[row.pk]))
    assert answer.status_code == (200 if shown else 404)


def test_the_page_of_a_round_names_firm_and_dates(client: Client) -> None:
    case = case_at(CaseState.DISCLOSED)
    row = case.disclosure
    page = client.get(reverse("public:disclosure", args=[row.pk])).content.decode()
    for text in (case.firm.name, case.firm.credit_code, row.last_day.isoformat(), row.place):
        assert text in page
    assert case.number not in page


def test_the_list_takes_the_same_queries_for_many_firms(django_assert_num_queries) -> None:
    row = case_at(CaseState.DISCLOSED).disclosure
    with django_assert_num_queries(3):
        assert len(posted_page(row).lines) == 1
    others = [case_at(CaseState.DISCLOSED).pk for _number in range(3)]
    CultivationCase.objects.filter(pk__in=others).update(disclosure=row)
    with django_assert_num_queries(3):
        assert len(posted_page(row).lines) == 4


def test_the_list_goes_on_by_key_with_the_numbers_running_on(client: Client) -> None:
    row = case_at(CaseState.DISCLOSED).disclosure
    others = [case_at(CaseState.DISCLOSED).pk for _number in range(4)]
    CultivationCase.objects.filter(pk__in=others).update(disclosure=row)
    found, after = [], ""
    for _page in range(3):
        page = posted_page(row, after=after, size=2)
        found += page.lines
        after = page.next
    assert after == ""
    assert [number for number, _line in found] == [1, 2, 3, 4, 5]
    codes = (
        CultivationCase.objects.filter(disclosure=row)
        .order_by("pk")
        .values_list("firm__credit_code", flat=True)
    )
    assert [line.credit_code for _number, line in found] == list(codes)
    assert client.get(reverse("public:disclosure", args=[row.pk]), {"after": "x"}).status_code == 200


def test_progress_is_told_year_by_year(client: Client) -> None:
    AccreditationFactory(issued_on=dt.date(2018, 12, 1))
    years = {row.year: row for row in progress(today())}
    targets = AnnualTarget.objects.filter(division=None, measure="stock")
    assert {year: row.target for year, row in years.items()} == dict(targets.values_list("year", "value"))
    assert years[2018].reached == years[2019].reached == 1
    assert years[2020].reached is None
    assert client.get(reverse("public:start")).status_code == 200


def test_nothing_can_be_sent_there(client: Client) -> None:
    assert client.post(reverse("public:start")).status_code == 405
