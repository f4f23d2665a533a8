"""Ledger, events and everything else that only grows: neither database lets a row change or go."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from config.common.append_only import append_only_models
from subsidies.models import AwardEvent, LedgerEntry, ListEvent
from tests.people import Cast
from tests.subsidies.paying import desk


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def require_growth_only(cast: Cast) -> None:
    desk(cast).settled()
    tried = set()
    for model in append_only_models():
        if not model._default_manager.exists():
            continue
        table, key = (
            connection.ops.quote_name(name) for name in (model._meta.db_table, model._meta.pk.column)
        )
        tried.add(model)
        # Also a change that changes nothing, and one of a single row.
        assert refused(f"UPDATE {table} SET {key} = {key}"), model
        assert refused(f"DELETE FROM {table} WHERE {key} = (SELECT MIN({key}) FROM {table})"), model
    assert {LedgerEntry, AwardEvent, ListEvent} <= tried
    assert len(tried) >= 6


def test_no_row_changes_or_goes(cast: Any) -> None:
    require_growth_only(cast)


@pytest.mark.postgres
def test_no_row_changes_or_goes_on_postgresql(cast: Any) -> None:
    require_growth_only(cast)
