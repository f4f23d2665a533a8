"""The evaluation of a technology SME: tried out by the firm, recorded with a document by the caseworker."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import Role, Verdict
from cultivation.forms.amounts import amount_text
from cultivation.forms.sme import SmeForm, first_answers
from cultivation.forms.tiers import DocumentForm
from cultivation.models import Firm, User
from cultivation.permissions import may_work_for
from cultivation.rules.dated import NoRuleSet
from cultivation.rules.findings import Finding, Status
from cultivation.rules.sme_facts import parse_sme_facts
from cultivation.rules.technology_sme import SmeCode, SmeResult, evaluate_sme
from cultivation.selectors.tiers import certificate_on, year_figures
from cultivation.services.tiers import recommend_sme

from .readers import reader, status_of, visible_firm

# The conditions and indicators in the words of 国科发政〔2017〕115号 第六条 and 第七条.
LABELS: dict[str, str] = {
    SmeCode.RESIDENT: "境内注册的居民企业",
    SmeCode.EMPLOYEES_LIMIT: "职工总数",
    SmeCode.SALES_LIMIT: "年销售收入",
    SmeCode.ASSETS_LIMIT: "资产总额",
    SmeCode.ALLOWED_PRODUCTS: "产品和服务不属禁止、限制和淘汰类",
    SmeCode.NO_MISCONDUCT: "上一年及当年无重大事故、严重违法和失信行为",
    SmeCode.NOT_LISTED: "未列入经营异常名录和严重违法失信名单",
    SmeCode.TECHNICAL_STAFF: "科技人员指标不为 0 分",
    SmeCode.SCORE: "综合评价得分",
    SmeCode.DIRECT_ROUTE: "直接确认条件",
}
_AMOUNTS = (SmeCode.SALES_LIMIT, SmeCode.ASSETS_LIMIT)
INDICATOR_LABELS = {"technical_staff": "科技人员", "rd_expenses": "研发投入", "ip": "科技成果"}


@dataclass(frozen=True, slots=True)
class SmeFindingLine:
    finding: Finding
    measured: str
    label: str
    status: str
    tone: str


@require_http_methods(["GET", "HEAD", "POST"])
def tier_sme(request: HttpRequest, pk: int) -> HttpResponse:
    """The form; sent, the findings with points and gaps above it; with a document, a record (the caseworker's)."""
    user = reader(request)
    firm = visible_firm(user, pk)
    if not may_work_for(user, firm, Role.FIRM, Role.CASEWORKER):
        raise PermissionDenied
    records = request.POST.get("act") == "record"
    document = DocumentForm(request.POST if records else None, prefix="document")
    if request.method != "POST":
        form = SmeForm(initial=first_answers(year_figures(firm, today().year - 1)))
        return _render(request, user, firm, form, document)
    form = SmeForm(request.POST)
    if not form.is_valid():
        return _render(request, user, firm, form, document, status=422)
    facts = form.facts(certificate_on(firm, form.cleaned_data["filled_on"]))
    try:
        result = evaluate_sme(parse_sme_facts(facts))
    except NoRuleSet as error:
        form.add_error("filled_on", str(error))
        return _render(request, user, firm, form, document, status=422)
    if not records:
        return _render(request, user, firm, form, document, result=result)
    if not document.is_valid():
        return _render(request, user, firm, form, document, result=result, status=422)
    try:
        recommend_sme(firm=firm, facts=facts, actor=user, **document.document())
    except Refused as refusal:
        document.add_error(None, refusal.message)
        return _render(request, user, firm, form, document, result=result, status=status_of(refusal))
    number = document.cleaned_data["document_number"]
    messages.success(request, _("Recorded: %(document)s.") % {"document": number})
    return redirect("cultivation:tiers", pk=pk)


def _render(
    request: HttpRequest,
    user: User,
    firm: Firm,
    form: SmeForm,
    document: DocumentForm,
    *,
    result: SmeResult | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "firm": firm,
        "form": form,
        "sections": list(form.sections()),
        "result": result,
        "verdict": Verdict(result.verdict.value).label if result else "",
        "findings": [_line(finding) for finding in result.findings] if result else [],
        "indicators": [(INDICATOR_LABELS[row.code], row) for row in result.indicators] if result else [],
        "document": document,
        "may_record": may_work_for(user, firm, Role.CASEWORKER),
    }
    return render(request, "cultivation/tier_sme.html", context, status=status)


def _line(finding: Finding) -> SmeFindingLine:
    tones = {Status.PASS: "good", Status.FAIL: "bad", Status.MANUAL: "wait"}
    measured = finding.measured or ""
    return SmeFindingLine(
        finding=finding,
        measured=amount_text(measured) if finding.code in _AMOUNTS else measured,
        label=LABELS[finding.code],
        status=str(Verdict(finding.status.value).label),
        tone=tones[finding.status],
    )
