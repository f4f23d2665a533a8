"""The search box of every page of the office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cultivation.selectors.firm_search import search_firms

from .presenting import division_name
from .queue import clerk
from .tables.firms import search_text


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Firms by name, earlier name, initials, credit code, certificate or acceptance number; only what one may see."""
    user = clerk(request)
    text = search_text(request.GET.dict())
    found, more = search_firms(user, text) if text else ([], False)
    context = {
        "text": text,
        "found": [(line, division_name(line.firm)) for line in found],
        "more": more,
    }
    return render(request, "cultivation/search.html", context)
