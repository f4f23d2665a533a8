"""Keeping, renaming, sharing and dropping filters of a list; each leads back to the list."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.common.errors import Refused
from documents.models import SavedFilter
from documents.permissions import MAY_SAVE_FILTERS
from documents.services.saved_filters import (
    address_of,
    change_filter,
    drop_filter,
    filtered_list,
    save_filter,
)
from documents.services.tables import TableMaker

from .people import member

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


@require_POST
def filter_save(request: HttpRequest, kind: str) -> HttpResponse:
    """Keep the filter in the address; a refusal is told on the list, and nothing of the filter is lost."""
    user = member(request, MAY_SAVE_FILTERS)
    table, parameters = _list(kind, user), request.GET.dict()
    try:
        save_filter(
            kind=kind, name=_name(request), parameters=parameters, shared=_shared(request), actor=user
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The filter is kept."))
    return redirect(address_of(table, table.filters(parameters, owner=user).asked()))


@require_POST
def filter_change(request: HttpRequest, pk: int) -> HttpResponse:
    """404 as well where the filter was dropped in another window."""
    kept, table, user = _own(request, pk)
    try:
        change_filter(kept=kept, name=_name(request), shared=_shared(request), actor=user)
    except SavedFilter.DoesNotExist as gone:
        raise Http404 from gone
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The filter is changed."))
    return redirect(address_of(table, kept.asked))


@require_POST
def filter_drop(request: HttpRequest, pk: int) -> HttpResponse:
    kept, table, user = _own(request, pk)
    drop_filter(kept=kept, actor=user)
    messages.success(request, _("The filter is dropped."))
    return redirect(address_of(table, {}))


def _list(kind: str, user: "User") -> TableMaker:
    table = filtered_list(kind)
    if table is None:
        raise Http404
    if not table.may(user):
        raise PermissionDenied
    return table


def _own(request: HttpRequest, pk: int) -> tuple[SavedFilter, TableMaker, "User"]:
    """The person's own filter with its list; 404 where it is another's."""
    user = member(request, MAY_SAVE_FILTERS)
    kept: SavedFilter = get_object_or_404(SavedFilter, pk=pk, owner=user)
    return kept, _list(kept.kind, user), user


def _name(request: HttpRequest) -> str:
    return request.POST.get("name", "")


def _shared(request: HttpRequest) -> bool:
    return request.POST.get("shared") == "1"
