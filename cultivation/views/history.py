"""The history of a record for the auditor: what changed in its fields; what was tried and refused is one link away."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from cultivation.enums import Role
from cultivation.models import User
from cultivation.selectors.field_history import field_history

from .readers import visible_firm


@require_GET
def firm_history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every change of the firm's fields, the newest first."""
    user = cast(User, request.user)
    if not user.has_role(Role.AUDITOR):
        raise PermissionDenied
    firm = visible_firm(user, pk)
    return render(request, "cultivation/firm_history.html", {"firm": firm, "rows": field_history(firm)})
