"""The R&D ledger of one made-up firm: its lines add up to the recorded years, but for a few that raise questions."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from config.common.money import round_yuan
from config.common.workbooks import Book, Column, Value
from cultivation.rules.rd_ledger_totals import YearTable
from cultivation.workbooks.rd_ledger_columns import (
    ledger_columns,
    ledger_sheet,
    people_columns,
    project_columns,
    table_sheet,
)
from cultivation.workbooks.rd_ledger_tables import write_form

from .dossiers import yearly_figures
from .firms import DemoFirm

Cells = Mapping[str, Value]

_PROJECTS: Sequence[Cells] = (
    {"code": "RD01", "name": "轻量化铝合金型材挤压工艺（演示）", "starts_on": dt.date(2016, 1, 4)},
    {
        "code": "RD02",
        "name": "在线表面缺陷检测（演示）",
        "starts_on": dt.date(2016, 3, 1),
        "ends_on": dt.date(2018, 12, 31),
    },
)
_PEOPLE: Sequence[Cells] = (
    {"person": "演示甲", "entered_on": dt.date(2016, 1, 4)},
    {"person": "演示乙", "entered_on": dt.date(2016, 1, 4), "left_on": dt.date(2018, 6, 30)},
)
_CATEGORIES = {
    "personnel": "人员人工费用",
    "direct_input": "直接投入费用",
    "depreciation": "折旧费用与长期待摊费用",
    "other": "其他费用",
    "outsourced_domestic": "委托外部研究开发费用",
}


def ledger_workbook(firm: DemoFirm, years: range) -> bytes:
    """The workbook as the firm hands it in: projects, people, and a ledger and a table for each year."""
    figures = dict(yearly_figures(firm, years))
    with Book() as book:
        _write(
            book, "项目", [column.name for column in project_columns()], _rows(_PROJECTS, project_columns())
        )
        _write(
            book, "研发人员", [column.name for column in people_columns()], _rows(_PEOPLE, people_columns())
        )
        columns = ledger_columns()
        headers = [column.name + ("（元）" if column.key == "amount" else "") for column in columns]
        for year in years:
            lines = [*_lines(year, figures[year]), *_questions(year, last=years[-1])]
            _write(book, ledger_sheet(year), headers, _rows(lines, columns))
            table = _table(year, figures[year])
            write_form(book.add(table_sheet(year)), year, table.projects, firm=firm.name, table=table)
    return book.content


def _lines(year: int, figures: Mapping[str, Decimal]) -> Iterator[Cells]:
    """Each category of the recorded year, halved between the projects; wages in two months."""
    serial = 0
    for category, text in _CATEGORIES.items():
        first = round_yuan(figures[category] / 2)
        for project, amount in (("RD01", first), ("RD02", figures[category] - first)):
            serial += 1
            month = 4 if project == "RD01" else 5
            yield {
                "project": project,
                "booked_on": dt.date(year, month, 25),
                "voucher": f"记-{serial:04d}",
                "invoice": f"9900{year}{serial:04d}" if category in ("direct_input", "other") else "",
                "summary": f"{project} {text}",
                "category": text,
                "amount": amount,
                "payee": "演示大学" if category == "outsourced_domestic" else "",
                "abroad": "境内" if category == "outsourced_domestic" else "",
                "person": ("演示甲" if project == "RD01" else "演示乙") if category == "personnel" else "",
                "asset": "研发大楼" if category == "depreciation" and project == "RD01" else "",
            }


def _questions(year: int, *, last: int) -> Iterator[Cells]:
    """What a caseworker finds in it: mostly in the last year."""
    line: dict[str, Value] = {"project": "RD01", "booked_on": dt.date(year, 9, 10), "category": "其他费用"}
    yield line | {"voucher": "记-0091", "summary": "客户招待费", "amount": Decimal("3600.00")}
    if year < last:
        return
    material = line | {"category": "直接投入费用", "invoice": "99000001", "amount": Decimal("12800.00")}
    yield material | {"voucher": "记-0092", "summary": "试制用模具"}
    yield material | {"voucher": "记-0093", "summary": "试制用模具", "project": "RD02"}
    yield line | {"voucher": "记-0094", "summary": "退回多付检索费", "amount": Decimal("-450.00")}
    yield line | {
        "voucher": "记-0095",
        "summary": "办公用品",
        "category": "管理费用",
        "amount": Decimal("980.00"),
    }
    wages: dict[str, Value] = {
        "category": "人员人工费用",
        "person": "演示乙",
        "summary": "9月工资",
        "amount": Decimal("7200.00"),
    }
    yield {**line, **wages, "voucher": "记-0096"}
    partner: dict[str, Value] = {
        "category": "委托外部研究开发费用",
        "payee": "演示集团研究院",
        "abroad": "境内",
        "is_related_party": "是",
    }
    yield line | partner | {"voucher": "记-0097", "summary": "算法开发", "amount": Decimal("50000.00")}


def _table(year: int, figures: Mapping[str, Decimal]) -> YearTable:
    table = YearTable(year)
    for category in _CATEGORIES:
        first = round_yuan(figures[category] / 2)
        table.add("RD01", category, first)
        table.add("RD02", category, figures[category] - first)
    return table


def _rows(rows: Sequence[Cells], columns: Sequence[Column]) -> list[list[Value]]:
    return [[row.get(column.key) for column in columns] for row in rows]


def _write(book: Book, name: str, headers: Sequence[str], rows: Sequence[Sequence[Value]]) -> None:
    sheet = book.add(name)
    for number, cells in enumerate([headers, *rows]):
        for column, value in enumerate(cells):
            if value not in (None, ""):
                sheet.write(number, column, value)
