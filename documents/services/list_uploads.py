"""Lists between being handed in and being taken over: kept for their owner alone, for a day, and nothing else written."""

import datetime as dt
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from config.common.clock import machine_now
from config.common.errors import Refused
from documents.models import ListUpload
from documents.validators import LARGEST_BYTES, checked_type, clean_name

from .scanning import scan

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

_WAITS = dt.timedelta(hours=24)
# Expired files that a new one clears away on its way.
_CLEARED = 50


def keep_upload(
    *, kind: str, content: bytes, original_name: str, answers: Mapping[str, str], owner: "User"
) -> ListUpload:
    """Keep a workbook or CSV file for a day. ``Refused``: ``attachment_…`` as for any file, ``not_a_table``."""
    drop_expired(most=_CLEARED)
    if len(content) > LARGEST_BYTES:
        raise Refused("attachment_too_large", _("The file is larger than 20 MB."))
    name = clean_name(original_name)
    checked_type(content=content, name=name)
    if not name.lower().endswith((".xlsx", ".csv")):
        raise Refused("not_a_table", _("A list is handed in as .xlsx or .csv."))
    scan(content, name=name)
    at = machine_now()
    path = default_storage.save(f"uploads/{uuid4().hex}", ContentFile(content))
    return ListUpload.objects.create(
        owner=owner,
        kind=kind,
        file=path,
        original_name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        answers=dict(answers),
        created_at=at,
        expires_at=at + _WAITS,
    )


def waiting_upload(*, pk: int, kind: str, owner: "User") -> ListUpload:
    """The owner's file; raises ``ListUpload.DoesNotExist`` for anybody else's, another kind's, or an expired one."""
    return ListUpload.objects.get(pk=pk, kind=kind, owner=owner, expires_at__gt=machine_now())


def read_upload(upload: ListUpload) -> bytes:
    """The bytes as they were handed in. ``Refused``: ``upload_lost``."""
    try:
        with upload.file.open("rb") as file:
            content = bytes(file.read())
    except FileNotFoundError:
        content = b""
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise Refused("upload_lost", _("The file is no longer here; hand it in again."))
    return content


def say_headings(*, upload: ListUpload, headings: Mapping[str, str]) -> ListUpload:
    """What the owner says about the headers of the file."""
    upload.headings = dict(headings)
    upload.save(update_fields=["headings"])
    return upload


def discard_upload(*, upload: ListUpload) -> None:
    """Take the file away, because it was taken over or is not wanted."""
    name = str(upload.file)
    with transaction.atomic():
        upload.delete()
        transaction.on_commit(lambda: default_storage.delete(name))


def drop_expired(most: int | None = None) -> int:
    """Take away what nobody confirmed in time; how many."""
    expired = list(ListUpload.objects.filter(expires_at__lte=machine_now()).order_by("expires_at")[:most])
    for upload in expired:
        discard_upload(upload=upload)
    return len(expired)
