"""Attempts that were refused: the auditor's page. Others learn of their own refusals where they happen."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.common.clock import today
from config.common.downloads import download
from config.common.workbooks import write_table
from cultivation.enums import Role
from cultivation.forms.refusals import RefusalFilterForm
from cultivation.models import RefusedAttempt, User
from cultivation.selectors.refusals import refusal_page, refused_attempts

from .refused_acts import ACTS

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
}


@require_GET
def refusals(request: HttpRequest) -> HttpResponse:
    """The newest first, by person, act, record or reason, and days; paged by key."""
    form = _form(request)
    after = request.GET.get("after", "")
    page = refusal_page(form.wanted(), after=after)
    context = {
        "form": form,
        "rows": [(row, _act(row), _page_of(row.subject)) for row in page.rows],
        "next": page.next,
        "after": after,
    }
    return render(request, "cultivation/refusals.html", context)


@require_GET
def refusals_file(request: HttpRequest) -> HttpResponse:
    """The list as shown, all pages of it, as a workbook."""
    headers = [
        *(_("Date and time"), _("Who"), _("What was tried"), _("About")),
        *(_("Code"), _("Why it was refused")),
    ]
    rows = (
        (
            f"{localtime(row.at):%Y-%m-%d %H:%M:%S}",
            str(row.actor or ""),
            _act(row),
            row.subject,
            row.code,
            row.message,
        )
        for row in refused_attempts(_form(request).wanted()).iterator(chunk_size=2000)
    )
    content = write_table(headers, rows, sheet=_("Refused attempts"))
    return download(content, name=f"refused-{today().isoformat()}.xlsx")


def _form(request: HttpRequest) -> RefusalFilterForm:
    if not cast(User, request.user).has_role(Role.AUDITOR):
        raise PermissionDenied
    acts = sorted(((act, str(label)) for act, label in ACTS.items()), key=lambda choice: choice[1])
    return RefusalFilterForm(request.GET, acts=acts)


def _act(row: RefusedAttempt) -> str:
    return str(ACTS.get(row.action, row.action))


def _page_of(subject: str) -> str:
    """The address of the record, empty where it has no page of its own."""
    kind, _colon, pk = subject.partition(":")
    return reverse(_PAGES[kind], args=[int(pk)]) if kind in _PAGES and pk.isdecimal() else ""
