"""Light or dark, usual or large text: kept in a cookie and written into the page by the server."""

import pytest
from django.test import Client
from django.urls import reverse

pytestmark = pytest.mark.django_db
LOGIN = "account_login"


def page(client: Client) -> str:
    return client.get(reverse(LOGIN)).content.decode()


def test_at_first_it_follows_the_browser(client: Client) -> None:
    text = page(client)
    assert "data-bs-theme" not in text
    assert "data-text" not in text
    assert 'media="screen and (prefers-color-scheme: dark)"' in text


def test_dark_is_chosen_and_left_again(client: Client) -> None:
    client.post(reverse("set_appearance"), {"theme": "dark"})
    assert 'data-bs-theme="dark"' in page(client)
    assert 'media="screen"' in page(client)
    client.post(reverse("set_appearance"), {"theme": "light"})
    assert "dark.css" not in page(client)
    client.post(reverse("set_appearance"), {"theme": "auto"})
    assert "data-bs-theme" not in page(client)


def test_large_text_is_chosen_beside_it(client: Client) -> None:
    client.post(reverse("set_appearance"), {"theme": "dark"})
    client.post(reverse("set_appearance"), {"text": "large"})
    assert 'data-text="large"' in page(client)
    assert 'data-bs-theme="dark"' in page(client)


def test_one_comes_back_to_where_one_was_but_to_no_other_host(client: Client) -> None:
    url = reverse("set_appearance")
    here = "http://testserver/certificates/"
    assert client.post(url, {"theme": "dark"}, headers={"referer": here})["Location"] == here
    elsewhere = client.post(url, {"theme": "dark"}, headers={"referer": "http://evil.example/"})
    assert elsewhere["Location"] == reverse("home")


@pytest.mark.parametrize("cookie", ["pink", '"><script>', ""])
def test_what_is_no_choice_changes_nothing(client: Client, cookie: str) -> None:
    client.post(reverse("set_appearance"), {"theme": cookie, "text": cookie})
    client.cookies["theme"] = cookie
    client.cookies["text"] = cookie
    assert "data-bs-theme" not in page(client)
    assert "data-text" not in page(client)
