"""What would happen if: a few figures of the latest year moved, and the least move that makes a finding pass.

Everything else stays as it is, and the judgement is that of :func:`~cultivation.rules.assessment.assess`.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Any

from .assessment import AssessmentResult
from .display import decimal_text
from .expenses import missing_categories
from .facts import EXPENSE_KEYS, Facts, RdExpenses, parse_facts
from .findings import Code, Status
from .headcounts import Headcount, employees, technical_staff

ADDED_PROPERTY = {"class": 1, "kind": "invention_patent", "obtained": "own", "used_before": False}


class CannotMove(ValueError):
    """A figure cannot be moved there; ``lever`` names it, the text is the reason in Chinese."""

    def __init__(self, lever: str, reason: str) -> None:
        super().__init__(reason)
        self.lever = lever


@dataclass(frozen=True, slots=True)
class Levers:
    """The figures that can be moved, in yuan and people; ``None``: not known, and left alone.

    Heads have at most four decimals here. ``rd_total`` is what was spent in the latest year in all categories together, before 80 % and cap; a
    difference goes to personnel. ``class_one`` counts added inventions of the firm's own.
    """

    sales: Decimal | None = None
    rd_total: Decimal | None = None
    high_tech_income: Decimal | None = None
    technical: Decimal | None = None
    employees: Decimal | None = None
    conversions: int | None = None
    class_one: int = 0


LEVERS: tuple[str, ...] = tuple(field.name for field in fields(Levers))


def levers_of(facts: Facts) -> Levers:
    """Where the figures stand."""
    latest = facts.years[-1] if facts.years else None
    spent = latest.rd if latest else None
    return Levers(
        sales=latest.sales if latest else None,
        rd_total=None if spent is None or missing_categories(spent) else _spent(spent),
        high_tech_income=latest.high_tech_income if latest else None,
        technical=_heads(technical_staff(facts)),
        employees=_heads(employees(facts)),
        conversions=facts.conversions[-1] if facts.conversions else None,
    )


def moved(inputs: Mapping[str, Any], to: Levers) -> dict[str, Any]:
    """The FACTS object with the levers set; a lever that is where it was changes nothing.

    Raises :class:`CannotMove` where there is nothing to move, or the R&D total falls below what the other
    categories hold.
    """
    at = levers_of(parse_facts(inputs))
    facts: dict[str, Any] = deepcopy(dict(inputs))
    for lever in LEVERS:
        value = getattr(to, lever)
        if value is not None and value != getattr(at, lever):
            _set(facts, lever, value, at)
    return facts


def _set(facts: dict[str, Any], lever: str, value: Any, at: Levers) -> None:
    years = facts.get("years") or []
    match lever:
        case "sales" | "high_tech_income" | "rd_total" if not years:
            raise CannotMove(lever, "还没有填写年度数据")
        case "sales" | "high_tech_income":
            years[-1][lever] = decimal_text(value, 2, 2)
        case "rd_total":
            years[-1]["rd"]["personnel"] = _personnel(years[-1]["rd"], value, at)
        case "technical" | "employees":
            facts[f"{lever}_average"] = decimal_text(value, 4, 0)
            facts.pop(f"{lever}_monthly", None)
        case "conversions":
            if not facts.get("conversions"):
                raise CannotMove(lever, "还没有填写科技成果转化项数")
            facts["conversions"][-1] = value
        case _:
            facts["ip"] = [*(facts.get("ip") or []), *(dict(ADDED_PROPERTY) for _n in range(value))]


def _personnel(spent: Mapping[str, Any], total: Decimal, at: Levers) -> str:
    if at.rd_total is None:
        raise CannotMove("rd_total", "最近一年的研发费用还没有填全")
    personnel = Decimal(spent["personnel"]) + total - at.rd_total
    if personnel < 0:
        least = decimal_text(total - personnel, 2, 2)
        raise CannotMove("rd_total", f"差额计入人员人工，研发费用合计不能低于其他科目之和 {least} 元")
    return decimal_text(personnel, 2, 2)


def remedy(facts: Facts, result: AssessmentResult, code: Code) -> Levers | None:
    """The levers with the least change that makes this failing finding pass, to the fen or to 0.01 person.

    ``None`` where the finding does not fail, or no lever can help.
    """
    at = levers_of(facts)
    if result.finding(code).status is not Status.FAIL:
        return None
    rules = result.rule_set
    match code:
        case Code.CORE_IP if facts.core_ip_owned is not False:
            return replace(at, class_one=1)
        case Code.TECHNICAL_STAFF_SHARE if (everybody := employees(facts).average) is not None:
            return replace(at, technical=_up(rules.staff_share.value * everybody))
        case Code.HIGH_TECH_INCOME_SHARE if facts.years and facts.years[-1].total_income is not None:
            wanted = rules.high_tech_share.value * Fraction(facts.years[-1].total_income)
            return replace(at, high_tech_income=_up(wanted))
        case Code.RD_INTENSITY | Code.RD_DOMESTIC_SHARE if at.rd_total is not None:
            more = _more_personnel(facts, result, _missing_rd(result, code))
            return replace(at, rd_total=at.rd_total + _up(more))
    return None


def _missing_rd(result: AssessmentResult, code: Code) -> Fraction:
    """How much more R&D, all of it at home, has to count."""
    rd = result.rd
    total, domestic = rd.total or Fraction(0), rd.domestic or Fraction(0)
    if code is Code.RD_INTENSITY:
        return (rd.required or Fraction(0)) * (rd.sales_total or Fraction(0)) - total
    # At home x more raises both sides: (domestic + x) / (total + x) = limit.
    limit = result.rule_set.domestic_share.value
    return (limit * total - domestic) / (1 - limit)


def _more_personnel(facts: Facts, result: AssessmentResult, wanted: Fraction) -> Fraction:
    """The spending on personnel that lets ``wanted`` more count: it makes room for other expenses above the cap."""
    latest = facts.years[-1].rd if facts.years else None
    aggregate = result.rd.by_year[-1][1]
    if latest is None or aggregate is None:
        return wanted
    cut = Fraction(latest.other or 0) - aggregate.other_allowed
    share = result.rule_set.other_cap_share.value
    room = share / (1 - share)
    return wanted / (1 + room) if cut >= wanted * room / (1 + room) else wanted - cut


def _heads(count: Headcount) -> Decimal | None:
    return None if count.average is None else Decimal(decimal_text(count.average, 4, 0))


def _spent(spent: RdExpenses) -> Decimal:
    return sum((getattr(spent, key) for key in EXPENSE_KEYS), Decimal(0))


def _up(value: Fraction) -> Decimal:
    return Decimal(ceil(value * 100)).scaleb(-2)
