"""Fixtures of the whole suite; what every test must not do stands in ``guards.py``."""

import datetime as dt
import itertools
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client, TransactionTestCase
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from config.common import clock as business_clock
from cultivation.models import User
from tests import database, guards
from tests.migrated import migrated_once
from tests.people import Cast, make_cast

# A shared machine says nothing about an example's time; in CI the same examples come every time.
hypothesis_settings.register_profile(
    "miaopu", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="CI" in os.environ
)
hypothesis_settings.load_profile("miaopu")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of what only a server database can do are skipped on SQLite."""
    if connection.vendor != "postgresql":
        for item in items:
            if item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))


@pytest.fixture(scope="session", autouse=True)
def _guards() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        guards.install(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _flush_keeps_reference_data() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: database.start_afresh())
        yield


@pytest.fixture(scope="session")
def _migrated_once() -> ExitStack:
    """Open until the databases are made."""
    stack = ExitStack()
    stack.enter_context(migrated_once())
    return stack


@pytest.fixture(scope="session")
def django_db_setup(_migrated_once: ExitStack, django_db_setup: None, django_db_blocker: Any) -> None:
    _migrated_once.close()
    with django_db_blocker.unblock():
        database.keep_rows_aside()


_media = itertools.count()


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Every test stores its files in a directory of its own, which is made when a first file comes."""
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media" / str(next(_media))


@pytest.fixture
def cast(db: None) -> Cast:
    """A person of every role; see ``people.py``."""
    return make_cast()


@pytest.fixture
def browse(client: Client) -> Callable[[User], Client]:
    """``browse(user)``: the client, logged in as this person."""

    def log_in(user: User) -> Client:
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def clock() -> Iterator[Callable[[dt.date], None]]:
    """``clock(date)`` sets the business date for the rest of the test; may be called again."""
    with ExitStack() as stack:
        yield lambda date: stack.enter_context(business_clock.fixed(date))


@pytest.fixture
def root() -> Path:
    """The top of the source tree."""
    return Path(__file__).resolve().parent.parent
