"""The beginning of a case: a firm opens its own; county and city open one for a firm by its credit code."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.common.credit_codes import normalise
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseAction
from cultivation.forms import OpenCaseForm, OpenOwnCaseForm
from cultivation.models import Firm, User
from cultivation.permissions import CASE_ROLES, visible_firms
from cultivation.services.case_flow import open_case

from .presenting import is_outsider


@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: HttpRequest) -> HttpResponse:
    """A draft for a firm the person may act for; 422 and 409 as with the acts of a case."""
    user = cast(User, request.user)
    if not user.has_role(*CASE_ROLES[CaseAction.OPEN]) or (is_outsider(user) and user.firm is None):
        raise PermissionDenied
    form_class = OpenOwnCaseForm if is_outsider(user) else OpenCaseForm
    form = form_class(request.POST or None)
    if request.method != "POST":
        return _render(request, form)
    if not form.is_valid():
        return _render(request, form, status=422)
    firm = _firm(user, form)
    if firm is None:
        form.add_error("credit_code", _("There is no firm with this code among those you see."))
        return _render(request, form, status=422)
    try:
        case = open_case(firm=firm, kind=form.cleaned_data["kind"], actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, form, status=403 if isinstance(refusal, NotAllowed) else 409)
    messages.success(request, _("Done: %(action)s.") % {"action": CaseAction.OPEN.label})
    return redirect("cultivation:case", pk=case.pk)


def _firm(user: User, form: OpenOwnCaseForm) -> Firm | None:
    if is_outsider(user):
        return user.firm
    return visible_firms(user).filter(credit_code=normalise(form.cleaned_data["credit_code"])).first()


def _render(request: HttpRequest, form: OpenOwnCaseForm, status: int = 200) -> HttpResponse:
    return render(request, "cultivation/case_new.html", {"form": form}, status=status)
