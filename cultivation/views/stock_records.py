"""The stock of a quarter's end put on record: drawn up by one person, locked by another, with what changed since."""

import datetime as dt
from itertools import groupby

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import Role, StockStage
from cultivation.forms.programme import StockForm
from cultivation.models import StockRecord, User
from cultivation.selectors.stock_records import (
    changes_since,
    field_names,
    is_intact,
    kind_names,
    latest_record,
    parts_of,
    quarter_ends,
    recorded_firms,
)
from cultivation.selectors.strands import stock_strands
from cultivation.selectors.targets import counties
from cultivation.services.refusals import as_seen
from cultivation.services.stock_records import draw_up_stock, lock_stock

from .board_places import caseworker, city_staff
from .readers import status_of

# How far back a stock can be drawn up on the page.
_YEARS_BACK = 3
_FIELDS = {"reason_missing": "reason", "document_missing": "document"}
_LOCKERS = (Role.REVIEWER, Role.CASEWORKER)


@require_http_methods(["GET", "HEAD", "POST"])
def stock_records(request: HttpRequest) -> HttpResponse:
    """The versions day by day, the latest first; a caseworker draws up another one here."""
    if request.method != "POST":
        return _render(request, city_staff(request), StockForm(days=_days()))
    user = caseworker(request)
    form = StockForm(request.POST, days=_days())
    if not form.is_valid():
        return _render(request, user, form, status=422)
    try:
        with as_seen(seen_in(request), stock_strands):
            record = draw_up_stock(**form.cleaned_data, actor=user)
    except Refused as refusal:
        field = _FIELDS.get(refusal.code)
        form.add_error(field, refusal.message)
        return _render(request, user, form, status=422 if field else status_of(refusal))
    messages.success(request, _("The version is on record; a second person locks it."))
    return redirect("cultivation:stock_record", pk=record.pk)


@require_GET
def stock_record(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: its parts, and what would be different if the day were counted today."""
    user = city_staff(request)
    return _render_one(request, user, get_object_or_404(_records(), pk=pk))


@require_POST
def stock_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Make it final; 409 and 403 as with the acts of a case."""
    user = city_staff(request)
    record = get_object_or_404(_records(), pk=pk)
    try:
        with as_seen(seen_in(request), stock_strands):
            final = lock_stock(record=record, actor=user)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return _render_one(request, user, record, status=status_of(refusal))
    messages.success(request, _("The stock is locked; later entries leave it as it is."))
    return redirect("cultivation:stock_record", pk=final.pk)


def _records() -> QuerySet[StockRecord]:
    return StockRecord.objects.select_related("drawn_up_by", "locked_by").order_by("-day", "-number")


def _days() -> list[dt.date]:
    on = today()
    return quarter_ends(dt.date(on.year - _YEARS_BACK, 1, 1), on)[::-1]


def _render(request: HttpRequest, user: User, form: StockForm, status: int = 200) -> HttpResponse:
    context = {
        **told(request, stock_strands()),
        "section": "stock",
        "days": [(day, list(rows)) for day, rows in groupby(_records(), lambda record: record.day)],
        "form": form if user.has_role(Role.CASEWORKER) else None,
    }
    return render(request, "cultivation/stock_records.html", context, status=status)


def _render_one(request: HttpRequest, user: User, record: StockRecord, status: int = 200) -> HttpResponse:
    parts = parts_of(recorded_firms(record))
    places = {county.pk: name for county, name in counties(record.day)}
    fields, kinds = field_names(), kind_names()
    is_latest = latest_record(record.day) == record
    context = {
        **told(request, stock_strands()),
        "section": "stock",
        "record": record,
        "by_division": [(places[key], parts.by_division.get(key, 0)) for key in places],
        "by_field": [
            (fields.get(key, _("no field entered")), firms)
            for key, firms in sorted(parts.by_field.items(), key=lambda item: -item[1])
        ],
        "by_kind": [(name, parts.by_kind.get(kind, 0)) for kind, name in kinds.items()],
        "changes": [(change, _CHANGES[change.what]()) for change in changes_since(record)],
        "is_intact": is_intact(record),
        "is_latest": is_latest,
        "may_lock": is_latest and record.stage == StockStage.PRELIMINARY and user.has_role(*_LOCKERS),
        "is_drawer": user.counts_as(record.drawn_up_by_id, today()),
    }
    return render(request, "cultivation/stock_record.html", context, status=status)


_CHANGES = {
    "added": lambda: _("would count in addition"),
    "dropped": lambda: _("would not count any more"),
    "moved": lambda: _("would count in another county, field or by another certificate"),
}
