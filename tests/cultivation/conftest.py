"""Fixtures of the cultivation tests."""

import pytest
from django.test import Client

from cultivation.models import User


@pytest.fixture
def browse(client: Client):
    """``browse(user)``: the client, logged in as this person."""

    def log_in(user: User) -> Client:
        client.force_login(user)
        return client

    return log_in
