"""The page of a firm: who it is and was, where, with which certificates; and what a caseworker records about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from config.common.clock import today
from config.common.errors import NotAllowed, Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import Role
from cultivation.forms.firms import ChangeForm, FirmForm, InboundForm, MoveForm, RenameForm
from cultivation.models import Division, Firm, User
from cultivation.permissions import visible_firms
from cultivation.selectors.firm_history import FirmDetail, firm_detail
from cultivation.selectors.strands import firm_strands
from cultivation.selectors.targets import name_of
from cultivation.services.changes import record_material_change
from cultivation.services.firms import move_firm, rename_firm
from cultivation.services.refusals import as_seen
from cultivation.services.relocation import record_inbound_relocation

from .presenting import division_name, is_outsider
from .readers import reader


@dataclass(frozen=True, slots=True)
class Act:
    """What a caseworker can record; ``outside``: only of a firm outside Baise, or only of one inside, or of any."""

    label: str | Promise
    explanation: str | Promise
    form: type[FirmForm]
    service: Callable[..., object]
    outside: bool | None = None

    def is_open_for(self, firm: Firm) -> bool:
        return self.outside is None or self.outside == (firm.division_id is None)


ACTS: Mapping[str, Act] = {
    "rename": Act(
        gettext_lazy("Record a new name"),
        gettext_lazy("Certificates keep number and term; documents carry the name in force on their date."),
        RenameForm,
        rename_firm,
    ),
    "move": Act(
        gettext_lazy("Record a move"),
        gettext_lazy("To another county, or out of Baise; certificates stay as they are."),
        MoveForm,
        move_firm,
        outside=False,
    ),
    "inbound": Act(
        gettext_lazy("Record a move to Baise"),
        gettext_lazy("A whole move within the term keeps the certificate and its number."),
        InboundForm,
        record_inbound_relocation,
        outside=True,
    ),
    "change": Act(
        gettext_lazy("Record a material change"),
        gettext_lazy("Split, merger, restructuring or change of business, reported within three months."),
        ChangeForm,
        record_material_change,
    ),
}


@require_GET
def firm_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything known about a firm the person may see."""
    return _render(request, reader(request), pk)


@require_POST
def firm_act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Record something about a firm; 422, 409 and 403 as with the acts of a case."""
    user = reader(request)
    firm = visible_firms(user).filter(pk=pk).first()
    if firm is None:
        raise Http404
    form = ACTS[act].form(request.POST, prefix=act)
    if not form.is_valid():
        return _render(request, user, pk, bound=(act, form), status=422)
    try:
        with as_seen(seen_in(request), lambda: firm_strands(firm), hold=firm):
            ACTS[act].service(firm=firm, actor=user, **form.answers())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        status = 403 if isinstance(refusal, NotAllowed) else 409
        return _render(request, user, pk, bound=(act, form), status=status)
    messages.success(request, _("Done: %(action)s.") % {"action": ACTS[act].label})
    return redirect("cultivation:firm", pk=pk)


def _render(
    request: HttpRequest,
    user: User,
    pk: int,
    *,
    bound: tuple[str, FirmForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    try:
        detail = firm_detail(pk, user, today())
    except Firm.DoesNotExist as error:
        raise Http404 from error
    context: dict[str, Any] = {
        "detail": detail,
        "firm": detail.firm,
        **told(request, firm_strands(detail.firm), names=not is_outsider(user)),
        "division_name": division_name(detail.firm),
        "places": _places(detail),
        "acts": _open_acts(user, detail.firm, bound),
        "stray": bound[1] if bound and not _is_open(user, detail.firm, bound[0]) else None,
        "outsider": is_outsider(user),
    }
    return render(request, "cultivation/firm.html", context, status=status)


def _is_open(user: User, firm: Firm, act: str) -> bool:
    return user.has_role(Role.CASEWORKER) and ACTS[act].is_open_for(firm)


def _open_acts(user: User, firm: Firm, bound: tuple[str, FirmForm] | None) -> list[tuple[str, Act, FirmForm]]:
    return [
        (name, act, bound[1] if bound and bound[0] == name else act.form(prefix=name))
        for name, act in ACTS.items()
        if _is_open(user, firm, name)
    ]


def _places(detail: FirmDetail) -> list[tuple[str, Any]]:
    """Each place under the name it had on the day the firm came."""
    return [(_place_name(row.division, row.valid_from), row) for row in detail.places]


def _place_name(division: Division | None, on: Any) -> str:
    if division is None:
        return _("Outside Baise")
    name = name_of(division, on)
    return name.name if name else division.key
