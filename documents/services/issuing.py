"""Issuing, previewing, voiding and superseding notices."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from documents.enums import NoticeKind, NoticeState
from documents.models import Notice, Organ, PolicyDocument
from documents.permissions import MAY_ISSUE, require_group
from documents.rendering.formats import document_number
from documents.rendering.layout import Annex
from documents.selectors import find_notice

from .composing import Draft, check_bases, compose, draft
from .numbering import next_sequence

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

    from documents.rendering.pdf import Rendering


@transaction.atomic
def issue_notice(
    *,
    kind: NoticeKind,
    organ: Organ,
    subject: str,
    recipient: str,
    context: Mapping[str, object],
    bases: Sequence[PolicyDocument],
    issued_by: "User",
    issued_on: dt.date | None = None,
    annexes: Sequence[Annex] = (),
    replace_reason: str = "",
) -> Notice:
    """Number, render, freeze and store a notice in one transaction.

    With ``replace_reason`` it takes the place of the one that stands about ``subject``, where there is one. ``subject`` names what it is about (``award:12``), ``recipient`` is the addressee without colon. ``context`` gives the
    template's declared variables: text, ``Decimal`` yuan, dates, whole numbers. A failure at any point leaves neither a
    notice nor a file, and the number goes to the next one. ``Refused`` codes: ``basis_missing, basis_without_number,
    basis_unverified, demo_basis, template_missing, variable_missing, variable_unknown, bad_context,
    organ_name_missing, organ_name_ambiguous, missing_glyph, notice_exists``.
    """
    require_group(issued_by, MAY_ISSUE)
    if not replace_reason.strip():
        require_none_standing(kind=kind, subject=subject)
    standing = find_notice(kind=kind, subject=subject)
    return _issue(
        kind=kind,
        organ=organ,
        subject=subject,
        recipient=recipient,
        context=context,
        bases=bases,
        issued_by=issued_by,
        issued_on=issued_on or today(),
        annexes=annexes,
        supersedes=_end_standing(standing, issued_by, replace_reason) if standing else None,
    )


def require_none_standing(*, kind: NoticeKind, subject: str) -> None:
    """``Refused`` (notice_exists) where a notice of this kind about this stands already."""
    if standing := find_notice(kind=kind, subject=subject):
        raise Refused(
            "notice_exists",
            _("Notice %(number)s about this already stands; supersede it instead.")
            % {"number": standing.number},
            number=standing.number,
        )


def _issue(
    *,
    kind: NoticeKind,
    organ: Organ,
    subject: str,
    recipient: str,
    context: Mapping[str, object],
    bases: Sequence[PolicyDocument],
    issued_by: "User",
    issued_on: dt.date,
    annexes: Sequence[Annex],
    supersedes: Notice | None = None,
) -> Notice:
    check_bases(bases=bases, organ=organ)
    found = draft(
        kind=kind,
        organ=organ,
        subject=subject,
        recipient=recipient,
        context=context,
        bases=bases,
        issued_on=issued_on,
        annexes=annexes,
    )
    prefix, year = found.organ_name.number_prefix, issued_on.year
    sequence = next_sequence(organ=organ, prefix=prefix, year=year)
    rendering, code = compose(found, document_number(prefix, year, sequence))
    return store(found, sequence, rendering, code, issued_by=issued_by, supersedes=supersedes)


def store(
    draft: Draft,
    sequence: int,
    rendering: "Rendering",
    code: str,
    *,
    issued_by: "User",
    supersedes: Notice | None = None,
) -> Notice:
    """Keep the row and the file of a numbered notice: both or neither."""
    prefix, year = draft.organ_name.number_prefix, draft.issued_on.year
    notice = Notice(
        number=document_number(prefix, year, sequence),
        organ=draft.organ,
        organ_name=draft.organ_name.name,
        series=prefix,
        year=year,
        sequence=sequence,
        kind=draft.kind,
        template=draft.template,
        subject=draft.subject,
        recipient=draft.recipient,
        context=draft.context,
        html_sha256=rendering.html_sha256,
        pdf_sha256=rendering.pdf_sha256,
        short_hash=code,
        is_demo=draft.is_demo,
        issued_on=draft.issued_on,
        issued_by=issued_by,
        issued_at=now(),
        supersedes=supersedes,
    )
    name = f"notices/{year}/{draft.organ.key}-{year}-{sequence}-{rendering.pdf_sha256[:16]}.pdf"
    notice.file.name = stored = default_storage.save(name, ContentFile(rendering.pdf))
    try:
        # A savepoint: the file has to go on a database error although the caller may carry on.
        with transaction.atomic():
            notice.save(force_insert=True)
            notice.bases.set(draft.bases)
    except BaseException:
        default_storage.delete(stored)
        raise
    return notice


def preview_notice(
    *,
    kind: NoticeKind,
    organ: Organ,
    recipient: str,
    context: Mapping[str, object],
    bases: Sequence[PolicyDocument],
    issued_on: dt.date | None = None,
    annexes: Sequence[Annex] = (),
) -> bytes:
    """The PDF as it would be, with the watermark 预览 and no number. A basis without a number does not stop it."""
    found = draft(
        kind=kind,
        organ=organ,
        subject="",
        recipient=recipient,
        context=context,
        bases=bases,
        issued_on=issued_on or today(),
        annexes=annexes,
    )
    return compose(found)[0].pdf


def _lock_standing(notice: Notice, reason: str) -> Notice:
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    locked = Notice.objects.select_for_update().get(pk=notice.pk)
    if locked.state != NoticeState.ISSUED:
        raise Refused("notice_ended", _("Notice %(number)s no longer stands.") % {"number": locked.number})
    return locked


def _end_standing(notice: Notice, actor: "User", reason: str) -> Notice:
    """The notice, ended to make room for its successor in the same transaction."""
    old = _lock_standing(notice, reason)
    old.supersede(actor=actor, at=now(), reason=reason.strip())
    old.save()
    return old


@transaction.atomic
def void_notice(*, notice: Notice, actor: "User", reason: str) -> Notice:
    """Take a notice back; its number stays used and its file stays stored."""
    require_group(actor, MAY_ISSUE)
    notice = _lock_standing(notice, reason)
    notice.void(actor=actor, at=now(), reason=reason.strip())
    notice.save()
    return notice


@transaction.atomic
def supersede_notice(
    *,
    notice: Notice,
    context: Mapping[str, object],
    bases: Sequence[PolicyDocument],
    actor: "User",
    reason: str,
    recipient: str | None = None,
    issued_on: dt.date | None = None,
    annexes: Sequence[Annex] = (),
) -> Notice:
    """Issue a new notice, with a number of its own, in place of ``notice``; both changes or neither."""
    require_group(actor, MAY_ISSUE)
    old = _end_standing(notice, actor, reason)
    return _issue(
        kind=NoticeKind(old.kind),
        organ=old.organ,
        subject=old.subject,
        recipient=recipient or old.recipient,
        context=context,
        bases=bases,
        issued_by=actor,
        issued_on=issued_on or today(),
        annexes=annexes,
        supersedes=old,
    )


def read_notice(notice: Notice) -> bytes:
    """The stored bytes, as they were issued."""
    with notice.file.open("rb") as file:
        return bytes(file.read())
