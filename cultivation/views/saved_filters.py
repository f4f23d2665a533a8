"""Keeping and dropping filters of the work queue."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from config.common.errors import Refused
from cultivation.forms.queue import QueueFilterForm
from cultivation.models import SavedFilter
from cultivation.services.saved_filters import drop_filter, save_filter

from .queue import clerk

_KNOWN = tuple(QueueFilterForm.base_fields)


@require_POST
def filter_save(request: HttpRequest) -> HttpResponse:
    """Keep the filter of the page this comes from; a refusal is told there, and nothing of the filter is lost."""
    user = clerk(request)
    query = _cleaned(request.POST.get("query", ""))
    try:
        save_filter(
            name=request.POST.get("name", ""),
            query=query,
            shared=request.POST.get("shared") == "1",
            actor=user,
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The filter is kept."))
    return redirect(f"{reverse('cultivation:queue')}?{query}" if query else "cultivation:queue")


@require_POST
def filter_drop(request: HttpRequest, pk: int) -> HttpResponse:
    user = clerk(request)
    kept = SavedFilter.objects.filter(pk=pk, owner=user).first()
    if kept is None:
        raise Http404
    drop_filter(kept=kept, actor=user)
    messages.success(request, _("The filter is dropped."))
    return redirect("cultivation:queue")


def _cleaned(query: str) -> str:
    """Only what the queue knows, in one order, so that an address cannot carry anything else."""
    asked, clean = QueryDict(query[:2000]), QueryDict(mutable=True)
    for name in _KNOWN:
        if value := asked.get(name, ""):
            clean[name] = value
    return clean.urlencode()
