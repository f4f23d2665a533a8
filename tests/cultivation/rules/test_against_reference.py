"""The rules against an independent reckoning: random facts, and every threshold hit and missed by a fen."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import parse_facts
from tests.cultivation.rules import reference
from tests.cultivation.rules.sample import CATEGORIES, facts, rd, with_series, with_year

BAND_EDGES = [5_000_000_000, 20_000_000_000]


def yuan(fen):
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def compare(mapping, other_cap):
    """Judge with both; the display strings must be the exact values rounded in their last place."""
    result = assess(parse_facts(mapping), other_cap=OtherCap(other_cap))
    answer = result.as_json()
    expected = reference.judge(mapping, other_cap)
    found = {finding["code"]: finding["status"] for finding in answer["findings"]}
    assert {code: found[code] for code in expected["statuses"]} == expected["statuses"]
    assert result.rd.ratio == expected["ratio"]
    assert result.rd.required == expected["required"]
    assert result.rd.domestic_ratio == expected["domestic_ratio"]
    for name, growth in (("net_assets", result.net_assets_growth), ("sales", result.sales_growth)):
        assert (growth.rate, growth.band) == expected[name]
    assert_near(answer["rd"]["total"], expected["total"] / Fraction(100), 2)
    assert_near(answer["rd"]["sales_total"], Fraction(expected["sales_total"], 100), 2)
    assert_near(answer["rd"]["ratio"], expected["ratio"], 12)
    assert_near(answer["rd"]["domestic_ratio"], expected["domestic_ratio"], 12)
    for row, (allowed, outsourced, total, _) in zip(
        answer["rd"]["by_year"], expected["by_year"], strict=True
    ):
        assert_near(row["other_allowed"], allowed / 100, 2)
        assert_near(row["outsourced_counted"], outsourced / 100, 2)
        assert_near(row["total"], total / 100, 2)
        assert_near(row["internal"], (total - outsourced) / 100, 2)
    return answer


def assert_near(text, exact, places):
    if exact is None:
        assert text is None
    else:
        assert abs(Fraction(text) - exact) <= Fraction(1, 2 * 10**places)


money = st.one_of(st.integers(0, 10**6), st.integers(0, 3 * 10**10), st.integers(0, 10**16), st.just(0)).map(
    yuan
)
assets = st.one_of(st.integers(-(10**8), 10**10), st.sampled_from([-1, 0, 1, 100, 10_000])).map(yuan)
heads = st.integers(0, 10**6).map(lambda n: f"{n // 1000}.{n % 1000:03d}")
expenses = st.fixed_dictionaries(dict.fromkeys(CATEGORIES, money))
edge_sales = st.sampled_from(BAND_EDGES).flatmap(
    lambda edge: st.sampled_from([edge - 1, edge, edge + 1]).map(yuan)
)


@st.composite
def random_facts(draw):
    mapping = facts(employees_average=draw(heads), technical_average=draw(heads))
    mapping["filed_on"] = "2019-06-30"
    mapping["registered_on"] = draw(
        st.dates(reference.date(2017, 1, 1), reference.date(2019, 6, 30))
    ).isoformat()
    for figures in mapping["years"]:
        figures |= {
            "sales": draw(st.one_of(money, edge_sales)),
            "total_income": draw(money),
            "high_tech_income": draw(money),
            "net_assets_end": draw(assets),
            "rd": draw(expenses),
        }
    return mapping


@settings(deadline=None, max_examples=200)
@given(random_facts(), st.sampled_from(["internal", "with_outsourced"]))
def test_random_facts_are_judged_as_the_reference_judges_them(mapping, other_cap):
    answer = compare(mapping, other_cap)
    other = {"internal": "with_outsourced", "with_outsourced": "internal"}[other_cap]
    swapped = assess(parse_facts(mapping), other_cap=OtherCap(other)).as_json()["rd"]
    alternative = answer["rd"]["other_cap_alternative"]
    assert {key: swapped[key] for key in alternative} == alternative


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**10), st.integers(0, 10**10), st.one_of(money, edge_sales), st.integers(-1, 1))
def test_research_exactly_at_the_required_share_and_one_fen_beside_it(first, second, latest, step):
    sales = [first, second, reference.fen(latest)]
    need = reference.required(sales[-1]) * sum(sales)
    at_least = -(-need.numerator // need.denominator)
    mapping = with_series("sales", *map(yuan, sales))
    mapping["years"][0]["rd"] = rd()
    mapping["years"][1]["rd"] = rd()
    mapping["years"][2]["rd"] = rd(design=yuan(max(0, at_least + step)))
    answer = compare(mapping, "internal")
    if sum(sales) and at_least + step >= 0:
        status = next(f["status"] for f in answer["findings"] if f["code"] == "rd_intensity")
        assert status == ("fail" if step < 0 else "pass")


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(-1, 1))
def test_domestic_share_at_sixty_per_cent_and_one_fen_beside_it(internal, domestic_outsourced, step):
    # internal + 0.8 home = 60 % of the whole when 0.8 abroad is two thirds of it.
    counted_at_home = internal + Fraction(4 * domestic_outsourced, 5)
    abroad = counted_at_home * Fraction(2, 3) / Fraction(4, 5)
    fen = max(0, abroad.numerator // abroad.denominator + step)
    spent = rd(
        personnel=yuan(internal), outsourced_domestic=yuan(domestic_outsourced), outsourced_foreign=yuan(fen)
    )
    mapping = facts()
    for index, figures in enumerate(mapping["years"]):
        figures["rd"] = spent if index == 1 else rd()
    compare(mapping, "internal")


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 10**12), st.integers(-1, 1))
def test_high_tech_income_at_sixty_per_cent_and_one_fen_beside_it(total_income, step):
    least = -(-total_income * 3 // 5)
    mapping = with_year(2, total_income=yuan(total_income), high_tech_income=yuan(max(0, least + step)))
    answer = compare(mapping, "internal")
    finding = next(f for f in answer["findings"] if f["code"] == "high_tech_income_share")
    if 0 <= least + step <= total_income:
        assert finding["status"] == ("fail" if step < 0 else "pass")


@settings(deadline=None, max_examples=200)
@given(st.integers(1, 10**6), st.integers(-1, 1))
def test_technical_staff_at_ten_per_cent_and_a_hundredth_of_a_head_beside_it(employees, step):
    mapping = facts(employees_average=yuan(employees * 10), technical_average=yuan(employees + step))
    answer = compare(mapping, "internal")
    finding = next(f for f in answer["findings"] if f["code"] == "technical_staff_share")
    assert finding["status"] == ("fail" if step < 0 else "pass")


@pytest.mark.parametrize("percent", [35, 25, 15, 5, 0])
@pytest.mark.parametrize("step", [-1, 0, 1])
@pytest.mark.parametrize("name", ["net_assets_end", "sales"])
def test_growth_on_every_band_edge_and_one_fen_beside_it(percent, step, name):
    first, second = 10_000_000, 10_000_000 + percent * 100_000
    third = second * (100 + percent) // 100 + step
    answer = compare(with_series(name, yuan(first), yuan(second), yuan(third)), "internal")
    bands = {35: "BAA", 25: "CBB", 15: "DCC", 5: "EDD", 0: "FFE"}
    key = "sales" if name == "sales" else "net_assets"
    assert answer["growth"][key]["band"] == bands[percent][step + 1]


@settings(deadline=None, max_examples=200)
@given(st.tuples(assets, assets, assets))
def test_growth_of_any_net_assets(values):
    compare(with_series("net_assets_end", *values), "internal")


def test_the_latest_years_sales_choose_the_band_to_the_fen():
    for edge in BAND_EDGES:
        for step in (-1, 0, 1):
            mapping = with_year(2, sales=yuan(edge + step))
            compare(mapping, "internal")
