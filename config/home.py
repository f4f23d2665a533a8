"""The front page: figures and to-dos of one's roles, or straight to where the work is."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from config.common.clock import today
from cultivation.api import Role, User

from .front_pages import sections


def home(request: HttpRequest) -> HttpResponse:
    """A firm and a county go to pages of their own, a caseworker to the queue."""
    user = request.user
    if isinstance(user, User) and _is_of_county(user):
        return redirect("cultivation:county")
    if isinstance(user, User) and not user.has_role(Role.COUNTY, Role.CASEWORKER):
        found = sections(user)
        if found:
            return render(request, "home.html", {"sections": found, "on": today()})
        if user.has_role(Role.FIRM) and user.firm_id is not None:
            return redirect("cultivation:portal")
        return redirect("cultivation:cases")
    return redirect("cultivation:queue")


def _is_of_county(user: User) -> bool:
    return user.has_role(Role.COUNTY) and not user.has_role(Role.CASEWORKER) and user.division_id is not None
