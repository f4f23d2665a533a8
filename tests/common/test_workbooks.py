"""Reading what others send, and writing what cannot run."""

import datetime as dt
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.common.errors import Refused, RowError
from config.common.workbooks import (
    Column,
    Kind,
    RowsRefused,
    mark_errors,
    read_any_table,
    read_csv_table,
    read_table,
    write_table,
)
from tests.workbooks import workbook

CODE = "91350100M000100Y43"  # the published example of GB 32100-2015
HALF_YEAR = dt.datetime(2019, 6, 30)  # noqa: DTZ001 - as openpyxl gives a date
NAME = Column("name", "企业名称", synonyms=("单位名称",))
CREDIT_CODE = Column("code", "统一社会信用代码", Kind.CREDIT_CODE, synonyms=("信用代码",))
AMOUNT = Column("amount", "奖励金额", Kind.MONEY, required=False)
DAY = Column("day", "发证日期", Kind.DATE, required=False)
PEOPLE = Column("people", "职工人数", Kind.INTEGER, required=False)
ACCOUNT = Column("account", "银行账号", Kind.ACCOUNT, required=False)
CLEARING = Column("clearing", "联行号", Kind.DIGITS, required=False)
ZONE = Column("zone", "高新区", Kind.BOOLEAN, required=False)
KIND = Column("kind", "类型", Kind.CHOICE, required=False, choices={"首次": "first", "重新": "renewal"})
COLUMNS = (NAME, CREDIT_CODE, AMOUNT, DAY, PEOPLE, ACCOUNT, CLEARING, ZONE, KIND)


def read(*rows, columns=COLUMNS, **kwargs):
    return read_table(workbook(*rows, **kwargs), columns)


def codes(table):
    return {(error.row, error.column, error.code) for error in table.errors}


class TestHeaders:
    def test_columns_come_in_any_order_and_by_synonyms(self):
        table = read(["信用代码", "单位名称"], [CODE, "甲公司"])
        assert table.errors == []
        assert table.rows[0].values["name"] == "甲公司"
        assert table.rows[0].values["code"] == CODE

    def test_titles_may_stand_above_and_rows_are_numbered_as_in_excel(self):
        table = read(
            ["名册"], [], ["企业名称*", "统一社会信用代码（必填）"], ["甲公司", CODE], [], ["乙公司", "x"]
        )
        assert [row.number for row in table.rows] == [4, 6]
        assert codes(table) == {(6, "统一社会信用代码（必填）", "credit_code")}

    def test_an_empty_border_of_rows_and_columns_does_not_move_the_numbers(self):
        table = read([None, "企业名称", "信用代码"], [None, "甲公司", "x"], first_row=4)
        assert codes(table) == {(5, "信用代码", "credit_code")}

    def test_a_missing_column_is_named(self):
        table = read(["企业名称", "发证日期"], ["甲公司", "昨天"])
        assert codes(table) == {(1, "统一社会信用代码", "missing_column"), (2, "发证日期", "not_a_date")}

    def test_a_file_without_header_names_what_is_needed(self):
        table = read(["甲公司", CODE])
        assert [error.code for error in table.errors] == ["no_header"]
        assert "统一社会信用代码" in table.errors[0].message

    def test_two_columns_of_one_name_are_refused(self):
        assert (1, "单位名称", "duplicate_column") in codes(
            read(["企业名称", "信用代码", "单位名称"], ["甲", CODE, "乙"])
        )

    def test_an_unknown_column_is_a_warning_but_a_running_number_is_not(self):
        table = read(["序号", "企业名称", "信用代码", "心情"], [1, "甲", CODE, "好"])
        assert table.errors == []
        assert [(w.column, w.code) for w in table.warnings] == [("心情", "unknown_column")]

    def test_a_merged_title_is_no_fault(self):
        assert read(["名册", None], ["企业名称", "信用代码"], ["甲", CODE], merged=["A1:B1"]).errors == []

    def test_a_merged_header_does_not_hide_the_other_faults(self):
        table = read(
            ["企业名称", "信用代码", "职工人数"],
            ["甲", CODE, "许多"],
            ["乙", "x", 3],
            ["丙", CODE, 3],
            merged=["A1:B1"],
        )
        found = codes(table)
        assert (1, "企业名称", "merged_header") in found
        assert (1, "统一社会信用代码", "missing_column") in found
        assert (2, "职工人数", "not_a_number") in found

    def test_a_column_under_a_merged_header_is_recognised_by_its_cells(self):
        table = read(["企业名称", "信用代码"], ["甲", CODE], ["乙", CODE], ["丙", "x"], merged=["A1:B1"])
        table.refuse_duplicates("code")
        assert (4, "统一社会信用代码", "credit_code") in codes(table)
        assert (3, "统一社会信用代码", "duplicate_row") in codes(table)

    def test_a_header_of_two_levels_is_a_merged_header(self):
        table = read(
            ["企业", None, "其他"], ["企业名称", "信用代码", "职工人数"], ["甲", CODE, 3], merged=["A1:B1"]
        )
        assert codes(table) == {(1, "企业", "merged_header")}

    def test_a_header_merged_downwards_is_refused_and_its_rows_are_no_data(self):
        table = read(["企业名称", "信用代码"], [None, "（十八位）"], ["甲", CODE], merged=["A1:A2"])
        assert codes(table) == {(1, "企业名称", "merged_header")}
        assert [row.number for row in table.rows] == [3]


class TestCells:
    @pytest.mark.parametrize(
        ("column", "cell", "value"),
        [
            ("职工人数", 12, 12),
            ("职工人数", "１，２００", 1200),
            ("发证日期", dt.date(2019, 6, 30), dt.date(2019, 6, 30)),
            ("发证日期", "2019年6月3日", dt.date(2019, 6, 3)),
            ("发证日期", "2019/6/3", dt.date(2019, 6, 3)),
            ("发证日期", "2019-06-03 00:00:00", dt.date(2019, 6, 3)),
            ("发证日期", "20190603", dt.date(2019, 6, 3)),
            ("银行账号", "６２２２ ０２１０ ０００１ ２３４５ ６７８　", "6222021000012345678"),
            ("银行账号", "0001234567", "0001234567"),
            ("联行号", 102626160013, "102626160013"),
            ("高新区", "√", True),
            ("高新区", "否", False),
            ("类型", " 重新 ", "renewal"),
        ],
    )
    def test_is_read(self, column, cell, value):
        table = read(["企业名称", "信用代码", column], ["甲", CODE, cell])
        key = next(c.key for c in COLUMNS if c.name == column)
        assert table.errors == []
        assert table.rows[0].get(key) == value
        assert type(table.rows[0].get(key)) is type(value)

    @pytest.mark.parametrize(
        ("column", "cell", "code"),
        [
            ("职工人数", "十二", "not_a_number"),
            ("职工人数", 12.5, "not_an_integer"),
            ("职工人数", -1, "too_small"),
            ("职工人数", True, "not_a_number"),
            ("发证日期", "2019-02-29", "not_a_date"),
            ("发证日期", 43646, "not_a_date"),
            ("银行账号", 6222021000012345678, "numeric_account"),
            ("银行账号", "6.22202E+18", "account_number"),
            ("联行号", "10262616001X", "not_digits"),
            ("高新区", "也许", "not_yes_or_no"),
            ("类型", "新办", "unknown_choice"),
            ("企业名称", dt.date(2019, 1, 1), "not_text"),
        ],
    )
    def test_is_refused(self, column, cell, code):
        row = {"企业名称": "甲", "信用代码": CODE} | {column: cell}
        table = read(list(row), list(row.values()))
        assert codes(table) == {(2, column, code)}

    def test_a_required_cell_left_empty_is_a_fault(self):
        assert codes(read(["企业名称", "信用代码"], [" ", CODE])) == {(2, "企业名称", "required")}

    def test_a_formula_is_refused_whatever_it_shows(self):
        table = read(["企业名称", "信用代码", "职工人数"], ["甲", CODE, "=2+3"])
        (error,) = table.errors
        assert error == RowError(2, "职工人数", "=2+3", "formula_cell", error.message)

    def test_a_formula_that_was_never_calculated_is_found(self):
        book = openpyxl.Workbook()
        book.active.append(["企业名称", "信用代码"])
        book.active.append(["=A1", CODE])
        book.active.append(["甲", CODE])
        book.active["A9"] = "=1+1"
        buffer = io.BytesIO()
        book.save(buffer)
        table = read_table(buffer.getvalue(), COLUMNS)
        assert codes(table) == {(2, "企业名称", "formula_cell"), (9, "企业名称", "formula_cell")}

    def test_merged_data_cells_are_refused_once(self):
        table = read(["企业名称", "信用代码"], ["甲", CODE], [None, CODE], merged=["A2:A3"])
        assert codes(table) == {(2, "企业名称", "merged_cells")}

    def test_text_that_looks_like_a_formula_is_text(self):
        table = read_table(write_table(["企业名称", "信用代码"], [["=1+1", CODE]]), COLUMNS)
        assert table.errors == []
        assert table.rows[0].get("name") == "=1+1"


class TestMoney:
    @pytest.mark.parametrize(
        ("header", "cell", "yuan"),
        [
            ("奖励金额（元）", "80,000.00", "80000.00"),
            ("奖励金额(万元)", 8, "80000.00"),
            ("奖励金额/万元", "8.123456", "81234.56"),
            ("奖励金额（单位：元）", 0.1, "0.10"),
            ("奖励金额（人民币元）", 90071992547409.93, "90071992547409.90"),
            ("奖励金额（元）", 0.1 + 0.2, "0.30"),
        ],
    )
    def test_the_unit_stands_in_the_header(self, header, cell, yuan):
        table = read(["企业名称", "信用代码", header], ["甲", CODE, cell])
        assert table.errors == []
        assert str(table.rows[0].get("amount")) == yuan

    def test_or_in_a_line_above_it(self):
        table = read(["", "", "单位：万元"], ["企业名称", "信用代码", "奖励金额"], ["甲", CODE, 8])
        assert table.errors == []
        assert table.rows[0].get("amount") == Decimal(80000)

    def test_without_a_unit_nothing_is_guessed(self):
        assert codes(read(["企业名称", "信用代码", "奖励金额"], ["甲", CODE, 8])) == {
            (1, "奖励金额", "unit_missing")
        }

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            ("八万", "not_a_number"),
            ("8万元", "not_a_number"),
            (0.001, "parts_of_a_fen"),
            (-1, "too_small"),
            (1e15, "inexact_number"),
            ("1,00", "not_a_number"),
            ("99999999999999999999", "too_large"),
        ],
    )
    def test_is_refused(self, cell, code):
        table = read(["企业名称", "信用代码", "奖励金额（元）"], ["甲", CODE, cell])
        assert codes(table) == {(2, "奖励金额（元）", code)}


class TestContainer:
    """What a hostile file can do to the reader."""

    HEADER = ["企业名称", "信用代码"]

    def repacked(self, name, change):
        source = zipfile.ZipFile(io.BytesIO(workbook(self.HEADER, ["甲", CODE])))
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            for info in source.infolist():
                data = source.read(info)
                target.writestr(info.filename, change(data) if info.filename == name else data)
        return buffer.getvalue()

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "unreadable_workbook"),
            (b"PK\x03\x04 nothing", "unreadable_workbook"),
            (b"\xd0\xcf\x11\xe0 old", "workbook_encrypted"),
        ],
    )
    def test_that_is_no_workbook_is_refused(self, content, code):
        with pytest.raises(Refused) as refusal:
            read_table(content, COLUMNS)
        assert refusal.value.code == code

    @pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "docProps/core.xml"])
    def test_with_a_document_type_is_refused(self, part):
        declaration = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
        content = self.repacked(
            part, lambda data: declaration + data[data.index(b"?>") + 2 if b"?>" in data else 0 :]
        )
        with pytest.raises(Refused) as refusal:
            read_table(content, COLUMNS)
        assert refusal.value.code == "workbook_unsafe"

    def test_that_inflates_beyond_the_limit_is_refused(self, monkeypatch):
        monkeypatch.setattr("config.common.workbooks.archive.MAX_INFLATED", 10_000)
        with pytest.raises(Refused) as refusal:
            read_table(self.repacked("xl/theme/theme1.xml", lambda data: data * 10), COLUMNS)
        assert refusal.value.code == "workbook_too_large"

    def test_that_understates_a_size_is_refused(self):
        content = bytearray(workbook(self.HEADER, ["甲", CODE]))
        entry = content.rindex(b"PK\x01\x02")
        content[entry + 24 : entry + 28] = (5).to_bytes(4, "little")
        with pytest.raises(Refused) as refusal:
            read_table(bytes(content), COLUMNS)
        assert refusal.value.code in {"workbook_unsafe", "unreadable_workbook"}

    @pytest.mark.parametrize("reference", [b'r="XFD1048576"', b's="0" r="XFD1048576"'])
    def test_with_one_cell_far_away_is_refused_before_it_fills_the_memory(self, reference):
        content = self.repacked(
            "xl/worksheets/sheet1.xml",
            lambda data: data.replace(
                b"</sheetData>", b'<row r="1048576"><c ' + reference + b"><v>1</v></c></row></sheetData>"
            ),
        )
        with pytest.raises(Refused) as refusal:
            read_table(content, COLUMNS)
        assert refusal.value.code == "workbook_too_large"

    def test_with_a_sheet_name_that_excel_forbids_is_read_and_marked(self):
        content = self.repacked(
            "xl/workbook.xml", lambda data: data.replace(b'name="Sheet"', b'name="a/[b]:*"')
        )
        table = read_table(content, COLUMNS)
        assert [row.get("name") for row in table.rows] == ["甲"]
        assert mark_errors(content, table.errors)

    def test_too_many_rows_are_refused(self):
        with pytest.raises(Refused) as refusal:
            read_table(workbook(self.HEADER, ["甲", CODE], ["乙", CODE]), COLUMNS, max_rows=1)
        assert refusal.value.code == "workbook_too_large"

    def test_only_the_first_visible_sheet_is_read_and_the_others_are_named(self):
        book = openpyxl.load_workbook(io.BytesIO(workbook(self.HEADER, ["甲", CODE])))
        book.create_sheet("隐藏", 0).sheet_state = "hidden"
        book.create_sheet("别的")
        book.active = 1
        buffer = io.BytesIO()
        book.save(buffer)
        table = read_table(buffer.getvalue(), COLUMNS)
        assert len(table.rows) == 1
        assert [(w.value, w.code) for w in table.warnings] == [("别的", "sheet_not_read")]

    @given(st.binary(max_size=400))
    def test_any_bytes_are_refused_or_read(self, noise):
        for content in (noise, b"PK\x03\x04" + noise):
            try:
                read_any_table(content, COLUMNS)
            except Refused:
                continue


class TestCsv:
    TEXT = "企业名称,信用代码,银行账号\r\n甲（百色）,{code},0012345678\r\n".replace("{code}", CODE)

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_is_read_in_either_encoding(self, encoding):
        table = read_any_table(self.TEXT.encode(encoding), COLUMNS)
        assert table.errors == []
        assert table.rows[0].values["name"] == "甲（百色）"
        assert table.rows[0].values["account"] == "0012345678"

    def test_a_number_kept_as_text_is_unwrapped_and_a_formula_refused(self):
        text = f'企业名称,信用代码,银行账号\n甲,{CODE},"=""0012345678"""\n=cmd|x,{CODE},\n'
        table = read_csv_table(text.encode(), COLUMNS)
        assert table.rows[0].values["account"] == "0012345678"
        assert codes(table) == {(3, "企业名称", "formula_cell")}

    def test_that_is_no_text_is_refused(self):
        with pytest.raises(Refused) as refusal:
            read_csv_table(b"\x00\x01\xff\xff", COLUMNS)
        assert refusal.value.code == "unreadable_csv"


class TestTable:
    def test_duplicates_name_the_first_row(self):
        table = read(["企业名称", "信用代码"], ["甲", CODE], ["乙", CODE.lower()], ["丙", CODE])
        table.refuse_duplicates("code")
        assert codes(table) == {(3, "信用代码", "duplicate_row"), (4, "信用代码", "duplicate_row")}
        assert all("2" in error.message for error in table.errors)

    def test_refuses_with_all_faults_in_row_order(self):
        table = read(["企业名称", "信用代码"], ["甲", "x"], ["乙", "y"])
        with pytest.raises(RowsRefused) as refusal:
            table.refuse_errors(created=0)
        assert refusal.value.details["rows"] == 2
        assert refusal.value.details["created"] == 0
        assert [error["row"] for error in refusal.value.details["errors"]] == [2, 3]
