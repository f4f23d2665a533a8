"""The firm's own table of the year (195号 附件2 五, 企业年度研究开发费用结构明细表), read and written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.errors import RowError
from config.common.text import fold
from config.common.workbooks import Book, Row, Sheet, Table, Tables
from cultivation.enums import RdCategory
from cultivation.rules.rd_ledger_totals import INTERNAL_KEYS, OUTSOURCED_KEYS, YearTable

from .rd_ledger_columns import CATEGORIES, OUTSOURCED, table_sheet

_INTERNAL, _OUTSOURCED, _TOTAL = "internal", "outsourced", "total"
# The rows of the form in its own words, in its order.
FORM_ROWS: tuple[tuple[str, str], ...] = (
    (_INTERNAL, "内部研究开发费用"),
    (RdCategory.PERSONNEL.value, "其中：人员人工费用"),
    (RdCategory.DIRECT_INPUT.value, "直接投入费用"),
    (RdCategory.DEPRECIATION.value, "折旧费用与长期待摊费用"),
    (RdCategory.INTANGIBLES.value, "无形资产摊销费用"),
    (RdCategory.DESIGN.value, "设计费用"),
    (RdCategory.COMMISSIONING.value, "装备调试费用与试验费用"),
    (RdCategory.OTHER.value, "其他费用"),
    (_OUTSOURCED, "委托外部研究开发费用"),
    (RdCategory.OUTSOURCED_DOMESTIC.value, "其中：境内的外部研发费用"),
    (_TOTAL, "研究开发费用（内、外部）小计"),
)
_SUMS: Mapping[str, tuple[str, ...]] = {
    _INTERNAL: INTERNAL_KEYS,
    _OUTSOURCED: OUTSOURCED_KEYS,
    _TOTAL: (*INTERNAL_KEYS, *OUTSOURCED_KEYS),
}
_LABELS: Mapping[str, str] = {
    **CATEGORIES,
    **dict.fromkeys(OUTSOURCED, _OUTSOURCED),
    **{fold(text): _INTERNAL for text in ("内部研究开发费用", "内部研究开发投入额", "内部研发费用")},
    **{
        fold(text): _TOTAL
        for text in (
            "研究开发费用（内、外部）小计",
            "研究开发投入额（内、外部）小计",
            "研究开发费用小计",
            "小计",
            "合计",
            "总计",
        )
    },
}
_TITLE = "企业年度研究开发费用结构明细表"
_NOTHING = Decimal("0.00")


def read_stated(tables: Tables, name: str, table: Table) -> Iterator[tuple[str, str, Decimal]]:
    """Project, category and yuan of each figure that is not zero.

    Outsourced spending abroad is the outsourced row less its domestic part. Sums that do not add up are
    warnings, for the form rounds to 0.01 万元; a row that is not of the form and holds a figure is a fault.
    """
    rows = _rows(tables, name, table)
    projects = [column.key for column in table.columns if column.key.startswith("RD")]
    figures = {label: {code: row.get(code) or _NOTHING for code in projects} for label, row in rows.items()}
    if any(figures.get(_OUTSOURCED, {}).values()) and RdCategory.OUTSOURCED_DOMESTIC not in rows:
        message = _("The row of the domestic part is missing; put 0 where all of it went abroad.")
        tables.fault(name, rows[_OUTSOURCED], "label", "row_missing", message)
    for code in projects:
        outsourced = figures.get(_OUTSOURCED, {}).get(code)
        domestic = figures.get(RdCategory.OUTSOURCED_DOMESTIC, {}).get(code, _NOTHING)
        if outsourced is not None:
            if domestic > outsourced:
                message = _("The domestic part is larger than all outsourced spending.")
                row = rows[RdCategory.OUTSOURCED_DOMESTIC.value]
                tables.fault(name, row, code, "part_above_whole", message)
            figures.setdefault(RdCategory.OUTSOURCED_FOREIGN.value, {})[code] = outsourced - domestic
        for category in (*INTERNAL_KEYS, *OUTSOURCED_KEYS):
            amount = figures.get(category, {}).get(code)
            if amount:
                yield code, category, amount
    table.warnings.extend(_differing_sums(table, name, rows, figures))


def _rows(tables: Tables, name: str, table: Table) -> dict[str, Row]:
    """The rows of the form by what they are."""
    rows: dict[str, Row] = {}
    for row in table.rows:
        text = fold(row.get("label") or "").removeprefix("其中:").removeprefix("其中")
        label = _LABELS.get(text)
        if label is None:
            # A line for signature and date, a remark: no figure in it.
            if any(row.texts[key] for key in row.texts if key != "label"):
                message = _("“%(label)s” is not a row of the form.") % {"label": row.get("label") or ""}
                tables.fault(name, row, "label", "unknown_row", message)
        elif label in rows:
            message = _("This row of the form stands here twice.")
            tables.fault(name, row, "label", "duplicate_row", message)
        else:
            rows[label] = row
    return rows


def _differing_sums(
    table: Table, name: str, rows: Mapping[str, Row], figures: Mapping[str, Mapping[str, Decimal]]
) -> Iterator[RowError]:
    """Totals of rows and of columns that are not the sum of their parts."""
    for label, row in rows.items():
        added = sum(figures[label].values(), _NOTHING)
        if row.get("total") not in (None, added):
            yield _warning(table, name, row, "total", added)
        for code, amount in figures[label].items():
            if label not in _SUMS or row.get(code) is None:
                continue
            added = sum((figures.get(key, {}).get(code, _NOTHING) for key in _SUMS[label]), _NOTHING)
            if amount != added:
                yield _warning(table, name, row, code, added)


def _warning(table: Table, name: str, row: Row, key: str, added: Decimal) -> RowError:
    message = _("Stated are %(stated)s yuan, the parts add up to %(added)s yuan.") % {
        "stated": f"{row.get(key):,.2f}",
        "added": f"{added:,.2f}",
    }
    return replace(table.error(row, key, "sum_differs", message), sheet=name)


def write_tables(firm: str, tables: Iterable[YearTable]) -> bytes:
    """A sheet a year in the form of 附件2 五, in yuan, so that nothing is rounded and it can be read back."""
    with Book() as book:
        for table in tables:
            sheet = book.add(table_sheet(table.year))
            write_form(sheet, table.year, table.projects or ("RD01",), firm=firm, table=table)
    return book.content


def write_form(
    sheet: Sheet, year: int, projects: Iterable[str], *, firm: str = "", table: YearTable | None = None
) -> None:
    """The form of a year with its title and unit; without a table it is empty."""
    codes = tuple(projects)
    sheet.sheet.set_column(0, 0, 34)
    sheet.sheet.set_column(1, len(codes) + 1, 16, sheet.style(num_format="0.00"))
    sheet.write(0, 0, f"{_TITLE}（{year} 年度）{firm}", bold=True)
    sheet.write(1, 0, "单位：元")
    for column, text in enumerate(("科目", *codes, "合计")):
        sheet.write(2, column, text, bold=True, bottom=1)
    sheet.sheet.freeze_panes(3, 1)
    for number, (key, label) in enumerate(FORM_ROWS, start=3):
        sheet.write(number, 0, label)
        if table is None:
            continue
        keys = _SUMS.get(key, (key,))
        for column, code in enumerate(codes, start=1):
            sheet.write(number, column, table.of_project(code, keys))
        sheet.write(number, len(codes) + 1, table.of_categories(keys))
