"""Whose board a person may see: the city's staff every one, a county caseworker that of the own county."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from config.common.clock import today
from cultivation.enums import Role
from cultivation.models import Division, User
from cultivation.permissions import CITY_WIDE_ROLES
from cultivation.selectors.targets import name_of

# The administrator sees the counts, which name no firm, and changes none of them.
EVERYWHERE = (*CITY_WIDE_ROLES, Role.ADMINISTRATOR)


def office(request: HttpRequest) -> User:
    """The person asking; a firm sees its own case alone."""
    user = cast(User, request.user)
    if not user.has_role(Role.COUNTY, *EVERYWHERE):
        raise PermissionDenied
    return user


def sees_the_city(user: User) -> bool:
    return user.has_role(*EVERYWHERE)


def city_office(request: HttpRequest) -> User:
    """The person asking, for pages about the city as a whole."""
    user = office(request)
    if not sees_the_city(user):
        raise PermissionDenied
    return user


def board_place(request: HttpRequest, user: User) -> Division | None:
    """The county asked for (``?county=``), ``None`` for the city; 404 where the person has no business."""
    key = request.GET.get("county", "")
    if sees_the_city(user):
        return _county(key) if key else None
    if user.division_id is None:
        raise PermissionDenied
    own = Division.objects.get(pk=user.division_id)
    if key not in ("", own.key):
        raise Http404
    return own


def _county(key: str) -> Division:
    found = Division.objects.filter(key=key, parent__isnull=False).first()
    if found is None:
        raise Http404
    return found


def place_name(division: Division | None) -> str:
    """A county under its name of today, or the whole city."""
    name = name_of(division, today()) if division else None
    return name.name if name else _("The whole city")


def caseworker(request: HttpRequest) -> User:
    """The person asking, for what only the city's caseworkers enter."""
    user = cast(User, request.user)
    if not user.has_role(Role.CASEWORKER):
        raise PermissionDenied
    return user


def city_staff(request: HttpRequest) -> User:
    """The person asking, for lists that name firms."""
    user = cast(User, request.user)
    if not user.has_role(*CITY_WIDE_ROLES):
        raise PermissionDenied
    return user
