"""The menu shows nobody an entry that does not open for them, and marks where they are."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from cultivation.enums import Role
from tests.people import Cast

pytestmark = pytest.mark.django_db
ROLES = [role.value for role in Role]


def entries(client: Client, path: str) -> dict[str, str]:
    """Address and mark of every entry of the menu on the page at ``path``."""
    text = client.get(path).content.decode()
    menu = text[text.index('id="menu"') : text.index("</nav>")]
    found = re.findall(r'<li>\s*<a href="([^"]+)"\s*(?:aria-current="(\w+)")?\s*>', menu)
    return dict(found)


@pytest.fixture
def at_work(client: Client, cast: Cast):
    def log_in(name: str) -> Client:
        user = getattr(cast, name)
        if name == "administrator":
            user.is_staff = True
            user.save()
        client.force_login(user)
        return client

    return log_in


@pytest.mark.parametrize("role", ROLES)
def test_every_entry_opens(at_work, role: str) -> None:
    client = at_work(role)
    shown = entries(client, reverse("documents:verify"))
    assert len(shown) > 2
    answers = {url: client.get(url, follow=True).status_code for url in shown}
    assert set(answers.values()) == {200}, answers


@pytest.mark.parametrize("role", ROLES)
def test_no_entry_is_there_twice(at_work, role: str) -> None:
    text = at_work(role).get(reverse("documents:verify")).content.decode()
    menu = text[text.index('id="menu"') : text.index("</nav>")]
    urls = re.findall(r'<li>\s*<a href="([^"]+)"', menu)
    assert len(urls) == len(set(urls))


def test_the_page_itself_is_marked_and_nothing_else(at_work) -> None:
    shown = entries(at_work("caseworker"), reverse("cultivation:cases"))
    assert {url: mark for url, mark in shown.items() if mark} == {reverse("cultivation:cases"): "page"}


def test_on_a_page_below_the_nearest_entry_is_marked(at_work) -> None:
    shown = entries(at_work("caseworker"), reverse("subsidies:disclosures"))
    assert shown[reverse("subsidies:disclosures")] == "page"
    shown = entries(at_work("caseworker"), reverse("subsidies:scheme_new"))
    assert {url: mark for url, mark in shown.items() if mark} == {reverse("subsidies:schemes"): "true"}


def test_strangers_see_no_menu(client: Client, db: None) -> None:
    assert 'id="menu"' not in client.get(reverse("account_login")).content.decode()
