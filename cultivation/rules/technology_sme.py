"""A firm against the conditions of a technology SME (国科发政〔2017〕115号 第六条 to 第九条), exact.

The conditions of 第六条（一）–（四） hold for everybody; （五）, the score, may be replaced by a direct route (第八条).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

from .dated import in_force
from .display import gap_text, money_text, number_text
from .findings import Finding, Status, joined, verdict_of
from .rules_of_115 import SME_RULE_SETS, SmeRules
from .sme_facts import Misconduct, SmeFacts
from .sme_indicators import (
    IndicatorScore,
    intellectual_property,
    lacking,
    limit_of,
    missing_heads,
    rd_expenses,
    technical_staff,
)
from .sme_routes import Routes, direct_routes
from .super_deduction import WrongCaliber
from .thresholds import Source, Threshold

NEWEST = SME_RULE_SETS[-1]


class SmeCode(StrEnum):
    """The findings, in the order of 第六条; the direct route takes the place of the last two."""

    RESIDENT = "resident"
    EMPLOYEES_LIMIT = "employees_limit"
    SALES_LIMIT = "sales_limit"
    ASSETS_LIMIT = "assets_limit"
    ALLOWED_PRODUCTS = "allowed_products"
    NO_MISCONDUCT = "no_misconduct"
    NOT_LISTED = "not_listed"
    TECHNICAL_STAFF = "technical_staff"
    SCORE = "score"
    DIRECT_ROUTE = "direct_route"


@dataclass(frozen=True, slots=True)
class SmeResult:
    """``findings`` are those the verdict rests on; the indicators are always scored, with what more points take."""

    rules: SmeRules
    findings: tuple[Finding, ...]
    indicators: tuple[IndicatorScore, ...]
    routes: Routes
    inputs_sha256: str

    @property
    def verdict(self) -> Status:
        return verdict_of(self.findings)

    @property
    def score(self) -> int | None:
        """Out of 100; ``None`` while an indicator cannot be scored."""
        points = [indicator.points for indicator in self.indicators if indicator.points is not None]
        return sum(points) if len(points) == len(self.indicators) else None

    def finding(self, code: SmeCode) -> Finding:
        return next(finding for finding in self.findings if finding.code is code)

    def as_json(self) -> dict[str, Any]:
        """The answer of ``assess_sme``."""
        return {
            "rule_set": self.rules.name,
            "rule_set_sha256": self.rules.sha256,
            "verdict": self.verdict.value,
            "score": self.score,
            "findings": [finding.as_json() for finding in self.findings],
            "indicators": [indicator.as_json() for indicator in self.indicators],
            "direct_routes": {
                "established": list(self.routes.established),
                "unsure": list(self.routes.unsure),
                "refused": list(self.routes.refused),
            },
            "inputs_sha256": self.inputs_sha256,
        }


def evaluate_sme(facts: SmeFacts, rules: SmeRules | None = None) -> SmeResult:
    """Judge the facts by ``rules``, or by those in force on the day the form is filled in (the newest without one).

    Raises :class:`WrongCaliber` for the facts of an accreditation or anything else, and
    :class:`~cultivation.rules.dated.NoRuleSet` before 3 May 2017.
    """
    if not isinstance(facts, SmeFacts):
        raise WrongCaliber(f"{type(facts).__name__} 不是科技型中小企业评价口径的数据")
    if rules is None:
        rules = in_force(SME_RULE_SETS, facts.filled_on) if facts.filled_on else NEWEST
    indicators = (
        technical_staff(facts, rules),
        rd_expenses(facts, rules),
        intellectual_property(facts, rules),
    )
    routes = direct_routes(facts, rules)
    scored = (_staff_not_zero(indicators[0], rules), _score(indicators, rules))
    by_route = bool(routes.established) or (bool(routes.unsure) and verdict_of(scored) is not Status.PASS)
    return SmeResult(
        rules=rules,
        findings=(*_conditions(facts, rules), *((_route(routes, rules),) if by_route else scored)),
        indicators=indicators,
        routes=routes,
        inputs_sha256=facts.inputs_sha256,
    )


def _conditions(facts: SmeFacts, rules: SmeRules) -> tuple[Finding, ...]:
    employees = facts.employees.total if facts.employees else None
    heads = [name for name in missing_heads(facts) if name.startswith("employees")]
    return (
        _said(
            SmeCode.RESIDENT, facts.resident, "resident", rules.resident_source, "须为中国境内注册的居民企业"
        ),
        _at_most(SmeCode.EMPLOYEES_LIMIT, employees, rules.employees_most, heads),
        _at_most(SmeCode.SALES_LIMIT, _exact(facts.sales), rules.sales_most, ["sales"]),
        _at_most(SmeCode.ASSETS_LIMIT, _exact(facts.assets), rules.assets_most, ["assets"]),
        _said(
            SmeCode.ALLOWED_PRODUCTS,
            None if facts.prohibited_products is None else not facts.prohibited_products,
            "prohibited_products",
            rules.products_source,
            "产品和服务不得属于国家规定的禁止、限制和淘汰类",
        ),
        _no_misconduct(facts, rules),
        _not_listed(facts, rules),
    )


def _exact(amount: Decimal | None) -> Fraction | None:
    return None if amount is None else Fraction(amount)


def _said(code: SmeCode, answer: bool | None, key: str, source: Source, condition: str) -> Finding:
    """A condition that the facts answer with yes or no."""
    if answer is None:
        return Finding(code, Status.MANUAL, None, "是", str(source), lacking([key]))
    return Finding(
        code,
        Status.PASS if answer else Status.FAIL,
        "是" if answer else "否",
        "是",
        str(source),
        "" if answer else condition,
    )


def _at_most(code: SmeCode, value: Fraction | None, limit: Threshold, missing: list[str]) -> Finding:
    people = limit.unit == "人"
    write = number_text if people else money_text
    bound = f"≤ {number_text(limit.value)} 人" if people else f"≤ {gap_text(limit.value, limit.unit)}"
    source = str(limit.source)
    if value is None:
        return Finding(code, Status.MANUAL, None, bound, source, lacking(missing))
    if value <= limit.value:
        return Finding(code, Status.PASS, write(value), bound, source)
    note = f"超出 {gap_text(value - limit.value, limit.unit)}"
    return Finding(code, Status.FAIL, write(value), bound, source, note)


def _no_misconduct(facts: SmeFacts, rules: SmeRules) -> Finding:
    """（四）: in the year before and up to the day the form is filled in, by the authority's document."""
    established: list[str] = []
    unsure: list[str] = []
    if missing := [name for name in ("misconduct", "filled_on") if getattr(facts, name) is None]:
        unsure.append(lacking(missing))
    elif facts.filled_on is not None:
        for index, entry in enumerate(facts.misconduct or ()):
            kind, text = _misconduct(entry, f"misconduct[{index}]", facts.filled_on)
            {"established": established, "unsure": unsure}.get(kind, []).append(text)
    status = Status.FAIL if established else Status.MANUAL if unsure else Status.PASS
    return Finding(
        SmeCode.NO_MISCONDUCT,
        status,
        None if status is Status.MANUAL else str(len(established)),
        "0",
        str(rules.conduct_source),
        joined([*established, *unsure]),
    )


def _misconduct(entry: Misconduct, path: str, filled_on: date) -> tuple[str, str]:
    if entry.serious is False or (entry.date is not None and entry.date.year < filled_on.year - 1):
        return "nothing", ""
    if missing := [f"{path}.{name}" for name in ("date", "serious", "kind") if getattr(entry, name) is None]:
        return "unsure", lacking(missing)
    if entry.date is not None and entry.date > filled_on:
        return "unsure", f"{path}.date 晚于填报日期 filled_on，请核对"
    if not entry.document:
        return "unsure", f"缺少 {path}.document（主管部门依法出具的意见）"
    return "established", f"{path} 于 {entry.date} 发生，依据 {entry.document}"


def _not_listed(facts: SmeFacts, rules: SmeRules) -> Finding:
    """（四）, second half: neither of the two lists."""
    lists = {"abnormal_listing": "经营异常名录", "dishonest_listing": "严重违法失信企业名单"}
    on = [name for key, name in lists.items() if getattr(facts, key)]
    missing = [key for key in lists if getattr(facts, key) is None]
    status = Status.FAIL if on else Status.MANUAL if missing else Status.PASS
    notes = [*(f"已列入{name}，须先移出" for name in on), *([lacking(missing)] if missing else [])]
    measured = None if status is Status.MANUAL else str(len(on))
    return Finding(SmeCode.NOT_LISTED, status, measured, "0", str(rules.conduct_source), joined(notes))


def _staff_not_zero(indicator: IndicatorScore, rules: SmeRules) -> Finding:
    """（五）: the indicator of technical staff must not be 0."""
    source = str(rules.score_least.source)
    limit = f"科技人员指标不为 0 分（占比 ≥ {limit_of(rules.staff_bands)}）"
    if indicator.points is None:
        return Finding(SmeCode.TECHNICAL_STAFF, Status.MANUAL, None, limit, source, indicator.note)
    status = Status.PASS if indicator.points else Status.FAIL
    note = "" if indicator.points else indicator.note
    return Finding(SmeCode.TECHNICAL_STAFF, status, indicator.measured, limit, source, note)


def _score(indicators: tuple[IndicatorScore, ...], rules: SmeRules) -> Finding:
    """（五）: at least 60 of 100 points."""
    least, source = rules.score_least.value, str(rules.score_least.source)
    limit = f"≥ {number_text(least)} 分"
    unknown = [indicator.note for indicator in indicators if indicator.points is None]
    if unknown:
        return Finding(SmeCode.SCORE, Status.MANUAL, None, limit, source, joined(unknown))
    total = sum(indicator.points or 0 for indicator in indicators)
    if total >= least:
        return Finding(SmeCode.SCORE, Status.PASS, str(total), limit, source)
    gap = f"综合得分还差 {number_text(least - total)} 分"
    ways = [indicator.note for indicator in indicators if indicator.points != indicator.most]
    return Finding(SmeCode.SCORE, Status.FAIL, str(total), limit, source, joined([gap, *ways]))


def _route(routes: Routes, rules: SmeRules) -> Finding:
    established = "；".join(routes.established)
    return Finding(
        SmeCode.DIRECT_ROUTE,
        Status.PASS if established else Status.MANUAL,
        established or None,
        "符合其中一项即直接确认",
        str(rules.routes_source),
        "" if established else routes.note,
    )
