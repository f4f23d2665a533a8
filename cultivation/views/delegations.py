"""Who stands in for whom."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.forms.delegations import DelegationForm
from cultivation.models import User
from cultivation.selectors.delegations import OFFICE, delegations_for
from cultivation.services.delegations import end_delegation, grant_delegation

READERS = (*OFFICE, Role.AUDITOR, Role.ADMINISTRATOR)
GRANTERS = (*OFFICE, Role.ADMINISTRATOR)


@require_http_methods(["GET", "HEAD", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """One's own delegations and the form for another; 422 and 409 as with the acts of a case."""
    user = _reader(request)
    if request.method != "POST":
        return _render(request, user, DelegationForm(user=user))
    if not user.has_role(*GRANTERS):
        raise PermissionDenied
    form = DelegationForm(request.POST, user=user)
    if not form.is_valid():
        return _render(request, user, form, status=422)
    try:
        grant_delegation(**form.cleaned_data, actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, form, status=403 if isinstance(refusal, NotAllowed) else 409)
    messages.success(request, _("The delegation stands."))
    return redirect("cultivation:delegations")


@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    user = _reader(request)
    delegation = get_object_or_404(delegations_for(user), pk=pk)
    try:
        end_delegation(delegation=delegation, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        form = DelegationForm(user=user)
        return _render(request, user, form, status=403 if isinstance(refusal, NotAllowed) else 409)
    messages.success(request, _("The delegation has ended."))
    return redirect("cultivation:delegations")


def _reader(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not user.has_role(*READERS):
        raise PermissionDenied
    return user


def _render(request: HttpRequest, user: User, form: DelegationForm, status: int = 200) -> HttpResponse:
    context = {
        "rows": delegations_for(user),
        "form": form if user.has_role(*GRANTERS) else None,
        "today": today(),
        "may_end_all": user.has_role(Role.ADMINISTRATOR),
    }
    return render(request, "cultivation/delegations.html", context, status=status)
