"""Submissions under their acceptance numbers, and whether the numbers are what they should be."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Max, QuerySet

from cultivation.models import Acceptance, AcceptanceSeries, CaseDocument, CultivationCase, User
from cultivation.permissions import visible_cases

from .events import Problem


def acceptances_of(case: CultivationCase) -> QuerySet[Acceptance]:
    """Every submission of a case, the newest first."""
    return Acceptance.objects.filter(case=case).select_related("event__actor").order_by("-pk")


def visible_acceptances(user: User | AnonymousUser) -> QuerySet[Acceptance]:
    found = Acceptance.objects.filter(case__in=visible_cases(user))
    return found.select_related("case__firm", "event__actor")


def documents_until(acceptance: Acceptance) -> QuerySet[CaseDocument]:
    """What had been handed in when the submission came."""
    found = CaseDocument.objects.filter(case=acceptance.case_id, added_at__lte=acceptance.event.at)
    return found.select_related("attachment").order_by("added_at", "pk")


def acceptance_number(case: CultivationCase) -> str:
    """The number of the latest submission, under which letters speak of the case; before there is one, the case's own."""
    latest = Acceptance.objects.filter(case=case).order_by("-pk").first()
    return latest.number if latest else case.number


def check_acceptances() -> tuple[int, list[Problem]]:
    """How many numbers were given out, and in which years they are not exactly 1…last."""
    series = dict(AcceptanceSeries.objects.order_by().values_list("year", "last"))
    counted = {
        year: (count, highest)
        for year, count, highest in Acceptance.objects.order_by()
        .values_list("year")
        .annotate(count=Count("pk"), highest=Max("sequence"))
        .values_list("year", "count", "highest")
    }
    problems = [
        Problem(
            "acceptance_numbers",
            f"acceptances:{year}",
            f"{count} numbers up to {highest}, the series is at {series.get(year, 0)}",
        )
        for year, (count, highest) in sorted(
            (counted | {year: (0, 0) for year in series if year not in counted}).items()
        )
        if not count == highest == series.get(year, 0)
    ]
    return sum(count for count, _highest in counted.values()), problems
