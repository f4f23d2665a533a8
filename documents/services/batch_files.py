"""What is made of a batch once its notices are issued: files for printing and an archive by county."""

import tempfile
import zipfile
from collections.abc import Iterable
from contextlib import ExitStack
from typing import TYPE_CHECKING, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from documents.enums import BatchFileKind, NoticeState
from documents.models import BatchFile, BatchItem, Notice, NoticeBatch
from documents.permissions import MAY_ISSUE, require_group
from documents.rendering.formats import safe_file_name

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

# Notices in one file for printing: what a printer takes at a time, and what bounds the memory of making it.
PART = 200


def issued_items(batch: NoticeBatch) -> QuerySet[BatchItem]:
    """The notices of a batch that stand, in the order of their numbers."""
    standing = batch.items.filter(notice__state=NoticeState.ISSUED)
    return standing.select_related("notice").order_by("notice__sequence")


@transaction.atomic
def request_batch_file(*, batch: NoticeBatch, kind: BatchFileKind, actor: "User") -> list[BatchFile]:
    """Files to be made, in place of those made before; the caller enqueues them. ``Refused``: batch_nothing_issued."""
    require_group(actor, MAY_ISSUE)
    batch = NoticeBatch.objects.select_for_update().get(pk=batch.pk)
    count = issued_items(batch).count()
    if not count:
        raise Refused("batch_nothing_issued", _("No notice of this batch has been issued."))
    outdated = list(batch.files.filter(kind=kind))
    names = [str(found.file) for found in outdated if found.file]
    batch.files.filter(kind=kind).delete()
    transaction.on_commit(lambda: _delete(names))
    part = PART if kind == BatchFileKind.PRINT else count
    return [
        BatchFile.objects.create(
            batch=batch,
            kind=kind,
            first=first + 1,
            last=min(first + part, count),
            requested_by=actor,
            requested_at=now(),
        )
        for first in range(0, count, part)
    ]


def _delete(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)


def make_batch_file(file_id: int) -> None:
    """Write the file of this row; nothing where somebody asked for a newer one meanwhile."""
    wanted = BatchFile.objects.select_related("batch").filter(pk=file_id).first()
    if wanted is None:
        return
    items = issued_items(wanted.batch)[wanted.first - 1 : wanted.last]
    write = _write_pdf if wanted.kind == BatchFileKind.PRINT else _write_zip
    with tempfile.TemporaryFile(prefix="miaopu-batch-") as target:
        write(items, cast(BinaryIO, target))
        size = target.tell()
        target.seek(0)
        suffix = "pdf" if wanted.kind == BatchFileKind.PRINT else "zip"
        stored = default_storage.save(f"batches/{wanted.batch_id}-{wanted.pk}.{suffix}", File(target))
    if not BatchFile.objects.filter(pk=file_id).update(file=stored, size=size):
        default_storage.delete(stored)


def _write_zip(items: Iterable[BatchItem], target: BinaryIO) -> None:
    """A folder a county; the files are packed already."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for item in items:
            notice = _notice(item)
            folder = safe_file_name(item.group) or "未分县"
            name = f"{folder}/{safe_file_name(f'{notice.number} {notice.recipient}')}.pdf"
            with notice.file.open("rb") as source, archive.open(name, "w") as entry:
                while block := source.read(1 << 16):
                    entry.write(block)


def _write_pdf(items: Iterable[BatchItem], target: BinaryIO) -> None:
    """One after another; each begins on a sheet of its own when printed on both sides."""
    import pikepdf

    with pikepdf.new() as whole, ExitStack() as sources:
        for item in items:
            file = sources.enter_context(_notice(item).file.open("rb"))
            source = sources.enter_context(pikepdf.open(cast(BinaryIO, file)))
            whole.pages.extend(source.pages)
            if len(whole.pages) % 2:
                whole.add_blank_page(page_size=(595, 842))
        whole.save(target)


def _notice(item: BatchItem) -> Notice:
    assert item.notice is not None  # noqa: S101 (issued_items gives only those that have one)
    return item.notice
