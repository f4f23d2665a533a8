"""The innovation score: ranges by band, the panel and its sheets."""

from fractions import Fraction

import pytest

from cultivation.rules.facts import parse_facts
from cultivation.rules.intellectual_property import count_property
from cultivation.rules.rulesets import NEWEST
from cultivation.rules.score_ranges import conversion_points, ip_points
from cultivation.rules.thresholds import Points
from tests.cultivation.rules.judged import finding
from tests.cultivation.rules.sample import facts, own_patent, utility_model

RULES = NEWEST.innovation


def counted(items):
    return count_property(parse_facts({"ip": items}).ip)


@pytest.mark.parametrize(
    ("items", "low", "high"),
    [
        ([], 0, 18),
        ([own_patent()], 8, 30),
        ([own_patent(obtained="transferred")], 8, 29),
        ([utility_model()], 2, 26),
        ([utility_model()] * 2, 2, 26),
        ([utility_model()] * 3, 4, 28),
        ([utility_model()] * 4, 4, 28),
        ([utility_model()] * 5, 6, 30),
        ([utility_model(obtained="donated")] * 5, 6, 27),
        ([utility_model(used_before=True)] * 5 + [utility_model()], 2, 26),
        ([utility_model(kind="trademark")] * 9, 0, 18),
    ],
)
def test_quantity_and_way_of_obtaining_bound_the_property_points(items, low, high):
    assert ip_points(counted(items), RULES) == Points(low, high)


@pytest.mark.parametrize(
    ("average", "points"),
    [
        ("0", Points(0, 0)),
        ("1/3", None),
        ("2/3", None),
        ("1", Points(1, 6)),
        ("5/3", Points(1, 6)),
        ("2", Points(7, 12)),
        ("3", Points(13, 18)),
        ("4", Points(19, 24)),
        ("14/3", Points(19, 24)),
        ("5", Points(25, 30)),
        ("40", Points(25, 30)),
    ],
)
def test_the_yearly_average_of_conversions_chooses_the_band(average, points):
    assert conversion_points(Fraction(average), RULES) == points


def test_every_band_can_be_given_at_both_its_ends():
    for conversion in ("25", "30"):
        for growth in ("10", "12"):
            for ip in ("8", "30"):
                mapping = facts()
                mapping["expert_scores"] = {
                    "ip": [ip] * 5,
                    "conversion": [conversion] * 5,
                    "organisation": ["20"] * 5,
                    "growth": [growth] * 5,
                }
                found = finding(mapping, "innovation_score")
                total = int(ip) + int(conversion) + int(growth) + 20
                assert (found.measured, found.status) == (str(total), "pass" if total > 70 else "fail")


def test_four_experts_are_too_few():
    mapping = facts()
    mapping["expert_scores"] = {key: scores[:4] for key, scores in mapping["expert_scores"].items()}
    found = finding(mapping, "innovation_score")
    assert found.status == "manual"
    assert "不少于 5 人" in found.note


def test_sheets_of_different_length_are_not_averaged():
    mapping = facts()
    mapping["expert_scores"]["growth"].append("11")
    found = finding(mapping, "innovation_score")
    assert found.status == "manual"
    assert "人数不一致" in found.note


def test_a_sheet_left_open_is_named():
    mapping = facts()
    mapping["expert_scores"]["organisation"][2] = None
    assert "缺少 expert_scores.organisation[2]" in finding(mapping, "innovation_score").note


def panel(technical, finance, leader="technical"):
    experts = [{"kind": "technical", "leader": False} for _ in range(technical)]
    experts += [{"kind": "finance", "leader": False} for _ in range(finance)]
    next(expert for expert in experts if expert["kind"] == leader)["leader"] = True
    return experts


@pytest.mark.parametrize(
    ("experts", "status", "named"),
    [
        (panel(3, 2), "pass", ""),
        (panel(4, 1), "pass", ""),
        (panel(2, 3), "manual", "60%"),
        (panel(5, 0), "manual", "财务专家"),
        (panel(4, 1, leader="finance"), "manual", "组长"),
        (panel(4, 0), "manual", "不少于 5 人"),
        (panel(5, 1), "manual", "6 人"),
        ([{"kind": "technical"}] * 4 + [{"kind": "finance"}], "manual", "组长"),
        ([{"leader": True}, *panel(3, 1)], "manual", "experts[0].kind"),
    ],
)
def test_a_panel_that_is_given_is_checked(experts, status, named):
    found = finding(facts(experts=experts), "innovation_score")
    assert found.status == status
    assert named in found.note


def test_growth_that_a_person_judges_leaves_the_score_to_a_person():
    mapping = facts()
    mapping["years"][0]["net_assets_end"] = "-1.00"
    found = finding(mapping, "innovation_score")
    assert (found.status, found.measured) == ("manual", None)
    assert "财务专家" in found.note


def test_fewer_conversion_years_than_accounting_years_are_a_missing_fact():
    found = finding(facts(conversions=[9, 9]), "innovation_score")
    assert found.status == "manual"
    assert "conversions" in found.note
