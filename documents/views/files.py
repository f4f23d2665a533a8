"""Files on request: lists as workbooks, at once or in the background, and what is being made for the person."""

import io
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.downloads import download, stream
from config.common.errors import Refused
from documents.background import enqueue_prepared
from documents.enums import PreparedState
from documents.models import PreparedFile
from documents.services.prepared_files import ask_for_file, discard_file, files_of, maker_of
from documents.services.tables import AT_ONCE, TableMaker

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

_MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """A list as a workbook, with the filters of its address; a large one is made in the background on request.

    404 where it is the list of an object that is not there for the person.
    """
    user = _person(request)
    maker = _table(kind)
    if not maker.may(user):
        raise PermissionDenied
    parameters = request.GET.dict()
    try:
        count = maker.count(parameters, owner=user)
    except Refused as refusal:
        raise Http404 from refusal
    name = maker.file_name(parameters)
    if count <= AT_ONCE:
        content = io.BytesIO()
        maker.write(parameters, owner=user, target=content, progress=lambda _done, _total: None)
        return download(content.getvalue(), name=name)
    if request.method != "POST":
        context = {"name": maker.name(), "count": count}
        return render(request, "documents/export.html", context)
    try:
        wanted = ask_for_file(kind=kind, parameters=parameters, name=name, owner=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:files")
    enqueue_prepared(wanted)
    return redirect("documents:file", pk=wanted.pk)


@require_GET
def files(request: HttpRequest) -> HttpResponse:
    """What the person asked for lately."""
    rows = files_of(_person(request))[:_MOST_SHOWN]
    return render(request, "documents/files.html", {"rows": rows})


@require_GET
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a file is; the page asks again by itself where scripts run."""
    wanted = get_object_or_404(files_of(_person(request)), pk=pk)
    part = "file_progress.html" if request.headers.get("HX-Request") else "file.html"
    return render(request, f"documents/{part}", {"wanted": wanted})


@require_GET
def file_download(request: HttpRequest, pk: int) -> HttpResponseBase:
    wanted = get_object_or_404(files_of(_person(request)), pk=pk, state=PreparedState.DONE)
    return stream(wanted.file, name=wanted.name, content_type="application/octet-stream")


@require_POST
def file_discard(request: HttpRequest, pk: int) -> HttpResponse:
    wanted: PreparedFile = get_object_or_404(files_of(_person(request)), pk=pk)
    discard_file(wanted=wanted)
    messages.success(request, _("The file was thrown away."))
    return redirect("documents:files")


def _person(request: HttpRequest) -> "User":
    user = request.user
    assert user.is_authenticated  # noqa: S101 (the login middleware lets nobody else through)
    return user


def _table(kind: str) -> TableMaker:
    maker = maker_of(kind) if kind in settings.FILE_MAKERS else None
    if not isinstance(maker, TableMaker):
        raise Http404
    return maker
