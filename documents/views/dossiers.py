"""Asking for a dossier: everything about a firm or a case, as a PDF or a zip, made in the background."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.common.clock import today
from config.common.errors import Refused
from documents.background import enqueue_prepared
from documents.services.dossiers import dossier_title
from documents.services.prepared_files import ask_for_file

_FORMATS = ("pdf", "zip")


@require_http_methods(["GET", "HEAD", "POST"])
def dossier(request: HttpRequest, subject: str, pk: int) -> HttpResponse:
    """What it holds and in which form it can be had; POST asks for it. 404 to those who may not have it."""
    user = request.user
    assert user.is_authenticated  # noqa: S101 (the login middleware lets nobody else through)
    title = dossier_title(subject, pk, reader=user)
    if title is None:
        raise Http404
    format_ = request.POST.get("format", "")
    if request.method != "POST" or format_ not in _FORMATS:
        status = 422 if request.method == "POST" else 200
        return render(request, "documents/dossier.html", {"title": title}, status=status)
    name = f"{title}-{today().isoformat()}.{format_}"
    parameters = {"subject": subject, "pk": pk, "format": format_}
    try:
        wanted = ask_for_file(kind="dossier", parameters=parameters, name=name, owner=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:files")
    enqueue_prepared(wanted)
    messages.success(request, _("The dossier is being put together."))
    return redirect("documents:file", pk=wanted.pk)
