"""Which part of the site a server offers (``SITE_PART``): everything, the office alone, or the public pages with the firm portal.

The servers share one database. What a part does not offer has no address there, and its people are not let in.
"""

from collections.abc import Callable
from enum import StrEnum
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, include, path
from django.utils.module_loading import import_string
from django.views.i18n import set_language

from cultivation.api import Role, User

from .appearance import set_appearance
from .home import home


class Part(StrEnum):
    ALL = "all"
    OFFICE = "office"
    PUBLIC = "public"


# The addresses of the firm portal: what a firm reads and does itself.
PORTAL: dict[str, frozenset[str]] = {
    "cultivation": frozenset(
        {
            *("portal", "case_messages", "firm_messages", "case_notice", "receipt", "receipt_file"),
            *("cases", "case_new", "case", "case_act", "case_documents", "case_document"),
            *("firm", "firm_accounts", "account_propose", "certificates", "certificate"),
            *("training", "session", "sign_in"),
            *("ip_uses", "tiers", "tier_sme", "benefits"),
            *("ledger", "ledger_adopt", "ledger_tables"),
            *("self_check", "self_check_upload", "self_check_what_if", "self_check_save"),
            *("self_check_saved", "self_check_report", "self_check_template"),
        }
    ),
    "subsidies": frozenset({"firm_awards", "notice"}),
    "documents": frozenset(
        {
            *("verify", "files", "file", "file_download", "file_discard", "export"),
            *("imports", "import_new", "import_template"),
            *("import_preview", "import_marked", "import_discard"),
        }
    ),
}
_PREFIXES = {"cultivation": "", "subsidies": "subsidies/", "documents": "documents/"}
# The pages of one's own account, which also lead out again.
_ALWAYS_OPEN = ("account_", "mfa_", "set_language", "set_appearance")


def urlpatterns_of(part: Part) -> list[URLPattern | URLResolver]:
    """The URL configuration of a part."""
    patterns: list[URLPattern | URLResolver] = [
        path("", _public_home if part is Part.PUBLIC else home, name="home"),
        path("", include("config.accounts.urls")),
        path("language/", login_not_required(set_language), name="set_language"),
        path("appearance/", set_appearance, name="set_appearance"),
    ]
    for app, prefix in _PREFIXES.items():
        urls = import_module(f"{app}.urls")
        offered = [
            pattern for pattern in urls.urlpatterns if part is not Part.PUBLIC or pattern.name in PORTAL[app]
        ]
        patterns.append(path(prefix, include((offered, urls.app_name))))
    if part is not Part.OFFICE:
        patterns.append(path("public/", include(import_string("subsidies.urls.public_pages"))))
    if part is not Part.PUBLIC:
        patterns.append(path("admin/", admin.site.urls))
    return patterns


@login_not_required
def _public_home(request: HttpRequest) -> HttpResponse:
    """Strangers come for the public pages, firms for their own."""
    return home(request) if request.user.is_authenticated else redirect("public:start")


class PartMiddleware:
    """Turns away people whose work is on the other server: the office from the public one, firms from the office's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user = request.user
        if not isinstance(user, User) or belongs(user, Part(settings.SITE_PART)) or _is_open(request, view):
            return None
        return render(request, "elsewhere.html", status=403)


def belongs(user: User, part: Part) -> bool:
    """Whether a person works on this part; whoever has an office role, also standing in, is of the office."""
    is_office = user.has_role(*(frozenset(Role) - {Role.FIRM}))
    return part is Part.ALL or is_office == (part is Part.OFFICE)


def _is_open(request: HttpRequest, view: Any) -> bool:
    """One's own account, and what needs no login; the front page does, whoever may come to it."""
    match = request.resolver_match
    name = "" if match is None or match.namespace else match.url_name or ""
    return name.startswith(_ALWAYS_OPEN) or (not getattr(view, "login_required", True) and name != "home")
