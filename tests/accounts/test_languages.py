"""Chinese until somebody chooses English; the choice holds before and after logging in."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.people import Cast

pytestmark = pytest.mark.django_db
LOGIN = "account_login"


def language(client: Client, **headers: str) -> str:
    return str(client.get(reverse(LOGIN), headers=headers)["Content-Language"])


def test_it_is_chinese_whatever_the_browser_asks_for(client: Client) -> None:
    assert language(client, **{"accept-language": "en-US,en;q=0.9"}) == "zh-hans"
    assert 'lang="zh-hans"' in client.get(reverse(LOGIN)).content.decode()


def test_english_is_chosen_and_left_again(client: Client) -> None:
    for code in ("en", "zh-hans"):
        answer = client.post(reverse("set_language"), {"language": code}, headers={"referer": reverse(LOGIN)})
        assert answer.status_code == 302
        assert language(client) == code


def test_the_choice_holds_after_logging_in(client: Client, cast: Cast) -> None:
    client.post(reverse("set_language"), {"language": "en"})
    client.force_login(cast.caseworker)
    page = client.get(reverse("cultivation:cases"))
    assert page["Content-Language"] == "en"
    assert "Log out" in page.content.decode()


def test_a_made_up_language_changes_nothing(client: Client) -> None:
    client.post(reverse("set_language"), {"language": "xx"})
    client.cookies["django_language"] = "xx"
    assert language(client) == "zh-hans"
