"""The list of cases and the page of one case with the acts that are open to the person."""

from collections.abc import Callable
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.errors import Refused
from cultivation.enums import CaseAction, CaseState
from cultivation.forms import ActForm, form_for
from cultivation.masking import mask_account, mask_phone
from cultivation.models import CultivationCase, User
from cultivation.permissions import may_see_private, visible_cases
from cultivation.selectors.cases import CaseDetail, case_detail
from cultivation.selectors.cases import case_list as list_of_cases
from cultivation.selectors.firms import confirmed_account
from cultivation.selectors.pipeline import counts_by_state
from cultivation.services import assessments, case_flow, checks, corrections, filing

# The acts of the page with their services; an accreditation comes only with the region's list.
SERVICES: dict[CaseAction, Callable[..., Any]] = {
    CaseAction.SUBMIT: case_flow.submit_case,
    CaseAction.RECOMMEND: case_flow.recommend_case,
    CaseAction.ENROL: case_flow.enrol_case,
    CaseAction.START_TRAINING: case_flow.start_training,
    CaseAction.START_EXPENSE_REVIEW: case_flow.start_expense_review,
    CaseAction.CLEAR: case_flow.clear_case,
    CaseAction.WITHDRAW: case_flow.withdraw_case,
    CaseAction.REMOVE: case_flow.remove_case,
    CaseAction.RETURN: corrections.return_case,
    CaseAction.RESUBMIT: corrections.resubmit_case,
    CaseAction.FILE: filing.file_case,
    CaseAction.DISCLOSE: filing.disclose_case,
    CaseAction.DECLINE: filing.decline_case,
    CaseAction.RETURN_TO_POOL: filing.return_case_to_pool,
    CaseAction.ASSESS: assessments.assess_case,
    CaseAction.RECORD_CHECK: checks.record_check,
    CaseAction.DECIDE_MANUAL: checks.decide_manual_check,
    CaseAction.RESET_CHECK: checks.reset_check,
}


@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """The cases the person may see, by state with counts, searched by name or code, paged by key."""
    user = _user(request)
    state = request.GET.get("state", "")
    if state not in CaseState.values:
        state = ""
    text = request.GET.get("q", "").strip()
    page = list_of_cases(user, state=state or None, text=text, after=request.GET.get("after", ""))
    return render(
        request,
        "cultivation/case_list.html",
        {"counts": counts_by_state(user), "page": page, "state": state, "text": text},
    )


@require_GET
def case_page(request: HttpRequest, pk: int) -> HttpResponse:
    return _render_case(request, pk)


@require_POST
def case_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Do one act. What the person may not see does not exist; what is refused is explained on the page."""
    user = _user(request)
    case = visible_cases(user).filter(pk=pk).first()
    if case is None or action not in CaseAction.values or CaseAction(action) not in SERVICES:
        raise Http404
    act = CaseAction(action)
    form = form_for(act)(request.POST, prefix=act.value)
    if not form.is_valid():
        return _render_case(request, pk, bound=(act, form), status=422)
    try:
        SERVICES[act](case=case, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_case(request, pk, bound=(act, form), status=409)
    messages.success(request, _("Done: %(action)s.") % {"action": act.label})
    return redirect("cultivation:case", pk=pk)


def _user(request: HttpRequest) -> User:
    """The person asking; the login middleware lets nobody else through."""
    return cast(User, request.user)


def _render_case(
    request: HttpRequest, pk: int, *, bound: tuple[CaseAction, ActForm] | None = None, status: int = 200
) -> HttpResponse:
    user = _user(request)
    try:
        detail = case_detail(pk, user)
    except CultivationCase.DoesNotExist as error:
        raise Http404 from error
    actions = [
        (action, bound[1] if bound and bound[0] == action.name else form_for(action.name)(prefix=action.name))
        for action in detail.actions
        if action.name in SERVICES
    ]
    shown = {action.name for action, _form in actions}
    context = {
        "detail": detail,
        "case": detail.case,
        "actions": actions,
        "stray_form": bound[1] if bound and bound[0] not in shown else None,
        **_private(detail, user),
    }
    return render(request, "cultivation/case.html", context, status=status)


def _private(detail: CaseDetail, user: User) -> dict[str, Any]:
    """Contacts and account, masked except to finance and their owner."""
    firm = detail.case.firm
    clear = may_see_private(user, firm)
    account = confirmed_account(firm)
    return {
        "contacts": [
            (contact.name, contact.phone if clear else mask_phone(contact.phone))
            for contact in detail.contacts
        ],
        "account": account,
        "account_number": (account.number if clear else mask_account(account.number)) if account else "",
    }
