"""The texts of notices: an administrator drafts a version with a preview beside it, a second one publishes it."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.downloads import download
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import require_unchanged, seen_in, told
from documents.enums import NoticeKind, TemplateState
from documents.forms import TextForm
from documents.models import NoticeTemplate
from documents.permissions import (
    MAY_EDIT_TEMPLATES,
    MAY_READ_NOTICES,
    MAY_READ_TEMPLATES,
    has_group,
    is_second_person,
)
from documents.rendering.fonts import FontsMissing
from documents.selectors import text_in_force, text_strands
from documents.services.composing import Frozen
from documents.services.samples import last_values, sample_of, sample_pdf
from documents.services.text_changes import changes_between
from documents.services.texts import draft_reference, draft_template, publish_template

from .people import member

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


@require_GET
def texts(request: HttpRequest) -> HttpResponse:
    """Every kind with its versions, the newest first."""
    return _render_list(request, member(request, MAY_READ_TEMPLATES))


@require_http_methods(["GET", "HEAD", "POST"])
def text_new(request: HttpRequest, kind: str) -> HttpResponse:
    """Draft a version, begun like the newest; ``preview`` and ``sample`` only show what is typed; 422 with the faults."""
    user, known = member(request, MAY_EDIT_TEMPLATES), _kind(kind)
    if request.method != "POST":
        newest = NoticeTemplate.objects.filter(kind=known).order_by("-version").first()
        begun = TextForm.like(newest) if newest else dict.fromkeys(TextForm.base_fields, "")
        return _render_new(request, TextForm(initial=begun), known, user)
    form = TextForm(request.POST)
    if "preview" in request.POST:
        form.is_valid()
        return _render_new(request, form, known, user)
    if not form.is_valid():
        return _render_new(request, form, known, user, status=422)
    try:
        if "sample" in request.POST:
            return _pdf(form.draft(known), user)
        with transaction.atomic():
            require_unchanged(text_strands(known, hold=True), seen_in(request))
            version = draft_template(kind=known, actor=user, **form.terms())
    except Refused as refusal:
        form.add_error(refusal.details.get("field"), refusal.message)
        status = 409 if refusal.code == "changed_meanwhile" else 422
        return _render_new(request, form, known, user, status=status)
    messages.success(
        request, _("%(version)s is drafted; a second person publishes it.") % {"version": version}
    )
    return redirect("documents:text", pk=version.pk)


@require_POST
def text_preview(request: HttpRequest, kind: str) -> HttpResponse:
    """What is typed, filled with sample values: the panel beside the form. Nothing is stored."""
    user = member(request, MAY_EDIT_TEMPLATES)
    return render(request, "documents/text_preview.html", _preview(TextForm(request.POST), _kind(kind), user))


@require_POST
def text_reference(request: HttpRequest, kind: str) -> HttpResponse:
    """Draft the text that comes with the product, for a second person to publish."""
    user = member(request, MAY_EDIT_TEMPLATES)
    try:
        version = draft_reference(kind=_kind(kind), actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render_list(request, user, status=409)
    messages.success(
        request, _("%(version)s is drafted; a second person publishes it.") % {"version": version}
    )
    return redirect("documents:text", pk=version.pk)


@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: text, variables, people, and what it changes of the one in force."""
    user = member(request, MAY_READ_TEMPLATES)
    return _render(request, get_object_or_404(_versions(), pk=pk), user)


@require_GET
def text_sample(request: HttpRequest, pk: int) -> HttpResponse:
    """The version as a PDF without number, with the watermark and sample values."""
    user = member(request, MAY_READ_TEMPLATES)
    version = get_object_or_404(_versions(), pk=pk)
    try:
        return _pdf(version, user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, version, user, status=409)


@require_POST
def text_publish(request: HttpRequest, pk: int) -> HttpResponse:
    user = member(request, MAY_EDIT_TEMPLATES)
    version = get_object_or_404(_versions(), pk=pk)
    try:
        with transaction.atomic():
            require_unchanged(text_strands(NoticeKind(version.kind), hold=True), seen_in(request))
            publish_template(template=version, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, version, user, status=403 if isinstance(refusal, NotAllowed) else 409)
    messages.success(request, _("%(version)s is published.") % {"version": version})
    return redirect("documents:text", pk=pk)


def _render_list(request: HttpRequest, user: "User", status: int = 200) -> HttpResponse:
    versions: dict[str, list[NoticeTemplate]] = {kind: [] for kind in NoticeKind.values}
    for version in _versions().order_by("kind", "-version"):
        versions[version.kind].append(version)
    context = {
        "kinds": [(kind, versions[kind], text_in_force(kind)) for kind in NoticeKind],
        "may_draft": has_group(user, MAY_EDIT_TEMPLATES),
    }
    return render(request, "documents/texts.html", context, status=status)


def _kind(value: str) -> NoticeKind:
    if value not in NoticeKind.values:
        raise Http404
    return NoticeKind(value)


def _versions() -> QuerySet[NoticeTemplate]:
    return NoticeTemplate.objects.select_related("drafted_by", "published_by")


def _known(kind: NoticeKind, user: "User") -> Frozen:
    """Values of a real notice are only for those who may read it; administrators see what a variable is."""
    return last_values(kind) if has_group(user, MAY_READ_NOTICES) else {}


def _pdf(version: NoticeTemplate, user: "User") -> HttpResponse:
    kind = NoticeKind(version.kind)
    try:
        content = sample_pdf(version, _known(kind, user))
    except FontsMissing as error:
        raise Refused("fonts_missing", str(error)) from error
    return download(content, name=f"{kind.value}-sample.pdf", content_type="application/pdf")


def _preview(form: TextForm, kind: NoticeKind, user: "User") -> dict[str, object]:
    return {"sample": sample_of(form.draft(kind), _known(kind, user)), "faults": form.faults()}


def _render_new(
    request: HttpRequest, form: TextForm, kind: NoticeKind, user: "User", status: int = 200
) -> HttpResponse:
    context = {
        **told(request, text_strands(kind)),
        "form": form,
        "kind": kind,
        **_preview(form, kind, user),
    }
    return render(request, "documents/text_new.html", context, status=status)


def _render(request: HttpRequest, version: NoticeTemplate, user: "User", status: int = 200) -> HttpResponse:
    kind = NoticeKind(version.kind)
    in_force, is_draft = text_in_force(kind), version.state == TemplateState.DRAFT
    may_edit = has_group(user, MAY_EDIT_TEMPLATES)
    context = {
        **told(request, text_strands(kind)),
        "version": version,
        "in_force": in_force,
        "is_outdated": bool(is_draft and in_force and in_force.version > version.version),
        "changes": changes_between(in_force, version) if in_force and in_force.pk != version.pk else None,
        "sample": sample_of(version, _known(kind, user)),
        "may_draft": may_edit,
        "may_publish": is_draft and may_edit,
        "is_second": is_second_person(user, version.drafted_by, version.drafted_at),
    }
    return render(request, "documents/text.html", context, status=status)
