"""A firm as a technology SME and as a gazelle: where it stands, the documents on record, and new ones."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from config.common.clock import today
from config.common.errors import Refused
from config.common.overtaking import seen_in, told
from cultivation.enums import FirmTier, Role, TierOutcome
from cultivation.forms.tiers import GazelleForm, TierRecordForm
from cultivation.models import Firm, TierRecord, User
from cultivation.permissions import may_work_for
from cultivation.rules.tier_criteria import Criterion
from cultivation.selectors.strands import tier_strands
from cultivation.selectors.tiers import (
    Due,
    TierStanding,
    criteria_in_force,
    from_records,
    standings,
    tier_records,
)
from cultivation.services.refusals import as_seen
from cultivation.services.tiers import recommend_gazelle, record_tier

from .presenting import is_outsider
from .readers import reader, status_of, visible_firm

_DUE = {
    Due.THIS_YEAR: {
        FirmTier.GAZELLE: gettext_lazy(
            "To be put forward again this year: a gazelle in the pool is every year."
        ),
        FirmTier.TECHNOLOGY_SME: gettext_lazy("To be updated by the end of March this year."),
    },
    Due.OVERDUE: {
        FirmTier.TECHNOLOGY_SME: gettext_lazy("The update due by the end of March is not on record."),
    },
}


@dataclass(frozen=True, slots=True)
class StandingLine:
    tier: str
    label: str
    standing: TierStanding
    outcome: str
    due: str | Promise
    overdue: bool


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One document; ``who`` is empty where the reader is the firm, ``answers`` and ``score`` where there are none."""

    record: TierRecord
    tier: str
    outcome: str
    who: str
    score: str
    answers: Sequence[dict[str, Any]]


@require_GET
def tiers(request: HttpRequest, pk: int) -> HttpResponse:
    """Standing, history and criteria; the caseworker also records here what a document says."""
    user = reader(request)
    return _render(request, user, visible_firm(user, pk))


@require_POST
def tier_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Record a recognition or its end, the caseworker's work; 422 and 409 as with the acts of a case."""
    user = reader(request)
    firm = visible_firm(user, pk)
    if not may_work_for(user, firm, Role.CASEWORKER):
        raise PermissionDenied
    form = TierRecordForm(request.POST)
    if not form.is_valid():
        return _render(request, user, firm, form=form, status=422)
    try:
        with as_seen(seen_in(request), lambda: tier_strands(firm), hold=firm):
            record_tier(firm=firm, actor=user, **form.answers())
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render(request, user, firm, form=form, status=status_of(refusal))
    messages.success(
        request, _("Recorded: %(document)s.") % {"document": form.cleaned_data["document_number"]}
    )
    return redirect("cultivation:tiers", pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
def tier_gazelle(request: HttpRequest, pk: int) -> HttpResponse:
    """A recommendation with the criteria in force on the document's date. The caseworker's alone."""
    user = reader(request)
    firm = visible_firm(user, pk)
    if not may_work_for(user, firm, Role.CASEWORKER):
        raise PermissionDenied
    shown = _date(request.POST.get("on") or request.GET.get("on")) or today()
    on = _date(request.POST.get("document_date")) or shown
    criteria = criteria_in_force(FirmTier.GAZELLE, on)
    form = GazelleForm(
        request.POST or None,
        criteria=criteria,
        answered=from_records(firm, criteria, on),
        initial={"document_date": on},
    )
    if request.method != "POST":
        return _render_gazelle(request, firm, form, on)
    if on != shown and criteria != criteria_in_force(FirmTier.GAZELLE, shown):
        form.add_error("document_date", _("On this date other criteria are in force; they are asked now."))
    if not form.is_valid():
        return _render_gazelle(request, firm, form, on, status=422)
    try:
        with as_seen(seen_in(request), lambda: tier_strands(firm), hold=firm):
            recommend_gazelle(
                firm=firm, actor=user, year=form.cleaned_data["year"], answers=form.said(), **form.document()
            )
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _render_gazelle(request, firm, form, on, status=status_of(refusal))
    messages.success(
        request, _("Recorded: %(document)s.") % {"document": form.cleaned_data["document_number"]}
    )
    return redirect("cultivation:tiers", pk=pk)


def _date(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text or "")
    except ValueError:
        return None


def _render(
    request: HttpRequest, user: User, firm: Firm, *, form: TierRecordForm | None = None, status: int = 200
) -> HttpResponse:
    records, on = tier_records(firm), today()
    outsider = is_outsider(user)
    context = {
        **told(request, tier_strands(firm), names=not outsider),
        "firm": firm,
        "standings": [_standing_line(row) for row in standings(records, on)],
        "records": [_record_line(row, outsider) for row in records],
        "criteria": criteria_in_force(FirmTier.GAZELLE, on),
        "on": on,
        "is_caseworker": may_work_for(user, firm, Role.CASEWORKER),
        "may_evaluate": may_work_for(user, firm, Role.FIRM, Role.CASEWORKER),
        "form": form or TierRecordForm(),
    }
    return render(request, "cultivation/tiers.html", context, status=status)


def _render_gazelle(
    request: HttpRequest, firm: Firm, form: GazelleForm, on: dt.date, status: int = 200
) -> HttpResponse:
    criteria: Sequence[Criterion] = form.criteria
    context = {
        **told(request, tier_strands(firm)),
        "firm": firm,
        "form": form,
        "on": on,
        "criteria": criteria,
        "lines": list(form.lines()),
    }
    return render(request, "cultivation/tier_gazelle.html", context, status=status)


def _standing_line(row: TierStanding) -> StandingLine:
    return StandingLine(
        tier=row.tier.value,
        label=str(row.tier.label),
        standing=row,
        outcome=str(TierOutcome(row.record.outcome).label) if row.record else "",
        due=_DUE.get(row.due, {}).get(row.tier, ""),
        overdue=row.due is Due.OVERDUE,
    )


def _record_line(record: TierRecord, outsider: bool) -> RecordLine:
    score = record.result.get("score")
    return RecordLine(
        record=record,
        tier=str(FirmTier(record.tier).label),
        outcome=str(TierOutcome(record.outcome).label),
        who="" if outsider else str(record.recorded_by),
        score="" if score is None else str(score),
        answers=record.facts.get("answers", ()),
    )
