"""A list of filed annual reports handed in: checked as a whole, taken over as a whole, faults named cell by cell."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from config.common.downloads import download
from config.common.errors import Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import Role
from cultivation.forms.certificates import ReportListForm
from cultivation.models import User
from cultivation.services.annual_reports import import_annual_reports
from cultivation.workbooks import write_annual_report_template

# More faults than that are a wrong file; the command writes a marked copy with all of them.
_MOST_SHOWN = 200


@require_http_methods(["GET", "HEAD", "POST"])
def annual_reports(request: HttpRequest) -> HttpResponse:
    """Take over a list, or only check it; 422 where the form or a row of the file is at fault."""
    user = _caseworker(request)
    form = ReportListForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form, "report": None, "errors": [], "faults": 0, "dry_run": False}
    if request.method != "POST":
        return _render(request, context)
    if not form.is_valid():
        return _render(request, context, status=422)
    dry_run = form.cleaned_data["dry_run"]
    try:
        report = import_annual_reports(content=form.cleaned_data["file"].read(), actor=user, dry_run=dry_run)
    except RowsRefused as refusal:
        return _render(
            request,
            {**context, "errors": refusal.errors[:_MOST_SHOWN], "faults": len(refusal.errors)},
            status=422,
        )
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return _render(request, context, status=422)
    return _render(request, {**context, "report": report, "dry_run": dry_run})


@require_GET
def annual_report_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    _caseworker(request)
    return download(write_annual_report_template(), name="annual-reports.xlsx")


def _caseworker(request: HttpRequest) -> User:
    user = cast(User, request.user)
    if not user.has_role(Role.CASEWORKER):
        raise PermissionDenied
    return user


def _render(request: HttpRequest, context: dict[str, object], status: int = 200) -> HttpResponse:
    return render(request, "cultivation/annual_reports.html", context, status=status)
