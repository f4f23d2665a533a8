"""The CSV: UTF-8 with BOM (so that Excel reads the characters), columns of the workbook, control lines at the end."""

import csv
import io

from config.common.text import harmless

from .content import COLUMNS, ListContent, content_sha256


def build_csv(content: ListContent) -> bytes:
    """Bytes of the CSV.

    Accounts and codes stand as their digits, in quotes: a file without cell types knows no better, so open it
    through the text import, or take the workbook. The control lines carry no number in the first column.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.header for column in COLUMNS])
    for line in content.lines:
        writer.writerow([harmless(column.value(line)) for column in COLUMNS])
    total = {"序号": "合计", "收款人全称": f"{content.count}笔", "金额（元）": content.total_text}
    writer.writerow([total.get(column.header, "") for column in COLUMNS])
    for label, value in (
        ("大写", content.total_in_words),
        ("清单编号", content.number),
        ("资金", harmless(content.fund)),
        ("内容校验", content_sha256(content)),
    ):
        writer.writerow([label, value, *[""] * (len(COLUMNS) - 2)])
    return buffer.getvalue().encode("utf-8-sig")
