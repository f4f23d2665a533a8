"""How banks want their batch files: an administrator drafts a version, finance or a reviewer publishes it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from cultivation.api import Role, User
from subsidies.enums import BankField
from subsidies.forms.bank_formats import BankFormatForm
from subsidies.models import BankFormat
from subsidies.selectors.bank_formats import bank_formats, formats_in_force, sample_of
from subsidies.services.bank_formats import PUBLISHERS, draft_bank_format, publish_bank_format

READERS = (*PUBLISHERS, Role.AUDITOR, Role.ADMINISTRATOR)


@require_GET
def formats_page(request: HttpRequest) -> HttpResponse:
    """Every version, which of them lists take today, and the form of the next for administrators."""
    user = _require(request, *READERS)
    in_force = {version.pk for version in formats_in_force(today()).values()}
    context = {
        "rows": [(version, version.pk in in_force) for version in bank_formats()],
        "may_draft": user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "subsidies/bank_formats.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def format_new(request: HttpRequest) -> HttpResponse:
    """Draft a version, filled in like the one named by ``like``; 422 where the form or its terms are faulty."""
    user = _require(request, Role.ADMINISTRATOR)
    if request.method != "POST":
        like = request.GET.get("like", "")
        found = BankFormat.objects.filter(pk=int(like) if like.isascii() and like.isdigit() else 0).first()
        return _render_new(request, BankFormatForm(initial=BankFormatForm.like(found) if found else None))
    form = BankFormatForm(request.POST)
    if not form.is_valid():
        return _render_new(request, form, status=422)
    try:
        version = draft_bank_format(key=form.cleaned_data["key"], terms=form.terms(), actor=user)
    except Refused as refusal:
        form.add_error(refusal.details.get("field"), refusal.message)
        return _render_new(request, form, status=422)
    messages.success(
        request, _("%(version)s is drafted; a second person publishes it.") % {"version": version}
    )
    return redirect("subsidies:bank_format", pk=version.pk)


@require_GET
def format_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One version with a sample of its file."""
    user = _require(request, *READERS)
    return _render(request, get_object_or_404(bank_formats(), pk=pk), user)


@require_POST
def format_publish(request: HttpRequest, pk: int) -> HttpResponse:
    user = _require(request, *PUBLISHERS)
    version = get_object_or_404(bank_formats(), pk=pk)
    try:
        publish_bank_format(version=version, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, version, user, status=403 if isinstance(refusal, NotAllowed) else 409)
    messages.success(request, _("%(version)s is published.") % {"version": version})
    return redirect("subsidies:bank_format", pk=pk)


def _render(request: HttpRequest, version: BankFormat, user: User, status: int = 200) -> HttpResponse:
    context = {
        "version": version,
        "in_force": version in formats_in_force(today()).values(),
        "columns": [(header, BankField(field).label) for header, field in version.columns],
        "sample": sample_of(version),
        "may_publish": version.published_at is None and user.has_role(*PUBLISHERS),
        "may_draft": user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "subsidies/bank_format.html", context, status=status)


def _render_new(request: HttpRequest, form: BankFormatForm, status: int = 200) -> HttpResponse:
    context = {"form": form, "fields": [(field.value, field.label) for field in BankField]}
    return render(request, "subsidies/bank_format_new.html", context, status=status)


def _require(request: HttpRequest, *roles: Role) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*roles):
        raise PermissionDenied
    return user
