"""The ledger workbook: the empty form goes out and comes back filled; every fault is named by its place."""

import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from config.common.errors import Refused
from config.common.workbooks import RowsRefused, mark_sheets
from cultivation.rules.rd_ledger_totals import tables_of_lines
from cultivation.workbooks import read_ledger_workbook, write_ledger_template, write_tables
from cultivation.workbooks.rd_ledger_columns import Part, SheetKind, kind_of_sheet, project_code
from tests.cultivation.ledgers import HEADERS, PEOPLE, PROJECTS, book, cells, ledger_book, line, table


def read(content: bytes):
    return read_ledger_workbook(content, first_year=2015, last_year=2018)


def refused(content: bytes) -> RowsRefused:
    with pytest.raises(RowsRefused) as refusal:
        read(content)
    return refusal.value


def faults(content: bytes) -> set[tuple[str, int, str, str]]:
    return {(e.sheet, e.row, e.column, e.code) for e in refused(content).errors}


class TestTemplate:
    def filled(self) -> bytes:
        form = openpyxl.load_workbook(io.BytesIO(write_ledger_template([2016, 2017, 2018])))
        form["项目"].append(["RD01", "演示合金", dt.date(2016, 1, 1), dt.date(2018, 12, 31)])
        form["研发人员"].append(["张三", dt.date(2016, 1, 1)])
        form["2016年辅助账"].append(cells())
        form["2016年辅助账"].append(cells(凭证号="记-0002", 费用类别="人员人工费用", 人员="张三"))
        form["2018年辅助账"].append(cells(凭证日期=dt.date(2018, 2, 1), 金额=12.34))
        sheet = form["2017年结构明细表"]
        for row, amount in ((4, 30), (5, 10), (6, 20), (12, 8), (13, 5), (14, 38)):
            sheet.cell(row, 2, amount)
            sheet.cell(row, 12, amount)
        buffer = io.BytesIO()
        form.save(buffer)
        return buffer.getvalue()

    def test_filled_in_it_comes_back_clean(self) -> None:
        found = read(self.filled())
        assert found.warnings == []
        assert [(one.year, one.row, one.amount) for one in found.lines] == [
            (2016, 2, Decimal(100)),
            (2016, 3, Decimal(100)),
            (2018, 2, Decimal("12.34")),
        ]
        assert found.stated == [
            (2017, "RD01", "personnel", Decimal(10)),
            (2017, "RD01", "direct_input", Decimal(20)),
            (2017, "RD01", "outsourced_domestic", Decimal(5)),
            (2017, "RD01", "outsourced_foreign", Decimal(3)),
        ]
        assert found.years == (2016, 2017, 2018)

    def test_empty_it_holds_nothing(self) -> None:
        with pytest.raises(Refused) as refusal:
            read(write_ledger_template([2016]))
        assert refusal.value.code == "ledger_empty"

    def test_nothing_in_it_is_locked_or_runs(self) -> None:
        form = openpyxl.load_workbook(io.BytesIO(write_ledger_template([2016, 2017, 2018])))
        assert form.sheetnames[:3] == ["填报说明", "项目", "研发人员"]
        assert not any(sheet.protection.sheet for sheet in form)
        assert not any(cell.data_type == "f" for sheet in form for row in sheet.iter_rows() for cell in row)


def test_the_tables_go_out_in_the_form_and_come_back_to_the_fen() -> None:
    lines = [
        line(2, amount=Decimal("0.01")),
        line(3, project="RD02", category="outsourced_foreign", amount=Decimal("33.33")),
        line(4, year=2017, category="other", amount=Decimal("1234567.89")),
    ]
    tables = tables_of_lines(lines)
    found = read(write_tables("演示公司", tables.values()))
    assert found.lines == found.warnings == []
    assert sorted(found.stated) == sorted((one.year, one.project, one.category, one.amount) for one in lines)


class TestReading:
    def test_synonyms_units_dates_as_text_and_long_numbers(self) -> None:
        rows = [
            ["2016年研发费用辅助账"],
            [
                "研发项目编号",
                "记账日期",
                "凭证字号",
                "发票号码",
                "业务摘要",
                "费用科目",
                "发生额（万元）",
                "月份",
            ],
            ["rd1", "2016年5月3日", 12, "00123456789012345678", "材料", "直接投入", 1.23, "3月"],
            ["RD1", dt.date(2016, 5, 3), "记-2", None, "折旧", "折旧费", "-0.000001", 12],
        ]
        first, second = read(ledger_book(**{"2016年辅助账": rows})).lines
        assert (first.project, first.booked_on, first.voucher) == ("RD01", dt.date(2016, 5, 3), "12")
        assert (first.invoice, first.amount, first.month) == ("00123456789012345678", Decimal(12300), 3)
        assert (second.category, second.amount, second.month) == ("depreciation", Decimal("-0.01"), 12)

    def test_outsourced_spending_goes_by_where_it_went(self) -> None:
        given = [("境内", "委托外部研究开发费用"), ("香港", "委外研发"), (None, "委托境外研发费用")]
        lines = read(ledger_book(*(cells(境内外=at, 费用类别=text) for at, text in given))).lines
        assert [one.category for one in lines] == ["outsourced_domestic", *["outsourced_foreign"] * 2]

    def test_a_text_that_is_none_of_the_eight_is_kept_as_written(self) -> None:
        (one,) = read(ledger_book(cells(费用类别="管理费用"))).lines
        assert (one.category, one.category_text) == ("", "管理费用")

    def test_tables_alone_state_figures_without_lines(self) -> None:
        found = read(
            book({"2018年结构明细表": table(2018, RD01={"直接投入费用": 100}, RD03={"其他费用": 1})})
        )
        assert (found.lines, sorted(found.projects)) == ([], ["RD01", "RD03"])
        assert [w.code for w in found.warnings] == ["sum_differs"] * 4

    def test_hidden_and_unknown_sheets_are_named_and_not_read(self) -> None:
        content = book(
            {
                "2016年辅助账": [HEADERS, cells()],
                "项目": PROJECTS,
                "账外": [["x"]],
                "2017年辅助账": [HEADERS, cells()],
            },
            hidden=["2017年辅助账"],
        )
        found = read(content)
        assert len(found.lines) == 1
        assert {(w.sheet, w.code) for w in found.warnings} == {
            ("账外", "sheet_not_known"),
            ("2017年辅助账", "sheet_hidden"),
        }

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("2016年辅助账", SheetKind(Part.LEDGER, 2016)),
            ("研发支出辅助账2017", SheetKind(Part.LEDGER, 2017)),
            ("辅助账", SheetKind(Part.LEDGER)),
            ("2016年度研究开发费用结构明细表", SheetKind(Part.TABLE, 2016)),
            ("项目", SheetKind(Part.PROJECTS)),
            ("科技人员名单", SheetKind(Part.PEOPLE)),
            ("填报说明", SheetKind(Part.NOTES)),
            ("Sheet1", None),
        ],
    )
    def test_sheets_are_known_by_their_names(self, name, kind) -> None:
        assert kind_of_sheet(name) == kind

    @pytest.mark.parametrize(
        ("text", "code"), [("rd 7", "RD07"), ("RD00", ""), ("RD100", ""), ("项目一", "")]
    )
    def test_project_numbers(self, text, code) -> None:
        assert project_code(text) == code


class TestFaults:
    SHEET = "2016年辅助账"

    @pytest.mark.parametrize(
        ("header", "value", "code"),
        [
            ("凭证日期", "昨天", "not_a_date"),
            ("凭证日期", None, "required"),
            ("凭证号", None, "required"),
            ("金额（元）", "一百", "not_a_number"),
            ("金额（元）", 1.005, "parts_of_a_fen"),
            ("金额（元）", "=1+1", "formula_cell"),
            ("金额（元）", 1e14, "too_large"),
            ("发票号", 24432000000012345678, "numeric_invoice"),
            ("项目编号", "一号项目", "project_code"),
            ("项目编号", "RD09", "unknown_project"),
            ("所属月份", 13, "unknown_choice"),
            ("是否关联方", "也许", "not_yes_or_no"),
            ("摘要", "长" * 201, "too_long"),
        ],
    )
    def test_a_faulty_cell_is_named_by_sheet_row_and_column(self, header, value, code) -> None:
        row = cells(**{header.removesuffix("（元）"): value})
        assert faults(ledger_book(cells(), row)) == {(self.SHEET, 3, header, code)}

    def test_outsourced_spending_must_say_where_it_went(self) -> None:
        row = cells(费用类别="委托外部研究开发费用")
        assert faults(ledger_book(row)) == {(self.SHEET, 2, "境内外", "abroad_missing")}

    def test_all_faults_of_all_sheets_come_at_once(self) -> None:
        projects = [*PROJECTS, ("RD01", "又一个", "2016-13-01", None)]
        people = [*PEOPLE, ("赵六", "2017-01-01", "2016-01-01")]
        content = ledger_book(
            cells(金额="x"),
            项目=projects,
            研发人员=people,
            **{"2016年结构明细表": table(2016, RD01={"直接投入费用": -1}, RD08={})},
        )
        assert faults(content) == {
            ("项目", 4, "项目编号", "duplicate_row"),
            ("项目", 4, "开始日期", "not_a_date"),
            ("研发人员", 4, "离开日期", "period_reversed"),
            (self.SHEET, 2, "金额（元）", "not_a_number"),
            ("2016年结构明细表", 6, "RD01", "too_small"),
        }

    @pytest.mark.parametrize(
        ("sheets", "code"),
        [
            ({"辅助账": [HEADERS, cells()]}, "sheet_year_missing"),
            ({"2019年辅助账": [HEADERS, cells()]}, "sheet_year_wrong"),
            ({"2014年辅助账": [HEADERS, cells()]}, "sheet_year_wrong"),
            ({"2016年研发辅助账": [HEADERS, cells()]}, "duplicate_sheet"),
            ({f"{year}年辅助账": [HEADERS] for year in (2015, 2017, 2018)}, "too_many_years"),
        ],
    )
    def test_sheets_that_do_not_fit_are_refused(self, sheets, code) -> None:
        assert code in {error.code for error in refused(ledger_book(cells(), **sheets)).errors}

    def test_lines_need_their_projects_and_wages_their_people(self) -> None:
        content = book({self.SHEET: [HEADERS, cells(费用类别="人员人工费用", 人员="张三")]})
        assert faults(content) == {(self.SHEET, 0, "", "missing_sheet")}
        assert len(refused(content).errors) == 2

    def test_the_form_keeps_to_its_rows(self) -> None:
        rows = table(2018, RD01={"委托外部研究开发费用": 5, "境内的外部研发费用": 6})
        rows.append(["其他应收款", 7])
        rows.append(["企业填报人签字：          日  期："])
        rows.append(["其他费用", 1])
        name = "2018年结构明细表"
        assert faults(book({name: rows})) == {
            (name, 13, "RD01", "part_above_whole"),
            (name, 15, "科目", "unknown_row"),
            (name, 17, "科目", "duplicate_row"),
        }

    def test_outsourced_spending_needs_its_domestic_row(self) -> None:
        rows = [row for row in table(2018, RD01={"委托外部研究开发费用": 5}) if "境内" not in row[0]]
        assert {e.code for e in refused(book({"2018年结构明细表": rows})).errors} == {"row_missing"}

    def test_a_missing_column_is_named(self) -> None:
        rows = [header for header in HEADERS if header != "项目编号"]
        content = ledger_book(**{self.SHEET: [rows, cells()[1:]]})
        assert faults(content) == {(self.SHEET, 1, "项目编号", "missing_column")}

    def test_cells_beyond_the_limit_of_all_sheets_together_are_refused(self, monkeypatch) -> None:
        monkeypatch.setattr("config.common.workbooks.archive.MAX_CELLS", 60)
        with pytest.raises(Refused) as refusal:
            read(ledger_book(cells(), cells(), cells()))
        assert refusal.value.code == "workbook_too_large"

    def test_the_marked_copy_has_every_sheet_and_comments_on_the_faulty_cells(self) -> None:
        content = ledger_book(cells(金额="x"), cells(金额="=1+1"))
        marked = openpyxl.load_workbook(io.BytesIO(mark_sheets(content, refused(content).errors)))
        assert marked.sheetnames == ["项目", "研发人员", self.SHEET]
        assert marked[self.SHEET]["G2"].comment is not None
        assert marked[self.SHEET]["G3"].value == "=1+1"
        assert marked[self.SHEET]["G3"].data_type == "s"
