"""No page keeps anybody out: WCAG 2.2 AA by axe at 360 and 1440 px in light and dark, nothing from elsewhere, nothing that needs scripts."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.looking import faults
from tests.people import make_cast
from tests.site import World, build_world
from tests.test_urls import PEOPLE, TABLE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# The pages people spend their day on, each with somebody who does.
MAIN = (
    ("anonymous", "account_login"),
    ("anonymous", "documents:verify"),
    ("caseworker", "cultivation:queue"),
    ("caseworker", "cultivation:cases"),
    ("caseworker", "cultivation:case"),
    ("caseworker", "cultivation:firm"),
    ("reviewer", "subsidies:awards"),
    ("reviewer", "subsidies:award"),
    ("finance", "subsidies:funding_line"),
    ("finance", "subsidies:payment_list"),
    ("county", "cultivation:board"),
    ("firm", "cultivation:self_check"),
    ("auditor", "subsidies:reconciliation"),
)
# Who is asked first, for the sweep: whoever may do most on a page.
_FITTING = ("caseworker", "reviewer", "finance", "administrator", "county", "firm", "auditor", "anonymous")


# Who looks at which page: a route, or an address where the administration has no route in the world.
Pages = list[tuple[str, str]]


class Round:
    """A visitor who goes through pages of the world, each as one of its people."""

    def __init__(self, visitor: Visit, world: World, pages: Pages) -> None:
        self.visitor, self.world, self.pages = visitor, world, pages
        # Everybody is logged in before the first request, so that nothing is written while the server reads.
        clients = {name: world.client(name) for name in dict.fromkeys(name for name, _route in pages)}
        self._sessions = {
            name: client.cookies["sessionid"].value for name, client in clients.items() if client.cookies
        }

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for name, route in self.pages:
            self.open(name, route)
            yield name, route

    def open(self, name: str, route: str, **cookies: str) -> None:
        if name in self._sessions:
            cookies["sessionid"] = self._sessions[name]
        context = self.visitor.page.context
        context.clear_cookies()
        context.add_cookies(
            [{"name": key, "value": value, "url": self.visitor.home} for key, value in cookies.items()]
        )
        # What axe still has to say of the last page belongs to that page.
        self.visitor.page.goto("about:blank")
        self.visitor.complaints.clear()
        self.visitor.hosts.clear()
        url = route if route.startswith("/") else self.world.url(route)
        self.visitor.page.goto(self.visitor.home + url)

    def wrong(self) -> dict[str, list[str]]:
        """What is wrong, page by page; what is right is left out."""
        found = {}
        for name, route in self:
            # Panels of other apps have come.
            expect(self.visitor.page.locator("[hx-trigger=load]")).to_have_count(0)
            # What the page itself complains of; axe's reading of style sheets is stopped by the policy.
            faulty = [*self.visitor.complaints]
            faulty += faults(self.visitor.page)
            faulty += [f"asks {host}" for host in self.visitor.hosts - {urlsplit(self.visitor.home).netloc}]
            if faulty:
                found[f"{route} as {name}"] = faulty
        return found


def test_the_main_pages_are_open_to_everybody(visit: Callable[..., Visit]) -> None:
    assert Round(visit(), build_world(make_cast()), list(MAIN)).wrong() == {}


def test_the_main_pages_are_read_without_scripts(visit: Callable[..., Visit]) -> None:
    visitor = visit(java_script_enabled=False, viewport={"width": 360, "height": 800})
    for _name, route in Round(visitor, build_world(make_cast()), list(MAIN)):
        assert visitor.page.locator("h1").is_visible(), route
        assert len(visitor.page.locator("main").inner_text()) > 40, route


def test_on_a_phone_the_menu_opens_and_leads_on_without_scripts(visit: Callable[..., Visit]) -> None:
    visitor = visit(java_script_enabled=False, viewport={"width": 360, "height": 800})
    page = visitor.page
    list(Round(visitor, build_world(make_cast()), [("caseworker", "cultivation:cases")]))
    awards = page.locator("#menu").get_by_role("link", name="奖补", exact=True)
    assert not awards.is_visible()
    page.get_by_role("link", name="菜单", exact=True).click()
    assert awards.is_visible()
    awards.click()
    assert urlsplit(page.url).path == reverse("subsidies:awards")
    assert not awards.is_visible()


def test_large_text_fits_on_a_phone(visit: Callable[..., Visit]) -> None:
    visitor = visit(viewport={"width": 360, "height": 800})
    readers = Round(visitor, build_world(make_cast()), list(MAIN))
    wide = {}
    for name, route in MAIN:
        readers.open(name, route, text="large")
        width = visitor.page.evaluate("document.documentElement.scrollWidth")
        if width > 360:
            wide[route] = width
    assert wide == {}


def html_pages(world: World, name: str) -> list[str]:
    """The addresses that answer this person with a page; files are left out."""
    client, found = world.client(name), []
    for route, row in TABLE.items():
        if row[name] == 200 and _is_page(client, world.url(route)):
            found.append(route)
    return found


def _is_page(client: Client, url: str) -> bool:
    answer = client.get(url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code == 200 and answer["Content-Type"].startswith("text/html")


@pytest.mark.long
def test_every_page_is_open_to_everybody(visit: Callable[..., Visit]) -> None:
    """Each address once, for the person who may do most there; what a firm sees, and everybody's front page, once more."""
    assert set(_FITTING) < set(PEOPLE)
    world = build_world(make_cast())
    seen: set[str] = set()
    pages: Pages = []
    for name in _FITTING:
        routes = [r for r in html_pages(world, name) if r not in seen or name == "firm" or r == "home"]
        seen.update(routes)
        pages += [(name, route) for route in routes]
    assert len(pages) > 140
    assert Round(visit(), world, pages).wrong() == {}


def administration_pages() -> list[str]:
    """The index, and of each table its list, its empty form, and the form and history of its first row."""
    site, found = admin.site, [reverse("admin:index"), reverse("admin:password_change")]
    for model in site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist"), reverse(f"{name}_add")]
        row = model._default_manager.first()
        if row is not None:
            found += [reverse(f"{name}_change", args=[row.pk]), reverse(f"{name}_history", args=[row.pk])]
    return found


@pytest.mark.long
def test_the_administration_is_open_to_everybody_who_administers(visit: Callable[..., Visit]) -> None:
    world = build_world(make_cast())
    client = world.client("administrator")
    pages: Pages = [("administrator", url) for url in administration_pages() if _is_page(client, url)]
    assert len(pages) > 40
    assert Round(visit(), world, pages).wrong() == {}
