"""Work on payment lists: drafted with every outcome before the eyes, checked, released, cancelled, answered by the bank."""

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import seen_in, told
from config.common.workbooks import RowsRefused
from cultivation.api import Role, User, as_seen
from subsidies.enums import ReturnOutcome
from subsidies.forms.payment_lists import CancelListForm, DraftListForm, ReturnFileForm
from subsidies.models import FundingLine, PaymentList
from subsidies.selectors.bank_formats import formats_in_force
from subsidies.selectors.payment_lists import listable_awards
from subsidies.selectors.preflight import preflight
from subsidies.selectors.strands import drafted_strands, list_strands
from subsidies.services import payment_lists
from subsidies.services.returns import load_bank_return

from .payment_lists import find, render_list


@require_http_methods(["GET", "HEAD", "POST"])
def list_new(request: HttpRequest, pk: int) -> HttpResponse:
    """The approved awards of a funding line with what a list would make of each; finance drafts from them."""
    user = _finance(request)
    line = get_object_or_404(FundingLine, pk=pk)
    formats = tuple(formats_in_force(today()).values())
    if request.method != "POST":
        form = DraftListForm(line=line, formats=formats, initial={"purpose": line.name})
        return _render_new(request, line, form)
    form = DraftListForm(request.POST, line=line, formats=formats)
    if not form.is_valid():
        return _render_new(request, line, form, status=422)
    try:
        # Awards are locked before their line: what the check lets through in between, their lock decides.
        with as_seen(seen_in(request), lambda: drafted_strands(line)):
            drafted = payment_lists.draft_payment_list(
                awards=list(form.cleaned_data["awards"].order_by("pk")),
                funding_line=line,
                purpose=form.cleaned_data["purpose"],
                bank_format=form.cleaned_data["bank_format"],
                actor=user,
            )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_new(request, line, form, status=_status(refusal))
    messages.success(request, _("The payment list %(number)s is drafted.") % {"number": drafted.number})
    return redirect("subsidies:payment_list", number=drafted.number)


@require_POST
def list_act(request: HttpRequest, number: str, action: str) -> HttpResponse:
    """One step of a list; 422 and 409 as with the acts of a case, a faulty file row by row."""
    user = _finance(request)
    found = find(number)
    if action not in _ACTS:
        raise Http404
    form_class, act = _ACTS[action]
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return render_list(request, found, user, bound=(action, form), status=422)
    try:
        with as_seen(seen_in(request), lambda: list_strands(found), hold=found):
            message = act(found, form, user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        faults = refusal.errors if isinstance(refusal, RowsRefused) else []
        stopped = refusal.details.get("lines", [])
        return render_list(
            request,
            find(number),
            user,
            bound=(action, form),
            faults=faults,
            stopped=stopped,
            status=_status(refusal),
        )
    messages.success(request, message)
    return redirect("subsidies:payment_list", number=number)


def _check(found: PaymentList, form: forms.Form, user: User) -> str:
    payment_lists.check_payment_list(payment_list=found, actor=user)
    return _("Checked.")


def _release(found: PaymentList, form: forms.Form, user: User) -> str:
    payment_lists.release_payment_list(payment_list=found, actor=user)
    return _("Released; its files are ready to be taken.")


def _cancel(found: PaymentList, form: forms.Form, user: User) -> str:
    payment_lists.cancel_payment_list(payment_list=found, actor=user, reason=form.cleaned_data["reason"])
    return _("Cancelled; its awards are approved and payable again.")


def _load(found: PaymentList, form: forms.Form, user: User) -> str:
    file = form.cleaned_data["file"]
    report = load_bank_return(
        payment_list=found, content=file.read(), original_name=file.name or "", actor=user
    )
    if report.repeated:
        return _("This very file was loaded before; nothing has changed.")
    return _("Paid %(paid)s, failed %(failed)s, unmatched %(unmatched)s, unchanged %(unchanged)s.") % {
        outcome.value: report.count(outcome) for outcome in ReturnOutcome
    }


_ACTS: Mapping[str, tuple[type[forms.Form], Callable[[PaymentList, forms.Form, User], str]]] = {
    "check": (forms.Form, _check),
    "release": (forms.Form, _release),
    "cancel": (CancelListForm, _cancel),
    "return": (ReturnFileForm, _load),
}


def _render_new(
    request: HttpRequest, line: FundingLine, form: DraftListForm, status: int = 200
) -> HttpResponse:
    outcomes = preflight(awards=listable_awards(funding_line=line), funding_line=line)
    chosen = set(request.POST.getlist("awards"))
    context = {
        **told(request, drafted_strands(line)),
        "line": line,
        "form": form,
        "outcomes": [
            (outcome, outcome.ok and (not form.is_bound or str(outcome.award.pk) in chosen))
            for outcome in outcomes
        ],
    }
    return render(request, "subsidies/payment_list_new.html", context, status=status)


def _status(refusal: Refused) -> int:
    if isinstance(refusal, RowsRefused):
        return 422
    return 403 if isinstance(refusal, NotAllowed) else 409


def _finance(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.FINANCE):
        raise PermissionDenied
    return user
