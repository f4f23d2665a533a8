"""Figures out of a file: a filled workbook or FACTS in JSON. Each fault is named by sheet, row, column, value, rule."""

import io
import json

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cultivation.forms.uploads import FileRefused, read_figures
from cultivation.rules.facts import parse_facts
from cultivation.workbooks.self_check import BASICS, MONTHS, NOTES, PROPERTY, YEARS, write_self_check_template
from tests.cultivation.rules.sample import PASSING, own_patent, year
from tests.cultivation.self_checks import facts

KNOWN = {"filed_on": "2019-06-30", "registered_on": "2015-03-01"}


def filled(**sheets):
    """The template with rows written under its headers; a cell by its header."""
    book = openpyxl.load_workbook(io.BytesIO(write_self_check_template()))
    names = {"basics": BASICS, "years": YEARS, "property": PROPERTY, "months": MONTHS}
    for key, rows in sheets.items():
        sheet = book[names[key]]
        headers = {cell.value: cell.column for cell in sheet[1]}
        for number, row in enumerate(rows, start=2):
            for header, value in row.items():
                sheet.cell(number, headers[header]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(content, name="figures.xlsx", *, bureau=False):
    return read_figures(SimpleUploadedFile(name, content), KNOWN, bureau=bureau)


def refused(content, *, bureau=False):
    with pytest.raises(FileRefused) as refusal:
        read(content, bureau=bureau)
    return [(fault.sheet, fault.row, fault.column, fault.code) for fault in refusal.value.faults]


def as_json(value):
    return json.dumps(value, ensure_ascii=False).encode()


pytestmark = pytest.mark.django_db


class TestWorkbook:
    def test_the_template_has_its_sheets_and_an_explanation(self):
        book = openpyxl.load_workbook(io.BytesIO(write_self_check_template()))
        assert book.sheetnames == [BASICS, YEARS, PROPERTY, MONTHS, NOTES]
        assert write_self_check_template() == write_self_check_template()

    def test_an_empty_one_gives_the_dates_alone(self):
        assert read(write_self_check_template()) == KNOWN

    def test_a_filled_one_gives_facts(self):
        content = filled(
            basics=[
                {
                    "计划申报日期": "2019-08-01",
                    "技术领域": "四（一）1",
                    "拥有核心知识产权": "是",
                    "职工全年月平均数": 50.5,
                    "一年内有无重大事故或违法": "无",
                }
            ],
            years=[
                {"年度": 2018, "销售收入（元）": "1,000.50", "期末净资产（元）": -7, "科技成果转化项数": 2},
                {"年度": 2017, "其他费用（元）": 3},
            ],
            property=[{"类型": "发明专利", "获得方式": "自主研发", "以前申报用过": "否", "登记号": "ZL1"}],
            months=[{"月份": 2, "职工月初数": 10, "职工月末数": "１１"}],
        )
        found = read(content)
        parse_facts(found)
        assert found == {
            "filed_on": "2019-08-01",
            "registered_on": "2015-03-01",
            "field_code": "四（一）1",
            "core_ip_owned": True,
            "employees_average": "50.5",
            "incidents": [],
            "years": [
                {"year": 2017, "rd": {"other": "3.00"}},
                {"year": 2018, "sales": "1000.50", "net_assets_end": "-7.00", "rd": {}},
            ],
            "conversions": [None, 2],
            "ip": [own_patent(number="ZL1")],
            "employees_monthly": [{"month": 2, "opening": "10", "closing": "11"}],
        }

    @pytest.mark.parametrize(
        ("sheets", "expected"),
        [
            (
                {"years": [{"年度": 2018, "销售收入（元）": "abc"}]},
                (YEARS, 2, "销售收入（元）", "not_a_number"),
            ),
            ({"years": [{"年度": 2018, "其他费用（元）": -1}]}, (YEARS, 2, "其他费用（元）", "too_small")),
            (
                {"years": [{"年度": 2018, "设计费用（元）": 0.001}]},
                (YEARS, 2, "设计费用（元）", "parts_of_a_fen"),
            ),
            ({"years": [{"年度": 2018, "总收入（元）": 1e15}]}, (YEARS, 2, "总收入（元）", "inexact_number")),
            ({"years": [{"年度": 2018}, {"年度": 2018}]}, (YEARS, 3, "年度", "duplicate_row")),
            ({"years": [{"销售收入（元）": 5}]}, (YEARS, 2, "年度", "required")),
            (
                {"years": [{"年度": 2018, "销售收入（元）": "=1+1"}]},
                (YEARS, 2, "销售收入（元）", "formula_cell"),
            ),
            (
                {"years": [{"年度": 2018, "科技成果转化项数": 1.5}]},
                (YEARS, 2, "科技成果转化项数", "not_an_integer"),
            ),
            ({"years": [{"年度": 2012}]}, (YEARS, 0, "years[0].year", "other_year")),
            ({"property": [{"类型": "登月"}]}, (PROPERTY, 2, "类型", "unknown_choice")),
            ({"property": [{"名称": "无类型"}]}, (PROPERTY, 2, "类型", "required")),
            ({"months": [{"月份": 13}]}, (MONTHS, 2, "月份", "too_large")),
            ({"months": [{"月份": 1, "职工月初数": 5}]}, (MONTHS, 2, "职工月末数", "half_month")),
            ({"months": [{"月份": 1}, {"月份": 1}]}, (MONTHS, 3, "月份", "duplicate_row")),
            (
                {"months": [{"月份": 1, "职工月初数": -1, "职工月末数": 1}]},
                (MONTHS, 2, "职工月初数", "too_small"),
            ),
            ({"basics": [{"注册日期": "昨天"}]}, (BASICS, 2, "注册日期", "not_a_date")),
            ({"basics": [{"拥有核心知识产权": "也许"}]}, (BASICS, 2, "拥有核心知识产权", "not_yes_or_no")),
            ({"basics": [{"技术领域": "甲"}, {"技术领域": "乙"}]}, (BASICS, 3, "技术领域", "one_row_only")),
        ],
    )
    def test_each_fault_has_its_place(self, sheets, expected):
        assert expected in refused(filled(**sheets))

    def test_amounts_in_ten_thousands_are_told_by_the_header(self):
        book = openpyxl.load_workbook(io.BytesIO(filled(years=[{"年度": 2018, "销售收入（元）": 12.5}])))
        cell = next(cell for cell in book[YEARS][1] if cell.value == "销售收入（元）")
        cell.value = "销售收入（万元）"
        buffer = io.BytesIO()
        book.save(buffer)
        assert read(buffer.getvalue())["years"][0]["sales"] == "125000.00"

    def test_another_workbook_says_which_sheets_are_needed(self):
        buffer = io.BytesIO()
        openpyxl.Workbook().save(buffer)
        assert refused(buffer.getvalue()) == [("", 0, "", "malformed")]

    @pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"", b"\xff\xfe\x00"])
    def test_a_broken_file_is_explained(self, content):
        assert len(refused(content or b" ")) == 1


class TestJson:
    def test_facts_are_taken_over_the_known_dates(self):
        given = facts(filed_on="2019-08-01", registered_on=None)
        found = read(as_json(given), "facts.json")
        assert found["filed_on"] == "2019-08-01"
        assert found["registered_on"] == KNOWN["registered_on"]
        assert parse_facts(found).ip == parse_facts(given).ip

    def test_sums_come_from_their_parts(self):
        row = year(2018, total_income=None, gross_income="10.00", untaxed_income="1.00")
        found = read(as_json({"years": [row]}), "facts.json")
        assert str(found["years"][0]["total_income"]) == "9.00"

    def test_what_experts_said_is_the_bureaus(self):
        assert [fault[2] for fault in refused(as_json(PASSING))] == ["expert_scores"]
        assert read(as_json(PASSING), bureau=True)["expert_scores"] == PASSING["expert_scores"]

    @pytest.mark.parametrize(
        ("value", "key"),
        [
            ({"years": [{"year": 2018, "sales": "-1"}]}, "years[0].sales"),
            ({"years": [{"year": 2018, "sales": "many"}]}, "years[0].sales"),
            ({"years": [{"year": 2018}, {"year": 2017}]}, "years[1].year"),
            ({"years": [{"year": 2012}]}, "years[0].year"),
            ({"years": "none"}, "years"),
            ({"ip": [{"class": 3}]}, "ip[0].class"),
            ({"ip": [{"class": 1, "kind": "moon_landing"}]}, "ip[0].kind"),
            ({"ip": [{"class": 1, "obtained": "stolen"}]}, "ip[0].obtained"),
            ({"employees_average": "-1"}, "employees_average"),
            ({"conversions": [1.5]}, "conversions[0]"),
            ({"filed_on": "soon"}, "filed_on"),
            ({"registered_on": "2020-01-01"}, "registered_on"),
            ({"incidents": [{"kind": "war"}]}, "incidents[0].kind"),
            ({"colour": "green"}, "colour"),
        ],
    )
    def test_each_fault_names_its_key(self, value, key):
        assert key in [fault[2] for fault in refused(as_json(value))]

    @pytest.mark.parametrize(
        "content", [b"[]", b"{", b'{"a": 1, "a": 2}', b"nothing", b"\xff\xff", b"[" * 100_000]
    )
    def test_what_is_no_object_is_explained(self, content):
        assert len(refused(content)) == 1

    def test_a_file_too_large_is_not_read(self, monkeypatch):
        monkeypatch.setattr("cultivation.forms.uploads._LARGEST", 10)
        assert len(refused(b" " * 11)) == 1
