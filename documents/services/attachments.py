"""Keeping files that people hand in: quarantined until the scanner or a caseworker has found them clean."""

import hashlib
from typing import TYPE_CHECKING, BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from documents.enums import AttachmentState
from documents.models import Attachment
from documents.permissions import MAY_CLEAR_ATTACHMENTS, require_group
from documents.validators import LARGEST_BYTES, checked_type, clean_name

from .scanning import scan

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


def store_attachment(*, content: bytes | BinaryIO, original_name: str, uploaded_by: "User") -> Attachment:
    """Store a file under its hash, clean where the scanner says so, else in quarantine.

    ``Refused``: ``attachment_empty, attachment_too_large, attachment_type, attachment_content, attachment_infected``. A file left behind by a
    rolled-back transaction harms nobody: it carries its hash as name and is found again by the next attempt.
    """
    data = content if isinstance(content, bytes) else content.read(LARGEST_BYTES + 1)
    name = clean_name(original_name)
    content_type = checked_type(content=data, name=name)
    scanner = scan(data, name=name).scanner
    stored_at = now()
    digest = hashlib.sha256(data).hexdigest()
    path = f"attachments/{digest[:2]}/{digest}"
    # What an interrupted write left behind under this name is not the file.
    if not (default_storage.exists(path) and default_storage.size(path) == len(data)):
        path = default_storage.save(path, ContentFile(data))
    return Attachment.objects.create(
        file=path,
        original_name=name,
        sha256=digest,
        size=len(data),
        content_type=content_type,
        uploaded_by=uploaded_by,
        uploaded_at=stored_at,
        state=AttachmentState.CLEAN if scanner else AttachmentState.QUARANTINED,
        scanner=scanner,
        decided_at=stored_at if scanner else None,
    )


def _lock_quarantined(attachment: Attachment) -> Attachment:
    locked = Attachment.objects.select_for_update().get(pk=attachment.pk)
    if locked.state != AttachmentState.QUARANTINED:
        raise Refused("attachment_decided", _("This file has been checked already."))
    return locked


@transaction.atomic
def confirm_attachment(*, attachment: Attachment, actor: "User") -> Attachment:
    """A caseworker has looked at the file: it may be used and served. What the scanner found clean stays as it is."""
    require_group(actor, MAY_CLEAR_ATTACHMENTS)
    if attachment.scanner:
        return attachment
    attachment = _lock_quarantined(attachment)
    attachment.state = AttachmentState.CLEAN
    attachment.decided_by, attachment.decided_at = actor, now()
    attachment.save(update_fields=["state", "decided_by", "decided_at"])
    return attachment


@transaction.atomic
def reject_attachment(*, attachment: Attachment, actor: "User", reason: str) -> Attachment:
    """The file may not be used; it stays stored as evidence."""
    require_group(actor, MAY_CLEAR_ATTACHMENTS)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    attachment = _lock_quarantined(attachment)
    attachment.state, attachment.reject_reason = AttachmentState.REJECTED, reason.strip()
    attachment.decided_by, attachment.decided_at = actor, now()
    attachment.save(update_fields=["state", "reject_reason", "decided_by", "decided_at"])
    return attachment
