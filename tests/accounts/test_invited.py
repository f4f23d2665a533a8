"""The public page of an invitation: an account made by the firm itself, and what stops whoever guesses codes."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cultivation.models import Firm, User
from cultivation.services.invitations import issue_invitation
from tests.factories import FirmFactory
from tests.people import Cast

from .signing_in import PASSWORD, is_logged_in, log_in

URL = "/login/invited/"


@pytest.fixture
def invited(cast: Cast) -> tuple[Firm, str]:
    firm = FirmFactory()
    return firm, issue_invitation(firm=firm, actor=cast.caseworker)[1]


def answers(firm: Firm, code: str, **changes: str) -> dict[str, str]:
    typed = {
        "credit_code": firm.credit_code,
        "code": code,
        "display_name": "张苗",
        "username": "miao-zhang",
        "password": PASSWORD,
        "again": PASSWORD,
    }
    return typed | changes


def test_a_firm_makes_its_account_and_logs_in(client: Client, invited: tuple[Firm, str]) -> None:
    firm, code = invited
    assert client.get(URL).status_code == 200
    assert client.post(URL, answers(firm, code))["Location"] == reverse("account_login")
    log_in(client, User.objects.get(username="miao-zhang"))
    assert is_logged_in(client)
    assert client.get("/", follow=True).context["firm"] == firm


def test_the_login_page_tells_the_way(client: Client, db: None) -> None:
    assert f'href="{URL}"' in client.get(reverse("account_login")).content.decode()


def test_what_was_typed_is_kept_but_for_the_passwords(client: Client, invited: tuple[Firm, str]) -> None:
    firm, code = invited
    answer = client.post(URL, answers(firm, code, again="other-green-Saplings"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert firm.credit_code in text
    assert "miao-zhang" in text
    assert PASSWORD not in text


def test_a_wrong_code_and_an_unknown_firm_get_the_same_answer(
    client: Client, invited: tuple[Firm, str]
) -> None:
    firm, code = invited
    messages = {
        client.post(URL, typed).context["form"].non_field_errors()[0]
        for typed in (answers(firm, "AAAA-BBBB"), answers(firm, code, credit_code="91990000MA7000009X"))
    }
    assert len(messages) == 1
    assert not User.objects.filter(username="miao-zhang").exists()


class TestLockout:
    def test_after_five_wrong_codes_the_right_one_is_refused_too(
        self, client: Client, invited: tuple[Firm, str]
    ) -> None:
        firm, code = invited
        for number in range(5):
            client.defaults["REMOTE_ADDR"] = f"10.0.0.{number + 1}"
            # Written in another way it is the same firm.
            assert (
                client.post(URL, answers(firm, "WRONG", credit_code=firm.credit_code.lower())).status_code
                == 422
            )
        client.defaults["REMOTE_ADDR"] = "10.0.0.99"
        assert client.post(URL, answers(firm, code)).status_code == 429
        assert not User.objects.filter(username="miao-zhang").exists()

    def test_it_ends_after_a_quarter_of_an_hour(self, client: Client, invited: tuple[Firm, str]) -> None:
        firm, code = invited
        with time_machine.travel(dt.datetime.now(dt.UTC)) as clock:
            for _n in range(5):
                client.post(URL, answers(firm, "WRONG"))
            clock.shift(dt.timedelta(minutes=16))
            assert client.post(URL, answers(firm, code)).status_code == 302

    def test_one_address_cannot_go_through_the_firms(self, client: Client, invited: tuple[Firm, str]) -> None:
        firm, code = invited
        for number in range(20):
            client.post(URL, answers(firm, "WRONG", credit_code=f"91990000MA70{number:05d}X"))
        assert client.post(URL, answers(firm, code)).status_code == 429

    def test_a_weak_password_is_no_wrong_code(self, client: Client, invited: tuple[Firm, str]) -> None:
        firm, code = invited
        for _n in range(6):
            assert client.post(URL, answers(firm, code, password="weak", again="weak")).status_code == 422
        assert client.post(URL, answers(firm, code)).status_code == 302


def test_an_account_that_the_administrator_closes_is_out_at_once(
    client: Client, invited: tuple[Firm, str]
) -> None:
    firm, code = invited
    client.post(URL, answers(firm, code))
    user = User.objects.get(username="miao-zhang")
    log_in(client, user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert reverse("account_login") in client.get(reverse("cultivation:portal"))["Location"]
    assert log_in(Client(), user)["Location"] == reverse("account_inactive")
