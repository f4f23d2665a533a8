"""Tiers in the demonstration: a technology SME by its evaluation, a gazelle by recommendation and document."""

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from config.common import clock
from cultivation.enums import FirmTier, TierOutcome, Verification
from cultivation.models import TierCriterion
from cultivation.rules.tier_criteria import ACCREDITED, Said
from cultivation.services.tiers import recommend_gazelle, recommend_sme, record_tier

from .firms import Part

if TYPE_CHECKING:
    from .story import Stage

_SOURCE = "演示数据：真实的数值条件没有取得，由业务方录入并注明来源"
_CRITERIA = (
    (ACCREDITED, "为有效期内高新技术企业（演示）", None, ""),
    ("good_standing", "信用良好，近几年无重大安全、质量事故和环境问题（演示）", None, ""),
    ("sales_growth", "上一年销售收入增长率（演示数值）", Decimal(20), "%"),
)
_FACTS = {
    "filled_on": "2019-03-18",
    "resident": True,
    "employees": {"in_service": "42", "part_time_six_months": "3"},
    "technical": {"in_service": "9", "part_time_six_months": "2"},
    "sales": "12000000.00",
    "assets": "9500000.00",
    "costs": "10800000.00",
    "super_deduction": {"total": "640000.00"},
    "ip": [
        {"class": 2, "kind": kind, "in_force": True, "disputed": False, "for_main_products": True}
        for kind in ("utility_model", "software_copyright")
    ],
    "prohibited_products": False,
    "misconduct": [],
    "abnormal_listing": False,
    "dishonest_listing": False,
}


def play_tiers(stage: "Stage") -> None:
    """One firm in the pool is a technology SME, one holder of a certificate is recommended as a gazelle."""
    office = stage.people.caseworker
    sme = stage.firm(stage.playing(Part.POOLED)[0])
    with clock.fixed(dt.date(2019, 3, 20)):
        recommend_sme(
            firm=sme,
            facts=_FACTS,
            document_number="演科字〔2019〕5号",
            document_date=dt.date(2019, 3, 20),
            actor=office,
        )
    with clock.fixed(dt.date(2019, 5, 10)):
        record_tier(
            firm=sme,
            tier=FirmTier.TECHNOLOGY_SME,
            outcome=TierOutcome.RECOGNISED,
            year=2019,
            document_number="演科小函〔2019〕2号",
            document_date=dt.date(2019, 5, 8),
            valid_until=dt.date(2019, 12, 31),
            actor=office,
        )
    _criteria()
    with clock.fixed(dt.date(2019, 6, 12)):
        recommend_gazelle(
            firm=stage.firm(stage.playing(Part.HOLDER)[5]),
            year=2019,
            answers={
                "good_standing": Said(met=True, note="信用查询结果（演示）"),
                "sales_growth": Said(measured=Decimal("26.5"), note="2018年度审计报告（演示）"),
            },
            document_number="演科字〔2019〕11号",
            document_date=dt.date(2019, 6, 12),
            actor=office,
        )


def _criteria() -> None:
    """Criteria as an administrator would enter them, in force until those of the notice of 2020."""
    for order, (key, text, least, unit) in enumerate(_CRITERIA, start=1):
        TierCriterion.objects.create(
            tier=FirmTier.GAZELLE,
            key=key,
            text=text,
            least=least,
            unit=unit,
            order=order,
            valid_from=dt.date(2019, 1, 1),
            valid_to=dt.date(2020, 1, 1),
            verification=Verification.UNVERIFIED,
            source=_SOURCE,
        )
