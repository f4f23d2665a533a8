"""Who may look at firms, cases and certificates; what they see of them is for the selectors to say."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from cultivation.enums import Role
from cultivation.models import User
from cultivation.permissions import CITY_WIDE_ROLES

READERS = (Role.FIRM, Role.COUNTY, *CITY_WIDE_ROLES)


def reader(request: HttpRequest) -> User:
    """The person asking; the login middleware lets nobody else through. Whoever has no part in cases stays out."""
    user = cast(User, request.user)
    if not user.has_role(*READERS):
        raise PermissionDenied
    return user
