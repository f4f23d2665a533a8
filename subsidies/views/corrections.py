"""What the correction of a certificate touches among the awards: a page, or htmx's panel on the certificate's page."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from cultivation.api import Accreditation, visible_firms
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.selectors.revocations import awards_of_firm

from .access import reader

_AFRESH = (AwardState.CALCULATED,)
_SEND_BACK = (AwardState.REVIEWED, AwardState.DISCLOSED, AwardState.APPROVED)
_PAID = (AwardState.PAID, AwardState.RECOVERING, AwardState.RECOVERED)


@require_GET
@vary_on_headers("HX-Request")
def correction_reach(request: HttpRequest, pk: int) -> HttpResponse:
    """The awards for a certificate, and what a correction of it makes necessary for each."""
    user = reader(request)
    found = Accreditation.objects.filter(pk=pk, firm__in=visible_firms(user)).select_related("firm").first()
    if found is None:
        raise Http404
    partial = bool(getattr(request, "htmx", False))
    template = "subsidies/correction_reach_panel.html" if partial else "subsidies/correction_reach.html"
    awards = [award for award in awards_of_firm(found.firm_id) if award.accreditation_id == found.pk]
    rows = [(award, consequence_of(award)) for award in awards]
    return render(request, template, {"certificate": found, "rows": rows})


def consequence_of(award: Award) -> str:
    """In words what is to be done with an award once what it was calculated from is corrected."""
    if award.calculation_id is None:
        return _("not calculated yet: nothing to do")
    if award.state == AwardState.REVOKED:
        return _("revoked: nothing to do")
    if award.state in _AFRESH:
        return _("to be calculated afresh")
    if award.state in _SEND_BACK:
        return _("to be sent back and calculated afresh")
    if award.state in _PAID:
        return _("paid: to be looked at, and what was paid too much to be recovered")
    if award.state == AwardState.LISTED:
        return _("on a payment list: cancel the list, or wait for the bank; then as approved or paid")
    return _("frozen: to be unfrozen and sent back or, where it does not stand, revoked")
