"""The test database around transactional tests: what the migrations put in comes back after each of them.

Django ends such a test by emptying every table. Here that would take the reference data with it and stop at the append-only
triggers. So the rows are copied aside once, and an emptied database gets them again together with its triggers.
"""

from django.core.management import call_command
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from config.common.append_only import create_triggers, drop_triggers

_PREFIX = "kept_aside_"


def _tables(connection: BaseDatabaseWrapper) -> list[str]:
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def keep_rows_aside() -> None:
    """Copy what the migrations have written; once after the test database was made."""
    for connection in connections.all():
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            for table in _tables(connection):
                cursor.execute(f"SELECT 1 FROM {quote(table)} LIMIT 1")
                if cursor.fetchone():
                    copy = quote(_PREFIX + table)
                    cursor.execute(f"DROP TABLE IF EXISTS {copy}")
                    cursor.execute(f"CREATE TABLE {copy} AS SELECT * FROM {quote(table)}")


def start_afresh() -> None:
    """Empty every database and give it back what the migrations had written."""
    for connection in connections.all():
        drop_triggers(connection.alias)
        call_command(
            "flush",
            verbosity=0,
            interactive=False,
            database=connection.alias,
            reset_sequences=False,
            allow_cascade=False,
            inhibit_post_migrate=True,
        )
        quote = connection.ops.quote_name
        present = set(connection.introspection.table_names())
        with transaction.atomic(connection.alias), connection.cursor() as cursor:
            for table in _tables(connection):
                if _PREFIX + table in present:
                    cursor.execute(f"INSERT INTO {quote(table)} SELECT * FROM {quote(_PREFIX + table)}")
        create_triggers(connection.alias)
