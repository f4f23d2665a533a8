"""R&D ledgers for the tests: single lines for the rules, whole workbooks for the services and pages."""

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import openpyxl

from cultivation.rules.rd_ledger import Line, Project, Stay

HEADERS = (
    "项目编号",
    "凭证日期",
    "凭证号",
    "发票号",
    "摘要",
    "费用类别",
    "金额（元）",
    "收款方/受托方",
    "境内外",
    "是否关联方",
    "人员",
    "所属月份",
    "资产",
)
PROJECTS = (
    ("项目编号", "项目名称", "开始日期", "结束日期"),
    ("RD01", "演示合金", "2016-01-01", "2018-12-31"),
    ("RD02", "演示检测", "2016-03-01", None),
)
PEOPLE = (
    ("姓名/工号", "进入研发日期", "离开日期", "年度", "在研工作天数"),
    ("张三", "2016-01-01", None, None, None),
    ("李四", "2016-01-01", "2017-06-30", None, None),
)
TABLE_LABELS = (
    "内部研究开发费用",
    "其中：人员人工费用",
    "直接投入费用",
    "折旧费用与长期待摊费用",
    "无形资产摊销费用",
    "设计费用",
    "装备调试费用与试验费用",
    "其他费用",
    "委托外部研究开发费用",
    "其中：境内的外部研发费用",
    "研究开发费用（内、外部）小计",
)
PROJECT = Project("RD01", "", dt.date(2016, 1, 1), dt.date(2018, 12, 31))
OTHER_PROJECT = Project("RD02", "", dt.date(2016, 1, 1), None)
STAY = Stay("张三", dt.date(2016, 1, 1))


def line(row: int = 2, **changes: Any) -> Line:
    """A sound line of direct input; ``changes`` replace fields, a voucher of its own for each row."""
    fields: dict[str, Any] = {
        "year": 2016,
        "project": "RD01",
        "booked_on": dt.date(2016, 5, 20),
        "voucher": f"记-{row:04d}",
        "summary": "试制材料",
        "category": "direct_input",
        "category_text": "直接投入费用",
        "amount": Decimal("100.00"),
    } | changes
    return Line(
        sheet=changes.get("sheet", f"{fields['year']}年辅助账"),
        row=row,
        **{k: v for k, v in fields.items() if k != "sheet"},
    )


def cells(**changes: Any) -> list[Any]:
    """A row of the ledger sheet: a sound line of direct input, by header without its unit."""
    row = {
        "项目编号": "RD01",
        "凭证日期": "2016-05-20",
        "凭证号": "记-0001",
        "摘要": "试制材料",
        "费用类别": "直接投入费用",
        "金额": 100,
    } | changes
    return [row.get(header.removesuffix("（元）")) for header in HEADERS]


def table(year: int, **amounts: Mapping[str, Any]) -> list[list[Any]]:
    """The form of a year: ``RD01={"直接投入费用": 100}``, labels without 其中：."""
    codes = sorted(amounts)
    rows: list[list[Any]] = [
        [f"企业年度研究开发费用结构明细表（{year} 年度）"],
        ["单位：元"],
        ["科目", *codes, "合计"],
    ]
    rows.extend(
        [label, *(amounts[code].get(label.removeprefix("其中："), 0) for code in codes)]
        for label in TABLE_LABELS
    )
    return rows


def book(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: Sequence[str] = ()) -> bytes:
    """A workbook as a person makes it; a text that begins with ``=`` becomes a formula."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name in hidden:
            sheet.sheet_state = "hidden"
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def ledger_book(*lines: Sequence[Any], year: int = 2016, **sheets: Sequence[Sequence[Any]]) -> bytes:
    """Projects, people and the ledger of one year; ``sheets`` add or replace sheets."""
    return book({"项目": PROJECTS, "研发人员": PEOPLE, f"{year}年辅助账": [HEADERS, *lines], **sheets})
