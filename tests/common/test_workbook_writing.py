"""Workbooks that cannot run, and copies with the faults marked."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.common.workbooks import (
    Column,
    Kind,
    mark_errors,
    read_any_table,
    read_table,
    write_table,
    write_template,
)
from tests.workbooks import workbook

CODE = "91350100M000100Y43"  # the published example of GB 32100-2015
HALF_YEAR = dt.datetime(2019, 6, 30)  # noqa: DTZ001 - as openpyxl gives a date
COLUMNS = (
    Column("name", "企业名称"),
    Column("code", "统一社会信用代码", Kind.CREDIT_CODE, synonyms=("信用代码",)),
    Column("amount", "奖励金额", Kind.MONEY, required=False),
    Column("day", "发证日期", Kind.DATE, required=False),
    Column("people", "职工人数", Kind.INTEGER, required=False),
    Column("account", "银行账号", Kind.ACCOUNT, required=False),
)


class TestWriting:
    HEADERS = ("名称", "金额（元）", "日期", "人数")
    ROW = ("=HYPERLINK(1)", Decimal("80000.00"), dt.date(2019, 6, 30), 7)

    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "{=1}", "https://x.example"])
    def test_case_38_text_can_not_run(self, text):
        sheet = openpyxl.load_workbook(io.BytesIO(write_table(["名称"], [[text]]))).active
        assert sheet["A2"].data_type == "s"
        assert sheet["A2"].value == text
        assert sheet["A2"].hyperlink is None

    def test_amounts_and_dates_are_typed(self):
        sheet = openpyxl.load_workbook(io.BytesIO(write_table(self.HEADERS, [self.ROW]))).active
        assert [cell.value for cell in sheet[2]] == ["=HYPERLINK(1)", 80000, HALF_YEAR, 7]
        assert sheet["B2"].number_format == "0.00"

    def test_case_37_nineteen_digits_and_leading_zeros_survive(self):
        content = write_table(["企业名称", "信用代码", "银行账号"], [["甲", CODE, "0012345678901234567"]])
        assert read_table(content, COLUMNS).rows[0].get("account") == "0012345678901234567"

    def test_the_same_table_gives_the_same_bytes(self):
        assert write_table(self.HEADERS, [self.ROW]) == write_table(self.HEADERS, [self.ROW])

    def test_a_float_is_refused(self):
        with pytest.raises(TypeError):
            write_table(["金额"], [[0.1]])

    def test_a_template_reads_back_as_an_empty_table(self):
        table = read_table(write_template(COLUMNS), COLUMNS)
        assert table.rows == []
        assert [error.code for error in table.errors] == ["unit_missing"]

    @given(st.text(alphabet=st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=40))
    def test_any_text_comes_back(self, text):
        sheet = openpyxl.load_workbook(io.BytesIO(write_table(["a", "b"], [[text, "x"]]))).active
        assert (sheet["A2"].value or "") == text
        assert sheet["A2"].data_type in {"s", "n"}


class TestMarking:
    def test_the_faulty_cells_are_filled_and_commented_and_nothing_is_live(self):
        content = workbook(
            ["企业名称", "信用代码", "职工人数", "发证日期"],
            ["甲", "x", "=1+1", dt.date(2019, 6, 30)],
            ["乙", CODE, 3],
        )
        table = read_table(content, COLUMNS)
        sheet = openpyxl.load_workbook(io.BytesIO(mark_errors(content, table.errors))).active
        assert sheet["B2"].comment.text.strip() == table.errors[0].message
        assert sheet["B2"].fill.start_color.rgb == "FFF8CBAD"
        assert (sheet["C2"].value, sheet["C2"].data_type) == ("=1+1", "s")
        assert sheet["C2"].comment is not None
        assert sheet["D2"].value == HALF_YEAR
        assert [cell.value for cell in sheet[3]][:3] == ["乙", CODE, 3]
        assert sheet["A3"].comment is None

    def test_a_fault_without_a_cell_marks_the_first_cell_of_its_row(self):
        content = workbook(["企业名称", "职工人数"], ["甲", 3])
        table = read_table(content, COLUMNS)
        sheet = openpyxl.load_workbook(io.BytesIO(mark_errors(content, table.errors))).active
        assert "统一社会信用代码" in sheet["A1"].comment.text

    def test_a_csv_file_becomes_a_workbook(self):
        content = f"企业名称,信用代码\n甲,x\n乙,{CODE}\n".encode("gb18030")
        sheet = openpyxl.load_workbook(
            io.BytesIO(mark_errors(content, read_any_table(content, COLUMNS).errors))
        ).active
        assert sheet["B2"].comment is not None
        assert sheet["A3"].value == "乙"
