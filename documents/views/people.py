"""Who asks for a page here."""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from documents.permissions import has_group

if TYPE_CHECKING:
    from django.contrib.auth.models import _User as User


def member(request: HttpRequest, groups: Collection[str]) -> "User":
    """The person, with one of these roles; else the page is denied."""
    user = request.user
    if not user.is_authenticated or not has_group(user, groups):
        raise PermissionDenied
    return user
