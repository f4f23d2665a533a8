"""A stored assessment as a page, made again by its own rules or by those of another day, with the differences."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from cultivation.enums import Role, Verdict
from cultivation.forms.assessments import AssessmentRulesForm
from cultivation.models import Assessment, User
from cultivation.permissions import CITY_WIDE_ROLES
from cultivation.rules.comparison import Difference
from cultivation.rules.rulesets import NoRuleSet
from cultivation.selectors.assessments import (
    CannotRecompute,
    Recomputed,
    other_assessments,
    recompute,
    recompute_on,
    visible_assessment,
)

from .presenting import FINDING_LABELS, FindingLine, finding_lines

_PARTS = {
    **FINDING_LABELS,
    "rule_set": gettext_lazy("Rule set"),
    "verdict": gettext_lazy("Verdict"),
    "inputs_sha256": gettext_lazy("Hash of the inputs"),
    "growth": gettext_lazy("Growth"),
    "net_assets": gettext_lazy("Net assets"),
    "sales": gettext_lazy("Sales"),
    "rate": gettext_lazy("Rate"),
    "band": gettext_lazy("Band"),
    "rd": gettext_lazy("R&D expenses"),
    "status": gettext_lazy("Result"),
    "measured": gettext_lazy("Measured"),
    "limit": gettext_lazy("Limit"),
    "source": gettext_lazy("Source"),
    "note": gettext_lazy("Note"),
    "total": gettext_lazy("Total"),
    "sales_total": gettext_lazy("Sales in all"),
    "ratio": gettext_lazy("Ratio"),
    "required": gettext_lazy("Required"),
    "domestic_ratio": gettext_lazy("Domestic share"),
    "other_cap": gettext_lazy("Reading of the cap on other expenses"),
    "other_cap_alternative": gettext_lazy("Other reading of the cap"),
    "internal": gettext_lazy("Internal"),
    "other_allowed": gettext_lazy("Other expenses counted"),
    "outsourced_counted": gettext_lazy("Outsourced expenses counted"),
}
_SILENT = {"findings", "by_year"}


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One difference in words; empty where one side has no such figure."""

    where: str
    stored: str
    computed: str


@require_GET
def assessment(request: HttpRequest, pk: int) -> HttpResponse:
    """The stored answer beside the one made again; ``?on=`` takes the rules in force on that day."""
    reader = _reader(request)
    try:
        stored = visible_assessment(pk, reader)
    except Assessment.DoesNotExist as error:
        raise Http404 from error
    form = AssessmentRulesForm(request.GET if "on" in request.GET else None)
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    again, trouble = _again(stored, on)
    context = {
        "assessment": stored,
        "case": stored.case,
        "findings": _kept_lines(stored, reader),
        "others": other_assessments(stored),
        "form": form,
        "on": on,
        "again": again,
        "again_verdict": Verdict(again.result.verdict.value).label if again else "",
        "own_rules": again is not None and again.rule_set.name == stored.rule_set,
        "rules_changed": again is not None and _rules_changed(again),
        "differences": [_line(difference) for difference in again.differences] if again else [],
        "trouble": trouble,
    }
    status = 200 if not form.is_bound or form.is_valid() else 422
    return render(request, "cultivation/assessment_page.html", context, status=status)


def _reader(request: HttpRequest) -> User:
    """The office alone: scores of experts and words of authorities stand here."""
    user = request.user
    if not isinstance(user, User) or not user.has_role(Role.COUNTY, *CITY_WIDE_ROLES):
        raise PermissionDenied
    return user


def _kept_lines(stored: Assessment, reader: User) -> list[FindingLine]:
    """The stored findings; none where somebody gave the row another shape, which the comparison then shows."""
    try:
        return finding_lines(stored, reader)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        return []


def _again(stored: Assessment, on: dt.date | None) -> tuple[Recomputed | None, str]:
    try:
        return (recompute_on(stored, on) if on else recompute(stored)), ""
    except (CannotRecompute, NoRuleSet) as error:
        return None, str(error)


def _rules_changed(again: Recomputed) -> bool:
    stored = again.assessment
    return (
        stored.rule_set == again.rule_set.name
        and stored.rule_set_sha256 != ""
        and stored.rule_set_sha256 != again.rule_set.sha256
    )


def _line(difference: Difference) -> DifferenceLine:
    words = [str(_PARTS.get(part, part)) for part in difference.path if part not in _SILENT]
    field = difference.path[-1]
    return DifferenceLine(
        where=" · ".join(words),
        stored=_value(field, difference.stored),
        computed=_value(field, difference.computed),
    )


def _value(field: str, value: str | None) -> str:
    if field in ("status", "verdict") and value in Verdict.values:
        return str(Verdict(value).label)
    return value or ""
