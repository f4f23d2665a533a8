"""What a database holds, asked in plain SQL so that it can be asked of a copy as well."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from config.common.errors import Refused

from .archive import damaged
from .manifest import Manifest

# Who is logged in is no record, and whoever finds a copy must not be logged in by it.
SESSIONS = "django_session"


class Cursor(Protocol):
    def execute(self, sql: str, /) -> Any: ...
    def fetchall(self) -> list[Any]: ...
    def fetchone(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A consistent copy of the database and what it holds; ``names`` is a file of stored names, one JSON string a line."""

    database: Path
    unpacked_size: int
    server_version: str
    schema: str
    tables: dict[str, int]
    migrations: list[str]
    names: Path


def foreign_tables(tables: Iterable[str]) -> list[str]:
    """Tables that do not belong to Miaopu of any version."""
    known = tuple({f"{config.label}_" for config in apps.get_app_configs()} | {"django_"})
    return sorted(table for table in tables if not table.startswith(known))


def require_own_database(tables: Iterable[str]) -> None:
    if foreign := foreign_tables(tables):
        raise Refused(
            "foreign_tables",
            _(
                "The database holds tables that are not Miaopu's: %(tables)s. Miaopu needs a database of its own."
            )
            % {"tables": ", ".join(foreign[:10])},
        )


def count_rows(cursor: Cursor, tables: Iterable[str]) -> dict[str, int]:
    counts = {}
    for table in sorted(tables):
        cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 (own names)
        counts[table] = 0 if table == SESSIONS else int(cursor.fetchone()[0])
    return counts


def applied_migrations(cursor: Cursor, tables: Iterable[str]) -> list[str]:
    if "django_migrations" not in tables:
        raise Refused(
            "no_tables", _("There are no tables of Miaopu in this database: run manage.py migrate first.")
        )
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
    return [f"{app}.{name}" for app, name in cursor.fetchall()]


def unknown_migrations(manifest: Manifest) -> list[str]:
    """Migrations of the backup that this version of Miaopu does not have."""
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    return sorted(set(manifest.migrations) - known)


def names_query(tables: Iterable[str]) -> str:
    """SQL for every name a file is stored under, each once, in the order of its bytes."""
    quote, present = connection.ops.quote_name, set(tables)
    parts = [
        f"SELECT {quote(str(field.column))} AS name FROM {quote(model._meta.db_table)}"  # noqa: S608 (own names)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, models.FileField) and model._meta.db_table in present
    ]
    order = 'name COLLATE "C"' if connection.vendor == "postgresql" else "name"
    union = " UNION ".join(parts)
    return f"SELECT name FROM ({union}) AS stored WHERE name <> '' ORDER BY {order}"  # noqa: S608 (own names)


def write_names(path: Path, names: Iterable[str]) -> Path:
    with path.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(name) + "\n" for name in names)
    return path


def read_names(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def rows_of(fetch: Callable[[int], Sequence[Any]], size: int = 1000) -> Iterator[str]:
    """The first column of every row that ``fetch`` (a cursor's ``fetchmany``) still has to give."""
    while rows := fetch(size):
        yield from (row[0] for row in rows)


def require_counts(found: dict[str, int], manifest: Manifest) -> None:
    """The restored tables are those of the manifest and have as many rows."""
    for table in sorted(found.keys() | manifest.tables.keys()):
        if found.get(table) != manifest.tables.get(table):
            raise damaged(
                _("the table %(table)s has %(found)s rows and the manifest says %(said)s")
                % {"table": table, "found": found.get(table), "said": manifest.tables.get(table)}
            )
