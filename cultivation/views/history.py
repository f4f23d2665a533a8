"""The history of records, for the auditor: the kinds there are, the changes of a kind, those of one record."""

from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cultivation.enums import Role
from cultivation.models import User
from cultivation.selectors.field_history import changes_of, history_kinds
from cultivation.selectors.waiting import MOST, bounded

# Records whose every step is a row of its own, and where they are looked at: the page of a record tells its steps.
_EVENTS = {
    "cultivation.CaseEvent": "cultivation:cases",
    "cultivation.AccreditationCorrection": "cultivation:certificates",
    "cultivation.BankAccount": "cultivation:accounts",
    "subsidies.AwardEvent": "subsidies:awards",
    "subsidies.ListEvent": "subsidies:payment_lists",
    "subsidies.LedgerEntry": "subsidies:funding_lines",
    "documents.Notice": "documents:notices",
    # A version is never changed: the next one takes its place.
    "subsidies.SchemeVersion": "subsidies:schemes",
    "subsidies.BankFormat": "subsidies:bank_formats",
    "documents.NoticeTemplate": "documents:texts",
}
# Kinds whose records have a page.
_PAGES = {"firm": "cultivation:firm", "annualtarget": "cultivation:target"}


@dataclass(frozen=True, slots=True)
class Steps:
    """A kind whose history is in its records: how many steps there are, and the list of the records."""

    label: str
    count: int
    url: str


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """Every kind of record with the number of its changes."""
    _require_auditor(request)
    context = {"kinds": history_kinds(), "steps": _steps(), "most": MOST}
    return render(request, "cultivation/history.html", context)


@require_GET
def history_of_kind(request: HttpRequest, kind: str) -> HttpResponse:
    """The changes of all records of a kind, the newest first, paged by key."""
    _require_auditor(request)
    return _render(request, kind)


@require_GET
def history_of_record(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Every change of one record, also of one that was taken away."""
    _require_auditor(request)
    return _render(request, kind, pk)


def _require_auditor(request: HttpRequest) -> None:
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.AUDITOR):
        raise PermissionDenied


def _steps() -> list[Steps]:
    models = [(apps.get_model(label), route) for label, route in _EVENTS.items()]
    return [
        Steps(str(model._meta.verbose_name_plural), bounded(model._default_manager.all()), reverse(route))
        for model, route in models
    ]


def _render(request: HttpRequest, kind: str, record: int | None = None) -> HttpResponse:
    found = changes_of(kind, record)
    if found is None:
        raise Http404
    after = request.GET.get("after", "")
    rows, following = found.page(after=after)
    context = {
        "found": str(found),
        "rows": rows,
        "next": following,
        "after": after,
        "kind": kind,
        "record": record,
        "url": reverse(_PAGES[kind], args=[record]) if record and kind in _PAGES else "",
    }
    return render(request, "cultivation/history_changes.html", context)
