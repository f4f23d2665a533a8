"""Score sheets that fit the facts of ``tests.factories.give_facts``: one item of class I, 5.33 conversions, growth of 20 %."""

from typing import Any

from cultivation.enums import ExpertKind
from cultivation.models import CultivationCase, ExpertSheet
from cultivation.services.expert_sheets import NewSheet, record_expert_sheet
from tests.factories import staff

TECHNICAL = {
    "ip_level": 6,
    "ip_support": 6,
    "ip_quantity": 7,
    "ip_obtained": 5,
    "ip_standards": 0,
    "conversion": 26,
    "system": 5,
    "institution": 5,
    "incentive": 3,
    "talent": 3,
}
FINANCE = {"net_assets": 5, "sales": 6}


def technical_sheet(expert: str = "甲", *, leader: bool = False, **scores: Any) -> NewSheet:
    return NewSheet(expert, ExpertKind.TECHNICAL, leader, {**TECHNICAL, **scores})


def finance_sheet(expert: str = "财", **scores: Any) -> NewSheet:
    return NewSheet(expert, ExpertKind.FINANCE, False, {**FINANCE, **scores})


def panel() -> list[NewSheet]:
    """Four technical experts, the first in the lead, and one of finance: 24 + 26 + 16 + 11 = 77."""
    technical = [technical_sheet(name, leader=name == "甲") for name in "甲乙丙丁"]
    return [*technical, finance_sheet()]


def record_panel(case: CultivationCase) -> list[ExpertSheet]:
    return [record_expert_sheet(case=case, sheet=sheet, actor=staff().caseworker) for sheet in panel()]
