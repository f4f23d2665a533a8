"""The answers to a score of firms, kept word for word: ``python -m tests.cultivation.rules.answers`` writes them anew.

Assessments on record are made again by every release. A new wording of a note shows in each of them, so it is a
decision, never an accident.
"""

import json
from pathlib import Path

from cultivation.rules.assessment import assess
from cultivation.rules.facts import parse_facts
from cultivation.rules.rules_of_2016 import RULES_OF_2016
from tests.cultivation.rules.sample import facts, own_patent, rd, utility_model, with_series, with_year, year

KEPT = Path(__file__).parents[2] / "data" / "answers_of_2016.json"
MONTHS = [{"opening": "10", "closing": "12"}] * 11
SERIOUS = {"date": "2019-01-01", "kind": "safety", "serious": True, "document": "演示安监〔2019〕1号"}
FIRMS = {
    "passes": facts(),
    "nothing known": {},
    "young": facts(registered_on="2018-12-01", years=[year(2018)], conversions=[3]),
    "two years": facts(registered_on="2017-02-01", years=[year(2017), year(2018)], conversions=[5, 5]),
    "a year missing": facts(years=[year(2016), year(2018)]),
    "no property": facts(ip=[utility_model(used_before=True), own_patent(obtained="licensed")]),
    "property unclear": facts(ip=[utility_model(used_before=None), own_patent(kind="utility_model")]),
    "not the owner": facts(core_ip_owned=False, ip=[own_patent(co_owned_used_by_other=True)]),
    "unknown field": facts(field_code="九（一）1"),
    "few technical staff": facts(technical_average="3.5"),
    "months": facts(employees_average=None, employees_monthly=MONTHS, technical_average="2"),
    "months contradict": facts(employees_monthly=[*MONTHS, {"opening": "12", "closing": "12"}]),
    "a fen short": with_series("sales", "14000000.00", "14000000.00", "14000000.02"),
    "two readings": with_year(2, rd=rd(personnel="300000", other="200000", outsourced_domestic="300000")),
    "abroad": with_year(2, rd=rd(personnel="100.00", outsourced_foreign="5000000.00")),
    "other income": with_year(2, high_tech_income="6176543.21"),
    "products": facts(main_products=[{"name": "甲", "income": "3500000", "core_ip": True}]),
    "negative base": with_series("net_assets_end", "-1", "2", "3"),
    "flagged growth": with_series("net_assets_end", "100.00", "105.00", "110.25"),
    "few conversions": facts(conversions=[1, 1, 0]),
    "conversions one by one": facts(
        conversions=None, conversion_items=[{"result": "甲", "year": 2018}, {"result": "甲", "year": 2017}]
    ),
    "seventy": facts(expert_scores=facts()["expert_scores"] | {"organisation": ["7"] * 5}),
    "points outside": facts(expert_scores=facts()["expert_scores"] | {"ip": ["31", "7", "26", "26", "26"]}),
    "four experts": facts(experts=[{"kind": "finance", "leader": True}] * 4),
    "incident": facts(incidents=[SERIOUS]),
    "incident without document": facts(incidents=[SERIOUS | {"document": None}]),
}


def answers():
    """By firm and finding: status, figure and note. Limits and sources are guarded by the hash of the rule set."""
    results = {name: assess(parse_facts(mapping), RULES_OF_2016) for name, mapping in FIRMS.items()}
    return {
        name: {
            found.code.value: [found.status.value, found.measured, found.note] for found in result.findings
        }
        for name, result in results.items()
    }


if __name__ == "__main__":
    KEPT.write_text(
        json.dumps(answers(), ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
