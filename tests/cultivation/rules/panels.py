"""Sheets by item for the facts of ``sample``: one item of class I, five conversions a year, growth of 20 %."""

from typing import Any

TECHNICAL = {
    "ip_level": 7,
    "ip_support": 7,
    "ip_quantity": 7,
    "ip_obtained": 5,
    "ip_standards": 0,
    "conversion": 26,
    "system": 4,
    "institution": 4,
    "incentive": 3,
    "talent": 3,
}
FINANCE = {"net_assets": 5, "sales": 6}


def technical(leader: bool = False, **scores: Any) -> dict[str, Any]:
    return {"kind": "technical", "leader": leader, "scores": {**TECHNICAL, **scores}}


def finance(**scores: Any) -> dict[str, Any]:
    return {"kind": "finance", "leader": False, "scores": {**FINANCE, **scores}}


def panel(**changes: Any) -> list[dict[str, Any]]:
    """Five sheets of 77 points; ``changes`` go into the leader's."""
    return [technical(leader=True, **changes), technical(), technical(), technical(), finance()]
