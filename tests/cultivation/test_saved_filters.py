"""Filters of the queue kept by a person, shared with the office, and found again by their address."""

import pytest
from django.urls import reverse

from cultivation.models import SavedFilter
from cultivation.selectors.saved_filters import saved_filters
from cultivation.services.saved_filters import MOST_FILTERS, save_filter


def keep(user, name="我的", query="mine=1", shared=False):
    return save_filter(name=name, query=query, shared=shared, actor=user)


def post(client, **fields):
    return client.post(reverse("cultivation:filter_save"), fields, follow=True)


def test_it_keeps_the_filter_of_the_address_and_shows_it(browse, cast):
    client = browse(cast.caseworker)
    answer = post(client, name="市局超期", query="waiting=city&overdue=1&after=5_2019-01-01_3&evil=1")
    assert SavedFilter.objects.get().query == "waiting=city&overdue=1"
    assert 'href="/queue/?waiting=city&amp;overdue=1"' in answer.content.decode()
    assert answer.request["QUERY_STRING"] == "waiting=city&overdue=1"


def test_the_same_name_again_replaces_the_own(cast):
    keep(cast.caseworker)
    keep(cast.caseworker, query="overdue=1", shared=True)
    keep(cast.caseworker2)
    assert SavedFilter.objects.count() == 2
    assert SavedFilter.objects.get(owner=cast.caseworker).query == "overdue=1"


def test_colleagues_of_the_office_see_what_is_shared(cast):
    keep(cast.caseworker, "甲", shared=True)
    keep(cast.caseworker, "乙")
    keep(cast.county, "县里的", shared=True)
    own = keep(cast.reviewer, "丙")
    assert [row.name for row in saved_filters(cast.reviewer)] == ["丙", "甲"]
    assert saved_filters(cast.reviewer)[0] == own
    assert [row.name for row in saved_filters(cast.county)] == ["县里的"]


@pytest.mark.parametrize(
    ("name", "query"), [("", "mine=1"), ("x" * 41, "mine=1"), ("空", ""), ("空", "evil=1")]
)
def test_without_name_or_filter_nothing_is_kept_and_the_page_says_so(browse, cast, name, query):
    answer = post(browse(cast.caseworker), name=name, query=query)
    assert 'role="alert"' in answer.content.decode()
    assert not SavedFilter.objects.exists()


def test_there_is_an_end_to_them(browse, cast):
    for n in range(MOST_FILTERS):
        keep(cast.caseworker, str(n))
    post(browse(cast.caseworker), name="再一个", query="mine=1")
    assert SavedFilter.objects.count() == MOST_FILTERS


def test_only_the_owner_drops_one(browse, cast):
    kept = keep(cast.caseworker, shared=True)
    url = reverse("cultivation:filter_drop", args=[kept.pk])
    assert browse(cast.caseworker2).post(url).status_code == 404
    browse(cast.caseworker).post(url)
    assert not SavedFilter.objects.exists()


def test_a_firm_has_no_queue_to_keep(browse, cast):
    assert post(browse(cast.firm), name="x", query="mine=1").status_code == 403
