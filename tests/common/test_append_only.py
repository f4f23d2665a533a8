"""Append-only tables grow and do nothing else, by whatever way one comes."""

import pytest
from django.core.checks import Tags, run_checks
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from config.common.append_only import append_only_models, create_triggers, drop_triggers, missing_triggers
from cultivation.models import RefusedAttempt, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> RefusedAttempt:
    actor = User.objects.create(username="passer-by")
    return RefusedAttempt.objects.create(
        actor=actor, action="approve", subject="award:1", code="no", message="No."
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda attempt: attempt.delete(),
        lambda attempt: attempt.save(),
        lambda attempt: RefusedAttempt.objects.all().delete(),
        lambda attempt: RefusedAttempt.objects.update(message="Yes."),
        lambda attempt: RefusedAttempt.objects.all()._raw_delete("default"),
    ],
    ids=["delete", "save without a change", "delete of a queryset", "update", "raw delete"],
)
def test_rows_can_neither_change_nor_go(attempt: RefusedAttempt, change) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(attempt)
    assert RefusedAttempt.objects.get().message == "No."


def test_raw_sql_is_refused_as_well(attempt: RefusedAttempt) -> None:
    table = connection.ops.quote_name(RefusedAttempt._meta.db_table)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE {table} SET message = 'Yes.'")


@pytest.mark.postgres
def test_a_truncate_is_refused() -> None:
    table = connection.ops.quote_name(RefusedAttempt._meta.db_table)
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {table}")


def test_every_model_that_says_so_is_guarded_after_migrate() -> None:
    assert append_only_models()
    assert missing_triggers() == []


def test_a_missing_trigger_is_named_by_the_system_check() -> None:
    assert not [
        error
        for error in run_checks(tags=[Tags.database], databases=["default"])
        if error.id == "miaopu.E001"
    ]
    drop_triggers()
    named = [
        str(error.msg)
        for error in run_checks(tags=[Tags.database], databases=["default"])
        if error.id == "miaopu.E001"
    ]
    assert any(RefusedAttempt._meta.db_table in message for message in named)
    create_triggers()
    assert missing_triggers() == []


def test_migrate_makes_them_again() -> None:
    drop_triggers()
    assert missing_triggers()
    call_command("migrate", verbosity=0)
    assert missing_triggers() == []
