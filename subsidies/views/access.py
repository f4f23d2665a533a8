"""Who may open a page, and the status of a refusal on it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from config.common.errors import NotAllowed, Refused
from cultivation.api import Role, User
from subsidies.permissions import READERS


def require_roles(request: HttpRequest, *roles: Role) -> User:
    user = request.user
    if not isinstance(user, User) or not user.has_role(*roles):
        raise PermissionDenied
    return user


def reader(request: HttpRequest) -> User:
    return require_roles(request, *READERS)


def status_of(refusal: Refused) -> int:
    return 403 if isinstance(refusal, NotAllowed) else 409
