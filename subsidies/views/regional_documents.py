"""The region's documents: what each grants, what its rows mean here, and what has to be done about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.downloads import download
from config.common.errors import Refused
from cultivation.api import Role, User
from subsidies.models import RegionalAwardDocument
from subsidies.selectors.regional_documents import (
    documents,
    page_of_documents,
    page_of_rows,
    row_lines,
    rows_of,
    summaries,
)
from subsidies.services.regional_sources import judge_again, read_source

from .access import reader, require_roles, status_of
from .tables.regional import outcome_asked


@require_GET
def regional_documents(request: HttpRequest) -> HttpResponse:
    """Every document, the latest imported first."""
    user = reader(request)
    after = request.GET.get("after", "")
    page = page_of_documents(after=after)
    context = {
        "summaries": summaries(page.rows),
        "next": page.next,
        "after": after,
        "may_import": user.has_role(Role.CASEWORKER),
    }
    return render(request, "subsidies/regional_documents.html", context)


@require_GET
def regional_document(request: HttpRequest, pk: int) -> HttpResponse:
    """One document with its rows, those of one finding where it is asked for."""
    user = reader(request)
    return _render(request, user, get_object_or_404(documents(), pk=pk))


@require_GET
def regional_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as it was handed in; one whose bytes were changed since is not handed out."""
    user = reader(request)
    document = get_object_or_404(documents(), pk=pk)
    source = document.source_file
    try:
        content = read_source(source)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, user, document, status=409)
    return download(content, name=source.original_name, content_type=source.content_type)


@require_POST
def regional_judge_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Judge the open rows once more from the stored file."""
    user = require_roles(request, Role.CASEWORKER)
    document = get_object_or_404(documents(), pk=pk)
    try:
        report = judge_again(document=document, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, user, document, status=status_of(refusal))
    if report.updated:
        said = _("Judged again: %(updated)s of %(rows)s rows have another finding now.")
        messages.success(request, said % {"updated": report.updated, "rows": report.rows})
    else:
        messages.info(request, _("Judged again: no row has another finding yet."))
    return redirect("subsidies:regional_document", pk=pk)


def _render(
    request: HttpRequest, user: User, document: RegionalAwardDocument, status: int = 200
) -> HttpResponse:
    outcome, after = outcome_asked(request.GET.dict()), request.GET.get("after", "")
    page = page_of_rows(rows_of(document, outcome), after=after)
    (summary,) = summaries([document])
    context = {
        "document": document,
        "summary": summary,
        "outcome": outcome,
        "lines": row_lines(page.rows),
        "next": page.next,
        "after": after,
        "may_judge": bool(summary.open_rows) and user.has_role(Role.CASEWORKER),
    }
    return render(request, "subsidies/regional_document.html", context, status=status)
