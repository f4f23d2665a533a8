"""Rows of bank returns that fitted no line: listed, and dealt with by finance with a note."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from config.common.downloads import download
from config.common.errors import Refused
from cultivation.api import Role, User
from subsidies.forms.reconciliation import SettleRowForm
from subsidies.models import BankReturn
from subsidies.selectors.unmatched_rows import page_of_unmatched, unmatched_rows
from subsidies.services.regional_sources import read_source
from subsidies.services.return_rows import settle_return_row

from .access import require_roles, status_of
from .reconciliation import READERS
from .tables.payments import SETTLED, rows_shown


@require_GET
def unmatched(request: HttpRequest) -> HttpResponse:
    """The rows nobody has dealt with yet, or the others."""
    return _render(request, require_roles(request, *READERS))


@require_POST
def unmatched_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was done about a row; 422 without a note, 409 where somebody else was first."""
    user = require_roles(request, Role.FINANCE)
    row = get_object_or_404(unmatched_rows(), pk=pk)
    form = SettleRowForm(request.POST, prefix=str(pk))
    if not form.is_valid():
        return _render(request, user, bound=(pk, form), status=422)
    try:
        settle_return_row(row=row, note=form.cleaned_data["note"], actor=user)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, bound=(pk, form), status=status_of(refusal))
    messages.success(request, _("Noted; the row is dealt with."))
    return redirect("subsidies:unmatched_rows")


@require_GET
def return_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The bank's file as it came; it names accounts in full, so it is finance's alone."""
    user = require_roles(request, Role.FINANCE)
    source = get_object_or_404(BankReturn.objects.select_related("source_file"), pk=pk).source_file
    try:
        content = read_source(source)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, user, status=409)
    return download(content, name=source.original_name, content_type=source.content_type)


def _render(
    request: HttpRequest, user: User, *, bound: tuple[int, SettleRowForm] | None = None, status: int = 200
) -> HttpResponse:
    shown, after = rows_shown(request.GET.dict()), request.GET.get("after", "")
    page = page_of_unmatched(unmatched_rows(settled=SETTLED[shown]), after=after)
    in_full = user.has_role(Role.FINANCE)
    context = {
        "stray": bound[1] if bound and bound[0] not in {row.pk for row in page.rows} else None,
        "rows": [
            (row, bound[1] if bound and bound[0] == row.pk else SettleRowForm(prefix=str(row.pk)))
            for row in page.rows
        ],
        "opened": bound[0] if bound else 0,
        "next": page.next,
        "after": after,
        "shown": shown,
        "may_settle": in_full,
    }
    return render(request, "subsidies/unmatched_rows.html", context, status=status)
