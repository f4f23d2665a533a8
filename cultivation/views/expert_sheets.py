"""The experts' score sheets of a case: ranges, sheets, panel and average. For the bureau's eyes alone."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import CaseAction, ExpertKind
from cultivation.forms.expert_sheets import ExpertSheetForm, WithdrawSheetForm
from cultivation.models import CultivationCase, ExpertSheet, User
from cultivation.permissions import CITY_WIDE_ROLES, may, visible_cases
from cultivation.rules.display import number_text
from cultivation.rules.facts import MalformedFacts
from cultivation.rules.rulesets import NoRuleSet
from cultivation.selectors.expert_sheets import Panel, panel_of, standing_sheets, withdrawn_sheets
from cultivation.selectors.facts import gather_facts
from cultivation.selectors.readiness import is_before_filing, is_in_pool
from cultivation.services.expert_sheets import record_expert_sheet, withdraw_expert_sheet
from cultivation.services.refusals import as_seen

from .case_news import case_strands
from .panel_lines import average_lines, range_lines, sheet_rows

_KINDS = (ExpertKind.TECHNICAL, ExpertKind.FINANCE)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a refused act leaves on the page: the HTTP status, why, the bound form."""

    status: int = 200
    message: str = ""
    sheet: ExpertSheetForm | None = None
    withdrawal: tuple[int, WithdrawSheetForm] | None = None

    @property
    def place(self) -> str:
        """Where on the page the refusal is explained; empty where nothing was refused."""
        if self.sheet:
            return self.sheet.kind.value
        if self.withdrawal:
            return f"sheet-{self.withdrawal[0]}"
        return ""


@require_GET
def expert_sheets(request: HttpRequest, pk: int) -> HttpResponse:
    user = _reader(request)
    return _render(request, user, _case(user, pk), Shown())


@require_POST
def expert_sheet_record(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Record a sheet; 422 with the faults at their items, 409 where a rule refuses."""
    user, case = _writer(request, pk, CaseAction.RECORD_SHEET)
    if kind not in _KINDS:
        raise Http404
    panel, trouble = _panel(case)
    if panel is None:
        return _render(request, user, case, Shown(status=409, message=trouble))
    form = _sheet_form(ExpertKind(kind), panel, request.POST)
    if not form.is_valid():
        return _render(request, user, case, Shown(status=422, sheet=form))
    try:
        with _as_seen(request, case, user):
            record_expert_sheet(case=case, sheet=form.sheet(), actor=user)
    except Refused as refusal:
        if errors := refusal.details.get("errors"):
            form.add_problems(errors)
            return _render(request, user, case, Shown(status=422, sheet=form))
        return _render(request, user, case, Shown(status=409, sheet=form, message=refusal.message))
    messages.success(request, _("The sheet of %(expert)s is recorded.") % {"expert": form.sheet().expert})
    return redirect("cultivation:expert_sheets", pk=pk)


@require_POST
def expert_sheet_withdraw(request: HttpRequest, pk: int, sheet: int) -> HttpResponse:
    user, case = _writer(request, pk, CaseAction.WITHDRAW_SHEET)
    found = get_object_or_404(ExpertSheet, pk=sheet, case=case)
    form = WithdrawSheetForm(request.POST, prefix=f"withdraw-{found.pk}")
    if not form.is_valid():
        return _render(request, user, case, Shown(status=422, withdrawal=(found.pk, form)))
    try:
        with _as_seen(request, case, user):
            withdraw_expert_sheet(sheet=found, reason=form.cleaned_data["reason"], actor=user)
    except Refused as refusal:
        shown = Shown(status=409, withdrawal=(found.pk, form), message=refusal.message)
        return _render(request, user, case, shown)
    messages.success(request, _("The sheet of %(expert)s is withdrawn.") % {"expert": found.expert})
    return redirect("cultivation:expert_sheets", pk=pk)


def _reader(request: HttpRequest) -> User:
    """The bureau's people: neither a firm nor a county learns who judged and how."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(*CITY_WIDE_ROLES):
        raise PermissionDenied
    return user


def _writer(request: HttpRequest, pk: int, action: CaseAction) -> tuple[User, CultivationCase]:
    """The person and the case; 403 to whoever only reads, before anything is said about the form."""
    user = _reader(request)
    case = _case(user, pk)
    if not may(user, action, case):
        raise PermissionDenied
    return user, case


def _as_seen(request: HttpRequest, case: CultivationCase, user: User) -> AbstractContextManager[None]:
    return as_seen(seen_in(request), lambda: case_strands(case, user), hold=case)


def _case(user: User, pk: int) -> CultivationCase:
    return get_object_or_404(visible_cases(user).select_related("firm"), pk=pk)


def _panel(case: CultivationCase) -> tuple[Panel | None, str]:
    """The panel by the facts of the filing, or of a filing today; else why there are no ranges."""
    on = today() if is_before_filing(case) else case.filed_on or today()
    try:
        return panel_of(standing_sheets(case), gather_facts(case, on)), ""
    except (MalformedFacts, NoRuleSet) as error:
        return None, str(error)


def _sheet_form(kind: ExpertKind, panel: Panel, data: Any = None) -> ExpertSheetForm:
    ranges = [found for found in panel.ranges.items.values() if found.item.expert == kind]
    return ExpertSheetForm(data, kind=kind, ranges=ranges)


def _form_shown(kind: ExpertKind, panel: Panel, shown: Shown) -> ExpertSheetForm:
    return shown.sheet if shown.sheet and shown.sheet.kind is kind else _sheet_form(kind, panel)


def _withdraw_form(sheet: ExpertSheet, shown: Shown) -> WithdrawSheetForm:
    if shown.withdrawal and shown.withdrawal[0] == sheet.pk:
        return shown.withdrawal[1]
    return WithdrawSheetForm(prefix=f"withdraw-{sheet.pk}")


def _render(request: HttpRequest, user: User, case: CultivationCase, shown: Shown) -> HttpResponse:
    panel, trouble = _panel(case)
    writes = is_in_pool(case) and may(user, CaseAction.RECORD_SHEET, case)
    shown_rows = sheet_rows(panel) if panel else []
    standing = {row.sheet.pk for row in shown_rows}
    context = {
        **told(request, case_strands(case, user)),
        "stray": shown.withdrawal[1] if shown.withdrawal and shown.withdrawal[0] not in standing else None,
        "case": case,
        "trouble": trouble,
        "panel": panel,
        "message": shown.message,
        "refused": shown.place if writes and not shown.message else "",
        "ranges": range_lines(panel) if panel else [],
        "averages": average_lines(panel) if panel else [],
        "average": number_text(panel.average) if panel and panel.average is not None else "",
        "rows": [(row, _withdraw_form(row.sheet, shown)) for row in shown_rows],
        "withdrawn": withdrawn_sheets(case),
        "writes": writes,
        "forms": [_form_shown(kind, panel, shown) for kind in _KINDS] if panel and writes else [],
    }
    return render(request, "cultivation/expert_sheets.html", context, status=shown.status)
