"""Who must prove a second factor, and the gate that asks for it before any page of work."""

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cultivation.api import Role, User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
OFFICE_ROLES = frozenset(Role) - {Role.FIRM}
_PROVEN = "second_factor_set_up_here"
# The pages that are open without it: those that set it up or ask for it, and the way out.
_OPEN = ("account_", "mfa_", "set_language", "set_appearance")


def is_required_of(user: User) -> bool:
    """Everybody of the office, where the deployment asks for it; also whoever stands in for one of them."""
    return bool(settings.SECOND_FACTOR_REQUIRED and user.is_authenticated and user.has_role(*OFFICE_ROLES))


def is_proven(request: HttpRequest) -> bool:
    """Whether this session gave a second factor when logging in, confirmed one since, or set one up itself."""
    records = get_authentication_records(request, request.user)
    return bool(request.session.get(_PROVEN)) or any(record["method"] == "mfa" for record in records)


def remember_proof(*, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting one up takes a code or a key: it is not asked for again in the same session."""
    if authenticator.type in FACTORS:
        request.session[_PROVEN] = True


class SecondFactorMiddleware:
    """Sends a person of the office without it to where it is set up, or asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or _is_open(request) or not is_required_of(user) or is_proven(request):
            return None
        if not is_mfa_enabled(user, FACTORS):
            messages.warning(request, _("Your role asks for a second factor. Set one up to go on."))
            return redirect("mfa_index")
        methods = get_adapter().get_reauthentication_methods(user)
        asking = next(method["url"] for method in methods if method["id"].startswith("mfa_"))
        then = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("home")
        return redirect(f"{asking}?{urlencode({REDIRECT_FIELD_NAME: then})}")


def _is_open(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and not match.namespace and (match.url_name or "").startswith(_OPEN)
