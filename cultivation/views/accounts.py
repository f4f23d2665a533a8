"""Accounts that money goes to: the page of a firm, and the work list of changes that wait for a second person."""

from contextlib import AbstractContextManager
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import AccountState
from cultivation.forms.accounts import AccountForm, ConfirmForm, RejectForm
from cultivation.models import BankAccount, Firm, User
from cultivation.permissions import may_work_for
from cultivation.selectors.accounts import (
    CONFIRMERS,
    PROPOSERS,
    WORKERS,
    account_lines,
    accounts_of,
    waiting_page,
)
from cultivation.selectors.strands import account_strands
from cultivation.services.accounts import confirm_account, propose_account, reject_account
from cultivation.services.refusals import as_seen

from .presenting import is_outsider
from .readers import reader, status_of, visible_firm


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Every account change that waits, the newest first."""
    user = _worker(request)
    after = request.GET.get("after", "")
    page = waiting_page(after=after)
    context = {"lines": account_lines(page.rows, user), "next": page.next, "after": after}
    return render(request, "cultivation/accounts.html", context)


@require_GET
def firm_accounts(request: HttpRequest, pk: int) -> HttpResponse:
    """The account money goes to, what is proposed instead, and all there were before."""
    user = reader(request)
    return _render(request, user, visible_firm(user, pk))


@require_POST
def account_propose(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader(request)
    firm = visible_firm(user, pk)
    if not may_work_for(user, firm, *PROPOSERS):
        raise PermissionDenied
    form = AccountForm(request.POST, prefix="propose")
    if not form.is_valid():
        return _render(request, user, firm, bound=("propose", form), status=422)
    try:
        with _as_seen(request, firm):
            propose_account(firm=firm, actor=user, **form.cleaned_data)
    except Refused as refusal:
        by_field = refusal.details.get("fields", {})
        for name, message in by_field.items():
            form.add_error(name if name in form.fields else None, message)
        if not by_field:
            form.add_error(None, refusal.message)
        status = 422 if by_field else status_of(refusal)
        return _render(request, user, firm, bound=("propose", form), status=status)
    messages.success(request, _("Proposed. Money goes there once a second person has confirmed it."))
    return redirect("cultivation:firm_accounts", pk=pk)


@require_POST
def account_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or reject a proposed account; 422, 409 and 403 as with the acts of a case."""
    user = reader(request)
    account = BankAccount.objects.filter(pk=pk).select_related("firm").first()
    if account is None or action not in _FORMS:
        raise Http404
    firm = visible_firm(user, account.firm_id)
    if not user.has_role(*CONFIRMERS):
        raise PermissionDenied
    form = _FORMS[action](request.POST, prefix=action)
    if not form.is_valid():
        return _render(request, user, firm, bound=(action, form), status=422)
    try:
        with _as_seen(request, firm):
            if action == "confirm":
                confirm_account(account=account, actor=user, **form.cleaned_data)
            else:
                reject_account(account=account, actor=user, **form.cleaned_data)
    except Refused as refusal:
        wrong_number = refusal.code == "number_differs"
        form.add_error("number" if wrong_number else None, refusal.message)
        status = 422 if wrong_number else status_of(refusal)
        return _render(request, user, firm, bound=(action, form), status=status)
    messages.success(request, _("The account is confirmed.") if action == "confirm" else _("Rejected."))
    return redirect("cultivation:firm_accounts", pk=firm.pk)


_FORMS: dict[str, type[Form]] = {"confirm": ConfirmForm, "reject": RejectForm}


def _as_seen(request: HttpRequest, firm: Firm) -> AbstractContextManager[None]:
    return as_seen(seen_in(request), lambda: account_strands(firm), hold=firm)


def _worker(request: HttpRequest) -> User:
    user = reader(request)
    if not user.has_role(*WORKERS):
        raise PermissionDenied
    return user


def _render(
    request: HttpRequest,
    user: User,
    firm: Firm,
    *,
    bound: tuple[str, Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    lines = account_lines(accounts_of(firm), user)
    waiting = next((line for line in lines if line.account.state == AccountState.PROPOSED), None)
    forms: dict[str, Form] = {}
    if waiting is None and may_work_for(user, firm, *PROPOSERS):
        forms["propose"] = AccountForm(prefix="propose")
    if waiting is not None and waiting.may_decide:
        forms |= {name: form(prefix=name) for name, form in _FORMS.items()}
    stray = None
    if bound and bound[0] in forms:
        forms[bound[0]] = bound[1]
    elif bound:
        stray = bound[1]
    outsider = is_outsider(user)
    context: dict[str, Any] = {
        **told(request, account_strands(firm), names=not outsider),
        "firm": firm,
        "lines": lines,
        "waiting": waiting,
        "confirmed": next((line for line in lines if line.account.state == AccountState.CONFIRMED), None),
        "forms": forms,
        "stray": stray,
        "outsider": outsider,
    }
    return render(request, "cultivation/firm_accounts.html", context, status=status)
