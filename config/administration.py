"""The administration of reference data: open to the role ``administrator`` and to nobody else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _

from config.common.administration import is_administrator


class Administration(AdminSite):
    """Being a superuser opens nothing; the log-in is the one of the site."""

    site_header = _("Miaopu: reference data")
    site_title = _("Miaopu")
    index_title = _("Reference data")

    def register(self, model_or_iterable: Any, *args: Any, **options: Any) -> None:
        """The tables of the accounts library stay out: people are looked after as users."""
        if getattr(model_or_iterable, "__module__", "").startswith("allauth."):
            return
        super().register(model_or_iterable, *args, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or "/", "account_login")
