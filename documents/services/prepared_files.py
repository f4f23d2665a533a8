"""Files made in the background for one person: asked for, made by whichever worker is free, kept for some days.

A worker that dies loses nothing but time: its lease runs out and another worker begins the file again.
"""

import datetime as dt
import hashlib
import logging
import tempfile
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol, cast
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from config.common.clock import machine_now
from config.common.errors import Refused
from documents.enums import PreparedState
from documents.models import PreparedFile

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

_LOG = logging.getLogger(__name__)
_KEPT = dt.timedelta(days=7)
_LEASE = dt.timedelta(minutes=5)
# How often a worker says how far it is.
_EVERY = dt.timedelta(seconds=1)
_MOST_WAITING = 10

Progress = Callable[[int, int], None]


class Unwanted(Exception):
    """The person has thrown the wish away, or another worker has taken it over; the work stops."""


class FileMaker(Protocol):
    """The app that makes files of a kind (``FILE_MAKERS``)."""

    def write(
        self, parameters: Mapping[str, Any], *, owner: "User", target: BinaryIO, progress: Progress
    ) -> None:
        """Write the file, as the owner may see it now; tell ``progress(done, total)``. Raises ``Refused``."""


def maker_of(kind: str) -> FileMaker:
    maker: FileMaker = import_string(settings.FILE_MAKERS[kind])()
    return maker


def ask_for_file(*, kind: str, parameters: Mapping[str, Any], name: str, owner: "User") -> PreparedFile:
    """Record the wish; the caller enqueues it. ``Refused``: ``files_waiting`` beyond ten unfinished ones of a person."""
    drop_expired_files()
    waiting = PreparedFile.objects.filter(owner=owner, state=PreparedState.WAITING).count()
    if waiting >= _MOST_WAITING:
        raise Refused("files_waiting", _("Ten files are being made for you already; wait for them first."))
    at = machine_now()
    return PreparedFile.objects.create(
        owner=owner,
        kind=kind,
        parameters=dict(parameters),
        name=name,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        asked_at=at,
        expires_at=at + _KEPT,
    )


def make_prepared_file(pk: int) -> None:
    """Make the file, unless it is made, thrown away, or in another worker's hands."""
    wanted = _claim(pk)
    if wanted is None:
        return
    maker = maker_of(wanted.kind)
    with (
        translation.override(wanted.language),
        tempfile.TemporaryFile(prefix="miaopu-file-") as temporary,
    ):
        target = cast(BinaryIO, temporary)
        try:
            maker.write(wanted.parameters, owner=wanted.owner, target=target, progress=_Teller(wanted))
        except Unwanted:
            return
        except Refused as refusal:
            _fail(wanted, refusal.message)
            return
        except Exception:
            _LOG.exception("prepared file %s (%s)", wanted.pk, wanted.kind)
            _fail(wanted, _("The file could not be made; the administrator finds the cause in the log."))
            return
        _store(wanted, target)


@transaction.atomic
def _claim(pk: int) -> PreparedFile | None:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=machine_now())
    wanted = (
        PreparedFile.objects.select_for_update(of=("self",))
        .select_related("owner")
        .filter(free, pk=pk, state=PreparedState.WAITING)
        .first()
    )
    if wanted is not None:
        wanted.leased_until = machine_now() + _LEASE
        wanted.save(update_fields=["leased_until"])
    return wanted


def _mine(wanted: PreparedFile) -> QuerySet[PreparedFile]:
    """The row, as long as this worker's lease is the one in it."""
    return PreparedFile.objects.filter(
        pk=wanted.pk, state=PreparedState.WAITING, leased_until=wanted.leased_until
    )


class _Teller:
    """Writes down how far the work is, once a second, and holds the lease meanwhile."""

    def __init__(self, wanted: PreparedFile) -> None:
        self._wanted = wanted
        self._next = machine_now()

    def __call__(self, done: int, total: int) -> None:
        at = machine_now()
        if at < self._next:
            return
        self._next = at + _EVERY
        lease = at + _LEASE
        if not _mine(self._wanted).update(done=done, total=total, leased_until=lease):
            raise Unwanted
        self._wanted.leased_until = lease


def _fail(wanted: PreparedFile, message: str) -> None:
    _mine(wanted).update(state=PreparedState.FAILED, error=message, leased_until=None)


def _store(wanted: PreparedFile, target: BinaryIO) -> None:
    size = target.seek(0, 2)
    target.seek(0)
    digest = hashlib.sha256()
    while block := target.read(1 << 20):
        digest.update(block)
    target.seek(0)
    stored = default_storage.save(f"prepared/{uuid4().hex}", File(target))
    kept = _mine(wanted).update(
        state=PreparedState.DONE, file=stored, size=size, sha256=digest.hexdigest(), leased_until=None
    )
    if not kept:
        default_storage.delete(stored)


def discard_file(*, wanted: PreparedFile) -> None:
    """Throw the wish or the file away; a worker that is at it stops."""
    name = str(wanted.file)
    with transaction.atomic():
        wanted.delete()
        if name:
            transaction.on_commit(lambda: default_storage.delete(name))


def files_of(owner: "User") -> QuerySet[PreparedFile]:
    """What the person asked for and may still fetch."""
    return PreparedFile.objects.filter(owner=owner, expires_at__gt=machine_now())


def abandoned_files() -> list[PreparedFile]:
    """Wishes that no worker holds: never taken up, or left behind by one that died."""
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=machine_now())
    return list(PreparedFile.objects.filter(free, state=PreparedState.WAITING))


def drop_expired_files() -> int:
    """Throw away what was kept long enough; how many."""
    expired = list(PreparedFile.objects.filter(expires_at__lte=machine_now()))
    for wanted in expired:
        discard_file(wanted=wanted)
    return len(expired)
