"""Absurd input: named by its key, explained in Chinese, never an error of the program and never a score."""

import json
import re
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cultivation.rules.assessment import assess
from cultivation.rules.facts import MalformedFacts, loads_facts, parse_facts
from cultivation.rules.rulesets import NoRuleSet
from tests.cultivation.rules.sample import PASSING, facts

CHINESE = re.compile("[一-鿿]")


def refusal(text):
    with pytest.raises(MalformedFacts) as refused:
        parse_facts(loads_facts(text))
    assert CHINESE.search(refused.value.reason), refused.value.reason
    refused.value.reason.encode()
    return refused.value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "此处应为一个值"),
        ("nul", "此处应为一个值"),
        ("{", "双引号"),
        ("{'a': 1}", "双引号"),
        ('{"a" 1}', "冒号"),
        ('{"a": 1 "b": 2}', "逗号"),
        ('{"a": 1,}', ""),
        ('{"a": "x', "引号没有闭合"),
        ('{"a": "\t"}', "控制字符"),
        ('{"a": "\\x"}', "转义"),
        ('{"a": "\\ud80"}', "转义"),
        ("{} {}", "多余内容"),
        ("null", "对象"),
        ("[]", "对象"),
        ('"x"', "对象"),
        ("5", "对象"),
        ("{" * 50_000, ""),
        ('{"a":' * 50_000 + "1" + "}" * 50_000, "嵌套过深"),
    ],
)
def test_text_that_cannot_be_read_is_explained_in_chinese(text, reason):
    found = refusal(text)
    assert (found.key, reason in found.reason) == ("", True)


@pytest.mark.parametrize(
    ("text", "key", "shown"),
    [
        ('{"employees_average": NaN}', "employees_average", "非数字"),
        ('{"employees_average": -Infinity}', "employees_average", "非数字"),
        ('{"employees_average": 1e400}', "employees_average", "1E+400"),
        ('{"employees_average": 1e-400}', "employees_average", "1E-400"),
        ('{"employees_average": true}', "employees_average", "true"),
        ('{"employees_average": ""}', "employees_average", "空"),
        ('{"employees_average": []}', "employees_average", "数组"),
        ('{"employees_average": {}}', "employees_average", "对象"),
        ('{"employees_average": ' + "9" * 100_000 + "}", "employees_average", "999…"),
        ('{"employees_average": "' + "9" * 100_000 + '"}', "employees_average", "999…"),
        ('{"\\ud800": 1, "\\ud800": 2}', "�", "重复"),
        ('{"field_code": "\\ud800"}', "field_code", "�"),
        ('{"field_code": "a\\u0000"}', "field_code", "a�"),
        ('{"filed_on": "0000-01-01"}', "filed_on", "2019-06-30"),
        ('{"filed_on": "2019-06-31"}', "filed_on", "2019-06-31"),
        ('{"years": [{"year": 2015}, {"year": 2016}, {"year": 2017}, {"year": 2018}]}', "years", "4 项"),
        ('{"years": [{"year": 2017}, {"year": 2016}]}', "years[1].year", "2016 排在 2017 之后"),
        ('{"years": [{"year": 1e3}]}', "years[0].year", "1E+3"),
        ('{"years": [{"year": 2018, "sales": "-0.01"}]}', "years[0].sales", "不得为负"),
        (
            '{"years": [{"year": 2018, "gross_income": "5", "untaxed_income": "6"}]}',
            "years[0].untaxed_income",
            "",
        ),
        (
            '{"years": [{"total_assets": "5", "total_liabilities": "6", "net_assets_end": "1"}]}',
            "years[0].net_assets_end",
            "-1",
        ),
        (
            '{"years": [{"gross_income": "6", "untaxed_income": "1", "total_income": "6"}]}',
            "years[0].total_income",
            "5",
        ),
        ('{"employees_monthly": [{"opening": "-1"}]}', "employees_monthly[0].opening", "-1"),
        ('{"technical_monthly": [1]}', "technical_monthly[0]", "1"),
        ('{"conversion_items": [{"result": ""}]}', "conversion_items[0].result", "空"),
        ('{"conversion_items": [{"year": "2018"}]}', "conversion_items[0].year", "2018"),
        ('{"main_products": [{"income": "-1"}]}', "main_products[0].income", "-1"),
        ('{"main_products": [{"core_ip": "yes"}]}', "main_products[0].core_ip", "yes"),
        ('{"ip": [{"number": 5}]}', "ip[0].number", "5"),
        ('{"ip": ' + json.dumps([{}] * 10_001) + "}", "ip", "10001 项"),
    ],
)
def test_a_value_that_cannot_be_used_is_named_by_its_key(text, key, shown):
    found = refusal(text)
    assert found.key == key
    assert shown in found.reason


ODD = {"huge": 10**5000, "nan": Decimal("sNaN"), "float": 1.5, "bytes": b"1", "object": object()}


@pytest.mark.parametrize("value", ODD.values(), ids=ODD.keys())
def test_values_that_no_json_can_hold_are_refused_as_well(value):
    with pytest.raises(MalformedFacts) as refused:
        parse_facts({"technical_average": value})
    assert refused.value.key == "technical_average"


KEYS = sorted(
    {
        *PASSING,
        *PASSING["years"][0],
        *PASSING["years"][0]["rd"],
        *PASSING["ip"][0],
        *PASSING["expert_scores"],
        *("experts", "expert_sheets", "employees_monthly", "technical_monthly", "conversion_items"),
        *("main_products", "opening", "closing", "result", "income", "core_ip", "date", "document", "scores"),
        *("total_assets", "total_liabilities", "gross_income", "untaxed_income", "leader", "number"),
    }
)
plain = (
    st.none()
    | st.booleans()
    | st.integers(-(10**40), 10**40)
    | st.floats()
    | st.sampled_from(["0", "1.5", "-1", "2018", "2019-06-30", "四（一）1", "own", "safety", "technical"])
    | st.integers(2014, 2020)
    | st.text("01.-eE四\x00\ud800 ", max_size=6)
)
absurd = st.recursive(
    plain,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=6),
    max_leaves=25,
)


def judged_or_named(text):
    try:
        return assess(parse_facts(loads_facts(text))).as_json(), None
    except (MalformedFacts, NoRuleSet) as error:
        return None, getattr(error, "reason", str(error))


@settings(deadline=None, max_examples=300)
@given(st.dictionaries(st.sampled_from(KEYS), absurd, max_size=8), st.booleans())
def test_any_json_is_judged_or_named(found, on_top_of_a_good_firm):
    mapping = facts(**found) if on_top_of_a_good_firm else found
    answer, problem = judged_or_named(json.dumps(mapping))
    if answer is not None:
        json.dumps(answer, allow_nan=False, ensure_ascii=False).encode()
        assert len(answer["findings"]) == 9
    else:
        assert CHINESE.search(problem)


@settings(deadline=None)
@given(st.text() | st.binary())
def test_any_text_is_judged_or_explained(text):
    _answer, problem = judged_or_named(text)
    assert problem is None or CHINESE.search(problem)
