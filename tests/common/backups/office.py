"""An office with money paid and papers issued in a database of its own, and archives that are not as they were written."""

import datetime as dt
import gzip
import hashlib
import io
import json
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.test import override_settings

from config.common import clock
from config.common.append_only import create_triggers
from config.common.backups.manifest import Manifest
from documents.api import Notice, store_attachment
from subsidies.services.notices import issue_grant_notice
from subsidies.services.seals import seal_through
from tests.people import make_cast
from tests.subsidies.factories import notice_organ
from tests.subsidies.paying import desk

PDF = b"%PDF-1.4 made up"


@contextmanager
def working_at(name: Path | str, var: Path) -> Iterator[None]:
    """Let everything lead to another database and other directories; nothing of the suite's own is touched."""
    former, fresh = connections[DEFAULT_DB_ALIAS], connections.create_connection(DEFAULT_DB_ALIAS)
    fresh.settings_dict = {**fresh.settings_dict, "NAME": str(name)}
    connections[DEFAULT_DB_ALIAS] = fresh
    try:
        with override_settings(VAR_DIR=var, MEDIA_ROOT=var / "media"):
            yield
    finally:
        fresh.close()
        connections[DEFAULT_DB_ALIAS] = former


def copy_of_suites_database(path: Path) -> None:
    """The migrated SQLite database of the test suite, as a file."""
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
        kept = copy.execute("SELECT name FROM sqlite_master WHERE name LIKE 'kept_aside_%'").fetchall()
        for (table,) in kept:
            copy.execute(f'DROP TABLE "{table}"')


def fill() -> None:
    """A list settled, a notice issued, a file handed in, everything sealed, somebody logged in."""
    create_triggers()
    with clock.fixed(dt.date(2019, 5, 6)):
        cast = make_cast()
        found = desk(cast)
        found.settled(found.awards[:2])
        issue_grant_notice(award=found.awards[0], organ=notice_organ(), actor=cast.caseworker)
        store_attachment(content=PDF, original_name="说明.pdf", uploaded_by=cast.firm)
    with clock.fixed(dt.date(2019, 5, 7)):
        seal_through(day=dt.date(2019, 5, 6))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('secret', 'x', '2030-01-01')"
        )


def everything() -> dict[str, list[Any]]:
    """Every row of every table but the sessions."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table != "django_session":
                cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
                rows[table] = [tuple(map(str, row)) for row in cursor.fetchall()]
    return rows


def stored(media: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(media)): path.read_bytes() for path in sorted(media.rglob("*")) if path.is_file()
    }


def stored_notice() -> Path:
    return Path(Notice.objects.get().file.path)


@dataclass
class Archive:
    """An archive taken apart: its members in their order, to be changed and written again."""

    members: list[tuple[tarfile.TarInfo, bytes]] = field(default_factory=list)

    @classmethod
    def of(cls, path: Path) -> "Archive":
        with tarfile.open(path) as tar:
            return cls([(member, tar.extractfile(member).read()) for member in tar])  # type: ignore[union-attr]

    def place(self, name: str) -> int:
        return next(index for index, (member, _data) in enumerate(self.members) if member.name == name)

    def __getitem__(self, name: str) -> bytes:
        return self.members[self.place(name)][1]

    def __setitem__(self, name: str, data: bytes) -> None:
        member = self.members[self.place(name)][0]
        member.size = len(data)
        self.members[self.place(name)] = member, data

    def manifest(self, **changes: Any) -> None:
        """Change the manifest and seal it again, as a forger would."""
        content = json.loads(self["manifest.json"])
        del content["sha256"]
        self["manifest.json"] = Manifest(**content | changes).as_bytes()

    def index(self, change: Callable[[list[dict[str, Any]]], None]) -> None:
        """Change the index, and the manifest with it."""
        lines = [json.loads(line) for line in self["files.jsonl"].splitlines()]
        change(lines)
        self["files.jsonl"] = data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        self.manifest(index_size=len(data), index_sha256=_sha256(data))

    def database(self, tmp_path: Path, *statements: str, **changes: Any) -> None:
        """Change SQLite's copy by SQL, and the manifest with it."""
        path = tmp_path / "tampered.sqlite3"
        path.write_bytes(gzip.decompress(self["database"]))
        with closing(sqlite3.connect(path, isolation_level=None)) as copy:
            triggers = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _sql in triggers:
                copy.execute(f'DROP TRIGGER "{name}"')
            for statement in statements:
                copy.execute(statement)
            for _name, sql in triggers:
                copy.execute(sql)
        self.pack(path.read_bytes(), **changes)

    def pack(self, plain: bytes, **changes: Any) -> None:
        packed = gzip.compress(plain)
        self["database"] = packed
        sizes = {"unpacked_size": len(plain), "database_size": len(packed)}
        self.manifest(**sizes | {"database_sha256": _sha256(packed)} | changes)

    def write(self, path: Path) -> Path:
        with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as tar:
            for member, data in self.members:
                tar.addfile(member, io.BytesIO(data))
        # tarfile fills up to a record of its own; an archive of ours ends after two blocks.
        end = sum(512 + len(data) + -len(data) % 512 for _member, data in self.members) + 1024
        with path.open("r+b") as file:
            file.truncate(end)
        return path


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
