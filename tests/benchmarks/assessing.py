"""How long judging firms takes: one of them, and ten thousand."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .harness import Benchmark, manage

BATCH = 10_000
_INTERNAL = ("personnel", "direct_input", "depreciation", "intangibles", "design", "commissioning", "other")


def facts(dice: random.Random) -> dict[str, Any]:
    """A firm with three full years, somewhere around the thresholds."""
    first_sales = dice.randrange(5_000_000_00, 250_000_000_00)

    def yuan(fen: int) -> str:
        return f"{fen // 100}.{fen % 100:02d}"

    def year(number: int) -> dict[str, Any]:
        sales = first_sales * 6 ** (number - 2016) // 5 ** (number - 2016)  # a fifth more every year
        spent = sales * dice.randrange(3, 7) // 100
        spending = {name: yuan(spent // len(_INTERNAL)) for name in _INTERNAL}
        spending |= {"outsourced_domestic": yuan(spent // 20), "outsourced_foreign": yuan(spent // 50)}
        return {
            "year": number,
            "sales": yuan(sales),
            "total_income": yuan(sales + sales // 50),
            "high_tech_income": yuan(sales * dice.randrange(50, 90) // 100),
            "net_assets_end": yuan(sales // 2),
            "rd": spending,
        }

    return {
        "filed_on": "2019-06-30",
        "registered_on": "2015-03-01",
        "years": [year(number) for number in (2016, 2017, 2018)],
        "employees_average": str(dice.randrange(20, 300)),
        "technical_average": str(dice.randrange(2, 30)),
        "ip": [{"class": 1, "kind": "invention_patent", "obtained": "own", "used_before": False}],
        "field_code": "四（一）1",
        "core_ip_owned": True,
        "conversions": [5, 5, 5],
        "expert_scores": {
            "ip": ["25"] * 5,
            "conversion": ["25"] * 5,
            "organisation": ["12", "12", "12", "13", "12"],
            "growth": ["11"] * 5,
        },
        "incidents": [],
    }


def benchmarks(directory: Path, *, short: bool = False) -> Iterator[Benchmark]:
    dice = random.Random(2019)
    one = directory / "facts.json"
    one.write_text(json.dumps(facts(dice), ensure_ascii=False), encoding="utf-8")
    many = directory / "facts.jsonl"
    with many.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(facts(dice), ensure_ascii=False) + "\n" for _ in range(BATCH))
    assess_one = manage("assess", str(one))
    yield Benchmark(
        "assess, one firm", assess_one, "manage.py version", manage("version"), runs=3 if short else 7
    )
    yield Benchmark(
        f"assess, {BATCH:,} firms",
        manage("assess", "--batch", str(many)),
        "one firm",
        assess_one,
        runs=1 if short else 3,
    )
