"""Score sheets item by item: the range each figure allows, hit at both ends and missed by one point."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.assessment import assess
from cultivation.rules.facts import MalformedFacts, parse_facts
from cultivation.rules.panel import indicator_averages, panel_average
from cultivation.rules.rulesets import NEWEST
from cultivation.rules.score_ranges import score_ranges
from cultivation.rules.score_sheets import indicator_points, sheet_problems
from cultivation.rules.thresholds import Points
from tests.cultivation.rules.judged import finding
from tests.cultivation.rules.panels import finance, panel, technical
from tests.cultivation.rules.sample import facts, own_patent, utility_model, with_series

RULES = NEWEST.innovation
NAMES = {item.key: item.name for item in RULES.items}


def ranges(mapping):
    parsed = parse_facts(mapping)
    judged = assess(parsed)
    return score_ranges(parsed, RULES, judged.net_assets_growth, judged.sales_growth)


def problems(sheet, mapping):
    (seen,) = parse_facts({"expert_sheets": [sheet]}).expert_sheets
    return {problem.item: problem.code for problem in sheet_problems(seen, ranges(mapping).items)}


def sheet_with(key, points):
    return finance(**{key: points}) if key in ("net_assets", "sales") else technical(**{key: points})


def growing(name, rate):
    """Three years growing by ``rate`` per cent each."""
    second = 10_000_000 * (100 + rate) // 100
    return with_series(name, "10000000.00", f"{second}.00", f"{second * (100 + rate) // 100}.00")


BANDS = [
    ("ip_quantity", facts(ip=[own_patent()]), 7, 8),
    ("ip_quantity", facts(ip=[own_patent(), *[utility_model()] * 9]), 7, 8),
    ("ip_quantity", facts(ip=[utility_model()] * 6), 5, 6),
    ("ip_quantity", facts(ip=[utility_model()] * 5), 5, 6),
    ("ip_quantity", facts(ip=[utility_model()] * 4), 3, 4),
    ("ip_quantity", facts(ip=[utility_model()] * 3), 3, 4),
    ("ip_quantity", facts(ip=[utility_model()] * 2), 1, 2),
    ("ip_quantity", facts(ip=[utility_model()]), 1, 2),
    ("ip_quantity", facts(ip=[utility_model(used_before=True)]), 0, 0),
    ("ip_obtained", facts(ip=[own_patent()]), 1, 6),
    ("ip_obtained", facts(ip=[own_patent(), own_patent(obtained="transferred")]), 1, 6),
    ("ip_obtained", facts(ip=[own_patent(obtained="transferred")]), 1, 3),
    ("ip_obtained", facts(ip=[own_patent(obtained="donated"), own_patent(obtained="merged")]), 1, 3),
    ("ip_obtained", facts(ip=[]), 0, 0),
    ("ip_level", facts(), 0, 8),
    ("ip_support", facts(), 0, 8),
    ("ip_standards", facts(), 0, 2),
    ("conversion", facts(conversions=[5, 5, 5]), 25, 30),
    ("conversion", facts(conversions=[5, 5, 4]), 19, 24),
    ("conversion", facts(conversions=[4, 4, 4]), 19, 24),
    ("conversion", facts(conversions=[4, 4, 3]), 13, 18),
    ("conversion", facts(conversions=[3, 3, 3]), 13, 18),
    ("conversion", facts(conversions=[3, 3, 2]), 7, 12),
    ("conversion", facts(conversions=[2, 2, 2]), 7, 12),
    ("conversion", facts(conversions=[2, 2, 1]), 1, 6),
    ("conversion", facts(conversions=[1, 1, 1]), 1, 6),
    ("conversion", facts(conversions=[0, 0, 0]), 0, 0),
    ("system", facts(), 0, 6),
    ("institution", facts(), 0, 6),
    ("incentive", facts(), 0, 4),
    ("talent", facts(), 0, 4),
    *[
        (key, growing(name, rate), low, high)
        for key, name in (("net_assets", "net_assets_end"), ("sales", "sales"))
        for rate, low, high in (
            (40, 9, 10),
            (35, 9, 10),
            (34, 7, 8),
            (25, 7, 8),
            (24, 5, 6),
            (15, 5, 6),
            (14, 3, 4),
            (5, 3, 4),
            (4, 1, 2),
            (1, 1, 2),
            (0, 0, 0),
            (-10, 0, 0),
        )
    ],
]


@pytest.mark.parametrize(("key", "mapping", "low", "high"), BANDS)
def test_edge_case_14_every_item_has_its_range_hit_at_both_ends_and_missed_by_one(key, mapping, low, high):
    found = ranges(mapping).items[key]
    assert (found.points, found.is_open) == (Points(low, high), False)
    for points in (low, high):
        assert key not in problems(sheet_with(key, points), mapping)
    for points in (low - 1, high + 1):
        assert problems(sheet_with(key, points), mapping)[key] == "out_of_range"


def test_every_item_of_the_sheets_is_in_the_table_of_boundaries():
    assert {row[0] for row in BANDS} == set(NAMES)


def test_the_items_bear_what_their_indicators_bear():
    most = {}
    for item in RULES.items:
        most[item.indicator] = most.get(item.indicator, 0) + item.most
    assert most == {"ip": 32, "conversion": 30, "organisation": 20, "growth": 20}
    free = sum(item.most for item in RULES.items if item.key in ("ip_level", "ip_support", "ip_standards"))
    assert (RULES.ip_free_points, RULES.organisation_points) == (Points(0, free), Points(0, 20))


def test_the_reason_of_a_range_is_said_in_figures():
    found = ranges(facts(conversions=[5, 5, 4])).items["conversion"]
    assert (str(found.points), found.why) == ("19–24", "年平均 4.67 项")
    assert ranges(facts()).items["sales"].why == "增长率 20%，C 档"
    assert ranges(facts(ip=[utility_model()] * 3)).items["ip_quantity"].why == "Ⅱ类 3 项"


def test_edge_case_13_without_a_band_a_person_decides():
    found = ranges(facts(conversions=[1, 1, 0])).items["conversion"]
    assert (found.is_open, found.points) == (True, Points(0, 30))
    assert "条文没有档位" in found.why
    score = finding(facts(conversions=[1, 1, 0], expert_sheets=panel(conversion=3)), "innovation_score")
    assert (score.status, score.measured) == ("manual", None)


@pytest.mark.parametrize("missing", ["ip", "conversions", "years"])
def test_a_missing_fact_opens_its_items_and_leaves_the_score_to_a_person(missing):
    mapping = facts(expert_sheets=panel(), **{missing: None})
    assert any(found.is_open for found in ranges(mapping).items.values())
    assert finding(mapping, "innovation_score").status == "manual"


@pytest.mark.parametrize(
    ("sheet", "item", "code"),
    [
        (technical(conversion=None), "conversion", "score_missing"),
        (technical(conversion="26.5"), "conversion", "not_whole"),
        (technical(ip_level=-1), "ip_level", "out_of_range"),
        (technical(net_assets=5), "net_assets", "not_this_expert"),
        (finance(ip_level=5), "ip_level", "not_this_expert"),
        ({"kind": "other", "scores": {}}, "", "no_sheet"),
        ({"scores": {}}, "", "kind_missing"),
    ],
)
def test_what_is_wrong_with_a_sheet_is_named_by_item_and_rule(sheet, item, code):
    assert problems(sheet, facts())[item] == code
    found = finding(facts(expert_sheets=[*panel(), sheet]), "innovation_score")
    assert (found.status, found.measured) == ("manual", None)
    assert f"expert_sheets[5]{'.' + item if item else ''} " in found.note


def test_an_unknown_item_and_a_sheet_without_scores_are_malformed():
    for sheet, key in (
        (technical(charm=5), "expert_sheets[0].scores.charm"),
        ({"kind": "technical"}, "expert_sheets[0].scores"),
        ({"kind": "leader", "scores": {}}, "expert_sheets[0].kind"),
    ):
        with pytest.raises(MalformedFacts) as malformed:
            parse_facts({"expert_sheets": [sheet]})
        assert malformed.value.key == key


def test_the_bonus_never_lifts_the_property_over_thirty():
    full = {"ip_level": 8, "ip_support": 8, "ip_quantity": 8, "ip_obtained": 6}
    for bonus, total in ((0, 30), (1, 30), (2, 30)):
        (sheet,) = parse_facts({"expert_sheets": [technical(**full, ip_standards=bonus)]}).expert_sheets
        assert indicator_points(sheet, RULES.items, RULES.ip_most)["ip"] == total
    (sheet,) = parse_facts(
        {"expert_sheets": [technical(**(full | {"ip_obtained": 5}), ip_standards=1)]}
    ).expert_sheets
    assert indicator_points(sheet, RULES.items, RULES.ip_most)["ip"] == 30


def test_technical_and_finance_experts_are_averaged_over_their_own_sheets():
    found = finding(facts(expert_sheets=panel()), "innovation_score")
    assert (found.status, found.measured) == ("pass", "77")
    # One point more of the leader is a quarter of a point: four technical experts fill in that sheet.
    assert finding(facts(expert_sheets=panel(talent=4)), "innovation_score").measured == "77.25"
    # One point more of the only finance expert is a whole point.
    sheets = [*panel()[:4], finance(net_assets=6)]
    assert finding(facts(expert_sheets=sheets), "innovation_score").measured == "78"


@pytest.mark.parametrize(
    ("talent", "measured", "status", "gap"),
    [
        ((3, 3, 3, 3), "70", "fail", "专家组平均分恰为 70 分，须高于 70 分（不含）"),
        ((4, 3, 3, 3), "70.25", "pass", ""),
        ((2, 3, 3, 3), "69.75", "fail", "专家组平均分还差 0.25 分，且须高于 70 分（不含）"),
    ],
)
def test_edge_case_15_the_average_of_sheets_must_exceed_70(talent, measured, status, gap):
    low = {"ip_level": 3, "ip_support": 4}
    sheets = [technical(leader=not index, **low, talent=points) for index, points in enumerate(talent)]
    found = finding(facts(expert_sheets=[*sheets, finance()]), "innovation_score")
    assert (found.measured, found.status) == (measured, status)
    assert found.note.startswith(gap)


@pytest.mark.parametrize(
    ("sheets", "named"),
    [
        ([], "缺少 expert_sheets"),
        (panel()[:3] + panel()[4:], "不少于 5 人"),
        ([technical(True), technical(), finance(), finance(), finance()], "60%"),
        ([technical(True), *[technical()] * 4], "没有财务专家"),
        ([*[technical()] * 4, finance()], "有且仅有一名组长"),
        ([technical(True), technical(True), technical(), technical(), finance()], "有且仅有一名组长"),
        ([*[technical()] * 4, finance() | {"leader": True}], "有且仅有一名组长"),
    ],
)
def test_a_panel_that_is_not_in_order_leaves_the_score_to_a_person(sheets, named):
    found = finding(facts(expert_sheets=sheets), "innovation_score")
    assert (found.status, found.measured) == ("manual", None)
    assert named in found.note


def test_three_of_five_technical_experts_are_sixty_per_cent():
    sheets = [technical(True), technical(), technical(), finance(), finance()]
    assert finding(facts(expert_sheets=sheets), "innovation_score").status == "pass"


def test_sheets_take_the_place_of_scores_by_indicator():
    mapping = facts(expert_sheets=panel())
    mapping["expert_scores"] = {"ip": ["99"]}
    assert finding(mapping, "innovation_score").measured == "77"


# Properties: any sheet inside the ranges, and any sheet with one item outside.
INSIDE = ranges(facts()).items


def points_for(kind):
    return st.fixed_dictionaries(
        {
            key: st.integers(found.points.low, found.points.high)
            for key, found in INSIDE.items()
            if found.item.expert == kind
        }
    )


@given(st.data())
def test_a_sheet_inside_its_ranges_stays_inside_the_range_of_each_indicator(data):
    kind = data.draw(st.sampled_from(["technical", "finance"]))
    sheet = {"kind": kind, "scores": data.draw(points_for(kind))}
    assert problems(sheet, facts()) == {}
    (seen,) = parse_facts({"expert_sheets": [sheet]}).expert_sheets
    bounds = ranges(facts()).indicators
    for indicator, total in indicator_points(seen, RULES.items, RULES.ip_most).items():
        assert total in bounds[indicator]


@given(st.data())
def test_one_item_outside_its_range_is_one_problem(data):
    kind = data.draw(st.sampled_from(["technical", "finance"]))
    scores = data.draw(points_for(kind))
    key = data.draw(st.sampled_from(sorted(scores)))
    allowed = INSIDE[key].points
    scores[key] = data.draw(st.integers(-1000, allowed.low - 1) | st.integers(allowed.high + 1, 1000))
    assert problems({"kind": kind, "scores": scores}, facts()) == {key: "out_of_range"}


@given(
    st.lists(points_for("technical"), min_size=3, max_size=9),
    st.lists(points_for("finance"), min_size=1, max_size=4),
)
def test_the_average_of_a_panel_is_exact(technical_scores, finance_scores):
    sheets = [{"kind": "technical", "scores": scores} for scores in technical_scores]
    sheets += [{"kind": "finance", "scores": scores} for scores in finance_scores]
    seen = parse_facts({"expert_sheets": sheets}).expert_sheets
    property_points = [
        min(30, sum(points for key, points in scores.items() if key.startswith("ip_")))
        for scores in technical_scores
    ]
    rest = [
        sum(points for key, points in scores.items() if not key.startswith("ip_"))
        for scores in technical_scores
    ]
    expected = Fraction(sum(property_points) + sum(rest), len(technical_scores)) + Fraction(
        sum(sum(scores.values()) for scores in finance_scores), len(finance_scores)
    )
    assert panel_average(seen, RULES) == expected
    assert sum(indicator_averages(seen, RULES).values()) == expected
