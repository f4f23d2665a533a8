"""Exclusions and past awards handed in as workbooks: checked as a whole, taken over as a whole, faults cell by cell."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from config.common.downloads import download
from config.common.errors import Refused
from config.common.workbooks import RowsRefused
from cultivation.api import User
from subsidies.forms.claims import ExclusionListForm, PastAwardListForm
from subsidies.services.claim_rows import ClaimReport
from subsidies.services.claims import EXCLUSION_KEEPERS
from subsidies.services.exclusion_import import import_exclusions, write_exclusion_template
from subsidies.services.past_awards import (
    PAST_AWARD_IMPORTERS,
    import_past_awards,
    write_past_award_template,
)

from .access import require_roles

# More faults than that are a wrong file.
_MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class _Import:
    """One kind of list: what its page says, and the service that takes it over."""

    title: Any
    text: Any
    back: str
    template: str
    form: type[ExclusionListForm]
    take_over: Callable[[dict[str, Any], User], ClaimReport]


@require_http_methods(["GET", "HEAD", "POST"])
def exclusion_import(request: HttpRequest) -> HttpResponse:
    user = require_roles(request, *EXCLUSION_KEEPERS)
    return _hand_in(request, user, _EXCLUSIONS)


@require_GET
def exclusion_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require_roles(request, *EXCLUSION_KEEPERS)
    return download(write_exclusion_template(), name="exclusions.xlsx")


@require_http_methods(["GET", "HEAD", "POST"])
def past_award_import(request: HttpRequest) -> HttpResponse:
    user = require_roles(request, *PAST_AWARD_IMPORTERS)
    return _hand_in(request, user, _PAST_AWARDS)


@require_GET
def past_award_template(request: HttpRequest) -> HttpResponse:
    """An empty list to fill in."""
    require_roles(request, *PAST_AWARD_IMPORTERS)
    return download(write_past_award_template(), name="past-awards.xlsx")


def _exclusions(answers: dict[str, Any], user: User) -> ClaimReport:
    return import_exclusions(content=answers["file"].read(), actor=user, dry_run=answers["dry_run"])


def _past_awards(answers: dict[str, Any], user: User) -> ClaimReport:
    file = answers["file"]
    return import_past_awards(
        content=file.read(),
        original_name=file.name,
        scheme=answers["scheme"],
        actor=user,
        dry_run=answers["dry_run"],
    )


_EXCLUSIONS = _Import(
    _("Import exclusions"),
    _(
        "Findings of authorities, one a row: credit code, kind, authority, document, days. They count at once."
    ),
    "subsidies:exclusions",
    "subsidies:exclusion_template",
    ExclusionListForm,
    _exclusions,
)
_PAST_AWARDS = _Import(
    _("Import past awards"),
    _(
        "City awards before this system, one a row: credit code, certificate, payer, amount, document. They count once "
        "a second person has confirmed them, and are never matched or paid again."
    ),
    "subsidies:receipts",
    "subsidies:past_award_template",
    PastAwardListForm,
    _past_awards,
)


def _hand_in(request: HttpRequest, user: User, page: _Import) -> HttpResponse:
    """Take over a list, or only check it; 422 where the form or a row of the file is at fault."""
    form = page.form(request.POST, request.FILES) if request.method == "POST" else page.form()
    context: dict[str, Any] = {
        "form": form,
        "page": page,
        "report": None,
        "errors": [],
        "faults": 0,
        "dry_run": False,
    }
    if request.method != "POST":
        return _render(request, context)
    if not form.is_valid():
        return _render(request, context, status=422)
    try:
        report = page.take_over(form.cleaned_data, user)
    except RowsRefused as refusal:
        context |= {"errors": refusal.errors[:_MOST_SHOWN], "faults": len(refusal.errors)}
        return _render(request, context, status=422)
    except Refused as refusal:
        form.add_error("file", refusal.message)
        return _render(request, context, status=422)
    return _render(request, context | {"report": report, "dry_run": form.cleaned_data["dry_run"]})


def _render(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "subsidies/claim_import.html", context, status=status)
