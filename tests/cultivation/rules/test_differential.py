"""Thousands of firms that stand on the thresholds or one fen beside them, against the independent reckoning."""

import random
from datetime import date, timedelta
from fractions import Fraction

import pytest

from tests.cultivation.rules import reference, reference_score
from tests.cultivation.rules.sample import CATEGORIES, facts
from tests.cultivation.rules.test_against_reference import BAND_EDGES, compare, yuan

STEPS = (-1, 0, 1)
SHARES = (Fraction(5, 100), Fraction(15, 100), Fraction(25, 100), Fraction(35, 100), Fraction(0))
SHORT, LONG = 3_000, 60_000


def near(dice, fen):
    """An amount on the mark, or a fen to either side of it; never below zero."""
    return max(0, -(-Fraction(fen).numerator // Fraction(fen).denominator) + dice.choice(STEPS))


def grown(dice):
    """Three years whose growth is one of the bands' edges, the last one a fen more or less."""
    first = dice.choice([0, 1, 100, 10_000_000, dice.randrange(1, 10**10)])
    share = dice.choice(SHARES)
    second = Fraction(first) * (1 + share)
    return [first, int(second), near(dice, int(second) * (1 + share))]


SECOND_CLASS = ["utility_model", "software_copyright"]


def item(dice, kinds, ways):
    """Property of one of the kinds, obtained in one of the ways, usable or not."""
    kind = dice.choice(kinds)
    return {
        "class": 1 if kind in reference_score.ONE else 2,
        "kind": kind,
        "obtained": dice.choice(ways),
        "used_before": dice.random() < 0.2,
        "co_owned_used_by_other": dice.random() < 0.1,
    }


def incident(dice):
    """On the last day that counts, the day before it, the day after, or any other."""
    days = dice.choice([364, 365, 366, dice.randrange(0, 800)])
    return {
        "date": (date(2019, 6, 30) - timedelta(days=days)).isoformat(),
        "kind": dice.choice(["safety", "quality", "environment"]),
        "serious": dice.random() < 0.7,
        "document": dice.choice(["演示安监〔2019〕1号", None]),
    }


def conversions(dice):
    """In all a multiple of three (a band's edge), or one beside it."""
    total = max(0, 3 * dice.randrange(0, 6) + dice.choice(STEPS))
    first = dice.randrange(0, total + 1)
    second = dice.randrange(0, total - first + 1)
    return [first, second, total - first - second]


def scored(dice, bands):
    """Property, conversions, and five experts whose points add up to 350 or nearly so where their ranges let them;
    now and then one on the edge of a range or outside it.
    """
    kinds = dice.choice([SECOND_CLASS, SECOND_CLASS, [*SECOND_CLASS, "invention_patent", "trademark"]])
    ways = dice.choice([["own"], ["transferred", "merged"], ["own", "donated", "licensed"]])
    known = {
        "core_ip_owned": dice.random() < 0.95,
        "ip": [item(dice, kinds, ways) for _ in range(dice.choice([0, 0, 1, 2, 3, 4, 5, 6, 9]))],
        "conversions": conversions(dice),
    }
    ranges = {name: points or (1, 6) for name, points in reference_score.ranges(known, bands).items()}
    sheets = {name: [dice.randint(*points) for _ in range(5)] for name, points in ranges.items()}
    missing = 350 + dice.choice(STEPS) - sum(map(sum, sheets.values()))
    for name, points in ranges.items():
        for expert in range(5):
            least, most = (edge - sheets[name][expert] for edge in points)
            step = min(max(missing, least), most)
            sheets[name][expert] += step
            missing -= step
    for name, (low, high) in ranges.items():
        if dice.random() < 0.2:
            sheets[name][dice.randrange(5)] = dice.choice([low - 1, low, low, high, high, high + 1])
    return {**known, "expert_scores": {name: list(map(str, scores)) for name, scores in sheets.items()}}


def firm(dice):
    """A firm every figure of which has been put beside a threshold, or anywhere."""
    sales = grown(dice) if dice.random() < 0.5 else [dice.randrange(0, 3 * 10**10) for _ in range(3)]
    if dice.random() < 0.5:
        sales[2] = dice.choice(BAND_EDGES) + dice.choice(STEPS)
    required = reference.required(sales[2]) * sum(sales)
    years = []
    for index in range(3):
        spent = dict.fromkeys(CATEGORIES, 0)
        if index == 2:
            spent["design"] = near(dice, required)
        if dice.random() < 0.4:
            spent = {name: dice.randrange(0, 10**8) for name in CATEGORIES}
        if dice.random() < 0.4:
            # Other expenses at their cap: a quarter of the six before them, with or without what is outsourced.
            core = sum(spent[name] for name in CATEGORIES[:6])
            outsourced = spent["outsourced_domestic"] + spent["outsourced_foreign"]
            base = core if dice.random() < 0.5 else core + Fraction(4 * outsourced, 5)
            spent["other"] = near(dice, Fraction(base) / 4)
        if dice.random() < 0.3:
            # Abroad so much that the rest is sixty per cent: two thirds of it, before the eighty per cent.
            home = sum(spent[name] for name in CATEGORIES[:6]) + Fraction(4 * spent["outsourced_domestic"], 5)
            spent["outsourced_foreign"] = near(dice, home * Fraction(2, 3) / Fraction(4, 5))
        income = dice.randrange(0, 10**10)
        years.append(
            {
                "year": 2016 + index,
                "sales": yuan(sales[index]),
                "total_income": yuan(income),
                "high_tech_income": yuan(near(dice, Fraction(3 * income, 5))),
                "net_assets_end": "0.00",
                "rd": {name: yuan(amount) for name, amount in spent.items()},
            }
        )
    assets = grown(dice)
    if dice.random() < 0.2:
        assets[dice.randrange(3)] *= -1
    for figures, fen in zip(years, assets, strict=True):
        figures["net_assets_end"] = yuan(fen)
    bands = [reference.growth(*assets)[1], reference.growth(*sales)[1]]
    employees = dice.randrange(1, 10**5)
    days = dice.choice([364, 365, 366, dice.randrange(0, 4000)])
    return facts(
        **scored(dice, bands),
        incidents=[incident(dice) for _ in range(dice.choice([0, 0, 1, 2]))],
        filed_on="2019-06-30",
        registered_on=(date(2019, 6, 30) - timedelta(days=days)).isoformat(),
        years=years,
        employees_average=yuan(employees * 10),
        technical_average=yuan(max(0, employees + dice.choice(STEPS))),
    )


def judge(firms, seed):
    dice = random.Random(seed)
    seen = set()
    for _number in range(firms):
        answer = compare(firm(dice), dice.choice(["internal", "with_outsourced"]))
        seen |= {(found["code"], found["status"]) for found in answer["findings"]}
        seen |= {
            ("average", found["measured"])
            for found in answer["findings"]
            if found["code"] == "innovation_score"
        }
        seen |= {("growth", answer["growth"][name]["band"]) for name in answer["growth"]}
    return seen


# What a run must have met, or it has not tried the thresholds at all.
MET = (
    {
        (code, status)
        for code in (
            "registered_365_days",
            "technical_staff_share",
            "rd_intensity",
            "rd_domestic_share",
            "high_tech_income_share",
        )
        for status in ("pass", "fail")
    }
    | {
        (code, status)
        for code in ("core_ip", "innovation_score", "no_incident")
        for status in ("pass", "fail")
    }
    | {("innovation_score", "manual"), ("no_incident", "manual")}
    | {("average", average) for average in ("69.8", "70", "70.2")}
    | {("growth", band) for band in ("A", "B", "C", "D", "E", "F", "zero", "manual")}
)


def test_thousands_of_firms_beside_the_thresholds():
    assert judge(SHORT, seed=365) >= MET


@pytest.mark.long
def test_tens_of_thousands_of_firms_beside_the_thresholds():
    assert judge(LONG, seed=60) >= MET
