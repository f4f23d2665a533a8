"""Who may look at firms, cases and certificates; what they see of them is for the selectors to say."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import Firm, User
from cultivation.permissions import CITY_WIDE_ROLES, visible_firms

READERS = (Role.FIRM, Role.COUNTY, *CITY_WIDE_ROLES)


def reader(request: HttpRequest) -> User:
    """The person asking; the login middleware lets nobody else through. Whoever has no part in cases stays out."""
    user = cast(User, request.user)
    if not user.has_role(*READERS):
        raise PermissionDenied
    return user


def visible_firm(user: User, pk: int) -> Firm:
    """The firm; 404 where the person does not see it."""
    firm = visible_firms(user).filter(pk=pk).first()
    if firm is None:
        raise Http404
    return firm


def status_of(refusal: Refused) -> int:
    """403: not this person's; 409: refused by a rule."""
    return 403 if isinstance(refusal, NotAllowed) else 409
