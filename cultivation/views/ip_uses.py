"""The property page of a firm: what is declared, what filings have used, what may be used again."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import PropertyKind, Role
from cultivation.forms.ip_uses import EarlierUseForm
from cultivation.models import Firm, User
from cultivation.permissions import CITY_WIDE_ROLES, visible_firms
from cultivation.rules.property_use import Outcome
from cultivation.selectors.firm_property import PropertyLine, firm_property
from cultivation.selectors.ip_uses import LedgerEntry
from cultivation.selectors.strands import property_strands
from cultivation.services.ip_uses import record_earlier_ip_use
from cultivation.services.refusals import as_seen

from .readers import reader

_OUTCOMES: dict[Outcome, Promise] = {
    Outcome.UNDER_WAY: gettext_lazy("Under way"),
    Outcome.ACCREDITED: gettext_lazy("Accredited"),
    Outcome.DECLINED: gettext_lazy("Declined"),
    Outcome.WITHDRAWN: gettext_lazy("Withdrawn"),
    Outcome.EARLIER: gettext_lazy("Before this system"),
}


@dataclass(frozen=True, slots=True)
class UseLine:
    """One filing with the item; ``proof`` is its case or document, empty where the reader is not told."""

    firm: str
    filed_on: Any
    outcome: str
    holds_until: Any
    proof: str


@require_GET
def ip_uses(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader(request)
    return _render(request, user, _firm(user, pk), EarlierUseForm())


@require_POST
def ip_use_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an earlier use; 422 for a form that is not filled in, 409 where a rule refuses, 403 to readers."""
    user = reader(request)
    firm = _firm(user, pk)
    if not user.has_role(Role.CASEWORKER):
        raise PermissionDenied
    form = EarlierUseForm(request.POST)
    if not form.is_valid():
        return _render(request, user, firm, form, status=422)
    try:
        with as_seen(seen_in(request), lambda: property_strands(firm), hold=firm):
            use = record_earlier_ip_use(firm=firm, actor=user, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, firm, form, status=409)
    messages.success(request, _("The use of %(number)s is recorded.") % {"number": use.number})
    return redirect("cultivation:ip_uses", pk=pk)


def _firm(user: User, pk: int) -> Firm:
    return get_object_or_404(visible_firms(user), pk=pk)


def _render(
    request: HttpRequest, user: User, firm: Firm, form: EarlierUseForm, status: int = 200
) -> HttpResponse:
    found = firm_property(firm, today())
    context = {
        **told(request, property_strands(firm)),
        "firm": firm,
        "case": found.case,
        "rows": [(line, kind_label(line), use_lines(line, user)) for line in found.lines],
        "form": form if user.has_role(Role.CASEWORKER) else None,
    }
    return render(request, "cultivation/ip_uses.html", context, status=status)


def kind_label(line: PropertyLine) -> str:
    """What kind of property it is, in words."""
    return str(PropertyKind(line.kind).label) if line.kind in PropertyKind.values else line.kind


def use_lines(line: PropertyLine, reader: User) -> list[UseLine]:
    """The filings with the item; a firm and its county learn that another firm has used it, not which."""
    bureau = reader.has_role(*CITY_WIDE_ROLES)
    return [_use(entry, bureau) for entry in line.entries]


def _use(entry: LedgerEntry, bureau: bool) -> UseLine:
    row, use = entry.row, entry.use
    told = bureau or use.own
    return UseLine(
        firm=row.firm.name if told else _("another firm"),
        filed_on=use.filed_on,
        outcome=str(_OUTCOMES[use.outcome]),
        holds_until=use.holds_until,
        proof=(row.case.number if row.case else row.document) if told else "",
    )
