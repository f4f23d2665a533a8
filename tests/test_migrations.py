"""Migrations of rows that are there already: taken back and applied again, with the triggers of the time."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from config.common import append_only
from cultivation.enums import MessageKind
from cultivation.models import Message, MessageMark
from cultivation.services.messages import mark_read, write_message
from documents.models import SavedFilter
from documents.services.saved_filters import save_filter
from tests.cultivation.pages import own_case

BEFORE = [("cultivation", "0025_names_of_refused_records")]


def rows_of(model, *, without=()):
    return [
        {name: value for name, value in row.items() if name not in without}
        for row in model.objects.order_by("pk").values()
    ]


# The suite runs on SQLite, and on PostgreSQL what is marked for it: this is for both.
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
@pytest.mark.django_db(transaction=True)
def test_messages_and_filters_outlast_the_change_of_their_tables(cast, engine, monkeypatch):
    """0026 moves the filters of the queue, 0027 renames a table that refuses every change, and keeps refusing."""
    case = own_case(cast)
    for kind, author in ((MessageKind.TO_FIRM, cast.caseworker), (MessageKind.FROM_FIRM, cast.firm)):
        write_message(case=case, kind=kind, text="请补充", actor=author)
    mark_read(thread=case, reader=cast.county)
    asked = {"overdue": "1", "q": "演示"}
    save_filter(kind="queue", name="超期", parameters=asked, shared=True, actor=cast.caseworker)
    messages, marks = rows_of(Message), rows_of(MessageMark)
    filters = rows_of(SavedFilter, without={"id"})
    try:
        append_only.drop_triggers()
        MigrationExecutor(connection).migrate(BEFORE)
        former = MigrationExecutor(connection).loader.project_state(BEFORE).apps
        case_message = former.get_model("cultivation", "CaseMessage")
        with monkeypatch.context() as patch:
            patch.setattr(append_only, "append_only_models", lambda: [case_message])
            append_only.create_triggers()
        with pytest.raises(DatabaseError, match="casemessage is append-only"), transaction.atomic():
            case_message.objects.update(text="改")
        assert former.get_model("cultivation", "SavedFilter").objects.get().name == "超期"
    finally:
        call_command("migrate", verbosity=0)
    assert (rows_of(Message), rows_of(MessageMark)) == (messages, marks)
    assert rows_of(SavedFilter, without={"id"}) == filters
    assert append_only.missing_triggers() == []
    with pytest.raises(DatabaseError, match="cultivation_message is append-only"), transaction.atomic():
        Message.objects.update(text="改")
