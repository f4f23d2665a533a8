"""The files of a case: what is there, what is missing, who may take them away, and what waits to be looked at."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from config.common.paging import Page, page_by_key
from cultivation.enums import REQUIRED_ATTACHMENT_KINDS, AttachmentKind, CaseAction
from cultivation.models import CaseDocument, CultivationCase, User
from cultivation.permissions import may, visible_cases
from documents.api import AttachmentState

from .readiness import FILE_AT_REST_STATES, is_before_filing


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A file as its reader sees it; ``may_read``: it is given out to this person."""

    document: CaseDocument
    may_read: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class RequiredKind:
    """What the bureau wants to see before filing: confirmed, handed in, or missing."""

    kind: AttachmentKind
    state: str


def document_lines(case: CultivationCase, user: User) -> list[DocumentLine]:
    """The files of a case that the person sees, the newest first (one query)."""
    decides = is_before_filing(case) and may(user, CaseAction.CONFIRM_DOCUMENT, case)
    documents = CaseDocument.objects.filter(case=case).select_related("attachment__decided_by", "added_by")
    return [
        DocumentLine(
            document=document,
            may_read=_may_read(user, case, document),
            may_decide=decides and document.attachment.state == AttachmentState.QUARANTINED,
        )
        for document in documents.order_by("-added_at", "-pk")
    ]


def _may_read(user: User, case: CultivationCase, document: CaseDocument) -> bool:
    """Whoever sees the case gets what is clean; the rest only the person who has to look at it."""
    return document.attachment.state == AttachmentState.CLEAN or may(user, CaseAction.CONFIRM_DOCUMENT, case)


def readable_document(user: User | AnonymousUser, *, case_id: int, document_id: int) -> CaseDocument | None:
    """The file, where the person may take it away; ``None`` for foreign, unknown and quarantined ones alike."""
    case = visible_cases(user).select_related("firm").filter(pk=case_id).first()
    if case is None or not isinstance(user, User):
        return None
    document = case.documents.select_related("attachment").filter(pk=document_id).first()
    return document if document is not None and _may_read(user, case, document) else None


def required_kinds(lines: Sequence[DocumentLine]) -> list[RequiredKind]:
    """How far the required files of a case are, from its lines: ``clean``, ``quarantined`` or ``missing``."""
    states: dict[str, set[str]] = {kind: set() for kind in REQUIRED_ATTACHMENT_KINDS}
    for line in lines:
        states.setdefault(line.document.kind, set()).add(line.document.attachment.state)
    return [
        RequiredKind(
            kind,
            next(
                (s for s in (AttachmentState.CLEAN, AttachmentState.QUARANTINED) if s in states[kind]),
                "missing",
            ),
        )
        for kind in REQUIRED_ATTACHMENT_KINDS
    ]


def waiting_documents(user: User | AnonymousUser) -> QuerySet[CaseDocument]:
    """Files in quarantine of cases that have not been filed, among the cases the person sees."""
    return CaseDocument.objects.filter(
        attachment__state=AttachmentState.QUARANTINED,
        case__in=visible_cases(user).exclude(state__in=FILE_AT_REST_STATES),
    )


def waiting_page(user: User | AnonymousUser, *, after: str = "", size: int = 50) -> Page[CaseDocument]:
    """The files that wait to be looked at, the newest first, with firm and sender (one query)."""
    documents = waiting_documents(user).select_related("attachment", "case__firm", "added_by")
    return page_by_key(documents, "added_at", after=after, size=size)
