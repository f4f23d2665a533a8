"""The Excel workbook for the finance office: text stays text, amounts are numbers, ready to print and sign."""

import datetime as dt
import io

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from documents.api import chinese_date

from .content import COLUMNS, ContentLine, ListContent, content_sha256

_AMOUNT_AT = next(index for index, column in enumerate(COLUMNS) if column.is_amount)
_HEADER_ROW = 3
# Excel keeps 15 significant digits; a larger amount would be shown wrong, so it is written as text.
_LARGEST_NUMBER = 10**13
_FONT = {"font_name": "宋体", "font_size": 10, "valign": "vcenter"}
_PAPER_A4 = 9


def build_xlsx(content: ListContent) -> bytes:
    """Bytes of the workbook: every cell but the amounts is a text cell, so no value can run as a formula.

    No cells are merged, so that the sheet can be sorted, filtered and read in again.
    """
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    midnight = dt.datetime.combine(content.released_on, dt.time())
    workbook.set_properties({"title": f"支付清单 {content.number}", "created": midnight})
    sheet = workbook.add_worksheet(content.number)
    formats = {name: workbook.add_format({**_FONT, **style}) for name, style in _STYLES.items()}
    _set_up_page(sheet, content)
    _write_head(sheet, content, formats)
    row = _HEADER_ROW + 1
    for line in content.lines:
        _write_line(sheet, row, line, formats)
        row += 1
    _write_foot(sheet, row, content, formats)
    workbook.close()
    return buffer.getvalue()


_CELL = {"border": 1, "text_wrap": True, "num_format": "@"}
_STYLES: dict[str, dict[str, object]] = {
    "title": {"font_size": 16, "bold": True, "align": "center_across"},
    "note": {"num_format": "@"},
    "head": {"border": 1, "bold": True, "align": "center", "text_wrap": True, "bg_color": "#E7EDF3"},
    "text": _CELL,
    "amount": {"border": 1, "num_format": "#,##0.00", "align": "right"},
    "total": {"border": 1, "num_format": "#,##0.00", "align": "right", "bold": True},
    "bold": {**_CELL, "bold": True},
    "words": {"num_format": "@", "bold": True},
    "box": {"border": 1, "valign": "top", "text_wrap": True},
    "small": {"font_size": 8, "font_color": "#666666"},
}


def _set_up_page(sheet: Worksheet, content: ListContent) -> None:
    for index, column in enumerate(COLUMNS):
        sheet.set_column(index, index, column.width)
    sheet.set_landscape()
    sheet.set_paper(_PAPER_A4)
    sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.freeze_panes(_HEADER_ROW + 1, 2)
    sheet.set_footer(f"&L{content.number}&R第 &P 页　共 &N 页")


def _write_head(sheet: Worksheet, content: ListContent, formats: dict[str, Format]) -> None:
    sheet.set_row(0, 30)
    sheet.write_string(0, 0, f"{content.fund}支付清单", formats["title"])
    for index in range(1, len(COLUMNS)):
        sheet.write_blank(0, index, None, formats["title"])
    released = chinese_date(content.released_on)
    sheet.write_string(
        1,
        0,
        f"清单编号：{content.number}　　财政年度：{content.fiscal_year}　　用途：{content.purpose}　　日期：{released}",
        formats["note"],
    )
    sheet.write_string(
        2,
        0,
        f"笔数：{content.count}　　合计：{content.total_text}元　　大写：{content.total_in_words}",
        formats["note"],
    )
    sheet.set_row(_HEADER_ROW, 24)
    for index, column in enumerate(COLUMNS):
        sheet.write_string(_HEADER_ROW, index, column.header, formats["head"])


def _write_line(sheet: Worksheet, row: int, line: ContentLine, formats: dict[str, Format]) -> None:
    sheet.set_row(row, 28)
    for index, column in enumerate(COLUMNS):
        if column.is_amount and abs(line.amount) < _LARGEST_NUMBER:
            sheet.write_number(row, index, line.amount, formats["amount"])
        else:
            sheet.write_string(row, index, column.value(line), formats["text"])


def _write_foot(sheet: Worksheet, row: int, content: ListContent, formats: dict[str, Format]) -> None:
    sheet.set_row(row, 22)
    for index in range(len(COLUMNS)):
        sheet.write_blank(row, index, None, formats["bold"])
    sheet.write_string(row, 0, "合计", formats["bold"])
    sheet.write_string(row, 1, f"{content.count}笔", formats["bold"])
    if content.total < _LARGEST_NUMBER:
        sheet.write_number(row, _AMOUNT_AT, content.total, formats["total"])
    else:
        sheet.write_string(row, _AMOUNT_AT, content.total_text, formats["bold"])
    sheet.write_string(row + 1, 0, f"大写：{content.total_in_words}", formats["words"])
    sheet.set_row(row + 3, 66)
    for column, label, person in (
        (1, "制表", content.drafted_by),
        (3, "复核", content.checked_by),
        (7, "审批放行", content.released_by),
    ):
        sheet.write_string(row + 3, column, f"{label}：{person}\n\n签章：\n日期：", formats["box"])
    sheet.write_string(row + 5, 0, f"内容校验（SHA-256）：{content_sha256(content)}", formats["small"])
