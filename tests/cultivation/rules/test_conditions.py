"""Conditions without a figure, and what the notes of the others ask for."""

from fractions import Fraction

import pytest

from cultivation.rules.display import gap_text, money_text, percent_text, ratio_text
from tests.cultivation.rules.judged import finding, result, status
from tests.cultivation.rules.sample import facts, own_patent, rd, utility_model, with_year


@pytest.mark.parametrize("code", ["四（一）1", "四(一)1", "四（一)1", " 八（十一）12 ", "一（ 二 ）3"])
def test_a_field_code_of_three_levels_passes(code):
    assert status(facts(field_code=code), "technical_field") == "pass"


@pytest.mark.parametrize(
    "code", ["九（一）1", "十（一）1", "四", "四（一）", "4（1）1", "四（一）0", "新材料", "", "四一1"]
)
def test_an_unknown_field_code_is_for_a_person(code):
    found = finding(facts(field_code=code), "technical_field")
    assert (found.status, found.measured) == ("manual", None)
    assert "field_code" in found.note


def test_the_field_is_named_with_its_code():
    assert finding(facts(field_code="四(一)1"), "technical_field").measured == "四（一）1 新材料"


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"core_ip_owned": False}, "fail"),
        ({"core_ip_owned": False, "ip": None}, "fail"),
        ({"ip": []}, "fail"),
        ({"core_ip_owned": None}, "manual"),
        ({"ip": [utility_model(used_before=None)]}, "manual"),
        ({"ip": [own_patent(used_before=None)]}, "pass"),
        ({"ip": [own_patent(), utility_model(used_before=None)]}, "pass"),
    ],
)
def test_core_property(changes, verdict):
    assert status(facts(**changes), "core_ip") == verdict


def test_the_notes_say_what_would_make_it_pass():
    mapping = with_year(
        2, high_tech_income="6176543.21", rd=rd(personnel="100.00", outsourced_foreign="5000000.00")
    )
    assert (
        finding(mapping, "high_tech_income_share").note
        == "高新技术产品（服务）收入还差 123,456.79 元（总收入不变）"
    )
    domestic = finding(mapping, "rd_domestic_share")
    # 1,300,100 at home of 5,300,100: x more at home must give 60 %.
    assert domestic.note == "境内研发费用还差 4,699,900.00 元（境外委托不变）"
    staff = finding(facts(technical_average="5", employees_average="50.51"), "technical_staff_share")
    assert staff.note == (
        "科技人员还差 0.06 人（全年月平均，职工总数不变），按整人计 1 人；另行新聘的须 1 人（职工总数同时增加）。"
        "科技人员须累计实际工作满 183 天"
    )
    days = finding(facts(registered_on="2018-07-10"), "registered_365_days")
    assert days.note == "注册成立还差 10 天，2019-07-10 起申报可满足"


def test_hired_technical_staff_raise_both_sides():
    staff = finding(facts(technical_average="0", employees_average="90"), "technical_staff_share")
    assert "按整人计 9 人；另行新聘的须 10 人" in staff.note


def test_a_first_day_beyond_the_calendar_is_not_named():
    late = finding(facts(filed_on="9999-12-31", registered_on="9999-12-30"), "registered_365_days")
    assert late.note == "注册成立还差 364 天"


def test_a_serious_incident_is_named_with_its_document():
    incident = {"date": "2019-01-01", "kind": "quality", "serious": True, "document": "演示质监〔2019〕3号"}
    found = finding(facts(incidents=[incident]), "no_incident")
    assert (found.measured, found.limit) == ("1", "0")
    assert "2020-01-02 起申报可满足" in found.note
    assert "演示质监〔2019〕3号" in found.note


def test_the_verdict_fails_before_it_is_manual():
    assert result(facts(core_ip_owned=False, field_code=None)).verdict == "fail"
    assert result(facts(field_code=None)).verdict == "manual"


def test_every_finding_names_document_and_article():
    for found in result({}).findings:
        assert "国科发火〔2016〕32号 第十一条" in found.source


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (money_text(Fraction(1, 200)), "0.01"),
        (money_text(Fraction(-1, 200)), "-0.01"),
        (money_text(Fraction(-1, 1000)), "0.00"),
        (money_text(Fraction(12345678, 1000)), "12345.68"),
        (ratio_text(Fraction(1, 20)), "0.05"),
        (ratio_text(Fraction(2, 3)), "0.666666666667"),
        (ratio_text(Fraction(1)), "1.00"),
        (percent_text(Fraction(49999, 1000000)), "4.9999%"),
        (gap_text(Fraction(12345677001, 100000), "元"), "123,456.78 元"),
        (gap_text(Fraction(1, 1000), "元"), "0.01 元"),
    ],
)
def test_numbers_are_shown_plainly(text, expected):
    assert text == expected
