"""The home of a county: its own firms alone, what waits for it, its own quota."""

import datetime as dt

import pytest
from django.urls import reverse

from cultivation.enums import CaseKind, CaseState, MessageKind, TargetMeasure
from cultivation.services.messages import write_message
from cultivation.services.targets import enter_target
from tests.factories import AccreditationFactory, FirmFactory, case_at, division
from tests.people import Cast
from tests.site import build_world
from tests.test_urls import TABLE

URL = "/county/"


@pytest.fixture
def neighbour(db):
    """A firm of another county with everything that could show up here."""
    firm = FirmFactory(name="演示邻县有限公司", division=division("tianyang"))
    AccreditationFactory(firm=firm, issued_on=dt.date(2016, 11, 30), last_day=dt.date(2019, 11, 29))
    return firm


def test_cases_that_wait_come_with_the_longest_waiting_first(browse, cast, clock):
    clock(dt.date(2019, 6, 1))
    first = case_at(CaseState.SUBMITTED)
    clock(dt.date(2019, 6, 20))
    second = case_at(CaseState.SUBMITTED)
    case_at(CaseState.RECOMMENDED)
    assert list(browse(cast.county).get(URL).context["to_recommend"]) == [first, second]


def test_nothing_of_another_county_is_there(browse, cast, neighbour):
    case = case_at(CaseState.SUBMITTED, firm=neighbour, kind=CaseKind.RENEWAL)
    write_message(case=case, kind=MessageKind.TO_FIRM, text="……", actor=cast.caseworker)
    answer = browse(cast.county).get(URL)
    assert neighbour.name not in answer.content.decode()
    assert [list(answer.context[name]) for name in ("to_recommend", "news", "renewals", "counts")] == [[]] * 4
    assert answer.context["stock"] == 0


def test_the_quota_is_the_one_the_bureau_entered(browse, cast):
    AccreditationFactory()
    client = browse(cast.county)
    answer = client.get(URL)
    assert (answer.context["stock"], answer.context["quota"]) == (1, None)
    enter_target(
        measure=TargetMeasure.STOCK,
        year=2019,
        value=5,
        source="演示任务书",
        actor=cast.caseworker,
        division=division("tianyang"),
    )
    assert client.get(URL).context["quota"] is None
    enter_target(
        measure=TargetMeasure.STOCK,
        year=2019,
        value=3,
        source="演示任务书",
        actor=cast.caseworker,
        division=division(),
    )
    answer = client.get(URL)
    assert (answer.context["quota"], answer.context["missing"]) == (3, 2)


def test_renewals_that_nobody_prepares_are_named(browse, cast):
    certificate = AccreditationFactory(issued_on=dt.date(2016, 11, 30), last_day=dt.date(2019, 11, 29))
    assert browse(cast.county).get(URL).context["renewals"] == [certificate]


def test_the_queries_do_not_grow_with_the_rows(browse, cast, django_assert_max_num_queries):
    client = browse(cast.county)
    case_at(CaseState.SUBMITTED)
    client.get(URL)
    with django_assert_max_num_queries(20) as first:
        client.get(URL)
    for _n in range(5):
        case_at(CaseState.SUBMITTED)
    with django_assert_max_num_queries(len(first)):
        client.get(URL)


def test_no_page_that_a_county_opens_names_a_foreign_firm(cast: Cast, neighbour) -> None:
    """Every address the table of addresses opens to a county."""
    world = build_world(cast)
    foreign = case_at(CaseState.SUBMITTED, firm=neighbour, kind=CaseKind.RENEWAL)
    client = world.client("county")
    checked = 0
    for route, row in TABLE.items():
        if row["county"] != 200:
            continue
        answer = client.get(world.url(route))
        if answer.streaming or "html" not in answer.get("Content-Type", ""):
            continue
        checked += 1
        text = answer.content.decode()
        for trace in (neighbour.name, neighbour.credit_code, foreign.number):
            assert trace not in text, route
    assert checked > 20
    assert client.get(reverse("cultivation:firm", args=[neighbour.pk])).status_code == 404
