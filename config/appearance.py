"""How the pages look to this browser: light or dark, letters of usual or large size. Kept in cookies, so that it also holds before logging in."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import TextChoices
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST


class Theme(TextChoices):
    """``AUTO`` follows the browser's own setting."""

    AUTO = "auto", _("Like the system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class TextSize(TextChoices):
    """``LARGE`` is for those who read small print badly (适老化)."""

    NORMAL = "normal", _("Usual text")
    LARGE = "large", _("Large text")


_CHOICES: dict[str, type[Theme] | type[TextSize]] = {"theme": Theme, "text": TextSize}
_DEFAULTS = {"theme": Theme.AUTO.value, "text": TextSize.NORMAL.value}
_YEAR = 365 * 24 * 3600


def appearance(request: HttpRequest) -> dict[str, Any]:
    """Context of every page: ``appearance.theme``, ``appearance.text`` and what else could be chosen."""
    chosen = {name: _chosen(request, name) for name in _CHOICES}
    others = {
        f"other_{name}s": [choice for choice in choices if choice.value != chosen[name]]
        for name, choices in _CHOICES.items()
    }
    return {"appearance": {**chosen, **others}}


@login_not_required
@require_POST
def set_appearance(request: HttpRequest) -> HttpResponse:
    """Keeps ``theme`` or ``text``, whichever is sent, and goes back to where the person was."""
    back = request.headers.get("referer", "")
    is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if is_ours else "home")
    for name, choices in _CHOICES.items():
        if (value := request.POST.get(name, "")) in choices.values:
            response.set_cookie(
                name,
                value,
                max_age=_YEAR,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
    return response


def _chosen(request: HttpRequest, name: str) -> str:
    value = request.COOKIES.get(name, "")
    return value if value in _CHOICES[name].values else _DEFAULTS[name]
