"""SQLite's test databases are migrated once and then copied, for as long as nothing that makes them has changed.

Running all migrations takes half a minute of every run and every worker. PostgreSQL's are migrated each time.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.core import management
from django.db import DEFAULT_DB_ALIAS, connections

_ROOT = Path(__file__).resolve().parent.parent
_FOLDER = _ROOT / "var" / "test-databases"
# Tables, triggers and rows come from these; models name the permissions that ``post_migrate`` writes.
_SOURCES = (
    "*/migrations/*.py",
    "*/*/migrations/*.py",
    "*/models/*.py",
    "*/*/models.py",
    "*/reference*.py",
    "*/reference_data/*",
    "*/enums.py",
    "config/common/*.py",
    "uv.lock",
)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for pattern in _SOURCES:
        for path in sorted(_ROOT.glob(pattern)):
            digest.update(f"{path.relative_to(_ROOT)}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:32]


@contextmanager
def migrated_once() -> Iterator[None]:
    """While this lasts, making a test database copies what an earlier run has kept, or keeps what it has made."""
    migrate, kept = management.call_command, _FOLDER / f"{_fingerprint()}.sqlite3"

    def call(name: str, *arguments: Any, **options: Any) -> Any:
        connection = connections[options.get("database", DEFAULT_DB_ALIAS)]
        if name != "migrate" or not options.get("run_syncdb") or connection.vendor != "sqlite":
            return migrate(name, *arguments, **options)
        connection.ensure_connection()
        if kept.exists():
            with closing(sqlite3.connect(kept)) as source:
                source.backup(connection.connection)
            return None
        migrate(name, *arguments, **options)
        _keep(connection.connection, kept)
        return None

    with patch.object(management, "call_command", call):
        yield


def _keep(made: sqlite3.Connection, kept: Path) -> None:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    for former in _FOLDER.glob("*.sqlite3"):
        former.unlink(missing_ok=True)
    half = kept.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(half)) as target:
        made.backup(target)
    half.replace(kept)
