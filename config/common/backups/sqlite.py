"""SQLite: copied and put back by its own backup interface, which neither sees nor leaves a half-done transaction."""

import gzip
import re
import shutil
import sqlite3
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from config.common.errors import Refused

from .archive import CHUNK, damaged
from .contents import (
    SESSIONS,
    Snapshot,
    applied_migrations,
    count_rows,
    names_query,
    require_counts,
    require_own_database,
    rows_of,
    write_names,
)
from .manifest import Manifest

_PATIENCE_SECONDS = 30
# The triggers of append-only tables; a copy with any other program in it is not one of ours.
_GUARD = re.compile(
    r"""CREATE TRIGGER "(\w+)_no_(update|delete)" BEFORE (UPDATE|DELETE) ON "\1" """
    r"""BEGIN SELECT RAISE\(ABORT, '\1 is append-only'\); END"""
)
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"


def database_name() -> str:
    """The name of the database file, by which a person confirms that it may be replaced."""
    return Path(connection.settings_dict["NAME"]).name


def schema() -> str:
    return ""


def tables() -> list[str]:
    return connection.introspection.table_names()


def take(folder: Path) -> Snapshot:
    """A compressed copy of the database as it stands at one moment, while others go on writing."""
    copy, packed = folder / "copy.sqlite3", folder / "database"
    connection.ensure_connection()
    with closing(sqlite3.connect(copy, isolation_level=None)) as target:
        connection.connection.backup(target, progress=_patience())
        # The copy is one file, without a log beside it, and nothing that was deleted can be read in it.
        target.execute("PRAGMA journal_mode=DELETE")
        target.execute("PRAGMA secure_delete=ON")
        cursor = target.cursor()
        found = [name for (name,) in cursor.execute(_TABLES)]
        require_own_database(found)
        migrations = applied_migrations(cursor, found)
        if SESSIONS in found:
            cursor.execute(f"DELETE FROM {SESSIONS}")  # noqa: S608 (our own name)
        counts = count_rows(cursor, found)
        names = write_names(folder / "names", rows_of(cursor.execute(names_query(found)).fetchmany))
    size = copy.stat().st_size
    with copy.open("rb") as plain, gzip.open(packed, "wb", compresslevel=6) as target_file:
        shutil.copyfileobj(plain, target_file, CHUNK)
    copy.unlink()
    return Snapshot(packed, size, sqlite3.sqlite_version, schema(), counts, migrations, names)


def prepare(database: Path, manifest: Manifest) -> Path:
    """Unpack the copy, look it through and bring it up to this version; the database itself is not touched."""
    copy = database.with_suffix(".sqlite3")
    _unpack(database, copy, manifest.unpacked_size)
    try:
        # Django would leave a connection open to what turns out to be no database.
        with closing(sqlite3.connect(copy)) as probe:
            probe.execute("PRAGMA journal_mode=WAL")
            probe.execute("SELECT COUNT(*) FROM sqlite_master")
    except sqlite3.Error as error:
        raise _unreadable(error) from error
    with _pointing_at(copy):
        try:
            with connection.cursor() as cursor:
                _look_through(cursor, manifest)
        except DatabaseError as error:
            raise _unreadable(error) from error
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    return copy


def install(copy: Path, manifest: Manifest) -> None:
    """Take over the prepared copy: one transaction of SQLite, undone by SQLite itself when it is cut off."""
    require_alone()
    with closing(sqlite3.connect(copy)) as source:
        source.backup(connection.connection, progress=_patience())
    # The next connection takes up the write-ahead log again.
    connection.close()


def require_alone() -> None:
    """Nobody else has the database open: only then can it leave its write-ahead log."""
    if connection.is_in_memory_db():  # type: ignore[attr-defined]
        raise Refused("database_in_memory", _("A database in memory ends with this command."))
    try:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout=2000")
            cursor.execute("PRAGMA journal_mode=DELETE")
            alone = cursor.fetchone()[0] == "delete"
            cursor.execute("PRAGMA synchronous=FULL")
    except OperationalError:
        alone = False
    if not alone:
        raise Refused(
            "database_in_use", _("Other programs have the database open: stop the application first.")
        )


def _unreadable(error: Exception) -> Refused:
    return damaged(_("SQLite cannot read the database: %(reason)s") % {"reason": error})


def _unpack(packed: Path, target: Path, size: int) -> None:
    left = size
    try:
        with gzip.open(packed, "rb") as source, target.open("xb") as plain:
            while chunk := source.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    break
                plain.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise damaged(_("the database cannot be unpacked")) from error
    if left:
        raise damaged(_("the unpacked database has the wrong size"))


def _look_through(cursor: CursorWrapper, manifest: Manifest) -> None:
    cursor.execute("PRAGMA integrity_check(1)")
    (sound,) = cursor.fetchone()
    if sound != "ok":
        raise damaged(_("SQLite finds the database damaged: %(reason)s") % {"reason": sound})
    cursor.execute("PRAGMA foreign_key_check")
    if broken := cursor.fetchone():
        raise damaged(_("a row of %(table)s points to a row that is not there") % {"table": broken[0]})
    cursor.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY name")
    if strange := [name for name, sql in cursor.fetchall() if not _GUARD.fullmatch(sql)]:
        raise damaged(_("%(name)s is not part of Miaopu") % {"name": strange[0]})
    cursor.execute(_TABLES)
    found = [name for (name,) in cursor.fetchall()]
    require_own_database(found)
    require_counts(count_rows(cursor, found), manifest)
    if applied_migrations(cursor, found) != list(manifest.migrations):
        raise damaged(_("the manifest names other migrations than the database"))


@contextmanager
def _pointing_at(path: Path) -> Iterator[None]:
    """Let the connection lead to another file for a while."""
    former = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = str(path)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = former


def _patience() -> Callable[[int, int, int], None]:
    """``sqlite3`` tries again for ever while somebody holds the database; here the end of the patience is an error."""
    until = time.monotonic() + _PATIENCE_SECONDS

    def look(status: int, remaining: int, total: int) -> None:
        if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED} and time.monotonic() > until:
            raise Refused(
                "database_in_use", _("Other programs have the database open: stop the application first.")
            )

    return look
