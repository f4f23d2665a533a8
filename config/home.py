"""The front page: everybody is sent to where their work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from cultivation.api import CultivationCase, Role, User, visible_cases


def home(request: HttpRequest) -> HttpResponse:
    """A firm goes to its own case or, without one, to its awards, the administrator to the reference data, everybody else to the list of cases."""
    user = request.user
    if isinstance(user, User) and not user.has_role(Role.COUNTY, *_CITY):
        if user.has_role(Role.FIRM) and user.firm_id is not None:
            case = _own_case(user)
            if case is not None:
                return redirect("cultivation:case", pk=case.pk)
            return redirect("subsidies:firm_awards", pk=user.firm_id)
        if user.has_role(Role.ADMINISTRATOR):
            return redirect("admin:index" if user.is_staff else "cultivation:board")
    return redirect("cultivation:cases")


_CITY = (Role.CASEWORKER, Role.REVIEWER, Role.FINANCE, Role.AUDITOR)


def _own_case(user: User) -> CultivationCase | None:
    """The case that is open, else the last one there was."""
    cases = list(visible_cases(user).order_by("-pk"))
    return next((case for case in cases if case.is_open), cases[0] if cases else None)
