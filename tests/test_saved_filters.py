"""Filters of lists kept by a person, shared with the office, and found again on the page of their list."""

import html
import re
from importlib import import_module
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlencode

import pytest
from django.apps import apps
from django.conf import settings
from django.urls import reverse

from config.common.clock import now
from config.common.errors import NotAllowed, Refused
from config.common.filters import SearchField
from cultivation.enums import Role
from documents.models import SavedFilter
from documents.selectors import saved_filters_of
from documents.services.saved_filters import (
    MOST_FILTERS,
    address_of,
    change_filter,
    filtered_list,
    save_filter,
)
from tests.factories import division
from tests.people import Cast, person
from tests.site import World, build_world
from tests.test_tables import PAGES

pytestmark = pytest.mark.django_db
FILTERED = {kind for kind in settings.FILE_MAKERS if filtered_list(kind)}
# Forms that choose a day or a year to look at, not what a list is narrowed to.
OF_A_DAY = {"subsidies:schemes", "subsidies:funding_lines", "subsidies:funding_line"}


def keep(user, name="我的", kind="queue", shared=False, **asked):
    return save_filter(kind=kind, name=name, parameters=asked or {"overdue": "1"}, shared=shared, actor=user)


def post(client, kind="queue", query="", **fields):
    address = reverse("documents:filter_save", args=[kind])
    return client.post(f"{address}?{query}", fields, follow=True)


def names(kind, user):
    return [row.name for row in saved_filters_of(kind, user)]


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


class TestEveryList:
    def test_every_page_with_a_filter_form_is_a_list_whose_filters_are_kept(self, world):
        """And no other: what the page offers to keep is what it was narrowed to, without page and nonsense."""
        found = set()
        for route, (who, asked, kind) in PAGES.items():
            text = (
                world.client(who).get(world.url(route), {**asked, "after": "", "evil": "1"}).content.decode()
            )
            searches = re.findall(r'<input[^>]*type="search"[^>]*>', text)
            assert all('maxlength="' in tag for tag in searches), route
            forms = re.findall(r'<form(?![^>]*site-search)[^>]*method="get"', text)
            address = re.escape(reverse("documents:filter_save", args=[kind]))
            offered = re.findall(rf'action="{address}\?([^"]*)"', text)
            if not forms or route in OF_A_DAY or who == "firm":
                assert offered == [], route
                continue
            found.add(kind)
            assert [dict(parse_qsl(html.unescape(query))) for query in offered] == [asked], route
        assert found | {"certificates"} == FILTERED

    @pytest.mark.parametrize("kind", sorted(FILTERED))
    def test_what_is_kept_leads_back_to_its_list(self, world, kind):
        route = filtered_list(kind).page
        who, asked, _kind = PAGES[route]
        if who == "firm":
            who = "caseworker"
        client = world.client(who)
        answer = post(client, kind, urlencode({**asked, "evil": "1"}), name="常用")
        kept = SavedFilter.objects.get()
        assert (kept.kind, kept.asked, kept.owner.username) == (kind, asked, who)
        assert answer.request["PATH_INFO"] == reverse(route)
        assert dict(parse_qsl(answer.request["QUERY_STRING"])) == asked
        link = html.escape(address_of(filtered_list(kind), kept.asked))
        assert re.search(rf'href="{re.escape(link)}"\s+aria-current="true">常用', answer.content.decode())

    def test_a_text_too_long_to_search_for_is_cut_and_never_means_everything(self, world):
        searched = set()
        for kind in FILTERED:
            table = filtered_list(kind)
            who = PAGES[table.page][0]
            owner = world.person("caseworker" if who == "firm" else who)
            for name, field in table.filters({}, owner=owner).fields.items():
                if isinstance(field, SearchField):
                    asked = {name: "长" * 200}
                    assert table.filters(asked, owner=owner).asked() == {name: "长" * field.max_length}
                    assert list(table.rows(asked, owner=owner)) == [], kind
                    searched.add(kind)
                else:
                    assert not getattr(field, "max_length", None), (kind, name)
        assert searched >= {
            "cases",
            "certificates",
            "exclusions",
            "receipts",
            "queue",
            "awards",
            "found-firms",
        }

    def test_the_filters_of_one_list_are_not_shown_on_another(self, cast):
        keep(cast.caseworker)
        assert names("cases", cast.caseworker) == []

    def test_a_firm_is_not_asked_to_keep_any(self, browse, cast):
        text = browse(cast.firm).get(reverse("cultivation:certificates"), {"state": "all"}).content.decode()
        assert "filters/" not in text
        assert post(browse(cast.firm), "certificates", "state=all", name="x").status_code == 403


class TestKeeping:
    def test_only_what_the_list_understands_is_kept(self, cast):
        kept = keep(
            cast.caseworker, waiting="city", state="nonsense", division="nowhere", mine="", q=" 演示 "
        )
        assert kept.asked == {"waiting": "city", "q": "演示"}

    def test_the_same_name_again_replaces_the_own_of_the_list(self, cast):
        keep(cast.caseworker)
        keep(cast.caseworker, mine="1", shared=True)
        keep(cast.caseworker, kind="cases", state="pooled")
        keep(cast.caseworker2)
        assert SavedFilter.objects.count() == 3
        assert SavedFilter.objects.get(owner=cast.caseworker, kind="queue").asked == {"mine": "1"}

    @pytest.mark.parametrize(
        ("name", "query"), [("", "mine=1"), ("x" * 41, "mine=1"), ("空", ""), ("空", "evil=1&state=evil")]
    )
    def test_without_name_or_filter_nothing_is_kept_and_the_page_says_so(self, browse, cast, name, query):
        answer = post(browse(cast.caseworker), query=query, name=name)
        assert 'role="alert"' in answer.content.decode()
        assert answer.request["PATH_INFO"] == reverse("cultivation:queue")
        assert not SavedFilter.objects.exists()

    def test_there_is_an_end_to_them(self, browse, cast):
        for n in range(MOST_FILTERS):
            keep(cast.caseworker, str(n))
        post(browse(cast.caseworker), query="mine=1", name="再一个")
        assert SavedFilter.objects.count() == MOST_FILTERS
        keep(cast.caseworker, "0", mine="1")
        keep(cast.caseworker, kind="cases", state="pooled")

    def test_of_a_list_one_may_not_see_none_is_kept(self, browse, cast):
        assert post(browse(cast.caseworker), "refusals", "person=x", name="x").status_code == 403
        with pytest.raises(NotAllowed):
            keep(cast.caseworker, kind="refusals", person="x")

    @pytest.mark.parametrize("kind", ["nothing", "dossier", "payment-lists"])
    def test_a_list_without_filters_has_none_to_keep(self, browse, cast, kind):
        assert post(browse(cast.finance), kind, "q=x", name="x").status_code == 404
        with pytest.raises(Refused, match="筛选"):
            keep(cast.finance, kind=kind, q="x")


class TestSharing:
    def test_colleagues_of_the_office_see_what_is_shared(self, cast):
        keep(cast.caseworker, "甲", shared=True)
        keep(cast.caseworker, "乙")
        keep(cast.county, "县里的", shared=True)
        keep(cast.reviewer, "丙")
        assert names("queue", cast.reviewer) == ["丙", "甲"]
        assert names("queue", cast.county) == ["县里的"]

    def test_another_county_does_not(self, cast):
        keep(cast.county, shared=True)
        other = person("other_county", Role.COUNTY, division=division("tianyang"))
        assert names("queue", other) == []

    def test_those_of_people_who_left_are_gone(self, cast):
        keep(cast.caseworker, shared=True)
        cast.caseworker.is_active = False
        cast.caseworker.save()
        assert names("queue", cast.reviewer) == []

    def test_the_page_says_whose_they_are_and_offers_the_own_alone_for_change(self, browse, cast):
        kept = keep(cast.caseworker, "甲", shared=True)
        text = browse(cast.reviewer).get(reverse("cultivation:queue")).content.decode()
        assert f'<span class="count">{cast.caseworker}</span>' in text
        assert reverse("documents:filter_change", args=[kept.pk]) not in text
        assert reverse("documents:filter_change", args=[kept.pk]) in (
            browse(cast.caseworker).get(reverse("cultivation:queue")).content.decode()
        )


class TestChanging:
    def change(self, client, kept, act="change", **fields):
        return client.post(reverse(f"documents:filter_{act}", args=[kept.pk]), fields)

    def test_the_owner_renames_and_shares(self, browse, cast):
        kept = keep(cast.caseworker)
        answer = self.change(browse(cast.caseworker), kept, name=" 超期 ", shared="1")
        kept.refresh_from_db()
        assert (kept.name, kept.shared, kept.asked) == ("超期", True, {"overdue": "1"})
        assert answer["Location"] == reverse("cultivation:queue") + "?overdue=1"
        self.change(browse(cast.caseworker), kept, name="超期")
        kept.refresh_from_db()
        assert not kept.shared

    def test_no_two_of_a_list_have_one_name(self, browse, cast):
        kept, _other = keep(cast.caseworker, "甲"), keep(cast.caseworker, "乙")
        for name in ("乙", "", "x" * 41):
            self.change(browse(cast.caseworker), kept, name=name)
            kept.refresh_from_db()
            assert kept.name == "甲"

    def test_the_owner_drops(self, browse, cast):
        kept = keep(cast.caseworker)
        answer = self.change(browse(cast.caseworker), kept, "drop")
        assert answer["Location"] == reverse("cultivation:queue")
        assert not SavedFilter.objects.exists()

    def test_one_dropped_in_another_window_meanwhile_is_not_there(self, browse, cast, monkeypatch):
        def overtaken(*, kept, **answers):
            SavedFilter.objects.filter(pk=kept.pk).delete()
            change_filter(kept=kept, **answers)

        monkeypatch.setattr("documents.views.saved_filters.change_filter", overtaken)
        assert self.change(browse(cast.caseworker), keep(cast.caseworker), name="x").status_code == 404
        assert not SavedFilter.objects.exists()

    @pytest.mark.parametrize("act", ["change", "drop"])
    def test_another_persons_is_not_there(self, browse, cast, act):
        kept = keep(cast.caseworker, shared=True)
        assert self.change(browse(cast.caseworker2), kept, act, name="x").status_code == 404
        assert SavedFilter.objects.get() == kept

    def test_a_list_no_longer_seen_is_closed_with_its_filters(self, browse, cast):
        kept = keep(cast.auditor, kind="refusals", person="x")
        cast.auditor.groups.set(cast.caseworker.groups.all())
        assert self.change(browse(cast.auditor), kept, name="y").status_code == 403


def test_filters_of_the_queue_from_before_mean_what_they_meant(cast):
    before = SimpleNamespace(
        owner_id=cast.caseworker.pk,
        name="市局超期",
        query="waiting=city&overdue=1&q=%E6%BC%94%E7%A4%BA",
        shared=True,
        saved_at=now(),
    )
    former = SimpleNamespace(objects=SimpleNamespace(iterator=lambda: [before]))
    registry = SimpleNamespace(
        get_model=lambda app, name: apps.get_model(app, name) if app == "documents" else former
    )
    import_module("cultivation.migrations.0026_filters_of_every_list").to_documents(registry, None)
    kept = SavedFilter.objects.get()
    assert (kept.owner, kept.name, kept.shared, kept.saved_at) == (
        cast.caseworker,
        before.name,
        True,
        before.saved_at,
    )
    assert (kept.kind, kept.asked) == ("queue", dict(parse_qsl(before.query)))
