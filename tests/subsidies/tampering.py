"""Changes behind the services' back, as somebody with the database's password could make them."""

from collections.abc import Sequence

from django.db import connection

from config.common.append_only import create_triggers, drop_triggers


def tamper(statement: str, parameters: Sequence[object] = ()) -> None:
    """Run one statement with the append-only triggers taken away, and put them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        drop_triggers()
        cursor.execute(statement, list(parameters))
        create_triggers()
