"""Schemes and their versions: read by the office, drafted by one person, compared and published by another."""

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.api import User, as_seen
from subsidies.enums import SchemeState
from subsidies.forms.funding import DayForm
from subsidies.forms.schemes import SchemeForm, VersionForm
from subsidies.models import Scheme, SchemeVersion
from subsidies.selectors.scheme_terms import changes, terms_in_words
from subsidies.selectors.schemes import scheme_versions, schemes_on, standing_version
from subsidies.selectors.strands import scheme_strands
from subsidies.services.scheme_preview import preview_version
from subsidies.services.schemes import DRAFTERS, PUBLISHERS, draft_version, publish_version

from .access import reader, require_roles, status_of


@require_GET
def schemes(request: HttpRequest) -> HttpResponse:
    """Every scheme with its versions, and which of them is in force on a day."""
    user = reader(request)
    on = _day(request)
    context = {
        "schemes": schemes_on(on),
        "on": on,
        "day_form": DayForm(initial={"on": on}),
        "may_draft": user.has_role(*DRAFTERS),
    }
    return render(request, "subsidies/schemes.html", context)


@require_GET
def scheme_version(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with every term; a draft with what it changes and what it would decide."""
    user = reader(request)
    return _render_version(request, user, get_object_or_404(scheme_versions(), pk=pk))


@require_POST
def scheme_publish(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_roles(request, *PUBLISHERS)
    version = get_object_or_404(scheme_versions(), pk=pk)
    try:
        with as_seen(seen_in(request), lambda: scheme_strands(version.scheme.key), hold=version.scheme):
            publish_version(version=version, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render_version(request, user, version, status=status_of(refusal))
    messages.success(
        request, _("Published. Waiting awards are judged by it when awards are proposed the next time.")
    )
    return redirect("subsidies:scheme_version", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_new(request: HttpRequest) -> HttpResponse:
    """Draft the first version of a further scheme."""
    user = require_roles(request, *DRAFTERS)
    if request.method != "POST":
        return _render_draft(request, SchemeForm(initial=SchemeForm.like(None)))
    form = SchemeForm(request.POST)
    if not form.is_valid():
        return _render_draft(request, form, status=422)
    return _draft(request, form, user, key=form.cleaned_data["key"], name=form.cleaned_data["name"])


@require_http_methods(["GET", "HEAD", "POST"])
def scheme_draft(request: HttpRequest, key: str) -> HttpResponse:
    """Draft the next version of a scheme, begun like its newest one."""
    user = require_roles(request, *DRAFTERS)
    scheme = get_object_or_404(Scheme, key=key)
    if request.method != "POST":
        newest = scheme.versions.order_by("-number").first()
        return _render_draft(request, VersionForm(initial=VersionForm.like(newest)), scheme)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return _render_draft(request, form, scheme, status=422)
    return _draft(request, form, user, key=scheme.key, name=scheme.name, scheme=scheme)


def _draft(
    request: HttpRequest, form: VersionForm, user: User, *, key: str, name: str, scheme: Scheme | None = None
) -> HttpResponse:
    try:
        with as_seen(seen_in(request), lambda: scheme_strands(key), hold=scheme):
            version = draft_version(
                key=key,
                name=name,
                basis=form.basis_document(),
                valid_from=form.cleaned_data["valid_from"],
                actor=user,
                **form.terms(),
            )
    except Refused as refusal:
        form.add_error(_FIELDS.get(refusal.code), refusal.message)
        return _render_draft(request, form, scheme, status=422 if refusal.code in _FIELDS else 409)
    messages.success(request, _("Drafted; a second person compares and publishes it."))
    return redirect("subsidies:scheme_version", pk=version.pk)


_FIELDS = {
    "span_empty": "valid_to",
    "window_wrong": "window_closes_on",
    "disclosure_source_missing": "disclosure_source",
    "basis_exists": "basis",
    "date_in_future": "basis_date",
}


def _render_version(
    request: HttpRequest, user: User, version: SchemeVersion, status: int = 200
) -> HttpResponse:
    # Whatever was refused: the page shows what is there now.
    version = scheme_versions().get(pk=version.pk)
    is_draft = version.state == SchemeState.DRAFT
    standing = standing_version(version, today())
    context = {
        **told(request, scheme_strands(version.scheme.key)),
        "version": version,
        "terms": terms_in_words(version),
        "standing": standing,
        "changes": changes(standing, version) if is_draft else [],
        "preview": preview_version(version=version) if is_draft else None,
        "may_publish": is_draft and user.has_role(*PUBLISHERS),
        "is_drafter": user.counts_as(version.drafted_by_id, today()),
        "may_draft": user.has_role(*DRAFTERS),
    }
    return render(request, "subsidies/scheme_version.html", context, status=status)


def _render_draft(
    request: HttpRequest, form: VersionForm, scheme: Scheme | None = None, status: int = 200
) -> HttpResponse:
    strands = scheme_strands(scheme.key) if scheme else []
    context = {**told(request, strands), "form": form, "scheme": scheme}
    return render(request, "subsidies/scheme_draft.html", context, status=status)


def _day(request: HttpRequest) -> dt.date:
    return DayForm(request.GET).day() or today()
