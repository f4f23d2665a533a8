"""The search box of every page of the office."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cultivation.forms.search import SearchForm
from cultivation.selectors.firm_search import search_firms

from .presenting import division_name
from .queue import clerk


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Firms by name, earlier name, initials, credit code, certificate or acceptance number; only what one may see."""
    user = clerk(request)
    form = SearchForm(request.GET)
    text = form.text()
    found, more = search_firms(user, text) if text else ([], False)
    context = {
        "form": form,
        "text": text,
        "found": [(line, division_name(line.firm)) for line in found],
        "more": more,
    }
    return render(request, "cultivation/search.html", context)
