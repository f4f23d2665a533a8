"""Public pages with the firm portal, the office, or all: what one server does not offer has no address on it."""

import sys
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from config.parts import PORTAL, Part, urlpatterns_of
from tests.people import Cast
from tests.site import World, build_world
from tests.test_urls import ACCOUNT, TABLE, routes

OWN = {"home", "set_language", "set_appearance", *ACCOUNT}
PORTAL_ROUTES = {f"{app}:{name}" for app, names in PORTAL.items() for name in names}
PUBLIC_ROUTES = {route for route in TABLE if route.startswith("public:")}
OFFICE_ROLES = ("county", "caseworker", "reviewer", "finance", "auditor", "administrator")


def offered(part: Part) -> set[str]:
    return {name for name, _pattern in routes(urlpatterns_of(part))}


@pytest.fixture
def serve(settings) -> Iterator[Callable[[Part], None]]:
    """``serve(part)``: from here on the site is that part of it."""
    module = ModuleType("tests.served_part")

    def switch(part: Part) -> None:
        module.urlpatterns = urlpatterns_of(part)  # type: ignore[attr-defined]
        sys.modules[module.__name__] = module
        settings.SITE_PART = part.value
        settings.ROOT_URLCONF = module.__name__

    yield switch
    sys.modules.pop(module.__name__, None)


@pytest.fixture
def world(cast: Cast) -> World:
    return build_world(cast)


class TestAddresses:
    def test_the_public_part_has_public_pages_portal_and_own_account_alone(self) -> None:
        assert offered(Part.PUBLIC) == OWN | PORTAL_ROUTES | PUBLIC_ROUTES

    def test_the_office_has_everything_but_the_public_pages(self) -> None:
        assert offered(Part.OFFICE) == offered(Part.ALL) - PUBLIC_ROUTES

    def test_together_they_are_the_whole(self) -> None:
        assert offered(Part.PUBLIC) | offered(Part.OFFICE) == offered(Part.ALL)

    def test_the_portal_is_what_firms_open(self) -> None:
        """A new page that answers a firm belongs into ``PORTAL``, and nothing that never does."""
        rows = {route: row for route, row in TABLE.items() if route not in OWN | PUBLIC_ROUTES}
        opened = {route for route, row in rows.items() if 200 in (row["firm"], row["other_firm"])}
        closed = {route for route, row in rows.items() if {row["firm"], row["other_firm"]} == {403}}
        assert opened - PORTAL_ROUTES == set()
        assert PORTAL_ROUTES & closed == set()


class TestThePublicPart:
    def test_strangers_come_to_the_public_pages(self, serve, client: Client, db: None) -> None:
        serve(Part.PUBLIC)
        assert client.get("/")["Location"] == reverse("public:start")
        assert client.get(reverse("public:start")).status_code == 200
        assert client.get(reverse("documents:verify")).status_code == 200

    def test_every_page_of_a_firm_opens_there_too(self, serve, world: World) -> None:
        serve(Part.PUBLIC)
        client = world.client("firm")
        pages = [route for route in PORTAL_ROUTES if TABLE[route]["firm"] == 200]
        found = {route: world.status(client, route) for route in pages}
        assert set(found.values()) == {200}, found

    @pytest.mark.parametrize("name", OFFICE_ROLES)
    def test_nobody_of_the_office_works_there(self, serve, world: World, name: str) -> None:
        serve(Part.PUBLIC)
        client = world.client(name)
        for route in ("home", "cultivation:cases"):
            answer = client.get(reverse(route))
            assert answer.status_code == 403
            assert "本网址" in answer.content.decode()
        assert client.get(reverse("public:start")).status_code == 200
        assert client.get(reverse("mfa_index")).status_code == 200

    def test_pages_of_the_office_have_no_address(self, serve, world: World) -> None:
        awards, admin = reverse("subsidies:awards"), reverse("admin:index")
        serve(Part.PUBLIC)
        with pytest.raises(NoReverseMatch):
            reverse("subsidies:awards")
        client = world.client("firm")
        assert client.get(awards).status_code == 404
        assert client.get(admin).status_code == 404


class TestTheOffice:
    def test_firms_are_sent_away(self, serve, world: World) -> None:
        serve(Part.OFFICE)
        assert world.client("firm").get(reverse("home")).status_code == 403

    @pytest.mark.parametrize("name", OFFICE_ROLES)
    def test_everybody_of_the_office_works_there(self, serve, world: World, name: str) -> None:
        serve(Part.OFFICE)
        assert world.client(name).get(reverse("home"), follow=True).status_code == 200

    def test_strangers_are_asked_to_log_in(self, serve, client: Client, db: None) -> None:
        serve(Part.OFFICE)
        assert client.get("/")["Location"].startswith(reverse("account_login"))
        assert client.get("/public/").status_code == 404
