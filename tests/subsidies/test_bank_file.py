"""The bank batch file: every field, every switch of a layout, and values that no layout can hold."""

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import pytest

from subsidies.enums import BankField
from subsidies.exports import BankColumn, ContentLine, UnfitForBank, build_bank
from tests.subsidies.bank_layouts import GENERAL_LAYOUT
from tests.subsidies.test_exports import content, line


def records(*lines: ContentLine, **changes: object) -> list[list[str]]:
    layout = replace(GENERAL_LAYOUT, **changes)
    rows = build_bank(content(*lines), layout).decode(layout.encoding).split(layout.line_end)
    assert rows.pop() == ""
    return [row.split(layout.delimiter) for row in rows]


class TestGeneralLayout:
    def test_bytes_are_those_of_every_list_released_so_far(self):
        data = build_bank(content(line(1), line(2, payee_name="=1+1")), GENERAL_LAYOUT)
        assert sha256(data).hexdigest() == "698fbc66b748d4c8aabc949583871e1d63f0bba65d6b70429ce52ab27e9649e2"

    def test_the_same_content_gives_the_same_bytes(self):
        assert build_bank(content(line(1)), GENERAL_LAYOUT) == build_bank(content(line(1)), GENERAL_LAYOUT)

    def test_begins_with_the_control_figures(self):
        assert records(line(1), line(2))[:2] == [
            ["清单编号", "笔数", "合计", "大写"],
            ["ZF2019-001", "2", "160000.00", "人民币壹拾陆万元整"],
        ]

    def test_has_one_record_a_payment_in_the_banks_columns(self):
        found = records(line(1), line(2))
        assert found[2] == [column.header for column in GENERAL_LAYOUT.columns]
        assert found[3][:3] == ["1", "0012345678901234567", "演示甲科技有限公司"]
        assert len(found) == 5

    def test_a_rare_character_is_written(self):
        assert records(line(payee_name="演示𠮷公司"))[3][2] == "演示𠮷公司"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "7"),
        ("account_number", "0012345678901234567"),
        ("payee_name", "演示甲科技有限公司"),
        ("credit_code", "91990000MA5K00017Y"),
        ("bank_name", "演示银行百色支行"),
        ("clearing_code", "012345678901"),
        ("amount", "80000.00"),
        ("purpose", "高新技术企业认定奖励性补助"),
        ("subjects", "50701；2060404"),
        ("award_year", "2018"),
        ("award_number", "JL-00007"),
        ("list_number", "ZF2019-001"),
        ("released_on", "20190508"),
        ("blank", ""),
    ],
)
def test_every_field_of_the_closed_list(field, value):
    found = records(line(7), columns=(BankColumn("表头", field),))
    assert found[2:] == [["表头"], [value]]


def test_no_field_of_the_closed_list_is_forgotten():
    tested = test_every_field_of_the_closed_list.pytestmark[0].args[1]
    assert {field for field, _value in tested} == set(BankField.values)


class TestSwitches:
    ONE = (BankColumn("户名", "payee_name"),)

    def test_without_headers_the_control_record_keeps_its_figures(self):
        assert records(columns=self.ONE, has_headers=False) == [
            ["ZF2019-001", "1", "80000.00", "人民币捌万元整"],
            ["演示甲科技有限公司"],
        ]

    def test_without_the_control_record(self):
        assert records(columns=self.ONE, has_control=False) == [["户名"], ["演示甲科技有限公司"]]

    def test_without_both_only_payments(self):
        found = records(columns=self.ONE, has_control=False, has_headers=False)
        assert found == [["演示甲科技有限公司"]]

    @pytest.mark.parametrize("delimiter", [",", ";", "^", "~", "\t"])
    def test_another_delimiter_encoding_and_line_end(self, delimiter):
        data = build_bank(
            content(), replace(GENERAL_LAYOUT, delimiter=delimiter, encoding="utf-8", line_end="\n")
        )
        last = data.decode("utf-8").split("\n")[-2].split(delimiter)
        assert last[1:3] == ["0012345678901234567", "演示甲科技有限公司"]
        assert b"\r" not in data

    def test_amounts_in_fen_stand_in_lines_and_total(self):
        columns = (BankColumn("金额", "amount"),)
        lines = [line(1, amount=Decimal("0.05")), line(2, amount=Decimal("80000.50"))]
        found = records(*lines, columns=columns, in_fen=True)
        assert found[1] == ["ZF2019-001", "2", "8000055", "人民币捌万元零伍角伍分"]
        assert found[3:] == [["5"], ["8000050"]]


class TestUnfit:
    @pytest.mark.parametrize(
        ("name", "characters"),
        [
            ("甲|乙", "|"),
            ("甲\n乙", "\n"),
            ("甲\u2028乙", "\u2028"),
            ("甲\x0b", "\x0b"),
            ("甲\ud800乙", "\ud800"),
        ],
    )
    def test_a_value_the_format_cannot_hold_is_named_by_line_column_and_character(self, name, characters):
        with pytest.raises(UnfitForBank) as caught:
            build_bank(content(line(1), line(3, payee_name=name)), GENERAL_LAYOUT)
        assert (caught.value.line, caught.value.header) == (3, "收款人全称")
        assert caught.value.characters == characters

    def test_the_delimiter_counts_not_a_bar_in_general(self):
        assert records(line(payee_name="甲|乙"), delimiter="~")[3][2] == "甲|乙"
        with pytest.raises(UnfitForBank):
            records(line(payee_name="甲~乙"), delimiter="~")

    def test_a_column_that_is_not_written_may_hold_anything(self):
        columns = (BankColumn("账号", "account_number"),)
        assert records(line(payee_name="甲|乙"), columns=columns)[3] == ["0012345678901234567"]
