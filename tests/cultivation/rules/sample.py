"""A FACTS object that passes every condition, to be varied by the tests."""

from copy import deepcopy
from typing import Any

CATEGORIES = (
    "personnel",
    "direct_input",
    "depreciation",
    "intangibles",
    "design",
    "commissioning",
    "other",
    "outsourced_domestic",
    "outsourced_foreign",
)


def rd(**amounts: Any) -> dict[str, Any]:
    return {key: amounts.get(key, "0.00") for key in CATEGORIES}


def year(number: int, **changes: Any) -> dict[str, Any]:
    figures = {
        "year": number,
        "sales": "10000000.00",
        "total_income": "10500000.00",
        "high_tech_income": "7000000.00",
        "net_assets_end": "5000000.00",
        "rd": rd(personnel="600000.00"),
    }
    return figures | changes


def own_patent(**changes: Any) -> dict[str, Any]:
    return {"class": 1, "kind": "invention_patent", "obtained": "own", "used_before": False} | changes


def utility_model(**changes: Any) -> dict[str, Any]:
    return {"class": 2, "kind": "utility_model", "obtained": "own", "used_before": False} | changes


PASSING: dict[str, Any] = {
    "filed_on": "2019-06-30",
    "registered_on": "2015-03-01",
    "years": [
        year(2016, sales="10000000.00", net_assets_end="5000000.00"),
        year(2017, sales="12000000.00", net_assets_end="6000000.00", rd=rd(personnel="700000.00")),
        year(2018, sales="14400000.00", net_assets_end="7200000.00", rd=rd(personnel="800000.00")),
    ],
    "employees_average": "50.5",
    "technical_average": "6.25",
    "ip": [own_patent()],
    "field_code": "四（一）1",
    "core_ip_owned": True,
    "conversions": [5, 5, 5],
    "expert_scores": {
        "ip": ["26", "26", "26", "26", "26"],
        "conversion": ["26", "26", "26", "26", "26"],
        "organisation": ["14", "14", "14", "14", "14"],
        "growth": ["11", "11", "11", "11", "11"],
    },
    "incidents": [],
}


def facts(**changes: Any) -> dict[str, Any]:
    """The passing facts with top-level changes."""
    return deepcopy(PASSING) | changes


def with_year(index: int, **changes: Any) -> dict[str, Any]:
    """The passing facts with changes in one year."""
    found = facts()
    found["years"][index] |= changes
    return found


def with_series(name: str, *values: str) -> dict[str, Any]:
    """The passing facts with one figure set through the years."""
    found = facts()
    for figures, value in zip(found["years"], values, strict=True):
        figures[name] = value
    return found
