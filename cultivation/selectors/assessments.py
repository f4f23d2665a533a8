"""Stored assessments made again, from their own facts: by the rules they name, or by other ones."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from cultivation.models import Assessment, User
from cultivation.permissions import visible_cases
from cultivation.rules.assessment import AssessmentResult, assess
from cultivation.rules.comparison import Difference, differences
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import MalformedFacts, parse_facts
from cultivation.rules.rulesets import RuleSet, UnknownRuleSet, rule_set_named, rules_in_force

from .events import Problem


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The stored facts judged by ``rule_set`` today, and where the answer differs from the stored one."""

    assessment: Assessment
    rule_set: RuleSet
    result: AssessmentResult
    differences: tuple[Difference, ...]


class CannotRecompute(ValueError):
    """The stored facts or rules cannot be used any more; ``code`` says which, the text is for reading."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def visible_assessment(pk: int, user: User) -> Assessment:
    """One assessment of a case the person may see; raises ``Assessment.DoesNotExist``."""
    return (
        Assessment.objects.filter(case__in=visible_cases(user))
        .select_related("case__firm", "assessed_by")
        .get(pk=pk)
    )


def other_assessments(assessment: Assessment, limit: int = 20) -> list[Assessment]:
    """The latest of the same case, this one left out."""
    rows = Assessment.objects.filter(case_id=assessment.case_id).exclude(pk=assessment.pk)
    return list(rows.only("assessed_at", "verdict")[:limit])


def recompute(assessment: Assessment, rule_set: RuleSet | None = None) -> Recomputed:
    """Judge the stored facts again, by their own rule set or by ``rule_set``, under the same reading of the cap.

    Raises :class:`CannotRecompute` where the row names rules, a reading or facts that cannot be read.
    """
    if assessment.other_cap not in set(OtherCap):
        raise CannotRecompute(
            "assessment_cap_unknown",
            _("The reading %(name)s of the cap is not known.") % {"name": assessment.other_cap},
        )
    try:
        rules = rule_set or rule_set_named(assessment.rule_set)
        result = assess(parse_facts(assessment.facts), rules, OtherCap(assessment.other_cap))
    except UnknownRuleSet as error:
        raise CannotRecompute(
            "assessment_rules_unknown",
            _("The rule set %(name)s is not on record.") % {"name": assessment.rule_set},
        ) from error
    except MalformedFacts as error:
        raise CannotRecompute(
            "assessment_facts_unreadable",
            _("The stored facts cannot be read: %(reason)s") % {"reason": str(error)},
        ) from error
    found = differences(assessment.result, result.as_json())
    return Recomputed(assessment, rules, result, found)


def recompute_on(assessment: Assessment, on: dt.date) -> Recomputed:
    """Judge the stored facts by the rules in force on another day.

    Raises :class:`~cultivation.rules.rulesets.NoRuleSet` and :class:`CannotRecompute`.
    """
    return recompute(assessment, rules_in_force(on))


def check_assessments() -> tuple[int, list[Problem]]:
    """Every assessment made again: how many there are, and which do not come out as they are stored.

    Rows are read in chunks and only problems are kept.
    """
    checked = 0
    problems: list[Problem] = []
    hashes: dict[str, str] = {}
    rows = Assessment.objects.order_by("pk").only(
        "rule_set", "rule_set_sha256", "other_cap", "facts", "result", "verdict", "inputs_sha256"
    )
    for assessment in rows.iterator(chunk_size=200):
        checked += 1
        problems += _problems(assessment, hashes)
    return checked, problems


def _problems(assessment: Assessment, hashes: dict[str, str]) -> list[Problem]:
    try:
        again = recompute(assessment)
    except CannotRecompute as error:
        return [_problem(assessment, error.code, str(error))]
    rules, found = again.rule_set, []
    expected = hashes.setdefault(rules.name, rules.sha256)
    # A row from before the hash was kept has none.
    if assessment.rule_set_sha256 not in ("", expected):
        found.append(
            _problem(
                assessment,
                "assessment_rules_differ",
                _("The rule set %(name)s is not the one the assessment was made with.")
                % {"name": rules.name},
            )
        )
    if again.result.inputs_sha256 != assessment.inputs_sha256:
        found.append(
            _problem(assessment, "assessment_inputs_differ", _("The stored facts are not those of the hash."))
        )
    if again.differences or again.result.verdict.value != assessment.verdict:
        found.append(_problem(assessment, *_difference(again)))
    return found


def _difference(again: Recomputed) -> tuple[str, str]:
    """The code and the first difference; mere wording is told apart from figures and results."""
    decisive = [difference for difference in again.differences if not difference.is_wording]
    if not again.differences or decisive:
        shown: Mapping[str, Any] = (
            {"where": ".".join(decisive[0].path), "stored": decisive[0].stored, "now": decisive[0].computed}
            if decisive
            else {"where": "verdict", "stored": again.assessment.verdict, "now": again.result.verdict.value}
        )
        return (
            "assessment_differs",
            _("Made again, %(where)s is %(now)s, not %(stored)s.") % shown,
        )
    where = ".".join(again.differences[0].path)
    return "assessment_wording_differs", _("Made again, %(where)s is worded differently.") % {"where": where}


def _problem(assessment: Assessment, code: str, message: str) -> Problem:
    return Problem(code=code, subject=f"assessment:{assessment.pk}", message=message)
