"""A firm that is a technology SME with points to spare, and ways to change it."""

from typing import Any

from cultivation.rules.sme_facts import parse_sme_facts
from cultivation.rules.technology_sme import SmeCode, SmeResult, evaluate_sme


def sme_facts(**changes: Any) -> dict[str, Any]:
    """Ten of fifty people technical (12 points), R&D at 6 % of sales (50), one item of class II (6): 68 points."""
    facts: dict[str, Any] = {
        "filled_on": "2019-03-20",
        "resident": True,
        "employees": {"in_service": "48", "part_time_six_months": "2"},
        "technical": {"in_service": "9", "part_time_six_months": "1"},
        "sales": "10000000.00",
        "assets": "8000000.00",
        "costs": "9000000.00",
        "super_deduction": {"total": "600000.00"},
        "ip": [own("utility_model", 2)],
        "prohibited_products": False,
        "misconduct": [],
        "abnormal_listing": False,
        "dishonest_listing": False,
    }
    return {key: value for key, value in {**facts, **changes}.items() if value is not ...}


def own(kind: str, ip_class: int, **changes: Any) -> dict[str, Any]:
    """An item of property that counts."""
    item = {"class": ip_class, "kind": kind, "in_force": True, "disputed": False, "for_main_products": True}
    return {**item, **changes}


def heads(number: str) -> dict[str, str]:
    return {"in_service": number, "part_time_six_months": "0"}


def project(**changes: str) -> dict[str, str]:
    """A project of the super-deduction without any spending but what is given."""
    keys = (
        "staff_costs",
        "direct_costs",
        "equipment_depreciation",
        "intangible_amortisation",
        "design_and_trials",
        "related_costs",
        "entrusted_domestic",
        "entrusted_foreign",
    )
    return {**dict.fromkeys(keys, "0"), **changes}


def evaluated(mapping: dict[str, Any]) -> SmeResult:
    return evaluate_sme(parse_sme_facts(mapping))


def status(mapping: dict[str, Any], code: str) -> str:
    return evaluated(mapping).finding(SmeCode(code)).status.value


def points(mapping: dict[str, Any]) -> list[int | None]:
    """Technical staff, R&D, property."""
    return [indicator.points for indicator in evaluated(mapping).indicators]
