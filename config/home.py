"""The front page: figures and to-dos of one's roles, or straight to where the work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.common.clock import today
from cultivation.api import CultivationCase, Role, User, visible_cases

from .front_pages import sections


def home(request: HttpRequest) -> HttpResponse:
    """A firm goes to its own case or, without one, to its awards, those who work on cases to the queue."""
    user = request.user
    if isinstance(user, User) and not user.has_role(Role.COUNTY, Role.CASEWORKER):
        found = sections(user)
        if found:
            return render(request, "home.html", {"sections": found, "on": today()})
        if user.has_role(Role.FIRM) and user.firm_id is not None:
            case = _own_case(user)
            if case is not None:
                return redirect("cultivation:case", pk=case.pk)
            return redirect("subsidies:firm_awards", pk=user.firm_id)
        return redirect("cultivation:cases")
    return redirect("cultivation:queue")


def _own_case(user: User) -> CultivationCase | None:
    """The case that is open, else the last one there was."""
    cases = list(visible_cases(user).order_by("-pk"))
    return next((case for case in cases if case.is_open), cases[0] if cases else None)
