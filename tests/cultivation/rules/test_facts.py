"""Missing facts are named, malformed ones refused by their key, absurd ones never scored."""

import json
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.rules.assessment import assess
from cultivation.rules.facts import MalformedFacts, loads_facts, parse_facts
from cultivation.rules.rulesets import NEWEST, NoRuleSet, UnknownRuleSet, rule_set_named, rules_in_force
from tests.cultivation.rules.judged import finding, result
from tests.cultivation.rules.sample import CATEGORIES, PASSING, facts, own_patent, with_year


def without(path):
    """The passing facts with one key taken away, and the same with it set to null."""
    for value in ("absent", None):
        mapping = deepcopy(PASSING)
        node = mapping
        for key in path[:-1]:
            node = node[key]
        if value is None:
            node[path[-1]] = None
        else:
            del node[path[-1]]
        yield mapping


MISSING = [
    (("filed_on",), "registered_365_days", "filed_on"),
    (("filed_on",), "no_incident", "filed_on"),
    (("registered_on",), "registered_365_days", "registered_on"),
    (("years",), "rd_intensity", "years"),
    (("years",), "rd_domestic_share", "years"),
    (("years",), "high_tech_income_share", "years"),
    (("years",), "innovation_score", "years"),
    (("years", 1, "year"), "rd_intensity", "years[1].year"),
    (("years", 0, "sales"), "rd_intensity", "years[0].sales"),
    (("years", 0, "sales"), "innovation_score", "years[0].sales"),
    (("years", 2, "net_assets_end"), "innovation_score", "years[2].net_assets_end"),
    (("years", 2, "total_income"), "high_tech_income_share", "years[2].total_income"),
    (("years", 2, "high_tech_income"), "high_tech_income_share", "years[2].high_tech_income"),
    (("years", 1, "rd"), "rd_intensity", "years[1].rd"),
    (("years", 1, "rd"), "rd_domestic_share", "years[1].rd"),
    *[(("years", 0, "rd", key), "rd_intensity", f"years[0].rd.{key}") for key in CATEGORIES],
    (("employees_average",), "technical_staff_share", "employees_average"),
    (("technical_average",), "technical_staff_share", "technical_average"),
    (("ip",), "core_ip", "ip"),
    (("ip",), "innovation_score", "ip"),
    (("ip", 0, "class"), "core_ip", "ip[0].class"),
    (("ip", 0, "kind"), "core_ip", "ip[0].kind"),
    (("ip", 0, "obtained"), "innovation_score", "ip[0].obtained"),
    (("field_code",), "technical_field", "field_code"),
    (("core_ip_owned",), "core_ip", "core_ip_owned"),
    (("conversions",), "innovation_score", "conversions"),
    (("expert_scores",), "innovation_score", "expert_scores"),
    (("expert_scores", "growth"), "innovation_score", "expert_scores.growth"),
    (("incidents",), "no_incident", "incidents"),
]


@pytest.mark.parametrize(("path", "code", "named"), MISSING)
def test_a_missing_fact_makes_its_finding_manual_and_is_named(path, code, named):
    for mapping in without(path):
        found = finding(mapping, code)
        assert found.status == "manual"
        assert found.measured is None or code == "core_ip"
        assert named in found.note
        assert result(mapping).verdict == "manual"


def test_complete_facts_pass():
    answer = result(facts())
    assert [f.code.value for f in answer.findings if f.status != "pass"] == []
    assert answer.verdict == "pass"


def test_no_facts_at_all_are_nine_manual_findings():
    answer = result({}).as_json()
    assert {found["status"] for found in answer["findings"]} == {"manual"}
    assert len(answer["findings"]) == 9
    assert answer["rd"]["ratio"] is None
    assert answer["growth"]["sales"] == {"rate": None, "band": "manual"}


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"filed_on": "2019-02-29"}, "filed_on"),
        ({"filed_on": "20190630"}, "filed_on"),
        ({"filed_on": 20190630}, "filed_on"),
        ({"registered_on": "2019-07-01"}, "registered_on"),
        ({"years": {}}, "years"),
        ({"years": [None]}, "years[0]"),
        ({"years": [{"year": n} for n in (2015, 2016, 2017, 2018)]}, "years"),
        ({"years": [{"year": 2018}, {"year": 2017}]}, "years[1].year"),
        ({"years": [{"year": 2018}, {"year": 2018}]}, "years[1].year"),
        ({"years": [{"year": 2019}]}, "years[0].year"),
        ({"years": [{"year": "2018"}]}, "years[0].year"),
        ({"years": [{"year": True}]}, "years[0].year"),
        ({"years": [{"year": 2018, "sales": "-0.01"}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": "1,000.00"}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": "1.001"}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": "１"}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": "1e9"}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": ""}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": True}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": 1.5}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": Decimal("NaN")}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": Decimal("1E+400000000")}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "sales": 10**15}]}, "years[0].sales"),
        ({"years": [{"year": 2018, "rd": []}]}, "years[0].rd"),
        ({"years": [{"year": 2018, "rd": {"design": "-1"}}]}, "years[0].rd.design"),
        ({"years": [{"year": 2018, "rd": {"design": [1]}}]}, "years[0].rd.design"),
        ({"employees_average": "-1"}, "employees_average"),
        ({"employees_average": "abc"}, "employees_average"),
        ({"ip": [own_patent(**{"class": 3})]}, "ip[0].class"),
        ({"ip": [own_patent(used_before="no")]}, "ip[0].used_before"),
        ({"ip": [own_patent(kind=5)]}, "ip[0].kind"),
        ({"field_code": 4}, "field_code"),
        ({"field_code": "\ud800"}, "field_code"),
        ({"core_ip_owned": "true"}, "core_ip_owned"),
        ({"conversions": [1, 2, 3, 4]}, "conversions"),
        ({"conversions": [1, -1, 3]}, "conversions[1]"),
        ({"conversions": [1, "2", 3]}, "conversions[1]"),
        ({"conversions": 5}, "conversions"),
        ({"expert_scores": []}, "expert_scores"),
        ({"expert_scores": {"ip": ["many"]}}, "expert_scores.ip[0]"),
        ({"experts": [{"kind": "astrologer"}]}, "experts[0].kind"),
        ({"experts": [{"kind": "technical", "leader": 1}]}, "experts[0].leader"),
        ({"incidents": [{"date": "yesterday"}]}, "incidents[0].date"),
        ({"incidents": [{"kind": "gossip"}]}, "incidents[0].kind"),
        ({"incidents": ["fire"]}, "incidents[0]"),
    ],
)
def test_a_malformed_fact_is_refused_by_its_key(changes, key):
    with pytest.raises(MalformedFacts) as refused:
        parse_facts(facts(**changes))
    assert refused.value.key == key
    assert str(refused.value).startswith(f"{key}: ")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('{"filed_on": "2019-06-30", "filed_on": "2019-07-01"}', "filed_on"),
        ('{"years": [{"year": 2018, "year": 2018}]}', "year"),
        ("[]", "对象"),
        ("", "JSON"),
        ("{", "JSON"),
        ("[" * 100_000, "嵌套"),
        (b"\xff\xfe", "UTF-8"),
    ],
)
def test_text_that_is_no_facts_object_is_refused(text, named):
    with pytest.raises(MalformedFacts, match=named):
        loads_facts(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999999999999", "9" * 5000])
def test_numbers_that_are_no_amounts_are_refused_by_their_key(number):
    with pytest.raises(MalformedFacts) as refused:
        parse_facts(loads_facts(f'{{"employees_average": {number}}}'))
    assert refused.value.key == "employees_average"


def test_json_numbers_are_read_exactly():
    mapping = loads_facts('{"years": [{"year": 2018, "sales": 0.1}, {"year": 2019, "sales": 10}]}')
    years = parse_facts(mapping).years
    assert [figures.sales for figures in years] == [Decimal("0.1"), Decimal(10)]


def test_contradictory_facts_are_named_and_never_scored():
    staff = finding(facts(technical_average="60", employees_average="50"), "technical_staff_share")
    income = finding(with_year(2, high_tech_income="10500000.01"), "high_tech_income_share")
    kind = finding(facts(ip=[own_patent(kind="utility_model")]), "core_ip")
    future = {"date": "2019-07-01", "kind": "safety", "serious": True, "document": "演示"}
    incident = finding(facts(incidents=[future]), "no_incident")
    assert [found.status for found in (staff, income, kind, incident)] == ["manual"] * 4
    assert "technical_average" in staff.note
    assert "high_tech_income" in income.note
    assert "ip[0].class" in kind.note
    assert "filed_on" in incident.note


def test_zero_denominators_are_for_a_person():
    empty = facts(employees_average="0", technical_average="0")
    for figures in empty["years"]:
        figures |= {"sales": "0", "total_income": "0", "high_tech_income": "0"}
        figures["rd"] = dict.fromkeys(CATEGORIES, "0")
    for code in ("technical_staff_share", "rd_intensity", "rd_domestic_share", "high_tech_income_share"):
        assert finding(empty, code).status == "manual"


def test_the_hash_is_over_the_inputs_whatever_their_order_or_spacing():
    text = json.dumps(facts(), ensure_ascii=False)
    turned = json.dumps(dict(reversed(facts().items())), indent=4)
    hashes = {parse_facts(loads_facts(t)).inputs_sha256 for t in (text, turned, text.encode())}
    assert len(hashes) == 1
    assert parse_facts(facts(technical_average="6.26")).inputs_sha256 not in hashes


def test_dates_and_decimals_from_the_database_hash_like_their_text():
    typed = facts(filed_on=date(2019, 6, 30), employees_average=Decimal("50.5"))
    assert parse_facts(typed).inputs_sha256 == parse_facts(facts()).inputs_sha256


def test_the_rule_set_is_chosen_by_the_filing_date():
    assert rules_in_force(date(2016, 1, 1)) is NEWEST
    assert rule_set_named(NEWEST.name) is NEWEST
    with pytest.raises(NoRuleSet, match="2015-12-31"):
        rules_in_force(date(2015, 12, 31))
    with pytest.raises(UnknownRuleSet):
        rule_set_named("unheard-of")
    with pytest.raises(NoRuleSet):
        assess(parse_facts({"filed_on": "2015-12-31"}))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text("a1.-四（一） \ud800", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["year", "rd", "ip", "date"]), inner)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted([*PASSING, "experts"])), json_values))
def test_whatever_comes_in_is_judged_or_named(changes):
    try:
        facts_read = parse_facts(facts(**changes))
    except MalformedFacts as error:
        named = error.key
    else:
        named = None
    if named is not None:
        assert named.split(".")[0].split("[")[0] in {*changes, "registered_on", "years"}
        return
    try:
        json.dumps(assess(facts_read).as_json(), allow_nan=False)
    except NoRuleSet:
        assert facts_read.filed_on.year < 2016
