"""User name and password, and what stops whoever guesses them."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import NoReverseMatch, reverse

from cultivation.models import User
from tests.people import Cast

from .signing_in import PASSWORD, is_logged_in, log_in, with_password


@pytest.fixture
def caseworker(cast: Cast) -> User:
    return with_password(cast.caseworker)


def test_user_name_and_password_open_the_site(client: Client, caseworker: User) -> None:
    answer = log_in(client, caseworker)
    assert answer["Location"] == reverse("home")
    assert is_logged_in(client)


def test_one_comes_back_to_the_page_one_wanted(client: Client, caseworker: User) -> None:
    wanted = reverse("cultivation:cases")
    page = client.get(wanted, follow=True)
    assert f'name="next" value="{wanted}"' in page.content.decode()
    answer = client.post(
        reverse("account_login"), {"login": caseworker.username, "password": PASSWORD, "next": wanted}
    )
    assert answer["Location"] == wanted


def test_one_is_not_sent_to_another_host(client: Client, caseworker: User) -> None:
    form = {"login": caseworker.username, "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert client.post(reverse("account_login"), form)["Location"] == reverse("home")


def test_a_wrong_password_says_no_more_than_that(client: Client, caseworker: User) -> None:
    wrong = log_in(client, caseworker, "wrong").content.decode()
    unknown = log_in(client, User(username="nobody-at-all"), "wrong").content.decode()
    for page in (wrong, unknown):
        assert "alert-danger" in page
    assert not is_logged_in(client)


def test_a_closed_account_stays_out(client: Client, caseworker: User) -> None:
    User.objects.filter(pk=caseworker.pk).update(is_active=False)
    assert log_in(client, caseworker)["Location"] == reverse("account_inactive")
    assert not is_logged_in(client)


class TestLockout:
    def test_after_five_wrong_passwords_the_right_one_is_refused_too(
        self, client: Client, caseworker: User
    ) -> None:
        for _ in range(5):
            log_in(client, caseworker, "wrong")
        answer = log_in(client, caseworker)
        assert answer.status_code == 200
        assert not is_logged_in(client)

    def test_it_ends_after_a_quarter_of_an_hour(self, client: Client, caseworker: User) -> None:
        with time_machine.travel(dt.datetime.now(dt.UTC)) as clock:
            for _ in range(5):
                log_in(client, caseworker, "wrong")
            clock.shift(dt.timedelta(minutes=16))
            log_in(client, caseworker)
        assert is_logged_in(client)

    def test_it_is_the_account_that_is_locked_from_any_address(
        self, client: Client, caseworker: User
    ) -> None:
        for number in range(5):
            client.defaults["REMOTE_ADDR"] = f"10.0.0.{number + 1}"
            log_in(client, caseworker, "wrong")
        client.defaults["REMOTE_ADDR"] = "10.0.0.99"
        log_in(client, caseworker)
        assert not is_logged_in(client)

    def test_others_are_not_locked_out_with_it(self, client: Client, caseworker: User, cast: Cast) -> None:
        for _ in range(5):
            log_in(client, caseworker, "wrong")
        log_in(client, with_password(cast.reviewer))
        assert is_logged_in(client)

    def test_right_log_ins_in_between_do_not_start_the_count_afresh(
        self, client: Client, caseworker: User, cast: Cast
    ) -> None:
        with_password(cast.reviewer)
        for _ in range(5):
            log_in(client, caseworker, "wrong")
            log_in(client, cast.reviewer)
            client.logout()
        log_in(client, caseworker)
        assert not is_logged_in(client)

    def test_one_address_may_not_go_on_posting(self, client: Client, caseworker: User) -> None:
        answers = [log_in(client, User(username=f"guess-{n}"), "x").status_code for n in range(31)]
        assert answers[-1] == 429


@pytest.mark.parametrize("name", ["account_signup", "account_reset_password", "account_email"])
def test_there_is_no_signing_up_and_nothing_that_needs_mail(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


class TestPassword:
    def test_changing_it_keeps_this_session_and_ends_the_others(
        self, client: Client, caseworker: User
    ) -> None:
        elsewhere = Client()
        log_in(elsewhere, caseworker)
        log_in(client, caseworker)
        form = {"oldpassword": PASSWORD, "password1": "nine-Tall-saplings", "password2": "nine-Tall-saplings"}
        assert client.post(reverse("account_change_password"), form).status_code == 302
        assert client.get(reverse("cultivation:cases")).status_code == 200
        assert elsewhere.get(reverse("cultivation:cases")).status_code == 302

    @pytest.mark.parametrize(
        ("old", "new", "again"),
        [
            ("wrong", "nine-Tall-saplings", "nine-Tall-saplings"),
            (PASSWORD, "short", "short"),
            (PASSWORD, "1234567890123", "1234567890123"),
            (PASSWORD, "nine-Tall-saplings", "ten-Tall-saplings"),
        ],
    )
    def test_a_bad_one_is_not_taken(
        self, client: Client, caseworker: User, old: str, new: str, again: str
    ) -> None:
        log_in(client, caseworker)
        form = {"oldpassword": old, "password1": new, "password2": again}
        assert "text-danger" in client.post(reverse("account_change_password"), form).content.decode()
        caseworker.refresh_from_db()
        assert caseworker.check_password(PASSWORD)


class TestSessions:
    def test_they_are_listed_and_the_others_can_be_ended(self, client: Client, caseworker: User) -> None:
        elsewhere = Client(REMOTE_ADDR="10.0.0.7", HTTP_USER_AGENT="Old Office Browser")
        log_in(elsewhere, caseworker)
        log_in(client, caseworker)
        page = client.get(reverse("usersessions_list")).content.decode()
        assert "10.0.0.7" in page
        assert "Old Office Browser" in page
        client.post(reverse("usersessions_list"))
        assert elsewhere.get(reverse("cultivation:cases")).status_code == 302
        assert client.get(reverse("cultivation:cases")).status_code == 200

    def test_nobody_sees_those_of_others(self, client: Client, caseworker: User, cast: Cast) -> None:
        log_in(Client(REMOTE_ADDR="10.0.0.7"), caseworker)
        log_in(client, with_password(cast.reviewer))
        assert "10.0.0.7" not in client.get(reverse("usersessions_list")).content.decode()
