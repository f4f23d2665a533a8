"""Every list as a workbook: who gets it, and that the list of a foreign object is none."""

import html
import re
from typing import Any
from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from config.navigation import MENU
from documents.models import PreparedFile
from documents.services.prepared_files import ask_for_file, make_prepared_file, maker_of
from documents.services.tables import TableMaker
from tests.people import Cast
from tests.site import World, build_world
from tests.test_urls import CITY, LISTS, OWN, PEOPLE, TEXTS, answers

pytestmark = pytest.mark.django_db

READERS = answers(firm=200, other_firm=200, county=200, other_county=200, **CITY)
OFFICE = answers(county=200, other_county=200, administrator=200, **CITY)

OFFICE_OF_CASES = answers(county=200, other_county=200, **CITY)
BOARD = answers(administrator=200, **CITY)

TABLE: dict[str, dict[str, int]] = {
    **dict.fromkeys(("cases", "firms", "certificates", "training", "attendance"), READERS),
    **dict.fromkeys(("queue", "found-firms"), OFFICE_OF_CASES),
    "documents-waiting": answers(caseworker=200),
    **dict.fromkeys(
        ("messages", "firm-messages", "firm-accounts", "self-checks", "property", "tiers", "firm-awards"),
        answers(**OWN, **CITY),
    ),
    "expert-sheets": answers(**CITY),
    "history": answers(auditor=200),
    "delegations": OFFICE,
    "invitations": answers(county=200, other_county=200, caseworker=200, reviewer=200, auditor=200),
    "accounts": answers(**LISTS),
    "refusals": answers(auditor=200),
    **dict.fromkeys(("targets", "achievements", "forecasts"), BOARD),
    "stock-versions": answers(**CITY),
    "bulletins": OFFICE,
    **dict.fromkeys(("notices", "batches"), answers(**CITY)),
    "texts": answers(**TEXTS),
    **dict.fromkeys(
        (
            *("awards", "disclosed-awards", "revocations", "schemes", "exclusions", "receipts"),
            *("regional-documents", "regional-rows", "funding-lines", "funding-entries", "openings"),
            "expected-rewards",
        ),
        answers(**CITY),
    ),
    "bank-formats": answers(administrator=200, **LISTS),
    **dict.fromkeys(
        ("payment-lists", "payment-lines", "payment-returns", "unmatched-rows", "figure-entries"),
        answers(**LISTS),
    ),
    "preflight": answers(finance=200),
}


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


def objects_of(world: World) -> dict[str, dict[str, Any]]:
    """Whose list it is, where it belongs to one object."""
    firm, case = {"firm": world.firm.pk}, {"case": world.case.pk}
    line = {"line": world.award.funding_line_id}
    return {
        **dict.fromkeys(
            ("firm-messages", "firm-accounts", "self-checks", "property", "tiers", "firm-awards"), firm
        ),
        "history": {"kind": "firm", "record": world.firm.pk},
        **dict.fromkeys(("messages", "expert-sheets"), case),
        "attendance": {"session": world.session.pk},
        "regional-rows": {"document": world.regional_document},
        **dict.fromkeys(("funding-entries", "openings", "preflight"), line),
        "payment-lines": {"list": world.payment_list.number},
        "payment-returns": {"list": world.payment_list.number},
        "figure-entries": {**line, "side": "ledger", "figure": "paid"},
    }


def test_every_list_has_a_row() -> None:
    assert set(TABLE) == {kind for kind in settings.FILE_MAKERS if isinstance(maker_of(kind), TableMaker)}


@pytest.mark.parametrize("name", PEOPLE)
def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    client, asked, found = world.client(name), objects_of(world), {}
    for kind in TABLE:
        with transaction.atomic():
            found[kind] = client.get(
                reverse("documents:export", args=[kind]), asked.get(kind, {})
            ).status_code
            transaction.set_rollback(True)
    assert found == {kind: row[name] for kind, row in TABLE.items()}


def test_the_list_of_what_is_not_there_is_none(world: World) -> None:
    finance, auditor = world.client("finance"), world.client("auditor")
    for kind, named in objects_of(world).items():
        client = finance if TABLE[kind]["finance"] == 200 else auditor
        for key in ("", "0", "999999", "x", "９"):
            answer = client.get(reverse("documents:export", args=[kind]), dict.fromkeys(named, key))
            assert answer.status_code == 404, (kind, key)


def test_in_the_background_it_is_refused_as_well(world: World) -> None:
    wanted = ask_for_file(
        kind="payment-lines", parameters={"list": "ZF1999-001"}, name="x.xlsx", owner=world.cast.finance
    )
    make_prepared_file(wanted.pk)
    wanted = PreparedFile.objects.get(pk=wanted.pk)
    assert (wanted.state, bool(wanted.error)) == ("failed", True)


# The lists of the pages: who looks at one, what the person asked for there, and which list it comes as.
PAGES: dict[str, tuple[str, dict[str, str], str]] = {
    "cultivation:queue": (
        "caseworker",
        {
            "mine": "1",
            "overdue": "1",
            "stalled": "1",
            "waiting": "county",
            "division": "youjiang",
            "q": "演示",
        },
        "queue",
    ),
    "cultivation:cases": ("county", {"state": "pooled", "q": "演示", "review": "1"}, "cases"),
    "cultivation:certificates": ("firm", {"state": "all", "q": "GR"}, "certificates"),
    "cultivation:training": ("firm", {"year": "2019"}, "training"),
    "cultivation:session": ("county", {}, "attendance"),
    "cultivation:search": ("county", {"q": "演示"}, "found-firms"),
    "cultivation:invitations": ("county", {}, "invitations"),
    "cultivation:delegations": ("county", {}, "delegations"),
    "cultivation:documents_waiting": ("caseworker", {}, "documents-waiting"),
    "cultivation:case_messages": ("firm", {}, "messages"),
    "cultivation:firm_messages": ("firm", {}, "firm-messages"),
    "cultivation:expert_sheets": ("auditor", {}, "expert-sheets"),
    "cultivation:ip_uses": ("firm", {}, "property"),
    "cultivation:tiers": ("county", {}, "tiers"),
    "cultivation:self_check": ("firm", {}, "self-checks"),
    "cultivation:firm_accounts": ("firm", {}, "firm-accounts"),
    "cultivation:history_of_record": ("auditor", {}, "history"),
    "cultivation:accounts": ("finance", {}, "accounts"),
    "cultivation:refusals": ("auditor", {"person": "county", "since": "2019-01-01"}, "refusals"),
    "cultivation:targets": ("administrator", {"year": "2020"}, "targets"),
    "cultivation:achievements": ("finance", {"measure": "conversions", "corrected": "1"}, "achievements"),
    "cultivation:stock_records": ("auditor", {}, "stock-versions"),
    "cultivation:bulletins": ("county", {}, "bulletins"),
    "cultivation:forecasts": ("administrator", {}, "forecasts"),
    "subsidies:awards": ("reviewer", {"state": "paid", "q": "演示", "waiting": "on"}, "awards"),
    "subsidies:firm_awards": ("firm", {}, "firm-awards"),
    "subsidies:disclosures": ("auditor", {"round": "1"}, "disclosed-awards"),
    "subsidies:regional_documents": ("auditor", {}, "regional-documents"),
    "subsidies:regional_document": ("finance", {"outcome": "matched"}, "regional-rows"),
    "subsidies:schemes": ("finance", {"on": "2019-01-31"}, "schemes"),
    "subsidies:exclusions": ("finance", {"state": "all", "kind": "dishonesty"}, "exclusions"),
    "subsidies:receipts": ("auditor", {"state": "waiting", "q": "演示"}, "receipts"),
    "subsidies:revocations": ("auditor", {}, "revocations"),
    "subsidies:funding_lines": ("caseworker", {"on": "2018-12-31"}, "funding-lines"),
    "subsidies:funding_line": ("auditor", {"on": "2019-06-30", "figure": "paid"}, "funding-entries"),
    "subsidies:openings": ("finance", {}, "openings"),
    "subsidies:payment_lists": ("reviewer", {}, "payment-lists"),
    "subsidies:payment_list": ("auditor", {}, "payment-lines"),
    "subsidies:payment_list_new": ("finance", {}, "preflight"),
    "subsidies:reconciliation_figure": ("finance", {"on": "2019-06-30"}, "figure-entries"),
    "subsidies:unmatched_rows": ("finance", {"shown": "all"}, "unmatched-rows"),
    "subsidies:bank_formats": ("administrator", {}, "bank-formats"),
    "documents:notices": ("finance", {"kind": "grant", "year": "2019"}, "notices"),
    "documents:batches": ("auditor", {}, "batches"),
    "documents:texts": ("administrator", {}, "texts"),
}
# Pages of the menu whose lists come as no table of their own, and why.
NO_LIST = {
    "home": "leads to the lists",
    "cultivation:county": "leads to the lists",
    "cultivation:history": "leads to the lists",
    "cultivation:news": "leads to the threads, which come as tables of their own",
    "cultivation:portal": "the firm's own case; its lists are pages of their own",
    "cultivation:board": "all its numbers come as one workbook",
    "cultivation:ledger": "comes as the forms of 2016, a sheet a year",
    "subsidies:reconciliation": "the report comes as one workbook",
    "documents:imports": "what may be handed in, with its templates",
    "documents:files": "the person's own files",
    "documents:verify": "looks up one notice",
    "admin:index": "Django's own pages",
}


def test_every_page_of_the_menu_is_known() -> None:
    routes = {entry.route for _label, entries in MENU for entry in entries}
    assert routes - set(PAGES) == set(NO_LIST)


@pytest.mark.parametrize("name", sorted({who for who, _asked, _kind in PAGES.values()}))
def test_every_list_leads_to_its_workbook_with_the_same_filters(world: World, name: str) -> None:
    client, objects = world.client(name), objects_of(world)
    for route, (who, asked, kind) in PAGES.items():
        if who != name:
            continue
        page = client.get(world.url(route), {**asked, "after": ""})
        text = html.unescape(page.content.decode())
        address = reverse("documents:export", args=[kind])
        links = re.findall(rf'href="{re.escape(address)}(\?[^"]*)?"', text)
        wanted = {**asked, **{key: str(value) for key, value in objects.get(kind, {}).items()}}
        assert [dict(parse_qsl(link[1:])) for link in links] == [wanted], route
        assert client.get(address + links[0]).status_code == 200, route
