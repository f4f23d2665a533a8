"""How records changed: from the versions that simple_history keeps, with both values; else from the log of the administration.

Both are read without knowing the app a record belongs to. What only grows (events, ledger, notices) is its own history.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Field, Max, Model, OuterRef, Q, QuerySet, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.overtaking import News, Strand
from config.common.paging import page_by_key
from cultivation.models import Division, User

from .targets import counties
from .waiting import bounded

_BATCH = 500
_ACTS: dict[str, str | Promise] = {"+": _("Recorded"), "~": _("Changed"), "-": _("Taken away")}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; both values as people read them, empty where there was none."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What one person did to a record at once. ``changes`` is empty where the record begins or ends, and where the log
    keeps no values: ``reason`` says then what was done. ``number`` only grows."""

    number: int
    key: str
    record: str
    act: str
    at: dt.datetime
    by: User | None
    reason: str
    changes: list[FieldChange]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record; ``count`` of its changes as :func:`bounded` counts, ``last`` when it was changed last."""

    key: str
    label: str
    count: int
    last: dt.datetime | None


class Trail(Protocol):
    """Where the changes of a kind of record are kept, and how they are read."""

    model: type[Model]
    field: str

    def rows(self, pk: int | None = None) -> QuerySet[Any]:
        """Those of all records, or of one."""

    def described(self, rows: Sequence[Any]) -> list[RecordChange]:
        """In a number of queries that does not grow with the rows."""


class KeptTrail:
    """Versions of the whole record."""

    field = "history_date"

    def __init__(self, model: type[Model]) -> None:
        self.model = model
        self._pk = model._meta.pk.attname

    def rows(self, pk: int | None = None) -> QuerySet[Any]:
        of_record = Q() if pk is None else Q(**{self._pk: pk})
        return _versions(self.model).filter(of_record).select_related("history_user")

    def described(self, rows: Sequence[Any]) -> list[RecordChange]:
        earlier = self._earlier([row.pk for row in rows])
        fields = [field for field in self.model._meta.concrete_fields if not field.primary_key]
        seen = [*rows, *earlier.values()]
        names = {field.name: _names(field, seen) for field in fields if field.is_relation}
        return [
            RecordChange(
                number=row.pk,
                key=str(getattr(row, self._pk)),
                record=str(row.instance),
                act=str(_ACTS[row.history_type]),
                at=row.history_date,
                by=row.history_user,
                reason=row.history_change_reason or "",
                changes=list(_changes(fields, names, earlier[row.pk], row)) if row.pk in earlier else [],
            )
            for row in rows
        ]

    def _earlier(self, versions: Sequence[int]) -> dict[int, Any]:
        """The version before each of these, by the key of the later one; the first of a record has none (two queries)."""
        every = _versions(self.model)
        before = every.filter(
            Q(history_date__lt=OuterRef("history_date"))
            | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id")),
            **{self._pk: OuterRef(self._pk)},
        ).order_by("-history_date", "-history_id")
        pairs = dict(
            every.filter(pk__in=versions)
            .order_by()
            .annotate(earlier=Subquery(before.values("pk")[:1]))
            .values_list("pk", "earlier")
        )
        found = every.in_bulk(set(pairs.values()) - {None})
        return {later: found[pk] for later, pk in pairs.items() if pk is not None}


class LoggedTrail:
    """What the log of the administration says: who, when and which fields, without their values."""

    field = "action_time"

    def __init__(self, model: type[Model]) -> None:
        self.model = model

    def rows(self, pk: int | None = None) -> QuerySet[Any]:
        kind = ContentType.objects.get_for_model(self.model)
        rows = LogEntry.objects.filter(content_type=kind).select_related("user")
        return rows if pk is None else rows.filter(object_id=str(pk))

    def described(self, rows: Sequence[Any]) -> list[RecordChange]:
        return [
            RecordChange(
                number=row.pk,
                key=row.object_id,
                record=row.object_repr,
                act=str(row.get_action_flag_display()),
                at=row.action_time,
                by=row.user,
                reason=row.get_change_message(),
                changes=[],
            )
            for row in rows
        ]


def history_kinds() -> list[Kind]:
    """Every kind with a trail, by name: what is kept in versions, and what the administration's log knows beside it."""
    return sorted((_kind(trail) for trail in _trails()), key=lambda kind: kind.label)


class Changes:
    """The changes of all records of a kind, or of one of them, the newest first."""

    def __init__(self, trail: Trail, pk: int | None) -> None:
        self._trail = trail
        self._pk = pk
        self._rows = trail.rows(pk).order_by(f"-{trail.field}", "-pk")

    def __str__(self) -> str:
        """The record, under its last name where it was taken away; or the kind."""
        if self._pk is None:
            return str(self._trail.model._meta.verbose_name_plural)
        record = self._trail.model._default_manager.filter(pk=self._pk).first()
        return str(record) if record is not None else next(self.every()).record

    def page(self, *, after: str = "", size: int = 50) -> tuple[list[RecordChange], str]:
        """One page, and the key to go on with; empty on the last page."""
        page = page_by_key(self._rows, self._trail.field, after=after, size=size)
        return self._trail.described(page.rows), page.next

    def every(self) -> Iterator[RecordChange]:
        """All of them, read in batches."""
        rows = self._rows.iterator(chunk_size=_BATCH)
        while batch := list(islice(rows, _BATCH)):
            yield from self._trail.described(batch)

    def count(self) -> int:
        return self._rows.count()


def changes_of(kind: str, pk: int | None = None) -> Changes | None:
    """Nothing where there is no such kind, or neither such a record nor a trace of one."""
    trail = next((trail for trail in _trails() if trail.model._meta.model_name == kind), None)
    if trail is None:
        return None
    known = pk is None or trail.rows(pk).exists() or trail.model._default_manager.filter(pk=pk).exists()
    return Changes(trail, pk) if known else None


def changes_of_record(record: Model) -> Changes:
    """Those of a record that is kept in versions."""
    return Changes(KeptTrail(type(record)), record.pk)


def edits(record: Model) -> Strand:
    """The changes as pages tell them to whoever was overtaken; the first one is the record itself."""
    return [
        News(row.number, row.at, str(row.by or ""), change.field, change.before or "—", change.after or "—")
        for row in reversed(list(changes_of_record(record).every()))
        for change in row.changes or [FieldChange(str(record._meta.verbose_name), "", gettext("recorded"))]
    ]


def _trails() -> list[Trail]:
    logged = ContentType.objects.filter(pk__in=LogEntry.objects.order_by().values("content_type"))
    known = {kind.model_class() for kind in logged}
    kept = [model for model in apps.get_models() if hasattr(model._meta, "simple_history_manager_attribute")]
    return [
        *(KeptTrail(model) for model in kept),
        *(LoggedTrail(model) for model in known if model is not None and model not in kept),
    ]


def _versions(model: type[Model]) -> QuerySet[Any]:
    manager: Any = getattr(model, model._meta.simple_history_manager_attribute)  # type: ignore[attr-defined]
    rows: QuerySet[Any] = manager.all()
    return rows


def _kind(trail: Trail) -> Kind:
    rows = trail.rows()
    return Kind(
        key=str(trail.model._meta.model_name),
        label=str(trail.model._meta.verbose_name_plural),
        count=bounded(rows),
        last=rows.aggregate(last=Max(trail.field))["last"],
    )


def _names(field: Field[Any, Any], rows: Iterable[Any]) -> dict[Any, str]:
    """The records that a field points to, by key; one query."""
    keys = {getattr(row, field.attname) for row in rows} - {None}
    related = field.related_model
    if related is Division:
        return {division.pk: name for division, name in counties(today())}
    assert related is not None and not isinstance(related, str)  # noqa: S101, PT018 (narrows the type)
    return (
        {key: str(record) for key, record in related._default_manager.in_bulk(keys).items()} if keys else {}
    )


def _changes(
    fields: list[Any], names: dict[str, dict[Any, str]], before: Any, after: Any
) -> Iterator[FieldChange]:
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
