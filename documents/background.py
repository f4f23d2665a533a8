"""Work in the background: batches of notices, the files made of them, and files that people asked for."""

from collections.abc import Iterable

from django.conf import settings
from django_tasks import task

from documents.models import BatchFile, NoticeBatch, PreparedFile

from .services.batch_files import make_batch_file
from .services.batches import work_on_batch
from .services.prepared_files import make_prepared_file


@task()
def work(batch_id: int) -> int:
    return work_on_batch(batch_id)


@task()
def make_file(file_id: int) -> None:
    make_batch_file(file_id)


@task()
def prepare_file(pk: int) -> None:
    make_prepared_file(pk)


def enqueue_batch(batch: NoticeBatch) -> None:
    """Let workers take the batch up; one that comes when nothing is left finds nothing to do."""
    for _worker in range(settings.NOTICE_WORKERS):
        work.enqueue(batch.pk)


def enqueue_files(files: Iterable[BatchFile]) -> None:
    for file in files:
        make_file.enqueue(file.pk)


def enqueue_prepared(wanted: PreparedFile) -> None:
    """Let a worker make the file; one that comes when it is made finds nothing to do."""
    prepare_file.enqueue(wanted.pk)
