"""The register of issued notices: found, read, downloaded, and taken back with a reason."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.downloads import stream
from config.common.errors import NotAllowed, Refused
from config.common.paging import page_by_key
from documents.enums import NoticeState
from documents.forms import NoticeFilterForm, VoidForm
from documents.models import Notice
from documents.permissions import MAY_ISSUE, MAY_READ_NOTICES, MAY_READ_TEMPLATES, has_group
from documents.selectors import find_notices
from documents.services.issuing import void_notice

from .people import member


@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """The newest first, by kind, year, state and words of number or addressee."""
    member(request, MAY_READ_NOTICES)
    form = NoticeFilterForm(request.GET)
    page = page_by_key(find_notices(**form.wanted()), "issued_at", after=request.GET.get("after", ""))
    query = request.GET.copy()
    query.pop("after", None)
    return render(request, "documents/notices.html", {"form": form, "page": page, "query": query.urlencode()})


@require_GET
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    user = member(request, MAY_READ_NOTICES)
    found = _found(pk)
    return _render(request, found, VoidForm(), may_void=has_group(user, MAY_ISSUE))


@require_GET
def notice_file(request: HttpRequest, pk: int) -> FileResponse:
    member(request, MAY_READ_NOTICES)
    found = _found(pk)
    return stream(found.file, name=f"{found.number}.pdf", content_type="application/pdf")


@require_POST
def notice_void(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the notice back; 422 without a reason, 409 where it no longer stands."""
    user = member(request, MAY_ISSUE)
    found, form = _found(pk), VoidForm(request.POST)
    if not form.is_valid():
        return _render(request, found, form, may_void=True, status=422)
    try:
        void_notice(notice=found, actor=user, reason=form.cleaned_data["reason"])
    except Refused as refusal:
        messages.error(request, refusal.message)
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return _render(request, _found(pk), form, may_void=True, status=status)
    messages.success(request, _("%(number)s is void.") % {"number": found.number})
    return redirect("documents:notice", pk=pk)


def _found(pk: int) -> Notice:
    return get_object_or_404(
        Notice.objects.select_related("template", "issued_by", "ended_by", "supersedes", "organ"), pk=pk
    )


def _render(
    request: HttpRequest, found: Notice, form: VoidForm, *, may_void: bool, status: int = 200
) -> HttpResponse:
    context = {
        "notice": found,
        "successor": Notice.objects.filter(supersedes=found).first(),
        "bases": found.bases.all(),
        "deliveries": found.deliveries.select_related("recorded_by"),
        "form": form,
        "may_read_text": request.user.is_authenticated and has_group(request.user, MAY_READ_TEMPLATES),
        "may_void": may_void and found.state == NoticeState.ISSUED,
    }
    return render(request, "documents/notice_page.html", context, status=status)
