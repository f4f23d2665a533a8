"""The facts of a case in the shape of ``assess``, gathered from the firm, its years and its declaration."""

import datetime as dt
from decimal import Decimal
from typing import Any

from cultivation.models import RD_CATEGORIES, Assessment, CaseFacts, CultivationCase, ExpenseYear

_YEARS = 3  # 近三个会计年度, before the year of filing (国科发火〔2016〕195号 三（一）)
_FIGURES = ("sales", "total_income", "high_tech_income", "net_assets_end")


def expense_years_before(firm_id: int, on: dt.date) -> list[ExpenseYear]:
    """The recorded years among the three before the year of ``on``, ascending."""
    years = ExpenseYear.objects.filter(firm_id=firm_id, year__gte=on.year - _YEARS, year__lt=on.year)
    return list(years.order_by("year"))


def gather_facts(case: CultivationCase, on: dt.date) -> dict[str, Any]:
    """The FACTS object for a filing on ``on``; amounts as strings, what is not known left out (two queries)."""
    declared = CaseFacts.objects.filter(case_id=case.pk).values_list("declared", flat=True).first() or {}
    return {
        **declared,
        "filed_on": on.isoformat(),
        "registered_on": case.firm.registered_on.isoformat(),
        "years": [_year(row) for row in expense_years_before(case.firm_id, on)],
    }


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
