"""The facts of a case in the shape of ``assess``, gathered from the firm, its years and its declaration."""

import datetime as dt
from decimal import Decimal
from typing import Any

from cultivation.models import RD_CATEGORIES, Assessment, CaseFacts, CultivationCase, ExpenseYear

from .expert_sheets import sheet_facts
from .ip_uses import with_ledger

_YEARS = 3  # 近三个会计年度, before the year of filing (国科发火〔2016〕195号 三（一）)
_FIGURES = ("sales", "total_income", "high_tech_income", "net_assets_end")


def years_before(on: dt.date) -> range:
    """The fiscal years that count for a filing on ``on``."""
    return range(on.year - _YEARS, on.year)


def expense_years_before(firm_id: int, on: dt.date) -> list[ExpenseYear]:
    """The recorded years among those that count for a filing on ``on``, ascending."""
    return list(ExpenseYear.objects.filter(firm_id=firm_id, year__in=years_before(on)).order_by("year"))


def gather_facts(case: CultivationCase, on: dt.date) -> dict[str, Any]:
    """The FACTS object for a filing on ``on``; amounts as strings, what is not known left out.

    Declared property is marked by the ledger of earlier filings, and score sheets on record take the place of
    declared scores (three queries, and up to three for numbered property).
    """
    declared = CaseFacts.objects.filter(case_id=case.pk).values_list("declared", flat=True).first() or {}
    facts = {
        **declared,
        "filed_on": on.isoformat(),
        "registered_on": case.firm.registered_on.isoformat(),
        "years": [_year(row) for row in expense_years_before(case.firm_id, on)],
    }
    if items := declared.get("ip"):
        facts["ip"] = with_ledger(case, items, on)
    if sheets := sheet_facts(case):
        facts["expert_sheets"] = sheets
        for key in ("expert_scores", "experts"):
            facts.pop(key, None)
    return facts


def _year(row: ExpenseYear) -> dict[str, Any]:
    figures: dict[str, Any] = {name: _text(getattr(row, name)) for name in _FIGURES}
    return {
        "year": row.year,
        **figures,
        "rd": {category: _text(getattr(row, category)) for category in RD_CATEGORIES},
    }


def _text(amount: Decimal) -> str:
    return f"{amount:.2f}"


def latest_assessment(case: CultivationCase) -> Assessment | None:
    return Assessment.objects.filter(case_id=case.pk).order_by("-assessed_at", "-pk").first()


def planned_filing(assessment: Assessment) -> dt.date:
    """The filing date the assessment was made for."""
    return dt.date.fromisoformat(assessment.facts["filed_on"])


def is_current(assessment: Assessment, case: CultivationCase) -> bool:
    """Whether the facts are still those that were judged, the filing date apart."""
    facts: dict[str, Any] = assessment.facts
    return facts == gather_facts(case, planned_filing(assessment))
