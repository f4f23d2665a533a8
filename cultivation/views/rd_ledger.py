"""The page of a firm's R&D ledger: totals, findings, and what can be done with them."""

from contextlib import AbstractContextManager
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.downloads import download
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import CaseAction, RdCategory
from cultivation.forms.rd_ledger import DecisionForm
from cultivation.models import Firm, User
from cultivation.permissions import may_for_firm, visible_firms
from cultivation.selectors.rd_ledger import ledger_tables, standing_ledger
from cultivation.selectors.rd_ledger_page import firms_with_the_same_invoice, ledger_page
from cultivation.selectors.strands import ledger_strands
from cultivation.services.rd_ledger_decisions import adopt_ledger, decide_all_findings, decide_findings
from cultivation.services.refusals import as_seen
from cultivation.workbooks import write_tables

from .presenting import is_outsider
from .rd_ledger_lines import year_lines
from .readers import reader


@require_GET
def ledger(request: HttpRequest, pk: int) -> HttpResponse:
    return _render(request, _firm(request, pk))


@require_POST
def ledger_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Decide ticked findings, or all of a kind that wait. 422, 409 and 403 as with the acts of a case."""
    firm = _firm(request, pk)
    user = cast(User, request.user)
    _require(may_for_firm(user, CaseAction.DECIDE_LEDGER, firm))
    form = DecisionForm(request.POST, ticked=request.POST.getlist("finding"))
    if not form.is_valid():
        return _render(request, firm, decision=form, status=422)
    answers = form.cleaned_data
    choice = {"firm": firm, "decision": answers["decision"], "reason": answers["reason"], "actor": user}
    try:
        with _as_seen(request, firm):
            if answers["scope"] == "all":
                count = decide_all_findings(code=answers["code"], **choice)
            else:
                count = decide_findings(findings=form.findings, **choice)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, firm, decision=form, status=_status(refusal))
    messages.success(request, _("Decided: %(count)s findings.") % {"count": count})
    return redirect(f"{reverse('cultivation:ledger', args=[firm.pk])}?code={answers['code'].value}#findings")


@require_POST
def ledger_adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the counted totals into the recorded years."""
    firm = _firm(request, pk)
    user = cast(User, request.user)
    _require(may_for_firm(user, CaseAction.RECORD_EXPENSES, firm))
    try:
        with _as_seen(request, firm):
            years = adopt_ledger(firm=firm, actor=user)
    except Refused as refusal:
        return _render(request, firm, adoption=refusal.message, status=_status(refusal))
    named = _(", ").join(str(year) for year in years)
    messages.success(
        request,
        _("Adopted for %(years)s.") % {"years": named} if years else _("The recorded years agree already."),
    )
    return redirect("cultivation:ledger", pk=firm.pk)


@require_GET
def ledger_tables_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The counted lines in the form of 195号 附件2 五, a sheet a year."""
    firm = _firm(request, pk)
    standing = standing_ledger(firm.pk)
    tables = ledger_tables(standing).counted if standing else {}
    if not tables:
        raise Http404
    return download(write_tables(firm.name, tables.values()), name=f"rd-tables-{firm.credit_code}.xlsx")


def _firm(request: HttpRequest, pk: int) -> Firm:
    firm = visible_firms(reader(request)).filter(pk=pk).first()
    if firm is None:
        raise Http404
    return firm


def _as_seen(request: HttpRequest, firm: Firm) -> AbstractContextManager[None]:
    return as_seen(seen_in(request), lambda: ledger_strands(firm), hold=firm)


def _require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _status(refusal: Refused) -> int:
    return 403 if isinstance(refusal, NotAllowed) else 409


def _render(
    request: HttpRequest,
    firm: Firm,
    *,
    decision: DecisionForm | None = None,
    adoption: str = "",
    status: int = 200,
) -> HttpResponse:
    user = cast(User, request.user)
    code = request.POST.get("code") or request.GET.get("code", "")
    after = request.GET.get("after", "")
    page = ledger_page(firm, code=code, after=int(after) if after.isdecimal() and len(after) < 18 else 0)
    outsider = is_outsider(user)
    others = {} if outsider or page is None else firms_with_the_same_invoice(page.findings)
    waiting = page.group.waiting if page is not None and page.group is not None else 0
    ticked = decision.ticked if decision is not None else []
    context: dict[str, Any] = {
        **told(request, ledger_strands(firm), names=not outsider),
        "firm": firm,
        "page": page,
        "findings": [
            (row, others.get(row.line.identity, []), str(row.pk) in ticked)
            for row in (page.findings if page is not None else ())
        ],
        "years": [year_lines(year) for year in (page.years if page is not None else ())],
        "categories": [str(label) for label in RdCategory.labels],
        "outsider": outsider,
        "decision": decision or DecisionForm(),
        "waiting": waiting,
        "adoption": adoption,
        "may_import": may_for_firm(user, CaseAction.IMPORT_LEDGER, firm),
        "may_decide": may_for_firm(user, CaseAction.DECIDE_LEDGER, firm),
        "may_adopt": may_for_firm(user, CaseAction.RECORD_EXPENSES, firm),
        "after": after,
    }
    return render(request, "cultivation/ledger.html", context, status=status)
