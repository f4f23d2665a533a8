"""Attempts that were refused: the auditor's page. Others learn of their own refusals where they happen."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from cultivation.enums import Role
from cultivation.forms.refusals import RefusalFilterForm
from cultivation.models import RefusedAttempt, User
from cultivation.selectors.refusals import refusal_page

from .refused_acts import act_choices, act_label

# Where the record that a refusal was about is looked at, by the name its service gives it.
_PAGES = {
    "case": "cultivation:case",
    "firm": "cultivation:firm",
    "accreditation": "cultivation:certificate",
    "certificate": "cultivation:certificate",
    "determination": "cultivation:determination",
    "award": "subsidies:award",
    "funding_line": "subsidies:funding_line",
    "line": "subsidies:funding_line",
    "notice": "documents:notice",
    "target": "cultivation:target",
    "achievement": "cultivation:achievement",
    "session": "cultivation:session",
}


@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """The newest first, by person, act, record or reason, and days; paged by key."""
    form = _form(request)
    after = request.GET.get("after", "")
    page = refusal_page(form.wanted(), after=after)
    context = {
        "form": form,
        "rows": [(row, act_label(row), _page_of(row)) for row in page.rows],
        "next": page.next,
        "after": after,
    }
    return render(request, "cultivation/refusals.html", context)


def _form(request: HttpRequest) -> RefusalFilterForm:
    if not cast(User, request.user).has_role(Role.AUDITOR):
        raise PermissionDenied
    return RefusalFilterForm(request.GET, acts=act_choices())


def _page_of(row: RefusedAttempt) -> str:
    """The address of the record, empty where it has no page of its own; a payment list is addressed by its number."""
    kind, _colon, pk = row.subject.partition(":")
    if kind == "payment_list" and row.subject_name:
        return reverse("subsidies:payment_list", args=[row.subject_name])
    return reverse(_PAGES[kind], args=[int(pk)]) if kind in _PAGES and pk.isdecimal() else ""
