"""Invitations of firms: the list, a new one with the slip that tells its code, and taking one back."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from config.common.clock import now
from config.common.errors import Refused
from config.common.paging import page_by_key
from cultivation.enums import Role
from cultivation.forms.invitations import InviteForm
from cultivation.models import User
from cultivation.permissions import visible_firms
from cultivation.selectors.invitations import visible_invitations
from cultivation.services.invitations import INVITERS, issue_invitation, withdraw_invitation

from .readers import status_of

READERS = (*INVITERS, Role.REVIEWER, Role.AUDITOR)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: HttpRequest) -> HttpResponse:
    """GET: the list; POST: one more, answered by its slip, for the code is told this once. 422, 403 as elsewhere."""
    user = _reader(request)
    if request.method != "POST":
        return _render(request, user, InviteForm(initial={"credit_code": request.GET.get("code", "")}))
    if not user.has_role(*INVITERS):
        raise PermissionDenied
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _render(request, user, form, status=422)
    firm = visible_firms(user).filter(credit_code=form.cleaned_data["credit_code"]).first()
    if firm is None:
        form.add_error("credit_code", _("There is no firm with this code among those you see."))
        return _render(request, user, form, status=422)
    try:
        invitation, code = issue_invitation(firm=firm, actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, form, status=status_of(refusal))
    context = {"invitation": invitation, "firm": firm, "code": code, "address": _address(request)}
    return render(request, "cultivation/invitation_slip.html", context)


@require_POST
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an invitation back; 409 where it is over already."""
    user = _reader(request)
    invitation = visible_invitations(user).filter(pk=pk).first()
    if invitation is None:
        raise Http404
    try:
        withdraw_invitation(invitation=invitation, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, user, InviteForm(), status=status_of(refusal))
    messages.success(request, _("The invitation is withdrawn."))
    return redirect("cultivation:invitations")


def _address(request: HttpRequest) -> str:
    """Where firms go: the public server where there is one, else the one that was asked."""
    base = settings.PUBLIC_BASE_URL or request.build_absolute_uri("/")
    return base.rstrip("/") + reverse("account_invited")


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not user.has_role(*READERS):
        raise PermissionDenied
    return user


def _render(request: HttpRequest, user: User, form: InviteForm, status: int = 200) -> HttpResponse:
    context = {
        "page": page_by_key(visible_invitations(user), "issued_at", after=request.GET.get("after", "")),
        "form": form if user.has_role(*INVITERS) else None,
        "now": now(),
    }
    return render(request, "cultivation/invitations.html", context, status=status)
