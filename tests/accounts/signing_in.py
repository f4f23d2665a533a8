"""What the tests of accounts do over and over: log in with a password, set up an app, tell its code."""

import time

from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from cultivation.models import User

PASSWORD = "seven-green-Saplings"


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def log_in(client: Client, user: User, password: str = PASSWORD) -> HttpResponse:
    return client.post(reverse("account_login"), {"login": user.username, "password": password})


def set_up_app(user: User) -> str:
    """The secret of the app that ``user`` has from now on."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    """What the app shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def is_logged_in(client: Client) -> bool:
    return "_auth_user_id" in client.session
