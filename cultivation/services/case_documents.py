"""Files handed in for a case; each waits in quarantine until the scanner or a caseworker confirms it."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import AttachmentKind, CaseAction
from cultivation.models import CaseDocument, CultivationCase, User
from documents.api import AttachmentState, confirm_attachment, reject_attachment, store_attachment

from .refusals import recorded
from .steps import begin, note_on_case, require_before_filing

_LONGEST_REASON = 500


@recorded(CaseAction.ADD_DOCUMENT)
def add_case_document(
    *,
    case: CultivationCase,
    kind: AttachmentKind,
    content: bytes | BinaryIO,
    original_name: str,
    actor: User,
) -> CaseDocument:
    """Store a file with the case. Refused: ``wrong_state`` once filed, and what the attachment check refuses."""
    case = begin(case=case, action=CaseAction.ADD_DOCUMENT, actor=actor)
    require_before_filing(case)
    attachment = store_attachment(content=content, original_name=original_name, uploaded_by=actor)
    document = CaseDocument.objects.create(case=case, kind=kind, attachment=attachment, added_by=actor)
    note_on_case(
        case=case, action=CaseAction.ADD_DOCUMENT, actor=actor, reason=f"{kind}: {attachment.sha256[:12]}"
    )
    return document


@recorded(CaseAction.CONFIRM_DOCUMENT)
def confirm_case_document(*, document: CaseDocument, actor: User) -> CaseDocument:
    """A caseworker has looked at the file: from now on it counts for the case and is served to those who see it.

    Refused: ``wrong_state`` once filed, ``attachment_decided``.
    """
    document = _begin(document, CaseAction.CONFIRM_DOCUMENT, actor)
    document.attachment = confirm_attachment(attachment=document.attachment, actor=actor)
    _note(document, CaseAction.CONFIRM_DOCUMENT, actor, document.attachment.original_name)
    return document


@recorded(CaseAction.REJECT_DOCUMENT)
def reject_case_document(*, document: CaseDocument, actor: User, reason: str) -> CaseDocument:
    """The file does not count for the case; it stays stored as evidence and the firm reads why.

    Refused: ``reason_missing``, ``wrong_state`` once filed, ``attachment_decided``.
    """
    document = _begin(document, CaseAction.REJECT_DOCUMENT, actor, reason)
    document.attachment = reject_attachment(attachment=document.attachment, actor=actor, reason=reason)
    _note(document, CaseAction.REJECT_DOCUMENT, actor, reason.strip())
    return document


def _begin(document: CaseDocument, action: CaseAction, actor: User, reason: str = "") -> CaseDocument:
    """The document as it is now, with its case locked; it has to be in quarantine still."""
    case = begin(case=document.case, action=action, actor=actor, reason=reason)
    require_before_filing(case)
    document = CaseDocument.objects.select_related("attachment").get(pk=document.pk)
    if document.attachment.state != AttachmentState.QUARANTINED:
        raise Refused("attachment_decided", _("This file has been checked already."))
    document.case = case
    return document


def _note(document: CaseDocument, action: CaseAction, actor: User, words: str) -> None:
    reason = f"{document.kind}: {words}"[:_LONGEST_REASON]
    note_on_case(case=document.case, action=action, actor=actor, reason=reason)
