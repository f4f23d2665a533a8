"""Files handed in for a case; each waits in quarantine until a caseworker confirms it."""

from typing import BinaryIO

from cultivation.enums import AttachmentKind, CaseAction
from cultivation.models import CaseDocument, CultivationCase, User
from documents.api import store_attachment

from .refusals import recorded
from .steps import begin, note_on_case, require_before_filing


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
