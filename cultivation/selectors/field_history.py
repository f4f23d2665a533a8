"""How the fields of a record changed, from the rows that simple_history keeps: who, when, from what, to what."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Field
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.overtaking import News, Strand
from cultivation.models import AnnualTarget, Division, Firm, TrainingSession, User

from .divisions import named_divisions

# A record changes a few times a year; older rows than these are in the table.
MOST_ROWS = 200
_SILENT = ("id", "created_at")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; both values as people read them, empty where there was none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What one person changed at once; ``changes`` is empty for the row the record began with. ``number`` only grows."""

    number: int
    at: dt.datetime
    by: User | None
    reason: str
    changes: list[FieldChange]


def field_history(record: Firm | AnnualTarget | TrainingSession) -> list[RecordChange]:
    """The newest first; a fixed number of queries."""
    rows = list(
        record.history.select_related("history_user").order_by("-history_date", "-history_id")[:MOST_ROWS]
    )
    fields = [field for field in record._meta.concrete_fields if field.name not in _SILENT]
    names = {field.name: _names(field, rows) for field in fields if field.is_relation}
    return [
        RecordChange(
            number=row.history_id,
            at=row.history_date,
            by=row.history_user,
            reason=row.history_change_reason or "",
            changes=list(_changes(fields, names, earlier, row)) if earlier else [],
        )
        for row, earlier in zip(rows, [*rows, None][1:], strict=True)
    ]


def edits(record: Firm | AnnualTarget | TrainingSession) -> Strand:
    """The changes as pages tell them to whoever was overtaken; the first one is the record itself."""
    return [
        News(row.number, row.at, str(row.by or ""), change.field, change.before or "—", change.after or "—")
        for row in reversed(field_history(record))
        for change in row.changes or [FieldChange(str(record._meta.verbose_name), "", _("recorded"))]
    ]


def _names(field: Field[Any, Any], rows: Iterable[Any]) -> dict[Any, str]:
    """The records that a field points to, by key; one query."""
    keys = {getattr(row, field.attname) for row in rows} - {None}
    related = field.related_model
    if related is Division:
        return {division.pk: name for division, name in named_divisions(today())}
    assert related is not None and not isinstance(related, str)  # noqa: S101, PT018 (narrows the type)
    return (
        {key: str(record) for key, record in related._default_manager.in_bulk(keys).items()} if keys else {}
    )


def _changes(
    fields: list[Any], names: dict[str, dict[Any, str]], before: Any, after: Any
) -> Iterable[FieldChange]:
    for field in fields:
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            shown = [_shown(field, names, value) for value in (old, new)]
            yield FieldChange(str(field.verbose_name), *shown)


def _shown(field: Any, names: dict[str, dict[Any, str]], value: Any) -> str:
    if value is None:
        return ""
    if field.is_relation:
        return names[field.name].get(value, str(value))
    return str(dict(field.flatchoices).get(value, value))
