"""The awards of a firm: a page of its own, and the panel that htmx puts into the case page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cultivation.api import visible_firms
from subsidies.models import Award


@require_GET
def firm_awards(request: HttpRequest, pk: int) -> HttpResponse:
    """Who may see the firm sees its awards; anybody else is told that there is no such page."""
    firm = visible_firms(request.user).filter(pk=pk).first()
    if firm is None:
        raise Http404
    awards = Award.objects.filter(firm=firm).select_related("accreditation", "notice").order_by("pk")
    partial = bool(getattr(request, "htmx", False))
    template = "subsidies/firm_awards_panel.html" if partial else "subsidies/firm_awards.html"
    return render(request, template, {"firm": firm, "awards": awards})
