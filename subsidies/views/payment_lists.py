"""Payment lists to read: finance sees accounts in full and takes the released files, the others see masks."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.common.errors import Refused
from cultivation.api import Role, User, mask_account
from documents.api import amount_in_words
from subsidies.enums import ExportFormat
from subsidies.models import PaymentList
from subsidies.selectors.list_pages import control_totals, page_of_lines, page_of_lists
from subsidies.selectors.payment_lists import find_list
from subsidies.services.exports import export_payment_list

from .downloads import download

READERS = (Role.FINANCE, Role.AUDITOR, Role.REVIEWER)
_CONTENT_TYPES = {
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.BANK: "text/plain; charset=gb18030",
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
    """One list with its lines, people and control totals."""
    user = _require(request, *READERS)
    found = _find(number)
    after = request.GET.get("after", "")
    page = page_of_lines(found, after=after)
    in_full = user.has_role(Role.FINANCE)
    totals = control_totals(found)
    context = {
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
    }
    return render(request, "subsidies/payment_list.html", context)


@require_GET
def payment_list_file(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """The stored export of a released list; it names accounts in full, so it is finance's alone."""
    _require(request, Role.FINANCE)
    found = _find(number)
    if format not in ExportFormat.values:
        raise Http404
    wanted = ExportFormat(format)
    try:
        file = export_payment_list(payment_list=found, format=wanted)
    except Refused as refusal:
        raise Http404 from refusal
    name = f"{found.number}.{_SUFFIXES[wanted]}"
    return download(bytes(file.content), name=name, content_type=_CONTENT_TYPES[wanted])


def _find(number: str) -> PaymentList:
    try:
        return find_list(number)
    except Refused as refusal:
        raise Http404 from refusal


def _require(request: HttpRequest, *roles: Role) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*roles):
        raise PermissionDenied
    return user
