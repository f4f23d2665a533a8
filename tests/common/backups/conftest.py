"""One backup for all tests, of an office filled once; and an empty place to restore into."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from config.common.backups.making import make_backup
from tests.common.backups import office


@pytest.fixture(scope="session")
def original(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of an office at work: ``miaopu.sqlite3``, ``media``, and its backup ``backup.tar``."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "fonts").symlink_to(settings.VAR_DIR / "fonts")
    with django_db_blocker.unblock():
        office.copy_of_suites_database(folder / "miaopu.sqlite3")
        with office.working_at(folder / "miaopu.sqlite3", folder):
            office.fill()
            make_backup(folder / "backup.tar")
    return folder


@pytest.fixture
def backup_file(original: Path) -> Path:
    return original / "backup.tar"


@pytest.fixture
def at_original(original: Path, django_db_blocker: Any) -> Iterator[Path]:
    """Work in the office itself: only to look and to back up."""
    with django_db_blocker.unblock(), office.working_at(original / "miaopu.sqlite3", original):
        yield original


@pytest.fixture
def elsewhere(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Path]:
    """Work on a new machine: no tables and no files yet."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    with django_db_blocker.unblock(), office.working_at(folder / "miaopu.sqlite3", folder):
        yield folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """SQLite's tests copy the suite's own database, which has to be SQLite."""
    if connection.vendor != "sqlite":
        for item in items:
            if "backups" in item.path.parts and not item.get_closest_marker("postgres"):
                item.add_marker(pytest.mark.skip(reason="about SQLite"))
