"""The receipt of a submission: its acceptance number, for whom, when, and what lay with it; on the screen and on paper."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from cultivation.enums import CaseAction
from cultivation.models import Acceptance
from cultivation.selectors.acceptances import documents_until, visible_acceptances
from cultivation.selectors.firms import name_on
from documents.api import FontsMissing, render_report

from .presenting import office_or_firm
from .readers import reader


@require_GET
def receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, with a print style."""
    return render(request, "cultivation/receipt.html", _context(_visible(request, pk)))


@require_GET
def receipt_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF/A; 503 where the fonts are not set up."""
    acceptance = _visible(request, pk)
    try:
        pdf = render_report(render_to_string("cultivation/receipt_paper.html", _context(acceptance)))
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{acceptance.number}.pdf"'
    return answer


def _visible(request: HttpRequest, pk: int) -> Acceptance:
    acceptance = visible_acceptances(reader(request)).filter(pk=pk).first()
    if acceptance is None:
        raise Http404
    return acceptance


def _context(acceptance: Acceptance) -> dict[str, Any]:
    """A receipt is made out to the firm: it reads the same for everybody, and nobody of the office is named."""
    firm, event = acceptance.case.firm, acceptance.event
    return {
        "acceptance": acceptance,
        "case": acceptance.case,
        "firm_name": name_on(firm, localdate(event.at)),
        "handed_in_by": office_or_firm(event.actor, firm),
        "again": event.action == CaseAction.RESUBMIT,
        "documents": documents_until(acceptance),
    }
