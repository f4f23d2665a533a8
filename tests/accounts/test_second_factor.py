"""The second factor: required of the office where the deployment says so, open to everybody."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from cultivation.enums import Role
from cultivation.models import User
from tests.people import Cast

from .signing_in import PASSWORD, code_of, is_logged_in, log_in, set_up_app, with_password

OFFICE = [role for role in Role if role is not Role.FIRM]


@pytest.fixture
def required(settings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


@pytest.fixture
def caseworker(cast: Cast) -> User:
    return with_password(cast.caseworker)


class TestWhereItIsRequired:
    pytestmark = pytest.mark.usefixtures("required")

    @pytest.mark.parametrize("role", OFFICE)
    def test_nobody_of_the_office_gets_on_without_it(self, client: Client, cast: Cast, role: Role) -> None:
        log_in(client, with_password(cast.of_role(role)))
        for page in ("home", "cultivation:cases", "admin:index"):
            assert client.get(reverse(page))["Location"] == reverse("mfa_index")
        assert client.get(reverse("mfa_index")).status_code == 200

    def test_nothing_can_be_done_by_posting_either(self, client: Client, caseworker: User) -> None:
        log_in(client, caseworker)
        assert client.post(reverse("cultivation:case_new"), {})["Location"] == reverse("mfa_index")

    def test_a_firm_may_go_without(self, client: Client, cast: Cast) -> None:
        log_in(client, with_password(cast.firm))
        assert client.get(reverse("cultivation:cases")).status_code == 200

    @pytest.mark.django_db(transaction=True)
    def test_setting_up_an_app_opens_the_way(self, client: Client, caseworker: User) -> None:
        log_in(client, caseworker)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        page = client.get(reverse("mfa_activate_totp"))
        secret = page.context["form"].secret
        done = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        assert done["Location"] == reverse("mfa_view_recovery_codes")
        assert client.get(reverse("cultivation:cases")).status_code == 200

    def test_a_session_from_before_has_to_prove_it(self, client: Client, caseworker: User) -> None:
        log_in(client, caseworker)
        secret = set_up_app(caseworker)
        wanted = reverse("cultivation:cases")
        asked = client.get(wanted)["Location"]
        assert asked == f"{reverse('mfa_reauthenticate')}?next=%2Fcases%2F"
        assert client.post(asked, {"code": code_of(secret), "next": wanted})["Location"] == wanted
        assert client.get(wanted).status_code == 200

    def test_the_last_one_cannot_be_removed(self, client: Client, caseworker: User) -> None:
        secret = set_up_app(caseworker)
        log_in(client, caseworker)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        assert client.post(reverse("mfa_deactivate_totp")).status_code == 200
        assert Authenticator.objects.filter(user=caseworker, type="totp").exists()


class TestLoggingInWithIt:
    def test_the_password_alone_is_not_enough(self, client: Client, caseworker: User) -> None:
        set_up_app(caseworker)
        assert log_in(client, caseworker)["Location"] == reverse("mfa_authenticate")
        assert not is_logged_in(client)
        assert client.get(reverse("mfa_authenticate")).status_code == 200

    def test_the_code_of_the_app_is(self, client: Client, caseworker: User) -> None:
        secret = set_up_app(caseworker)
        log_in(client, caseworker)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert is_logged_in(client)

    def test_a_code_works_once(self, client: Client, caseworker: User) -> None:
        code = code_of(set_up_app(caseworker))
        for browser, works in ((Client(), True), (client, False)):
            log_in(browser, caseworker)
            browser.post(reverse("mfa_authenticate"), {"code": code})
            assert is_logged_in(browser) is works

    def test_five_wrong_codes_close_it_for_the_right_one_too(self, client: Client, caseworker: User) -> None:
        secret = set_up_app(caseworker)
        log_in(client, caseworker)
        for _ in range(5):
            client.post(reverse("mfa_authenticate"), {"code": "000000"})
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        assert not is_logged_in(client)

    def test_a_recovery_code_works_once(self, client: Client, caseworker: User) -> None:
        log_in(client, caseworker)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        secret = client.get(reverse("mfa_activate_totp")).context["form"].secret
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        assert len(codes) == 10
        for works in (True, False):
            browser = Client()
            log_in(browser, caseworker)
            browser.post(reverse("mfa_authenticate"), {"code": codes[0]})
            assert is_logged_in(browser) is works


def test_the_secret_is_not_in_the_database_as_it_is(caseworker: User) -> None:
    secret = set_up_app(caseworker)
    kept = Authenticator.objects.get(user=caseworker).data["secret"]
    assert secret not in kept
    assert Authenticator.objects.get(user=caseworker).wrap().validate_code(code_of(secret))


class TestPages:
    """Everything of the library is shown in this site's shell, also what only comes up with a key or an app."""

    @pytest.fixture
    def browser(self, client: Client, caseworker: User) -> Client:
        secret = set_up_app(caseworker)
        log_in(client, caseworker)
        client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        return client

    @pytest.mark.parametrize(
        "name",
        [
            "mfa_index",
            "mfa_deactivate_totp",
            "mfa_generate_recovery_codes",
            "mfa_list_webauthn",
            "mfa_add_webauthn",
            "mfa_reauthenticate",
            "account_logout",
        ],
    )
    def test_it_is_in_the_shell(self, browser: Client, name: str) -> None:
        page = browser.get(reverse(name))
        assert page.status_code == 200
        assert 'class="site-header' in page.content.decode()

    def test_codes_are_made_shown_and_downloaded(self, browser: Client) -> None:
        browser.post(reverse("mfa_generate_recovery_codes"))
        shown = browser.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
        file = browser.get(reverse("mfa_download_recovery_codes")).content.decode()
        assert file.split() == shown

    def test_a_key_is_renamed_and_removed_by_its_owner_alone(
        self, browser: Client, caseworker: User, cast: Cast
    ) -> None:
        def key(owner: User) -> int:
            data = {"name": "Key", "credential": {}}
            return Authenticator.objects.create(user=owner, type="webauthn", data=data).pk

        own, foreign = key(caseworker), key(cast.reviewer)
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            assert browser.get(reverse(name, args=[own])).status_code == 200
            assert browser.get(reverse(name, args=[foreign])).status_code == 404
        browser.post(reverse("mfa_edit_webauthn", args=[own]), {"name": "Mine"})
        assert Authenticator.objects.get(pk=own).wrap().name == "Mine"
        browser.post(reverse("mfa_remove_webauthn", args=[own]))
        assert not Authenticator.objects.filter(pk=own).exists()

    def test_a_login_with_a_key_is_offered_and_a_made_up_one_refused(
        self, client: Client, cast: Cast
    ) -> None:
        offered = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
        assert offered.json()["request_options"]["publicKey"]["challenge"]
        client.post(reverse("mfa_login_webauthn"), {"credential": "{}"})
        assert not is_logged_in(client)
