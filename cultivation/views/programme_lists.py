"""Lists of targets and of achievements handed in: checked as a whole, taken over as a whole, faults named cell by cell."""

from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config.common.downloads import download
from config.common.errors import Refused
from config.common.workbooks import RowsRefused
from cultivation.forms.programme import AchievementListForm, ListForm, TargetListForm
from cultivation.models import User
from cultivation.services.programme_lists import ListReport, import_achievements, import_targets
from cultivation.workbooks import write_achievement_template, write_target_template

from .board_places import caseworker

# More faults than that are a wrong file.
_MOST_SHOWN = 200


class _Import(Protocol):
    def __call__(self, *, content: bytes, actor: User, dry_run: bool = False) -> ListReport: ...


@require_http_methods(["GET", "HEAD", "POST"])
def target_import(request: HttpRequest) -> HttpResponse:
    """Take over a list of targets, or only check it; 422 where the form or a row of the file is at fault."""
    user = caseworker(request)
    form = TargetListForm(request.POST or None, request.FILES or None)
    words = {
        "section": "targets",
        "title": _("Import targets"),
        "explanation": _(
            "Measure, county, year, figure and source. An empty county is the whole city. A target recorded with "
            "another figure is corrected on its page, never overwritten by a list."
        ),
        "back": "cultivation:targets",
        "template": "cultivation:target_template",
    }
    return _take_over(request, user, form, import_targets, words)


@require_http_methods(["GET", "HEAD", "POST"])
def achievement_import(request: HttpRequest) -> HttpResponse:
    """The same for achievements of the programme."""
    user = caseworker(request)
    form = AchievementListForm(request.POST or None, request.FILES or None)
    words = {
        "section": "achievements",
        "title": _("Import achievements"),
        "explanation": _(
            "Measure, name, organisation, county, day and document. What is recorded otherwise is corrected on its "
            "page by a second person, never overwritten by a list."
        ),
        "back": "cultivation:achievements",
        "template": "cultivation:achievement_template",
    }
    return _take_over(request, user, form, import_achievements, words)


@require_GET
def target_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    caseworker(request)
    return download(write_target_template(), name="targets.xlsx")


@require_GET
def achievement_template(request: HttpRequest) -> HttpResponse:
    caseworker(request)
    return download(write_achievement_template(), name="achievements.xlsx")


def _take_over(
    request: HttpRequest, user: User, form: ListForm, take_over: _Import, words: dict[str, Any]
) -> HttpResponse:
    context: dict[str, Any] = {
        **words,
        "form": form,
        "report": None,
        "errors": [],
        "faults": 0,
        "dry_run": False,
    }
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            context["dry_run"] = form.cleaned_data["dry_run"]
            try:
                context["report"] = take_over(
                    content=form.cleaned_data["file"].read(), actor=user, dry_run=context["dry_run"]
                )
                status = 200
            except RowsRefused as refusal:
                context |= {"errors": refusal.errors[:_MOST_SHOWN], "faults": len(refusal.errors)}
            except Refused as refusal:
                form.add_error("file", refusal.message)
    return render(request, "cultivation/programme_import.html", context, status=status)
