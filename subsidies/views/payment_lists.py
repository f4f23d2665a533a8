"""Payment lists: finance sees accounts in full, does the work and takes the files; the others read, with masks."""

from collections.abc import Sequence

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.common.downloads import XLSX, download
from config.common.errors import Refused, RowError
from config.common.overtaking import told
from cultivation.api import Role, User, mask_account
from documents.api import amount_in_words
from subsidies.enums import ExportFormat, ListState
from subsidies.forms.payment_lists import CancelListForm, ReturnFileForm
from subsidies.models import PaymentList
from subsidies.permissions import READERS as FUND_READERS
from subsidies.selectors.list_pages import control_totals, page_of_lines, page_of_lists
from subsidies.selectors.payment_lists import find_list, returns_of
from subsidies.selectors.strands import list_strands
from subsidies.services.exports import export_payment_list

READERS = (Role.FINANCE, Role.AUDITOR, Role.REVIEWER)
_CONTENT_TYPES = {
    ExportFormat.XLSX: XLSX,
    ExportFormat.CSV: "text/csv; charset=utf-8",
}
_SUFFIXES = {ExportFormat.XLSX: "xlsx", ExportFormat.CSV: "csv", ExportFormat.BANK: "txt"}


@require_GET
def payment_lists(request: HttpRequest) -> HttpResponse:
    """All lists with state, lines and total."""
    _require(request, *READERS)
    after = request.GET.get("after", "")
    page = page_of_lists(after=after)
    return render(
        request, "subsidies/payment_lists.html", {"lists": page.rows, "next": page.next, "after": after}
    )


@require_GET
def payment_list(request: HttpRequest, number: str) -> HttpResponse:
    """One list with its lines, people, control totals and the bank's answers."""
    user = _require(request, *READERS)
    return render_list(request, find(number), user)


def render_list(
    request: HttpRequest,
    found: PaymentList,
    user: User,
    *,
    bound: tuple[str, forms.Form] | None = None,
    faults: Sequence[RowError] = (),
    stopped: Sequence[object] = (),
    status: int = 200,
) -> HttpResponse:
    """The page of a list; ``bound`` is a form that was sent, ``faults`` and ``stopped`` what was wrong with it."""
    after = request.GET.get("after", "")
    page = page_of_lines(found, after=after)
    in_full = user.has_role(Role.FINANCE)
    totals, acts = control_totals(found), _acts(found, bound) if in_full else []
    context = {
        **told(request, list_strands(found)),
        "stray": bound[1] if bound and bound[0] not in {name for name, *_rest in acts} else None,
        "list": found,
        "lines": [
            (line, line.account_number if in_full else mask_account(line.account_number))
            for line in page.rows
        ],
        "next": page.next,
        "after": after,
        "totals": totals,
        "in_words": amount_in_words(totals.total) if totals.lines else "",
        "formats": list(ExportFormat) if in_full and found.content_sha256 else [],
        "acts": acts,
        "opened": bound[0] if bound else "",
        "faults": faults,
        "stopped": stopped,
        "returns": returns_of(found),
        "funding_line_shown": user.has_role(*FUND_READERS),
    }
    return render(request, "subsidies/payment_list.html", context, status=status)


def _acts(found: PaymentList, bound: tuple[str, forms.Form] | None) -> list[tuple[str, str, str, forms.Form]]:
    """The steps open in the list's state: name, label, what it does, form."""
    cancel = ("cancel", _("Cancel the list"), _("Its awards are payable again."), CancelListForm())
    steps: dict[str, list[tuple[str, str, str, forms.Form]]] = {
        ListState.DRAFT: [
            (
                "check",
                _("Check the list"),
                _("A second finance officer agrees with the draft."),
                forms.Form(),
            ),
            cancel,
        ],
        ListState.CHECKED: [
            (
                "release",
                _("Release the list"),
                _("A third finance officer lets it go; its files are made and never change again."),
                forms.Form(),
            ),
            cancel,
        ],
        ListState.RELEASED: [
            ("return", _("Load the bank's return"), _("Applied line by line, once."), ReturnFileForm())
        ],
        ListState.SETTLED: [
            (
                "return",
                _("Load the bank's return"),
                _("Money that came back later is owed again."),
                ReturnFileForm(),
            )
        ],
    }
    return [
        (name, label, text, bound[1] if bound and bound[0] == name else form)
        for name, label, text, form in steps.get(found.state, [])
    ]


@require_GET
def payment_list_file(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """The stored export of a released list; it names accounts in full, so it is finance's alone."""
    _require(request, Role.FINANCE)
    found = find(number)
    if format not in ExportFormat.values:
        raise Http404
    wanted = ExportFormat(format)
    try:
        file = export_payment_list(payment_list=found, format=wanted)
    except Refused as refusal:
        raise Http404 from refusal
    name = f"{found.number}.{_SUFFIXES[wanted]}"
    content_type = _CONTENT_TYPES.get(wanted, f"text/plain; charset={found.bank_format.encoding}")
    return download(bytes(file.content), name=name, content_type=content_type)


def find(number: str) -> PaymentList:
    try:
        return find_list(number)
    except Refused as refusal:
        raise Http404 from refusal


def _require(request: HttpRequest, *roles: Role) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*roles):
        raise PermissionDenied
    return user
