"""Handing in a list: the file, its columns, a preview with the faults in place, and only then the taking over."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.downloads import download
from config.common.errors import NotAllowed, Refused
from config.common.looking import only_looking
from config.common.workbooks import (
    Look,
    RowsRefused,
    TableReport,
    look_at_table,
    mark_errors,
    mark_sheets,
)
from documents.forms import ListFileForm
from documents.models import ListUpload
from documents.permissions import has_group
from documents.services.import_kinds import HandIn, ImportKind, import_kinds
from documents.services.list_uploads import (
    discard_upload,
    keep_upload,
    read_upload,
    say_headings,
    waiting_upload,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User

_MOST_FAULTS = 200


@require_GET
def imports(request: HttpRequest) -> HttpResponse:
    """Every kind of list that the person may hand in."""
    user = request.user
    assert user.is_authenticated  # noqa: S101 (the login middleware lets nobody else through)
    kinds = [(key, kind) for key, kind in import_kinds().items() if has_group(user, kind.roles)]
    if not kinds:
        raise PermissionDenied
    return render(request, "documents/imports.html", {"kinds": kinds})


@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request: HttpRequest, kind: str) -> HttpResponse:
    """The file and what goes with it; it then waits for its owner."""
    user, found = _kind(request, kind)
    if request.method != "POST":
        form = found.form(None, request.GET.dict(), actor=user)
        return _render_new(request, kind, found, ListFileForm(), form)
    file_form, form = ListFileForm(request.POST, request.FILES), found.form(request.POST, {}, actor=user)
    if not (file_form.is_valid() & (form is None or form.is_valid())):
        return _render_new(request, kind, found, file_form, form, status=422)
    file = file_form.cleaned_data["file"]
    content = file.read()
    answers = {name: request.POST.get(name, "") for name in (form.fields if form else ())}
    columns = found.columns()
    try:
        strange = bool(columns) and look_at_table(content, columns).strange
        upload = keep_upload(kind=kind, content=content, original_name=file.name, answers=answers, owner=user)
    except Refused as refusal:
        file_form.add_error("file", refusal.message)
        return _render_new(request, kind, found, file_form, form, status=422)
    step = "import_columns" if strange else "import_preview"
    return redirect(f"documents:{step}", kind=kind, pk=upload.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_columns(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Which header stands for which column: found by synonyms, changed by hand; 404 where that is settled."""
    user, found = _kind(request, kind)
    upload = _upload(user, kind, pk)
    columns = list(found.columns())
    if not columns:
        raise Http404
    look = look_at_table(_content(upload), columns, upload.headings)
    if request.method != "POST":
        return _render_columns(request, kind, found, upload, look)
    keys = {column.key for column in columns}
    said = {}
    for number, heading in enumerate(look.headings, start=1):
        key = request.POST.get(f"column-{number}", "")
        said[heading.text] = key if key in keys else ""
    say_headings(upload=upload, headings=said)
    chosen = [key for key in said.values() if key]
    twice = [column.name for column in columns if chosen.count(column.key) > 1]
    missing = [column.name for column in columns if column.required and column.key not in chosen]
    if twice or missing:
        look = look_at_table(_content(upload), columns, said)
        faults = []
        if twice:
            faults.append(_("Chosen for more than one header: %(names)s.") % {"names": "、".join(twice)})
        if missing:
            faults.append(_("Still without a header: %(names)s.") % {"names": "、".join(missing)})
        return _render_columns(request, kind, found, upload, look, faults=faults, status=422)
    return redirect("documents:import_preview", kind=kind, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def import_preview(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """What taking it over would do; POST does it, if that is still so (409 where it is not)."""
    user, found = _kind(request, kind)
    upload = _upload(user, kind, pk)
    hand_in = _hand_in(found, upload, user)
    try:
        with only_looking(when=request.method != "POST"):
            report = found.take_over(hand_in, actor=user, dry_run=True)
    except RowsRefused as refusal:
        return _render_faults(request, kind, found, upload, refusal)
    except Refused as refusal:
        return _render_refusal(request, kind, found, upload, refusal)
    digest = _digest(report)
    if request.method != "POST":
        return _render_preview(request, kind, found, upload, report, digest)
    if request.POST.get("agreed") != digest:
        messages.error(request, _("Something has changed since the preview; look at it once more."))
        return _render_preview(request, kind, found, upload, report, digest, status=409)
    try:
        done = found.take_over(replace(hand_in, agreed=report), actor=user, dry_run=False)
    except RowsRefused as refusal:
        return _render_faults(request, kind, found, upload, refusal)
    except Refused as refusal:
        return _render_refusal(request, kind, found, upload, refusal)
    discard_upload(upload=upload)
    figures = _(", ").join(f"{label} {count}" for label, count in _figures(done))
    messages.success(request, _("The list was taken over: %(figures)s.") % {"figures": figures})
    return redirect(found.back_url(hand_in.answers))


@require_GET
def import_marked(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """The file as a workbook with every faulty cell marked and commented; 404 where nothing is faulty."""
    user, found = _kind(request, kind)
    upload = _upload(user, kind, pk)
    hand_in = _hand_in(found, upload, user)
    try:
        with only_looking():
            found.take_over(hand_in, actor=user, dry_run=True)
    except RowsRefused as refusal:
        name = f"{upload.original_name.rpartition('.')[0]}-marked.xlsx"
        mark = mark_errors if found.columns() else mark_sheets
        return download(mark(hand_in.content, refusal.errors), name=name)
    except Refused as refusal:
        raise Http404 from refusal
    raise Http404


@require_POST
def import_discard(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    user, _found = _kind(request, kind)
    upload = _upload(user, kind, pk)
    discard_upload(upload=upload)
    messages.success(request, _("The file was thrown away; nothing was taken over."))
    return redirect("documents:import_new", kind=kind)


@require_GET
def import_template(request: HttpRequest, kind: str) -> HttpResponse:
    """An empty list to fill in."""
    _user, found = _kind(request, kind)
    return download(found.template(), name=f"{kind}.xlsx")


def _kind(request: HttpRequest, key: str) -> "tuple[User, ImportKind]":
    found = import_kinds().get(key)
    if found is None:
        raise Http404
    user = request.user
    if not user.is_authenticated or not has_group(user, found.roles):
        raise PermissionDenied
    return user, found


def _upload(user: "User", kind: str, pk: int) -> ListUpload:
    try:
        return waiting_upload(pk=pk, kind=kind, owner=user)
    except ListUpload.DoesNotExist as error:
        raise Http404 from error


def _content(upload: ListUpload) -> bytes:
    try:
        return read_upload(upload)
    except Refused as refusal:
        raise Http404 from refusal


def _hand_in(found: ImportKind, upload: ListUpload, user: "User") -> HandIn:
    form = found.form(upload.answers, {}, actor=user)
    if form is not None and not form.is_valid():
        raise Http404  # What was chosen beside the file is not there any more.
    answers: Mapping[str, Any] = form.cleaned_data if form is not None else {}
    return HandIn(_content(upload), upload.original_name, answers, upload.headings)


def _digest(report: TableReport) -> str:
    """What the preview shows, so that the confirmation is about that and nothing else."""
    text = json.dumps(report.as_json(), ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _figures(report: TableReport) -> list[tuple[str, int]]:
    """The figures of a report in words; a list of rows counts as their number."""
    found = report.as_json()
    labels = {
        "created": _("new"),
        "updated": _("changed"),
        "unchanged": _("as before"),
        "cases_accredited": _("cases accredited"),
        "not_ours": _("of firms not here"),
        "findings": _("findings"),
        "excluded": _("not counted by rule"),
    }
    return [
        (label, value if isinstance(value, int) else len(value))
        for key, label in labels.items()
        if (value := found.get(key)) is not None
    ]


def _render_new(
    request: HttpRequest,
    key: str,
    kind: ImportKind,
    file_form: ListFileForm,
    form: Form | None,
    status: int = 200,
) -> HttpResponse:
    context = {**_frame(key, kind, None, 1), "file_form": file_form, "form": form}
    return render(request, "documents/import_new.html", context, status=status)


def _render_columns(
    request: HttpRequest,
    key: str,
    kind: ImportKind,
    upload: ListUpload,
    look: Look,
    *,
    faults: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {**_frame(key, kind, upload, 2), "look": look, "faults": faults or []}
    return render(request, "documents/import_columns.html", context, status=status)


def _render_faults(
    request: HttpRequest,
    key: str,
    kind: ImportKind,
    upload: ListUpload,
    refusal: RowsRefused,
) -> HttpResponse:
    elsewhere = [error for part in refusal.shown for error in part.elsewhere]
    context = {
        **_frame(key, kind, upload, 3),
        "faults": len(refusal.errors),
        "elsewhere": elsewhere[:_MOST_FAULTS],
        "shown": refusal.shown,
        "report": None,
        "warnings": [],
    }
    return render(request, "documents/import_preview.html", context, status=422)


def _render_refusal(
    request: HttpRequest, key: str, kind: ImportKind, upload: ListUpload, refusal: Refused
) -> HttpResponse:
    status = 403 if isinstance(refusal, NotAllowed) else 422
    context = {**_frame(key, kind, upload, 3), "refusal": refusal.message}
    return render(request, "documents/import_refused.html", context, status=status)


def _render_preview(
    request: HttpRequest,
    key: str,
    kind: ImportKind,
    upload: ListUpload,
    report: TableReport,
    digest: str,
    status: int = 200,
) -> HttpResponse:
    context = {
        **_frame(key, kind, upload, 3),
        "faults": 0,
        "elsewhere": [],
        "shown": report.shown,
        "report": report,
        "figures": _figures(report),
        "warnings": report.warnings[:_MOST_FAULTS],
        "digest": digest,
    }
    return render(request, "documents/import_preview.html", context, status=status)


def _frame(key: str, kind: ImportKind, upload: ListUpload | None, step: int) -> dict[str, Any]:
    """What every step shows; some columns are made from tables, so that they are asked for once a page."""
    return {"key": key, "kind": kind, "columns": kind.columns(), "upload": upload, "step": step}
