"""The work queue: where the people of the office begin their day."""

from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from config.common.clock import today
from cultivation.enums import Role
from cultivation.forms.queue import QueueFilterForm
from cultivation.models import Division, User
from cultivation.permissions import CASE_ROLES, CITY_WIDE_ROLES
from cultivation.selectors.clocks import standards
from cultivation.selectors.queue import queue_counts, work_queue
from cultivation.selectors.targets import counties
from cultivation.services.bulk import BULK_ACTIONS, MOST
from cultivation.waiting import WaitingFor

OFFICE = (Role.COUNTY, *CITY_WIDE_ROLES)


def clerk(request: HttpRequest) -> User:
    """The person asking, of the office: a firm has its own page, the administrator no part in cases."""
    user = cast(User, request.user)
    if not user.has_role(*OFFICE):
        raise PermissionDenied
    return user


@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """Open cases with the clock of each, the most urgent first."""
    return render_queue(request, clerk(request))


def render_queue(request: HttpRequest, user: User, *, fault: str = "", status: int = 200) -> HttpResponse:
    """The page of the queue; ``fault`` says what a bulk act was refused for."""
    names = counties(today())
    form = filter_form(request.GET, user, names)
    clocks = standards(today())
    page = work_queue(user, form.wanted(), clocks, after=request.GET.get("after", ""))
    # Beside a text the numbers of the whole queue say nothing.
    counts = None if form.wanted().text else queue_counts(user, clocks)
    name_of = {division.pk: name for division, name in names}
    context = {
        "fault": fault,
        "acts": [act for act in BULK_ACTIONS if user.has_role(*CASE_ROLES[act])],
        "most": MOST,
        "form": form,
        "wanted": form.wanted(),
        "counts": counts,
        "waiting": [(waiting, counts.waiting[waiting] if counts else None) for waiting in WaitingFor],
        "rows": [(row, name_of.get(row.case.firm.division_id or 0, "")) for row in page.rows],
        "next": page.next,
        "after": request.GET.get("after", ""),
        "counted": clocks.workdays.first is not None,
        "today": today(),
        "sources": sorted({row.source for row in clocks.limits.values()}),
    }
    return render(request, "cultivation/queue.html", context, status=status)


def filter_form(asked: Mapping[str, Any], user: User, names: list[tuple[Division, str]]) -> QueueFilterForm:
    """The filter of the address; only who sees more than one division is asked for it."""
    return QueueFilterForm(asked, divisions=names if user.has_role(*CITY_WIDE_ROLES) else [])
