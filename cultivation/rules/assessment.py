"""One firm against all conditions: the nine findings, the verdict and the figures behind them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from . import conditions
from .expenses import OtherCap, RdSummary, summarise
from .facts import Facts
from .findings import Code, Finding, Status, verdict_of
from .growth import Growth, growth
from .incidents import no_incident
from .innovation import innovation_score
from .periods import missing_years
from .rulesets import NEWEST, rules_in_force
from .thresholds import RuleSet


@dataclass(frozen=True, slots=True)
class AssessmentResult:
    """``rd`` is under the chosen reading of the other-expense cap, ``rd_alternative`` under the other one."""

    rule_set: RuleSet
    findings: tuple[Finding, ...]
    net_assets_growth: Growth
    sales_growth: Growth
    rd: RdSummary
    rd_alternative: RdSummary
    inputs_sha256: str

    @property
    def verdict(self) -> Status:
        return verdict_of(self.findings)

    def finding(self, code: Code) -> Finding:
        return next(finding for finding in self.findings if finding.code is code)

    def as_json(self) -> dict[str, Any]:
        """The answer of ``assess``: amounts and ratios as strings, ``None`` where nothing may be computed."""
        return {
            "rule_set": self.rule_set.name,
            "verdict": self.verdict.value,
            "findings": [finding.as_json() for finding in self.findings],
            "growth": {"net_assets": self.net_assets_growth.as_json(), "sales": self.sales_growth.as_json()},
            "rd": {**self.rd.as_json(), "other_cap_alternative": self.rd_alternative.as_json()},
            "inputs_sha256": self.inputs_sha256,
        }


def assess(
    facts: Facts, rule_set: RuleSet | None = None, other_cap: OtherCap = OtherCap.INTERNAL
) -> AssessmentResult:
    """Judge the facts by ``rule_set``, or by the rules in force on the filing date.

    Without a filing date the newest rule set is taken; the findings that need the date are manual then.
    Raises :class:`~cultivation.rules.rulesets.NoRuleSet` for a filing before the first rule set.
    """
    if rule_set is None:
        rule_set = rules_in_force(facts.filed_on) if facts.filed_on else NEWEST
    rd = summarise(facts, rule_set, other_cap)
    alternative = summarise(facts, rule_set, other_cap.alternative)
    net_assets = growth(_series(facts, "net_assets_end"), rule_set)
    sales = growth(_series(facts, "sales"), rule_set)
    findings = (
        conditions.registered_365_days(facts, rule_set),
        conditions.core_ip(facts, rule_set),
        conditions.technical_field(facts, rule_set),
        conditions.technical_staff_share(facts, rule_set),
        conditions.rd_intensity(facts, rule_set, rd, alternative),
        conditions.rd_domestic_share(facts, rule_set, rd),
        conditions.high_tech_income_share(facts, rule_set),
        innovation_score(facts, rule_set, net_assets, sales),
        no_incident(facts, rule_set),
    )
    return AssessmentResult(rule_set, findings, net_assets, sales, rd, alternative, facts.inputs_sha256)


def _series(facts: Facts, name: str) -> list[Decimal | None]:
    """One figure through the years; a gap in the run stands as a missing value: no rate bridges it."""
    values: list[Decimal | None] = [getattr(figures, name) for figures in facts.years or ()]
    return [None, *values] if missing_years(facts) else values
