"""The facts of a case and its assessment by the accreditation rules in force on the planned day of filing."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseAction, Role
from cultivation.models import Assessment, CaseFacts, CultivationCase, User
from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import MalformedFacts, parse_facts
from cultivation.rules.rulesets import NoRuleSet
from cultivation.selectors.facts import gather_facts

from .refusals import recorded
from .steps import begin, note_on_case, require_before_filing, require_in_pool

# What the firm knows of itself, and what only the bureau may enter: the experts' and the authorities' word.
FIRM_KEYS = frozenset(
    {
        "employees_average",
        "employees_monthly",
        "technical_average",
        "technical_monthly",
        "ip",
        "field_code",
        "core_ip_owned",
        "conversions",
        "conversion_items",
        "main_products",
    }
)
BUREAU_KEYS = frozenset({"expert_scores", "experts", "incidents"})


@recorded(CaseAction.DECLARE)
def declare_facts(*, case: CultivationCase, facts: Mapping[str, Any], actor: User) -> CaseFacts:
    """Merge facts into the declaration, key by key (``None`` takes one away), in the shape of ``assess``.

    Refused: ``fact_unknown``, ``facts_malformed`` (``details["key"]`` is the path), ``wrong_state`` once filed;
    ``NotAllowed`` to a firm that enters what belongs to the bureau.
    """
    case = begin(case=case, action=CaseAction.DECLARE, actor=actor)
    require_before_filing(case)
    if unknown := sorted(set(facts) - FIRM_KEYS - BUREAU_KEYS):
        raise Refused("fact_unknown", _("Unknown fact: %(key)s.") % {"key": unknown[0]}, key=unknown[0])
    if not actor.has_role(Role.CASEWORKER) and (foreign := sorted(set(facts) & BUREAU_KEYS)):
        raise NotAllowed(
            "not_allowed", _("Only the bureau may enter this fact: %(key)s.") % {"key": foreign[0]}
        )
    row = CaseFacts.objects.select_for_update().filter(case=case).first() or CaseFacts(case=case)
    declared = {**row.declared, **facts}
    declared = {key: value for key, value in declared.items() if value is not None}
    try:
        parse_facts(declared)
    except MalformedFacts as error:
        raise Refused("facts_malformed", str(error), key=error.key) from error
    row.declared = json.loads(json.dumps(declared, ensure_ascii=False, default=str))
    row.updated_by, row.updated_at = actor, now()
    row.save()
    note_on_case(case=case, action=CaseAction.DECLARE, actor=actor, reason=", ".join(sorted(facts)))
    return row


@recorded(CaseAction.ASSESS)
def assess_case(*, case: CultivationCase, actor: User, other_cap: OtherCap = OtherCap.INTERNAL) -> Assessment:
    """Judge the case as if it were filed today, and keep facts, findings and hash as one unchangeable row.

    Refused: ``wrong_state`` outside the pool, ``facts_malformed``, ``no_rule_set``.
    """
    case = begin(case=case, action=CaseAction.ASSESS, actor=actor)
    require_in_pool(case)
    gathered = gather_facts(case, today())
    try:
        result = assess(parse_facts(gathered), other_cap=other_cap)
    except MalformedFacts as error:
        raise Refused("facts_malformed", str(error), key=error.key) from error
    except NoRuleSet as error:
        raise Refused("no_rule_set", str(error)) from error
    assessment = Assessment.objects.create(
        case=case,
        rule_set=result.rule_set.name,
        rule_set_sha256=result.rule_set.sha256,
        other_cap=other_cap.value,
        facts=gathered,
        result=result.as_json(),
        verdict=result.verdict.value,
        inputs_sha256=result.inputs_sha256,
        assessed_by=actor,
    )
    note_on_case(case=case, action=CaseAction.ASSESS, actor=actor, reason=result.verdict.value)
    return assessment
