"""PostgreSQL: dumped from one snapshot, restored in one transaction, the former tables set aside until all is well."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _
from psycopg import pq, sql

from config.common.errors import Refused

from .archive import damaged
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

ASIDE = "miaopu_before_restore"
_FUNCTION = "miaopu_append_only"
_PATIENCE = "10s"
# What a dump of Miaopu may hold: tables with what belongs to them, and the one function behind the triggers.
_ENTRY = re.compile(
    rb"\d+; \d+ \d+ ("
    rb"(TABLE|TABLE DATA|SEQUENCE|SEQUENCE SET|SEQUENCE OWNED BY|DEFAULT|CONSTRAINT|FK CONSTRAINT|CHECK CONSTRAINT|INDEX|TRIGGER)"
    rb" \S+ [a-z]\w* ?.*|FUNCTION \S+ miaopu_append_only\(\) \S+|(SCHEMA - |COMMENT - SCHEMA ).*)"
)


def database_name() -> str:
    """The name of the database, by which a person confirms that it may be replaced."""
    return str(connection.settings_dict["NAME"])


def schema() -> str:
    """The schema Miaopu's tables stand in: the first of the search path."""
    return _one("SELECT current_schema()")


def tables() -> list[str]:
    with connection.cursor() as cursor:
        return _tables_in(cursor, schema())


def take(folder: Path) -> Snapshot:
    """A dump, and what it holds, of one snapshot of the database, while others go on writing."""
    _require_tool("pg_dump")
    dump, place = folder / "database", schema()
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        found = _tables_in(cursor, place)
        require_own_database(found)
        migrations = applied_migrations(cursor, found)
        _run(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f'--schema="{place}"',
            f'--exclude-table-data="{place}"."{SESSIONS}"',
            f"--snapshot={snapshot}",
            f"--lock-wait-timeout={_PATIENCE}",
            f"--file={dump}",
        )
        counts = count_rows(cursor, found)
        with connection.chunked_cursor() as names_cursor:
            names_cursor.execute(names_query(found))
            names = write_names(folder / "names", rows_of(names_cursor.fetchmany))
    return Snapshot(dump, dump.stat().st_size, _one("SHOW server_version"), place, counts, migrations, names)


def prepare(database: Path, manifest: Manifest) -> Path:
    """Whether ``pg_restore`` can read the dump and nothing strange is in it; nothing is changed."""
    _require_tool("pg_restore")
    if manifest.schema != schema():
        raise Refused(
            "other_schema",
            _("The backup is of the schema %(found)s, and this database keeps Miaopu in %(here)s.")
            % {"found": manifest.schema, "here": schema()},
        )
    for line in _run("pg_restore", "--list", str(database)).splitlines():
        if line and not line.startswith(b";") and not _ENTRY.fullmatch(line):
            raise damaged(_("%(name)s is not part of Miaopu") % {"name": line.decode(errors="replace")[:200]})
    return database


def require_alone() -> None:
    """Nobody else works in the database, and no earlier restore was cut off in it."""
    others = (
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    if count := int(_one(f"{others} AND backend_type = 'client backend'")):
        raise Refused(
            "database_in_use",
            _("%(count)s other connections use the database: stop the application first.") % {"count": count},
        )
    if _one("SELECT COUNT(*) FROM pg_namespace WHERE nspname = %s", ASIDE) != "0":
        raise _cut_off(schema())


def _cut_off(place: str) -> Refused:
    return Refused(
        "restore_interrupted",
        _(
            "A restore was cut off; the former tables stand in the schema %(aside)s. To have them back:"
            " DROP SCHEMA %(place)s CASCADE; ALTER SCHEMA %(aside)s RENAME TO %(place)s. To do without them:"
            " DROP SCHEMA %(aside)s CASCADE. Then run the command again."
        )
        % {"aside": ASIDE, "place": place},
    )


def install(dump: Path, manifest: Manifest) -> None:
    """Set the former tables aside, restore in one transaction, bring it up to this version, drop the former tables.

    Whatever fails on the way brings the former tables back; a process killed on the way leaves them in the schema
    :data:`ASIDE`, and :func:`require_alone` says how to go on.
    """
    place = schema()
    _set_aside(place)
    try:
        connection.close()
        _run(
            "pg_restore",
            "--single-transaction",
            "--no-owner",
            "--no-privileges",
            f"--schema={place}",
            f"--dbname={database_name()}",
            str(dump),
        )
        with connection.cursor() as cursor:
            found = _tables_in(cursor, place)
            require_counts(count_rows(cursor, found), manifest)
            if applied_migrations(cursor, found) != list(manifest.migrations):
                raise damaged(_("the manifest names other migrations than the database"))
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        with transaction.atomic(), connection.cursor() as cursor:
            _clear(cursor, ASIDE)
            _execute(cursor, "DROP SCHEMA {}", ASIDE)
    except BaseException:
        _put_back(place)
        raise


def _set_aside(place: str) -> None:
    try:
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
            _execute(cursor, "CREATE SCHEMA {}", ASIDE)
            _move(cursor, place, ASIDE)
    except DatabaseError as error:
        raise Refused(
            "cannot_set_aside",
            _("The present tables could not be set aside, and nothing was changed: %(reason)s")
            % {"reason": str(error).strip()},
        ) from error


def _put_back(place: str) -> None:
    try:
        connection.close()
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            _clear(cursor, place)
            _move(cursor, ASIDE, place)
            _execute(cursor, "DROP SCHEMA {}", ASIDE)
    except DatabaseError as error:
        raise _cut_off(place) from error


def _move(cursor: CursorWrapper, source: str, target: str) -> None:
    """Tables go with their rows, indexes, sequences and triggers; the triggers' function follows."""
    for table in _tables_in(cursor, source):
        _execute(cursor, "ALTER TABLE {}.{} SET SCHEMA {}", source, table, target)
    if _has_function(cursor, source):
        _execute(cursor, "ALTER FUNCTION {}.{}() SET SCHEMA {}", source, _FUNCTION, target)


def _clear(cursor: CursorWrapper, place: str) -> None:
    """Drop Miaopu's tables of a schema; anything of others that rests on them stops it."""
    if found := _tables_in(cursor, place):
        names = ", ".join("{}.{}" for _table in found)
        _execute(cursor, f"DROP TABLE {names}", *(part for table in found for part in (place, table)))
    if _has_function(cursor, place):
        _execute(cursor, "DROP FUNCTION {}.{}()", place, _FUNCTION)


def _tables_in(cursor: CursorWrapper, place: str) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = %s ORDER BY tablename", [place])
    return [name for (name,) in cursor.fetchall()]


def _has_function(cursor: CursorWrapper, place: str) -> bool:
    cursor.execute(
        "SELECT 1 FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname = %s AND proname = %s",
        [place, _FUNCTION],
    )
    return cursor.fetchone() is not None


def _execute(cursor: CursorWrapper, statement: str, *names: str) -> None:
    cursor.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _one(statement: str, *parameters: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        return str(cursor.fetchone()[0])


def client_environment() -> dict[str, str]:
    """The environment in which PostgreSQL's programs reach the database: the password is on no command line."""
    given: dict[str, Any] = connection.get_connection_params()
    variables = {option.keyword.decode(): option.envvar for option in pq.Conninfo.get_defaults()}
    return os.environ | {
        variable.decode(): str(given[keyword])
        for keyword, variable in variables.items()
        if variable and given.get(keyword) not in {None, ""}
    }


def _require_tool(name: str) -> None:
    """``Refused`` where PostgreSQL's program is missing or older than the server."""
    server = int(_one("SHOW server_version_num")) // 10_000
    if shutil.which(name) is None:
        raise Refused(
            "tool_missing",
            _("The program %(name)s is missing: install the package postgresql-client-%(version)s.")
            % {"name": name, "version": server},
        )
    said = _run(name, "--version").decode()
    version = re.search(r"\) (\d+)", said)
    if version is None or int(version[1]) < server:
        raise Refused(
            "tool_too_old",
            _(
                "%(name)s is “%(said)s”, and the server has version %(version)s: install postgresql-client-%(version)s."
            )
            % {"name": name, "said": said.strip(), "version": server},
        )


def _run(program: str, *arguments: str) -> bytes:
    command: Sequence[str] = [program, *arguments]
    done = subprocess.run(command, env=client_environment(), stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise Refused(
            "tool_failed",
            _("%(name)s failed: %(reason)s")
            % {"name": program, "reason": done.stderr.decode(errors="replace").strip()[:1000]},
        )
    return done.stdout
