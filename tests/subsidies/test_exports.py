"""The files of a payment list as the programs that open them see them."""

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import openpyxl
import pytest
import python_calamine
from hypothesis import given
from hypothesis import strategies as st

from config.common.text import harmless
from subsidies.exports import (
    COLUMNS,
    ContentLine,
    ListContent,
    build_csv,
    build_xlsx,
    content_sha256,
)

RUNNABLE = ['=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "\t=1", "＝1+1", " =1"]


def line(number: int = 1, **changes: object) -> ContentLine:
    plain = ContentLine(
        number=number,
        payee_name="演示甲科技有限公司",
        credit_code="91990000MA5K00017Y",
        bank_name="演示银行百色支行",
        clearing_code="012345678901",
        account_number="0012345678901234567",
        amount=Decimal("80000.00"),
        purpose="高新技术企业认定奖励性补助",
        subjects={"functional": "2060404", "economic": "50701"},
        award_year=2018,
        award_number=f"JL-{number:05d}",
    )
    return replace(plain, **changes)


def content(*lines: ContentLine) -> ListContent:
    return ListContent(
        number="ZF2019-001",
        fund="百色市技术创新引导专项资金",
        fiscal_year=2019,
        purpose="高新技术企业认定奖励性补助",
        lines=lines or (line(),),
        drafted_by="甲",
        checked_by="乙",
        released_by="丙",
        released_on=dt.date(2019, 5, 8),
    )


def cells(data: bytes) -> list[list[object]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def table(data: bytes) -> list[dict[str, object]]:
    rows = cells(data)
    at = next(index for index, row in enumerate(rows) if row[0] == "序号")
    headers = rows[at]
    found = []
    for row in rows[at + 1 :]:
        if row[0] == "合计":
            break
        found.append(dict(zip(headers, row, strict=True)))
    return found


@pytest.mark.parametrize("build", [build_xlsx, build_csv])
def test_the_same_content_gives_the_same_bytes(build):
    assert build(content(line(1), line(2))) == build(content(line(1), line(2)))


class TestWorkbook:
    @pytest.mark.parametrize("account", ["0012345678901234567", "9999999999999999999", "000001"])
    def test_edge_case_37_accounts_and_codes_keep_every_digit(self, account):
        (row,) = table(build_xlsx(content(line(account_number=account))))
        assert row["收款账号"] == account
        assert row["联行号"] == "012345678901"

    @pytest.mark.parametrize("name", RUNNABLE)
    def test_edge_case_38_what_looks_like_a_formula_is_text(self, name):
        data = build_xlsx(content(line(payee_name=name, bank_name=name)))
        sheet = openpyxl.load_workbook(io.BytesIO(data)).active
        assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
        (row,) = table(data)
        assert row["收款人全称"] == row["开户银行"] == name

    def test_another_reader_sees_the_same(self):
        data = build_xlsx(content(line(payee_name="=1+1")))
        rows = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0).to_python()
        row = next(row for row in rows if row[1] == "=1+1")
        assert row[5] == "0012345678901234567"
        assert row[6] == 80000

    def test_head_has_number_count_total_and_words(self):
        text = "\n".join(str(row[0]) for row in cells(build_xlsx(content(line(1), line(2)))))
        assert "清单编号：ZF2019-001" in text
        assert "笔数：2" in text
        assert "合计：160000.00元" in text
        assert "人民币壹拾陆万元整" in text

    def test_foot_has_the_sum_the_boxes_and_the_hash(self):
        data = content(line(1), line(2, amount=Decimal("0.01")))
        rows = cells(build_xlsx(data))
        total = next(row for row in rows if row[0] == "合计")
        assert total[1] == "2笔"
        assert Decimal(str(total[6])) == Decimal("80000.01")
        text = "\n".join(str(value) for row in rows for value in row if value)
        assert all(part in text for part in ("制表：甲", "复核：乙", "审批放行：丙", content_sha256(data)))

    def test_prints_on_one_page_wide_with_its_header_repeated(self):
        sheet = openpyxl.load_workbook(io.BytesIO(build_xlsx(content()))).active
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_rows == "$4:$4"

    def test_an_amount_beyond_excels_digits_is_text(self):
        large = Decimal("12345678901234.56")
        (row,) = table(build_xlsx(content(line(amount=large))))
        assert row["金额（元）"] == "12345678901234.56"


class TestCsv:
    def rows(self, *lines: ContentLine) -> list[list[str]]:
        data = build_csv(content(*lines))
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))

    def test_has_the_columns_of_the_workbook_and_control_lines(self):
        rows = self.rows(line(1), line(2, amount=Decimal("0.50")))
        assert rows[0] == [column.header for column in COLUMNS]
        assert rows[1][5] == "0012345678901234567"
        assert rows[3][0:2] == ["合计", "2笔"]
        assert rows[3][6] == "80000.50"
        assert [row[0] for row in rows[4:]] == ["大写", "清单编号", "资金", "内容校验"]
        assert rows[4][1] == "人民币捌万元零伍角"
        assert rows[5][1] == "ZF2019-001"

    @pytest.mark.parametrize("name", RUNNABLE)
    def test_edge_case_38_what_looks_like_a_formula_is_led_in_by_an_apostrophe(self, name):
        assert self.rows(line(payee_name=name))[1][1] == f"'{name}"

    def test_a_name_with_comma_quote_and_line_break_survives(self):
        name = '甲,"乙"\n丙'
        assert self.rows(line(payee_name=name))[1][1] == name


class TestContent:
    def test_any_change_of_a_line_changes_the_hash(self):
        plain = content_sha256(content())
        changes = [
            {"account_number": "0012345678901234568"},
            {"amount": Decimal("80000.01")},
            {"payee_name": "乙"},
            {"clearing_code": "012345678902"},
        ]
        assert plain not in {content_sha256(content(line(**change))) for change in changes}

    def test_people_are_no_part_of_the_hash(self):
        assert content_sha256(replace(content(), released_by="丁")) == content_sha256(content())

    @given(st.text(max_size=40))
    def test_harmless_text_never_begins_like_a_formula(self, text):
        out = harmless(text)
        assert out.removeprefix("'") == text.removeprefix("'")
        assert not out.lstrip(" \u3000").startswith(
            ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
        )
