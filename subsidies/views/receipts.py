"""Money from elsewhere (从高不重复) and city awards before this system: recorded, confirmed by a second person."""

from collections import defaultdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.downloads import download
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from config.common.paging import page_by_key
from cultivation.api import User, as_seen
from subsidies.enums import ReceiptKind
from subsidies.forms.claims import ReceiptFilterForm, ReceiptForm, WithdrawForm
from subsidies.models import OtherReceipt
from subsidies.selectors.claim_lists import ReceiptFilter, receipts
from subsidies.selectors.strands import receipt_strands
from subsidies.services.claims import (
    RECEIPT_DECIDERS,
    RECEIPT_RECORDERS,
    confirm_receipt,
    record_receipt,
    withdraw_receipt,
)
from subsidies.services.past_awards import PAST_AWARD_IMPORTERS

from .access import reader, require_roles, status_of


@require_GET
def receipt_list(request: HttpRequest) -> HttpResponse:
    """Receipts by what became of them, the latest recorded first; those that wait can be confirmed together."""
    user = reader(request)
    after = request.GET.get("after", "")
    form = ReceiptFilterForm(request.GET)
    wanted = form.wanted()
    page = page_by_key(receipts(**wanted), "recorded_at", after=after)
    context = {
        "rows": page.rows,
        "next": page.next,
        "after": after,
        "form": form,
        **wanted,
        "states": ReceiptFilter,
        "kinds": ReceiptKind,
        "may_record": user.has_role(*RECEIPT_RECORDERS),
        "may_import": user.has_role(*PAST_AWARD_IMPORTERS),
        "may_confirm": user.has_role(*RECEIPT_DECIDERS)
        and any(row.confirmed_at is None and row.withdrawn_at is None for row in page.rows),
    }
    return render(request, "subsidies/receipts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def receipt_new(request: HttpRequest) -> HttpResponse:
    """Record a receipt; 422 where the form or the receipt is faulty."""
    user = require_roles(request, *RECEIPT_RECORDERS)
    if request.method != "POST":
        return _render_new(
            request, ReceiptForm(initial={"accreditation": request.GET.get("certificate", "")})
        )
    form = ReceiptForm(request.POST)
    if not form.is_valid():
        return _render_new(request, form, status=422)
    try:
        receipt = record_receipt(**form.cleaned_data, actor=user)
    except Refused as refusal:
        field = _FIELDS.get(refusal.code)
        form.add_error(field, refusal.message)
        return _render_new(request, form, status=422 if field else status_of(refusal))
    messages.success(request, _("Recorded; it counts once a second person has confirmed it."))
    return redirect("subsidies:receipt", pk=receipt.pk)


_FIELDS = {"scheme_missing": "scheme", "amount_not_positive": "amount"}


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    user = reader(request)
    return _render(request, user, get_object_or_404(receipts(), pk=pk))


@require_GET
def receipt_source(request: HttpRequest, pk: int) -> HttpResponse:
    """The workbook that an imported receipt came with, as it was handed in."""
    reader(request)
    source = get_object_or_404(receipts(), pk=pk).source_file
    if source is None:
        raise Http404
    with source.file.open("rb") as stored:
        content = stored.read()
    return download(content, name=source.original_name, content_type=source.content_type)


@require_POST
def receipt_act(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """Confirm or withdraw a receipt; 422, 409 and 403 as with the acts of a case."""
    user = require_roles(request, *RECEIPT_DECIDERS)
    found = get_object_or_404(receipts(), pk=pk)
    if action not in ("confirm", "withdraw"):
        raise Http404
    form = WithdrawForm(request.POST) if action == "withdraw" else None
    if form is not None and not form.is_valid():
        return _render(request, user, found, form, status=422)
    try:
        with as_seen(seen_in(request), lambda: receipt_strands(found), hold=found.firm):
            if form is None:
                confirm_receipt(receipt=found, actor=user)
            else:
                withdraw_receipt(receipt=found, reason=form.cleaned_data["reason"], actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render(request, user, receipts().get(pk=pk), form, status=status_of(refusal))
    messages.success(request, _("Confirmed; it counts from now on.") if form is None else _("Withdrawn."))
    return redirect("subsidies:receipt", pk=pk)


@require_POST
def receipts_confirm(request: HttpRequest) -> HttpResponse:
    """Confirm the chosen receipts, each by itself: the four eyes hold for every one, and its outcome is told."""
    user = require_roles(request, *RECEIPT_DECIDERS)
    keys = [int(key) for key in request.POST.getlist("receipts") if key.isascii() and key.isdigit()]
    refused: dict[str, list[str]] = defaultdict(list)
    confirmed = 0
    for found in receipts().filter(pk__in=keys[:_MOST_AT_ONCE]).order_by("pk"):
        try:
            confirm_receipt(receipt=found, actor=user)
        except Refused as refusal:
            refused[refusal.message].append(found.accreditation.certificate_number)
        else:
            confirmed += 1
    if confirmed:
        said = ngettext("%(count)s receipt confirmed.", "%(count)s receipts confirmed.", confirmed)
        messages.success(request, said % {"count": confirmed})
    for message, numbers in refused.items():
        messages.error(request, f"{'、'.join(numbers)}: {message}")
    if not keys:
        messages.warning(request, _("Choose at least one receipt."))
    return redirect("subsidies:receipts")


_MOST_AT_ONCE = 50


def _render(
    request: HttpRequest,
    user: User,
    found: OtherReceipt,
    form: WithdrawForm | None = None,
    status: int = 200,
) -> HttpResponse:
    open_to = found.withdrawn_at is None and user.has_role(*RECEIPT_DECIDERS)
    context = {
        **told(request, receipt_strands(found)),
        "receipt": found,
        "may_confirm": open_to and found.confirmed_at is None,
        "is_recorder": user.counts_as(found.recorded_by_id, today()),
        "is_confirmer": found.confirmed_by is not None and user.counts_as(found.confirmed_by.pk, today()),
        "form": form or (WithdrawForm() if open_to else None),
    }
    return render(request, "subsidies/receipt.html", context, status=status)


def _render_new(request: HttpRequest, form: ReceiptForm, status: int = 200) -> HttpResponse:
    return render(request, "subsidies/receipt_new.html", {"form": form}, status=status)
