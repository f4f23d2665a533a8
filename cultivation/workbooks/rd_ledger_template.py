"""The empty ledger workbook for a firm to fill in: what is read is formatted, what is not is explained."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from config.common.workbooks import Book, Column, Kind, Value, add_form

from .rd_ledger_columns import ledger_columns, ledger_sheet, people_columns, project_columns, table_sheet
from .rd_ledger_tables import write_form

_EMPTY_PROJECTS = tuple(f"RD{number:02d}" for number in range(1, 11))
_NOTES = (
    "研发费用辅助账填报说明",
    "依据：《高新技术企业认定管理工作指引》（国科发火〔2016〕195号）三（六）及附件2“五、企业年度研究开发费用结构明细表”。",
    "1. 本工作簿按会计年度填报，最多三个年度；每个年度一张“××××年辅助账”和一张“××××年结构明细表”，工作表名称须写明年度。不需要的年度可以删除整张工作表。",
    "2. “项目”和“研发人员”各一张，所有年度共用。辅助账中的项目编号须在“项目”中列出；人员人工费用按人员分行列示，人员须在“研发人员”中列出。",
    "3. 费用类别只填八类：人员人工费用、直接投入费用、折旧费用与长期待摊费用、无形资产摊销费用、设计费用、装备调试费用与试验费用、委托外部研究开发费用、其他费用。委托外部研究开发费用须在“境内外”填“境内”或“境外”（港澳台为境外），受托方为关联方的在“是否关联方”填“是”。",
    "4. 金额为实际发生额，单位元，最多两位小数；列名改为“金额（万元）”时按万元读取。冲销以负数列示。委托外部研究开发费用按实际发生额填写，80% 由系统计算；其他费用的上限也由系统计算。",
    "5. 凭证日期须在该会计年度内，并在项目起止时间之内。所属月份填 1 至 12，不填时取凭证日期的月份。",
    "6. 发票号、凭证号等编号按文本填写，以免丢失末位数字或前导零。",
    "7. 不接受公式、合并单元格和隐藏的工作表；从其他表格复制时请“选择性粘贴—数值”。",
    "8. 结构明细表填本企业自己的汇总数，用于与明细核对；只填结构明细表而没有明细的，系统只登记汇总数，并注明没有明细支持。",
    "9. 粗体列名为必填。“填报说明”和“示例”不读取，可以保留或删除。",
)
_EXAMPLES: tuple[dict[str, Value], ...] = (
    {
        "project": "RD01",
        "booked_on": dt.date(2016, 3, 31),
        "voucher": "记-0315",
        "summary": "3月研发人员工资",
        "category": "人员人工费用",
        "amount": Decimal("8500.00"),
        "person": "张三",
        "month": "3",
    },
    {
        "project": "RD01",
        "booked_on": dt.date(2016, 4, 18),
        "voucher": "记-0422",
        "invoice": "12345678",
        "summary": "试制用铝锭",
        "category": "直接投入费用",
        "amount": Decimal("23600.50"),
        "payee": "某某铝业有限公司",
    },
    {
        "project": "RD02",
        "booked_on": dt.date(2016, 9, 12),
        "voucher": "记-0911",
        "invoice": "87654321",
        "summary": "委托检测算法开发",
        "category": "委托外部研究开发费用",
        "amount": Decimal("60000.00"),
        "payee": "某某大学",
        "abroad": "境内",
        "is_related_party": "否",
    },
)


def write_ledger_template(years: Iterable[int]) -> bytes:
    """Notes, projects, people, a ledger and a table for each of the years, and an example that is not read."""
    with Book() as book:
        notes = book.add("填报说明")
        notes.sheet.set_column(0, 0, 110)
        for row, text in enumerate(_NOTES):
            notes.write(row, 0, text, bold=not row, text_wrap=True, valign="top")
        add_form(book, "项目", project_columns())
        add_form(book, "研发人员", people_columns())
        for year in years:
            add_form(book, ledger_sheet(year), ledger_columns(), _with_units(ledger_columns()))
            write_form(book.add(table_sheet(year)), year, _EMPTY_PROJECTS)
        example = add_form(book, "示例", ledger_columns(), _with_units(ledger_columns()))
        for row, values in enumerate(_EXAMPLES, start=1):
            for column, of in enumerate(ledger_columns()):
                example.write(row, column, values.get(of.key))
    return book.content


def _with_units(columns: Iterable[Column]) -> dict[str, str]:
    return {column.key: f"{column.name}（元）" for column in columns if column.kind is Kind.MONEY}
