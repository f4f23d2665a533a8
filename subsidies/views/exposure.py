"""What the matching reward may come to, beside the money there is: page, picture, workbook. A forecast, never a basis."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import DuePicture, due_chart
from documents.api import FontsMissing
from subsidies.forms.exposure import GivenAwardForm
from subsidies.selectors.expected_rewards import Delay, expected_rewards

from .access import reader


@require_GET
def exposure(request: HttpRequest) -> HttpResponse:
    """By quarter and year; with figures of a person's own where all of them are given in the address."""
    reader(request)
    form = _form(request)
    refusal, found = "", None
    try:
        found = expected_rewards(today(), form.given())
    except Refused as refused:
        refusal = refused.message
    context = {
        "form": form,
        "found": found,
        "years": [(row, found.money.get(row.year)) for row in found.due.years] if found and found.due else [],
        "delays": [(delay_label(delay), share) for delay, share in found.delays.items()] if found else [],
        "refusal": refusal,
        "on": today(),
    }
    return render(request, "subsidies/exposure.html", context, status=422 if form.errors else 200)


@require_GET
def exposure_chart(request: HttpRequest) -> HttpResponse:
    """The years of the page as an SVG file."""
    reader(request)
    found = expected_rewards(today(), _form(request).given())
    rows = (*found.due.quarters, *found.due.years) if found.due else ()
    money = {year: row.available for year, row in found.money.items()}
    try:
        chart = due_chart(DuePicture(_("Matching reward falling due"), rows, money))
    except FontsMissing as error:
        return HttpResponse(str(error), status=503, content_type="text/plain; charset=utf-8")
    return HttpResponse(chart, content_type="image/svg+xml; charset=utf-8")


def delay_label(delay: Delay) -> str:
    """In words: the second quarter of the year after the accreditation."""
    if delay.years == 0:
        return _("quarter %(quarter)s of the year of the accreditation") % {"quarter": delay.quarter}
    if delay.years == 1:
        return _("quarter %(quarter)s of the year after the accreditation") % {"quarter": delay.quarter}
    return _("quarter %(quarter)s, %(years)s years after the accreditation") % {
        "quarter": delay.quarter,
        "years": delay.years,
    }


def _form(request: HttpRequest) -> GivenAwardForm:
    return GivenAwardForm(request.GET)
