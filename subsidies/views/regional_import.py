"""A document of the region handed in: first looked at row by row, then taken over as it was shown, or not at all."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.downloads import download
from config.common.errors import Refused
from config.common.looking import only_looking
from config.common.workbooks import RowsRefused, mark_errors
from cultivation.api import Role, User
from documents.api import Attachment, AttachmentState, store_attachment
from subsidies.forms.regional_documents import RegionalDocumentForm
from subsidies.models import RegionalAwardDocument
from subsidies.selectors.regional_documents import row_lines, sums_of
from subsidies.services.regional_awards import (
    RegionalReport,
    import_regional_awards,
    write_regional_template,
)
from subsidies.services.regional_sources import read_source

from .access import require_roles, status_of

_MOST_FAULTS = 200
_MOST_ROWS = 1000
_SALT = "subsidies.regional_import"
_DAY = 24 * 60 * 60
_TERMS = ("document_number", "document_title", "issuer")


@require_http_methods(["GET", "HEAD", "POST"])
def regional_document_new(request: HttpRequest) -> HttpResponse:
    """Hand in a document: the rows are judged and shown, nothing is taken over yet; 422 where a cell is faulty."""
    user = require_roles(request, Role.CASEWORKER)
    if request.method != "POST":
        return _render_form(request, RegionalDocumentForm())
    form = RegionalDocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _render_form(request, form, status=422)
    answers = form.cleaned_data
    file = answers["file"]
    terms = {name: answers[name] for name in _TERMS} | {"date": answers["document_date"].isoformat()}
    content = file.read()
    try:
        stored = store_attachment(content=content, original_name=file.name, uploaded_by=user)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return _render_form(request, form, status=422)
    try:
        report = _run(user, terms, content, file.name, dry_run=True)
    except RowsRefused as refusal:
        token = _sign(user, stored, terms, "")
        return _render_form(request, form, status=422, refusal=refusal, token=token)
    except Refused as refusal:
        field = _FIELDS.get(refusal.code, "file")
        form.add_error(field, refusal.message)
        return _render_form(request, form, status=422)
    if not report.found:
        form.add_error("file", _("The list has no rows."))
        return _render_form(request, form, status=422)
    return _render_preview(request, user, stored, terms, report)


_FIELDS = {"document_date_differs": "document_date", "document_differs": "document_number"}


@require_POST
def regional_document_confirm(request: HttpRequest) -> HttpResponse:
    """Take over what the preview showed; where its findings are others by now it is shown again (409)."""
    user = require_roles(request, Role.CASEWORKER)
    stored, terms, digest = _unsign(request.POST.get("token", ""), user)
    content = _content(stored)
    try:
        report = _run(
            user,
            terms,
            content,
            stored.original_name,
            agreed=digest,
            source=stored if stored.state == AttachmentState.QUARANTINED else None,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        if refusal.code != "findings_changed":
            return _render_form(request, RegionalDocumentForm(initial=_initial(terms)), status_of(refusal))
        report = _run(user, terms, content, stored.original_name, dry_run=True)
        return _render_preview(request, user, stored, terms, report, status=409)
    found = {row.document_id for row in report.found}
    messages.success(
        request,
        _(
            "The document was taken over: %(created)s new rows, %(updated)s judged anew, %(unchanged)s as before."
        )
        % {"created": report.created, "updated": report.updated, "unchanged": report.unchanged},
    )
    return redirect("subsidies:regional_document", pk=found.pop())


@require_GET
def regional_marked(request: HttpRequest) -> HttpResponse:
    """The file that was refused, as a workbook with every faulty cell marked and commented."""
    user = require_roles(request, Role.CASEWORKER)
    stored, terms, _digest = _unsign(request.GET.get("token", ""), user)
    content = _content(stored)
    try:
        _run(user, terms, content, stored.original_name, dry_run=True)
    except RowsRefused as refusal:
        marked = mark_errors(content, refusal.errors)
        return download(marked, name=f"{stored.original_name}-marked.xlsx")
    except Refused as refusal:
        raise Http404 from refusal
    raise Http404


@require_GET
def regional_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require_roles(request, Role.CASEWORKER)
    return download(write_regional_template(), name="regional-awards.xlsx")


def _run(
    user: User, terms: dict[str, str], content: bytes, name: str, *, dry_run: bool = False, **options: Any
) -> RegionalReport:
    with only_looking(when=dry_run):
        return import_regional_awards(
            content=content,
            original_name=name,
            document_number=terms["document_number"],
            document_date=dt.date.fromisoformat(terms["date"]),
            document_title=terms["document_title"],
            issuer=terms["issuer"],
            actor=user,
            dry_run=dry_run,
            **options,
        )


def _sign(user: User, stored: Attachment, terms: dict[str, str], digest: str) -> str:
    """What was shown to whom, so that the confirmation is about that and nothing else."""
    return signing.dumps({"user": user.pk, "file": stored.pk, "terms": terms, "digest": digest}, salt=_SALT)


def _unsign(token: str, user: User) -> tuple[Attachment, dict[str, str], str]:
    try:
        said = signing.loads(token, salt=_SALT, max_age=_DAY)
    except signing.BadSignature as error:
        raise Http404 from error
    if said["user"] != user.pk:
        raise Http404
    return get_object_or_404(Attachment, pk=said["file"]), said["terms"], said["digest"]


def _content(stored: Attachment) -> bytes:
    try:
        return read_source(stored)
    except Refused as refusal:
        raise Http404 from refusal


def _initial(terms: dict[str, str]) -> dict[str, str]:
    return {name: terms[name] for name in _TERMS} | {"document_date": terms["date"]}


def _render_form(
    request: HttpRequest,
    form: RegionalDocumentForm,
    status: int = 200,
    *,
    refusal: RowsRefused | None = None,
    token: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "errors": refusal.errors[:_MOST_FAULTS] if refusal else [],
        "faults": len(refusal.errors) if refusal else 0,
        "token": token,
    }
    return render(request, "subsidies/regional_document_new.html", context, status=status)


def _render_preview(
    request: HttpRequest,
    user: User,
    stored: Attachment,
    terms: dict[str, str],
    report: RegionalReport,
    status: int = 200,
) -> HttpResponse:
    known = RegionalAwardDocument.objects.filter(policy__document_number=terms["document_number"])
    lines = row_lines(report.found[:_MOST_ROWS])
    context = {
        "terms": terms,
        "date": dt.date.fromisoformat(terms["date"]),
        "file": stored,
        "report": report,
        "outcomes": sums_of(report.found),
        "lines": lines,
        "left_out": len(report.found) - len(lines),
        "is_known": known.exists(),
        "token": _sign(user, stored, terms, report.digest),
    }
    return render(request, "subsidies/regional_preview.html", context, status=status)
