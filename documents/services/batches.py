"""Many notices in the background: any number of workers share a batch, and one bad notice stops nobody."""

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config.common.clock import machine_now, now
from config.common.errors import Refused
from documents.enums import BatchState, ItemState, NoticeKind
from documents.models import BatchItem, Notice, NoticeBatch, NumberSeries, Organ
from documents.permissions import MAY_ISSUE, require_group
from documents.rendering.formats import document_number

from .composing import Draft, NoticeFacts, check_bases, draft, identifier_of, typeset
from .issuing import require_none_standing, store
from .numbering import in_turn, take_ticket
from .signing import signed

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

    from documents.rendering.pdf import Rendering

_LOG = logging.getLogger(__name__)
# Notices that a worker takes at a time: enough to spread its overhead, few enough to lose and to wait for.
CHUNK = 20
# A worker that was killed holds its notices this long.
_LEASE = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A notice to be issued: what it is about (``award:12``), for whom, and in which county."""

    subject: str
    label: str
    group: str = ""


class NoticeSource(Protocol):
    """The app that knows what notices of a kind are about. ``facts`` and ``settle`` raise ``Refused`` where one may not be issued."""

    def facts(self, subject: str, *, actor: "User", issued_on: dt.date) -> NoticeFacts:
        """What the notice says."""

    def lock(self, subjects: Sequence[str]) -> None:
        """Lock what the notices are about, in an order of its own, for the transaction that stores them."""

    def settle(self, notice: Notice, *, actor: "User") -> None:
        """Tie the issued notice to what it is about, in the transaction that stores it."""


def _source(kind: NoticeKind) -> NoticeSource:
    """``NOTICE_SOURCES`` of the settings says who supplies the notices of a kind."""
    source: NoticeSource = import_string(settings.NOTICE_SOURCES[kind])()
    return source


@transaction.atomic
def start_batch(
    *, kind: NoticeKind, organ: Organ, issued_on: dt.date, wanted: Sequence[Wanted], actor: "User"
) -> NoticeBatch:
    """Record what is to be issued; the caller enqueues the workers. ``Refused``: batch_empty, batch_duplicate."""
    require_group(actor, MAY_ISSUE)
    if not wanted:
        raise Refused("batch_empty", _("Choose at least one notice."))
    if len({item.subject for item in wanted}) < len(wanted):
        raise Refused("batch_duplicate", _("A notice stands twice in the batch."))
    batch = NoticeBatch.objects.create(
        kind=kind, organ=organ, issued_on=issued_on, created_by=actor, created_at=now()
    )
    BatchItem.objects.bulk_create(
        BatchItem(batch=batch, position=position, subject=item.subject, label=item.label, group=item.group)
        for position, item in enumerate(wanted, start=1)
    )
    return batch


@transaction.atomic
def cancel_batch(*, batch: NoticeBatch, actor: "User") -> NoticeBatch:
    """Take no further notices up; those that workers have in hand are finished, those issued stand."""
    require_group(actor, MAY_ISSUE)
    batch = NoticeBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.state != BatchState.RUNNING:
        raise Refused("batch_ended", _("This batch is not running."))
    batch.state = BatchState.CANCELLED
    batch.save(update_fields=["state"])
    return batch


@transaction.atomic
def resume_batch(*, batch: NoticeBatch, actor: "User") -> NoticeBatch:
    """Go on with what is waiting, and try again what failed; the caller enqueues the workers.

    ``Refused``: batch_done where every notice is issued.
    """
    require_group(actor, MAY_ISSUE)
    batch = NoticeBatch.objects.select_for_update().get(pk=batch.pk)
    batch.items.filter(state=ItemState.FAILED).update(state=ItemState.WAITING, error_code="", error="")
    if not batch.items.filter(state=ItemState.WAITING).exists():
        raise Refused("batch_done", _("Every notice of this batch is issued."))
    batch.state, batch.finished_at = BatchState.RUNNING, None
    batch.save(update_fields=["state", "finished_at"])
    return batch


def work_on_batch(batch_id: int) -> int:
    """Issue what is waiting, chunk by chunk, until nothing is left or the batch is stopped; how many were issued here."""
    issued = 0
    while chunk := _claim(batch_id):
        issued += _Run(NoticeBatch.objects.select_related("organ", "created_by").get(pk=batch_id)).issue(
            chunk
        )
    _finish(batch_id)
    return issued


@transaction.atomic
def _claim(batch_id: int) -> list[BatchItem]:
    if not NoticeBatch.objects.filter(pk=batch_id, state=BatchState.RUNNING).exists():
        return []
    free = BatchItem.objects.filter(batch_id=batch_id, state=ItemState.WAITING).filter(
        Q(leased_until__isnull=True) | Q(leased_until__lte=machine_now())
    )
    skip = connection.features.has_select_for_update_skip_locked
    chunk = list(free.select_for_update(skip_locked=skip).order_by("position")[:CHUNK])
    BatchItem.objects.filter(pk__in=[item.pk for item in chunk]).update(leased_until=machine_now() + _LEASE)
    return chunk


@transaction.atomic
def _finish(batch_id: int) -> None:
    batch = NoticeBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state == BatchState.RUNNING and not batch.items.filter(state=ItemState.WAITING).exists():
        batch.state, batch.finished_at = BatchState.FINISHED, now()
        batch.save(update_fields=["state", "finished_at"])


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A notice set, and once it went through the press rendered, with the number it is to have."""

    item: BatchItem
    draft: Draft
    sequence: int
    html: str
    code: str
    rendering: "Rendering | None" = None


class _Run:
    """A chunk on its way: facts, text, number to expect, file; then stored in turn."""

    def __init__(self, batch: NoticeBatch) -> None:
        self._batch = batch
        self._actor = batch.created_by
        self._source = _source(NoticeKind(batch.kind))

    def issue(self, chunk: Sequence[BatchItem]) -> int:
        drafts = [(item, found) for item in chunk if (found := self._draft(item)) is not None]
        if not drafts:
            return 0
        name = drafts[0][1].organ_name
        ticket = take_ticket(
            organ=self._batch.organ,
            prefix=name.number_prefix,
            year=self._batch.issued_on.year,
            count=len(drafts),
        )
        sheets = self._press(
            [_set(item, found, sequence) for sequence, (item, found) in enumerate(drafts, start=ticket.first)]
        )
        stored: list[str] = []
        try:
            subjects = [sheet.item.subject for sheet in sheets]
            with in_turn(ticket, lambda: self._source.lock(subjects)) as series:
                for sheet in sheets:
                    self._store(sheet, series, stored)
        except BaseException:
            for name_of_file in stored:
                default_storage.delete(name_of_file)
            ticket.delete()
            raise
        return len(stored)

    def _draft(self, item: BatchItem) -> Draft | None:
        try:
            kind = NoticeKind(self._batch.kind)
            require_group(self._actor, MAY_ISSUE)
            require_none_standing(kind=kind, subject=item.subject)
            facts = self._source.facts(item.subject, actor=self._actor, issued_on=self._batch.issued_on)
            check_bases(bases=facts.bases, organ=self._batch.organ)
            return draft(
                kind=kind,
                organ=self._batch.organ,
                subject=item.subject,
                recipient=facts.recipient,
                context=facts.context,
                bases=facts.bases,
                issued_on=self._batch.issued_on,
                annexes=facts.annexes,
            )
        except Refused as refusal:
            _fail(item, refusal)
            return None

    def _press(self, sheets: Iterable[_Sheet]) -> list[_Sheet]:
        from documents.rendering.pdf import RenderingFailed, characters_of, shared_press

        sheets = list(sheets)
        press = shared_press(frozenset().union(*(characters_of(sheet.html) for sheet in sheets)))
        finished = []
        for sheet in sheets:
            try:
                rendering = signed(press.render(sheet.html, identifier=identifier_of(sheet.html)))
            except RenderingFailed as failure:
                _LOG.error("batch %s, %s: %s", self._batch.pk, sheet.item.subject, failure)
                _fail(sheet.item, Refused("rendering_failed", _("The notice could not be made into a file.")))
            else:
                finished.append(replace(sheet, rendering=rendering))
        return finished

    def _store(self, sheet: _Sheet, series: NumberSeries, stored: list[str]) -> None:
        """Store one notice with the next number of the series, set again where that is not the one expected."""
        if sheet.sequence != series.last + 1:
            again = self._press([_set(sheet.item, sheet.draft, series.last + 1)])
            if not again:
                return
            (sheet,) = again
        assert sheet.rendering is not None  # noqa: S101 (narrows the type)
        notice = None
        try:
            with transaction.atomic():
                notice = store(
                    sheet.draft, sheet.sequence, sheet.rendering, sheet.code, issued_by=self._actor
                )
                self._source.settle(notice, actor=self._actor)
                BatchItem.objects.filter(pk=sheet.item.pk).update(
                    state=ItemState.ISSUED, notice=notice, leased_until=None
                )
        except (Refused, IntegrityError) as refusal:
            if notice is not None:
                default_storage.delete(str(notice.file))
            _fail(sheet.item, refusal)
        else:
            stored.append(str(notice.file))
            series.last = sheet.sequence


def _set(item: BatchItem, draft: Draft, sequence: int) -> _Sheet:
    number = document_number(draft.organ_name.number_prefix, draft.issued_on.year, sequence)
    return _Sheet(item, draft, sequence, *typeset(draft, number))


def _fail(item: BatchItem, reason: Refused | IntegrityError) -> None:
    if isinstance(reason, Refused):
        code, message = reason.code, str(reason.message)
    else:
        code, message = "conflict", _("Somebody else issued this notice at the same moment.")
    BatchItem.objects.filter(pk=item.pk).update(
        state=ItemState.FAILED, error_code=code, error=message, leased_until=None
    )
