"""The proof: everything on record held against everything else, without changing anything."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from config.common.append_only import append_only_models, missing_triggers
from cultivation.api import (
    check_acceptances,
    check_assessments,
    check_case_events,
    check_determinations,
    check_forecasts,
)
from documents.api import Notice, check_notices
from subsidies.models import Award, FundingLine, LedgerEntry
from subsidies.selectors.balances import Problem, award_entry_problems, guard_problems
from subsidies.selectors.event_checks import check_award_events, check_list_events
from subsidies.selectors.list_checks import check_files, check_lines, check_lists
from subsidies.selectors.openings import check_openings
from subsidies.selectors.revocations import revocation_problems
from subsidies.selectors.seals import check_seals

from .recomputing import check_calculations
from .regional_sources import check_sources

Check = Callable[[], tuple[int, list[Problem]]]


@dataclass(frozen=True, slots=True)
class Report:
    """How many records of each kind were looked at, and what does not agree."""

    checked: dict[str, int]
    problems: list[Problem]

    def as_json(self) -> dict[str, object]:
        return {"checked": self.checked, "problems": [problem.as_json() for problem in self.problems]}


def verify_records() -> Report:
    """Look through all money, lists, calculations, events, seals and notices as they stand at one moment."""
    checked: dict[str, int] = {}
    problems: list[Problem] = []
    with _one_moment():
        for name, check in _CHECKS.items():
            checked[name], found = check()
            problems.extend(found)
    return Report(checked, problems)


@contextmanager
def _one_moment() -> Iterator[None]:
    """One snapshot for all checks, so that work going on beside them looks like no contradiction."""
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost and connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _guards() -> tuple[int, list[Problem]]:
    return FundingLine.objects.count(), guard_problems()


def _award_entries() -> tuple[int, list[Problem]]:
    return Award.objects.count(), award_entry_problems()


def _entries() -> tuple[int, list[Problem]]:
    """The entries themselves are counted; what they come to is held against lines, awards and lists."""
    return LedgerEntry.objects.count(), []


def _case_events() -> tuple[int, list[Problem]]:
    checked, found = check_case_events()
    return checked, [Problem(problem.code, problem.subject, problem.message) for problem in found]


def _acceptances() -> tuple[int, list[Problem]]:
    checked, found = check_acceptances()
    return checked, [Problem(problem.code, problem.subject, problem.message) for problem in found]


def _assessments() -> tuple[int, list[Problem]]:
    checked, found = check_assessments()
    return checked, [Problem(problem.code, problem.subject, problem.message) for problem in found]


def _determinations() -> tuple[int, list[Problem]]:
    checked, found = check_determinations()
    return checked, [Problem(problem.code, problem.subject, problem.message) for problem in found]


def _forecasts() -> tuple[int, list[Problem]]:
    checked, found = check_forecasts()
    return checked, [Problem(problem.code, problem.subject, problem.message) for problem in found]


def _notices() -> tuple[int, list[Problem]]:
    found = check_notices()
    return Notice.objects.count(), [
        Problem(problem.code, problem.number, problem.message) for problem in found
    ]


def _triggers() -> tuple[int, list[Problem]]:
    return len(append_only_models()), [
        Problem("trigger_missing", name, _("A table that must only grow is not guarded."))
        for name in missing_triggers()
    ]


_CHECKS: dict[str, Check] = {
    "funding_lines": _guards,
    "ledger_entries": _entries,
    "opening_balances": check_openings,
    "awards": _award_entries,
    "calculations": check_calculations,
    "revoked_awards": revocation_problems,
    "payment_lists": check_lists,
    "payment_lines": check_lines,
    "files": check_files,
    "source_files": check_sources,
    "assessments": _assessments,
    "determinations": _determinations,
    "case_events": _case_events,
    "forecasts": _forecasts,
    "acceptance_numbers": _acceptances,
    "award_events": check_award_events,
    "list_events": check_list_events,
    "seals": check_seals,
    "notices": _notices,
    "append_only_tables": _triggers,
}
