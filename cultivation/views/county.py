"""The home of a county caseworker: what waits for a recommendation, who wrote, and where the county stands."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.common.clock import today
from cultivation.enums import CaseState, CertificateFilter, Role
from cultivation.models import Division, User
from cultivation.permissions import visible_cases
from cultivation.selectors.certificates import certificate_page
from cultivation.selectors.pipeline import counts_by_state
from cultivation.selectors.stock import stock_on
from cultivation.selectors.targets import name_of, stock_target

from .messages import news_of

SHOWN = 20


@require_GET
def county(request: HttpRequest) -> HttpResponse:
    """The own division alone; the quota is the one the bureau entered, or none yet (edge case 48)."""
    user = cast(User, request.user)
    if not user.has_role(Role.COUNTY) or user.division_id is None:
        raise PermissionDenied
    on = today()
    division = cast(Division, user.division)
    name = name_of(division, on)
    own = visible_cases(user).filter(firm__division=division).select_related("firm")
    quota, stock = stock_target(on.year, division), stock_on(on, division).total
    news, news_total = news_of(user, SHOWN)
    context = {
        "name": name.name if name else division.key,
        "to_recommend": own.filter(state=CaseState.SUBMITTED).order_by("state_since", "pk")[:SHOWN],
        "news": news,
        "news_total": news_total,
        "counts": [row for row in counts_by_state(user) if row.count],
        "year": on.year,
        "quota": quota,
        "stock": stock,
        "missing": None if quota is None else max(quota - stock, 0),
        "renewals": certificate_page(user, on, shown=CertificateFilter.UNPREPARED, size=SHOWN).rows,
    }
    return render(request, "cultivation/county.html", context)
