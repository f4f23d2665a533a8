"""A large ledger is taken over quickly and in bounded memory; the long form has 50,000 lines."""

import datetime as dt
import time
import tracemalloc
from decimal import Decimal

import pytest

from config.common.workbooks import Book
from cultivation.models import RdLedgerFinding, RdLedgerLine
from cultivation.selectors.rd_ledger import ledger_tables
from cultivation.selectors.rd_ledger_page import ledger_page
from cultivation.services.rd_ledger import import_ledger
from tests.cultivation.ledgers import HEADERS
from tests.factories import FirmFactory, staff

YEARS = (2016, 2017, 2018)
CATEGORIES = ("人员人工费用", "直接投入费用", "设计费用", "委托境内研发费用", "其他费用")


def large_book(lines: int) -> bytes:
    """So many lines over three years, ten projects and twenty people; each thousandth invoice comes twice."""
    with Book() as book:
        sheet = book.add("项目")
        for row, values in enumerate(
            [("项目编号", "开始日期"), *((f"RD{n:02d}", "2015-01-01") for n in range(1, 11))]
        ):
            for column, text in enumerate(values):
                sheet.write(row, column, text)
        sheet = book.add("研发人员")
        for row, values in enumerate(
            [("姓名", "进入研发日期"), *((f"演示{n}", "2015-01-01") for n in range(20))]
        ):
            for column, text in enumerate(values):
                sheet.write(row, column, text)
        for number, year in enumerate(YEARS):
            sheet = book.add(f"{year}年辅助账")
            for column, text in enumerate(HEADERS):
                sheet.write(0, column, text)
            for row, serial in enumerate(range(number, lines, len(YEARS)), start=1):
                values = (
                    f"RD{serial % 10 + 1:02d}",
                    dt.date(year, serial % 12 + 1, serial % 28 + 1),
                    f"记-{serial}",
                    f"{10**9 + serial - serial % 1000 // 999}",
                    f"演示摘要{serial}",
                    CATEGORIES[serial % len(CATEGORIES)],
                    Decimal(serial % 99_999 + 1).scaleb(-2),
                    "演示供应商",
                    None,
                    None,
                    f"演示{serial % 20}",
                    None,
                    None,
                )
                for column, value in enumerate(values):
                    sheet.write(row, column, value)
    return book.content


def take_over(lines: int, most_seconds: float) -> None:
    content, firm, actor = large_book(lines), FirmFactory(), staff().caseworker
    begun = time.process_time()
    report = import_ledger(firm=firm, content=content, original_name="大账.xlsx", actor=actor)
    spent = time.process_time() - begun
    print(f"{lines} lines, {len(content) / 2**20:.1f} MiB: {spent:.1f} s of this process")
    assert report.rows == RdLedgerLine.objects.count() == lines
    assert report.findings == RdLedgerFinding.objects.count() == lines // 1000
    tables = ledger_tables(report.ledger).counted
    assert sum(table.total for table in tables.values()) == sum(
        (Decimal(serial % 99_999 + 1).scaleb(-2) for serial in range(lines)), Decimal(0)
    )
    begun = time.process_time()
    assert ledger_page(firm) is not None
    assert time.process_time() - begun < most_seconds / 3
    assert spent < most_seconds


@pytest.mark.django_db
def test_two_thousand_lines() -> None:
    take_over(2_000, most_seconds=5)


@pytest.mark.long
@pytest.mark.django_db
def test_fifty_thousand_lines_in_less_than_fifteen_seconds() -> None:
    take_over(50_000, most_seconds=15)


@pytest.mark.long
@pytest.mark.django_db
def test_fifty_thousand_lines_in_bounded_memory() -> None:
    """What Python allocates on top of the file; a quarter of a GiB is what a worker can spare."""
    content, firm, actor = large_book(50_000), FirmFactory(), staff().caseworker
    tracemalloc.start()
    try:
        import_ledger(firm=firm, content=content, original_name="大账.xlsx", actor=actor)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    print(f"peak {peak / 2**20:.0f} MiB")
    assert peak < 256 * 2**20
