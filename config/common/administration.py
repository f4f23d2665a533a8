"""Who comes into the administration of reference data, the same for every app."""

from typing import Any

from django.http import HttpRequest

_ROLE = "administrator"


def is_administrator(request: HttpRequest) -> bool:
    """Staff with the role ``administrator``; being a superuser opens nothing."""
    user = request.user
    return user.is_active and user.is_staff and _ROLE in getattr(user, "roles", ())


class ForAdministrators:
    """Open to the role ``administrator``; nothing that other records rest on is ever deleted."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ReadOnlyForAdministrators(ForAdministrators):
    """Looked at, and neither added nor changed here."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
