"""A transactional test leaves the database as the migrations had made it."""

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, connection, transaction

from config.common.append_only import append_only_models, missing_triggers
from cultivation.models import RefusedAttempt, User
from tests import database

pytestmark = pytest.mark.django_db(transaction=True)


def _counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        counts = {}
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


def test_reference_data_comes_back_and_the_rest_goes() -> None:
    before = _counts()
    User.objects.create(username="passer-by")
    ContentType.objects.all().delete()
    database.start_afresh()
    assert _counts() == before
    assert before["django_content_type"] > 0


def test_append_only_tables_are_emptied_and_guarded_again() -> None:
    assert RefusedAttempt in append_only_models()
    attempt = RefusedAttempt.objects.create(
        actor=User.objects.create(username="passer-by"), action="test", code="test", message="test"
    )
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        attempt.delete()
    database.start_afresh()
    assert not RefusedAttempt.objects.exists()
    assert missing_triggers() == []
