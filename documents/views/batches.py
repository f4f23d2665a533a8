"""Batches of notices: how far they are, stopping and going on, and the files made of them."""

from collections import Counter

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.downloads import stream
from config.common.errors import NotAllowed, Refused
from config.common.paging import page_by_key
from documents.background import enqueue_batch, enqueue_files
from documents.enums import BatchFileKind, BatchState, ItemState
from documents.models import BatchFile, NoticeBatch
from documents.permissions import MAY_ISSUE, MAY_READ_NOTICES, has_group
from documents.selectors import batches_with_progress, is_at_work
from documents.services.batch_files import request_batch_file
from documents.services.batches import cancel_batch, resume_batch

from .people import member


@require_GET
def batches(request: HttpRequest) -> HttpResponse:
    member(request, MAY_READ_NOTICES)
    page = page_by_key(batches_with_progress(), "created_at", after=request.GET.get("after", ""))
    return render(request, "documents/batches.html", {"page": page})


@require_GET
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole page, or its moving part when htmx asks for it."""
    user = member(request, MAY_READ_NOTICES)
    found = get_object_or_404(batches_with_progress(), pk=pk)
    partial = bool(getattr(request, "htmx", False))
    template = "documents/batch_progress.html" if partial else "documents/batch.html"
    return render(request, template, _context(found, may_act=has_group(user, MAY_ISSUE)))


@require_POST
def batch_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Stop, go on, or have files made; 409 where that is not possible now."""
    user = member(request, MAY_ISSUE)
    found = get_object_or_404(NoticeBatch, pk=pk)
    try:
        with transaction.atomic():
            if action == "cancel":
                cancel_batch(batch=found, actor=user)
                done = _("The batch is stopped; notices that are being made are finished.")
            elif action == "resume":
                enqueue_batch(resume_batch(batch=found, actor=user))
                done = _("The batch goes on.")
            else:
                kind = BatchFileKind(action)
                enqueue_files(request_batch_file(batch=found, kind=kind, actor=user))
                done = _("The files are being made; they stand below as they become ready.")
    except Refused as refusal:
        messages.error(request, refusal.message)
        context = _context(get_object_or_404(batches_with_progress(), pk=pk), may_act=True)
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return render(request, "documents/batch.html", context, status=status)
    messages.success(request, done)
    return redirect("documents:batch", pk=pk)


@require_GET
def batch_file(request: HttpRequest, pk: int, file: int) -> FileResponse:
    member(request, MAY_READ_NOTICES)
    found = get_object_or_404(BatchFile.objects.exclude(file=""), pk=file, batch=pk)
    is_pdf = found.kind == BatchFileKind.PRINT
    return stream(
        found.file, name=found.name, content_type="application/pdf" if is_pdf else "application/zip"
    )


def _context(found: NoticeBatch, *, may_act: bool) -> dict[str, object]:
    items = list(found.items.select_related("notice").order_by("position"))
    counts = Counter(item.state for item in items)
    files = list(found.files.all())
    running = found.state == BatchState.RUNNING
    at_work = running and is_at_work(found)
    return {
        "batch": found,
        "failed": [item for item in items if item.state == ItemState.FAILED],
        "issued": [item for item in items if item.state == ItemState.ISSUED][-20:][::-1],
        "total": len(items),
        "issued_count": counts[ItemState.ISSUED],
        "waiting_count": counts[ItemState.WAITING],
        "failed_count": counts[ItemState.FAILED],
        "files": files,
        "refresh": running or any(not file.file for file in files),
        "may_cancel": may_act and running,
        "may_resume": may_act and not at_work and counts[ItemState.ISSUED] < len(items),
        "may_make_files": may_act and counts[ItemState.ISSUED] > 0,
    }
