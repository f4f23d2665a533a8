"""A process killed in the middle of a release or a return leaves nothing from which going on would be wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.workers import own_name

STEP = 12


def run(operation: str, step: int, place: Path, database: str) -> dict[str, Any]:
    (place / "fonts").symlink_to(Path("var/fonts").resolve())
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "DATABASE_URL": database,
        "MIAOPU_VAR": str(place),
        "PYTHONWARNINGS": "ignore",
    }
    command = [sys.executable, "-m", "tests.subsidies.killing", operation, str(step)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def require_right(answer: dict[str, Any], step: int) -> None:
    assert answer["wrong"] == []
    assert answer["statements"] > 20
    assert answer["commits"] >= 1
    assert answer["killed"] == len(range(0, answer["statements"], step)) + 2 * answer["commits"]


def sqlite(place: Path) -> str:
    return f"sqlite:///{place / 'killed.sqlite3'}"


def postgresql() -> str:
    server, _slash, _name = os.environ["DATABASE_URL"].rpartition("/")
    return f"{server}/{own_name('killed')}"


@pytest.mark.parametrize("operation", ["release", "return"])
def test_killed_at_commits_and_some_statements(operation: str, tmp_path: Path) -> None:
    require_right(run(operation, STEP, tmp_path, sqlite(tmp_path)), STEP)


def test_a_release_in_two_transactions_would_be_seen(tmp_path: Path) -> None:
    wrong = run("split", 1000, tmp_path, sqlite(tmp_path))["wrong"]
    assert wrong == ["after commit 1: another record", "before commit 2: another record"]


@pytest.mark.long
@pytest.mark.parametrize("operation", ["release", "return"])
def test_killed_at_every_statement(operation: str, tmp_path: Path) -> None:
    require_right(run(operation, 1, tmp_path, sqlite(tmp_path)), 1)


@pytest.mark.postgres
@pytest.mark.parametrize("operation", ["release", "return"])
def test_killed_at_commits_and_some_statements_on_postgresql(operation: str, tmp_path: Path) -> None:
    require_right(run(operation, 2 * STEP, tmp_path, postgresql()), 2 * STEP)
