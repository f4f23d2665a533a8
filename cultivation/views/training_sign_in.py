"""Signing in at a session by the code shown in the room, and the caseworker's side of it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.errors import Refused
from cultivation.charts.codes import qr_code
from cultivation.enums import Role
from cultivation.forms.training import SignInForm
from cultivation.models import TrainingSession
from cultivation.services.training_codes import code_of, session_of
from cultivation.services.training_sign_ins import (
    confirm_sign_ins,
    reject_sign_ins,
    replace_code,
    sign_in,
)

from .readers import status_of
from .training import caseworker, render_session


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_page(request: HttpRequest, code: str) -> HttpResponse:
    """Where the code leads: a name, and a credit code from those who are not logged in for a firm.

    410 where the code is of another day or replaced; nothing tells whether a firm is known here.
    """
    try:
        session = session_of(code)
    except Refused as refusal:
        return render(request, "cultivation/sign_in.html", {"refusal": refusal.message}, status=410)
    user = request.user if request.user.is_authenticated else None
    own_firm = user.firm if user is not None and user.has_role(Role.FIRM) else None
    form = SignInForm(
        request.POST or None,
        own_firm=own_firm is not None,
        initial={"attendee": user.display_name if user is not None and own_firm is not None else ""},
    )
    context = {"session": session, "form": form, "own_firm": own_firm, "refusal": "", "done": None}
    if request.method != "POST":
        return render(request, "cultivation/sign_in.html", context)
    if not form.is_valid():
        return render(request, "cultivation/sign_in.html", context, status=422)
    try:
        done = sign_in(code=code, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return render(request, "cultivation/sign_in.html", context, status=status_of(refusal))
    return render(request, "cultivation/sign_in.html", {**context, "done": done})


@require_GET
def sign_in_wall(request: HttpRequest, pk: int) -> HttpResponse:
    """The code large, for the screen in the room or a sheet at the door."""
    caseworker(request)
    session = get_object_or_404(TrainingSession, pk=pk)
    return render(
        request,
        "cultivation/sign_in_wall.html",
        {"session": session, "address": _address(request, session)},
    )


@require_GET
def sign_in_code(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of the code."""
    caseworker(request)
    session = get_object_or_404(TrainingSession, pk=pk)
    headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(
        qr_code(_address(request, session)), content_type="image/svg+xml; charset=utf-8", headers=headers
    )


@require_POST
def sign_in_replace(request: HttpRequest, pk: int) -> HttpResponse:
    user = caseworker(request)
    session = get_object_or_404(TrainingSession, pk=pk)
    replace_code(session=session, actor=user)
    messages.success(request, _("The code was replaced; the one before is no longer valid."))
    return redirect("cultivation:sign_in_wall", pk=pk)


@require_POST
def sign_ins_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or reject the chosen sign-ins; all of them or none."""
    user = caseworker(request)
    session = get_object_or_404(TrainingSession, pk=pk)
    chosen = [int(text) for text in request.POST.getlist("sign_in") if text.isdecimal() and len(text) < 19]
    try:
        if request.POST.get("decision") == "reject":
            count = reject_sign_ins(session=session, sign_ins=chosen, actor=user)
            done = ngettext("%(count)s sign-in was rejected.", "%(count)s sign-ins were rejected.", count)
        else:
            minutes = request.POST.get("minutes", "")
            length = int(minutes) if minutes.isdecimal() and len(minutes) < 6 else 0
            count = confirm_sign_ins(session=session, sign_ins=chosen, minutes=length, actor=user)
            done = ngettext("%(count)s sign-in was confirmed.", "%(count)s sign-ins were confirmed.", count)
    except Refused as refusal:
        faults = refusal.details.get("errors")
        messages.error(request, faults[0]["message"] if faults else refusal.message)
        return render_session(request, user, session, status=status_of(refusal))
    messages.success(request, done % {"count": count})
    return redirect("cultivation:session", pk=pk)


def _address(request: HttpRequest, session: TrainingSession) -> str:
    """Where phones find the page: on the public site where there is one, else on this server."""
    path = reverse("cultivation:sign_in", args=[code_of(session)])
    if settings.PUBLIC_BASE_URL:
        return settings.PUBLIC_BASE_URL.rstrip("/") + path
    return request.build_absolute_uri(path)
