"""Tables that only grow: triggers that refuse every update and delete, on SQLite and PostgreSQL.

A model joins by the class attribute ``append_only = True``. The triggers are made again after every
``migrate`` (SQLite's table rebuild drops them silently) and a system check names a missing one.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core import checks
from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _

_FUNCTION = """
CREATE OR REPLACE FUNCTION miaopu_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$ LANGUAGE plpgsql
"""


def append_only_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def _statements(connection: BaseDatabaseWrapper, table: str) -> Iterable[tuple[str, str]]:
    """Trigger names with the SQL that makes them."""
    quote = connection.ops.quote_name
    if connection.vendor == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            name = f"{table}_no_{verb.lower()}"
            yield (
                name,
                (
                    f"CREATE TRIGGER IF NOT EXISTS {quote(name)} BEFORE {verb} ON {quote(table)} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
                ),
            )
        return
    for name, event, level in (
        (f"{table}_no_change", "UPDATE OR DELETE", "ROW"),
        (f"{table}_no_truncate", "TRUNCATE", "STATEMENT"),
    ):
        yield (
            name,
            (
                f"CREATE OR REPLACE TRIGGER {quote(name)} BEFORE {event} ON {quote(table)} "
                f"FOR EACH {level} EXECUTE FUNCTION miaopu_append_only()"
            ),
        )


def _present(connection: BaseDatabaseWrapper) -> set[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        return {name for (name,) in cursor.fetchall()}


def create_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers of every append-only table that exists in the database ``using``."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for model in append_only_models():
            if model._meta.db_table in tables:
                for _name, sql in _statements(connection, model._meta.db_table):
                    cursor.execute(sql)


def drop_triggers(using: str = DEFAULT_DB_ALIAS) -> None:
    """Take the triggers away: only for the flush of a transactional test."""
    connection = connections[using]
    present = _present(connection)
    with connection.cursor() as cursor:
        for model in append_only_models():
            table = model._meta.db_table
            for name, _sql in _statements(connection, table):
                if name in present:
                    on = "" if connection.vendor == "sqlite" else f" ON {connection.ops.quote_name(table)}"
                    cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}{on}")


def missing_triggers(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Names of triggers that should stand in the database and do not."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    present = _present(connection)
    return [
        name
        for model in append_only_models()
        if model._meta.db_table in tables
        for name, _sql in _statements(connection, model._meta.db_table)
        if name not in present
    ]


def on_migrated(sender: Any, using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """``post_migrate`` receiver; infrastructure, not business."""
    create_triggers(using)


def check_triggers(
    *, app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None, **kwargs: Any
) -> list[checks.CheckMessage]:
    """System check (database tag): every append-only table of the database is guarded."""
    return [
        checks.Error(
            _("The append-only trigger %(name)s is missing.") % {"name": name},
            hint=_("Run manage.py migrate, which makes it again, and find out who dropped it."),
            id="miaopu.E001",
        )
        for using in databases or []
        for name in missing_triggers(using)
    ]
