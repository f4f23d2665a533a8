"""The documents of a case: handed in, looked at, taken away; and the list of those that wait to be looked at."""

from dataclasses import dataclass, field

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.downloads import stream
from config.common.errors import Refused
from config.common.overtaking import told
from cultivation.enums import CaseAction
from cultivation.forms.case_documents import DocumentForm, RejectDocumentForm
from cultivation.models import CaseDocument, CultivationCase, User
from cultivation.permissions import CASE_ROLES, may, visible_cases
from cultivation.selectors.case_documents import (
    document_lines,
    readable_document,
    required_kinds,
    waiting_page,
)
from cultivation.selectors.readiness import is_before_filing
from cultivation.services.case_documents import (
    add_case_document,
    confirm_case_document,
    reject_case_document,
)

from .case_news import case_strands
from .presenting import is_outsider
from .readers import reader, status_of


@dataclass(frozen=True, slots=True)
class _Shown:
    """What the page shows beside the files: the forms as they were filled in, and why nothing was done."""

    status: int = 200
    message: str = ""
    upload: DocumentForm = field(default_factory=DocumentForm)
    rejection: tuple[int, RejectDocumentForm] | None = None


@require_http_methods(["GET", "HEAD", "POST"])
def case_documents(request: HttpRequest, pk: int) -> HttpResponse:
    """The files of a case; POST hands one in: 422 where file or kind is missing, 409 where it is refused."""
    user, case = _case(request, pk)
    if request.method != "POST":
        return _render(request, user, case, _Shown())
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render(request, user, case, _Shown(status=422, upload=form))
    try:
        document = add_case_document(case=case, actor=user, **form.answers())
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return _render(request, user, case, _Shown(status=status_of(refusal), upload=form))
    messages.success(request, _("%(name)s has been handed in.") % {"name": document.attachment.original_name})
    return redirect("cultivation:case_documents", pk=pk)


@require_GET
def case_document(request: HttpRequest, pk: int, document: int) -> FileResponse:
    """One file in pieces; 404 to whoever may not have it."""
    found = readable_document(reader(request), case_id=pk, document_id=document)
    if found is None:
        raise Http404
    attachment = found.attachment
    return stream(attachment.file, name=attachment.original_name, content_type=attachment.content_type)


@require_POST
def case_document_confirm(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    user, case = _case(request, pk)
    found = _document(case, document)
    try:
        confirm_case_document(document=found, actor=user)
    except Refused as refusal:
        shown = _Shown(status=status_of(refusal), message=refusal.message)
        return _render(request, user, case, shown)
    messages.success(request, _("%(name)s is confirmed.") % {"name": found.attachment.original_name})
    return redirect("cultivation:case_documents", pk=pk)


@require_POST
def case_document_reject(request: HttpRequest, pk: int, document: int) -> HttpResponse:
    """422 without a reason; the firm reads it."""
    user, case = _case(request, pk)
    found = _document(case, document)
    form = RejectDocumentForm(request.POST, prefix=f"reject-{found.pk}")
    if not form.is_valid():
        return _render(request, user, case, _Shown(status=422, rejection=(found.pk, form)))
    try:
        reject_case_document(document=found, actor=user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        shown = _Shown(status=status_of(refusal), message=refusal.message, rejection=(found.pk, form))
        return _render(request, user, case, shown)
    messages.success(request, _("%(name)s is rejected.") % {"name": found.attachment.original_name})
    return redirect("cultivation:case_documents", pk=pk)


@require_GET
def documents_waiting(request: HttpRequest) -> HttpResponse:
    """The files of all cases that wait for a caseworker, the newest first, paged by key."""
    user = reader(request)
    if not user.has_role(*CASE_ROLES[CaseAction.CONFIRM_DOCUMENT]):
        raise PermissionDenied
    page = waiting_page(user, after=request.GET.get("after", ""))
    return render(request, "cultivation/documents_waiting.html", {"page": page})


def _case(request: HttpRequest, pk: int) -> tuple[User, CultivationCase]:
    user = reader(request)
    return user, get_object_or_404(visible_cases(user).select_related("firm"), pk=pk)


def _document(case: CultivationCase, pk: int) -> CaseDocument:
    return get_object_or_404(case.documents.select_related("attachment", "case"), pk=pk)


def _render(request: HttpRequest, user: User, case: CultivationCase, shown: _Shown) -> HttpResponse:
    lines = document_lines(case, user)
    refused = dict([shown.rejection]) if shown.rejection else {}
    rows = [
        (
            line,
            refused.get(line.document.pk, RejectDocumentForm(prefix=f"reject-{line.document.pk}"))
            if line.may_decide
            else None,
        )
        for line in lines
    ]
    outsider = is_outsider(user)
    decidable = {line.document.pk for line, form in rows if form is not None}
    context = {
        **told(request, case_strands(case, user)),
        "stray": shown.rejection[1] if shown.rejection and shown.rejection[0] not in decidable else None,
        "case": case,
        "rows": rows,
        "required": required_kinds(lines),
        "message": shown.message,
        "upload": shown.upload
        if is_before_filing(case) and may(user, CaseAction.ADD_DOCUMENT, case)
        else None,
        "outsider": outsider,
        "decides": may(user, CaseAction.CONFIRM_DOCUMENT, case),
    }
    return render(request, "cultivation/case_documents.html", context, status=shown.status)
