"""The sheets of an R&D ledger workbook: how they are called, and what their columns hold."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from config.common.text import compact, fold
from config.common.workbooks import Column, Kind
from cultivation.enums import RdCategory

MOST_PROJECTS = 99
_LOWEST_AMOUNT = Decimal(-(10**13))
_LARGEST_AMOUNT = Decimal(10**13)
_CODE = re.compile(r"RD(\d{1,2})")
_ROUNDED_NUMBER = re.compile(r"\d+(?:\.\d+)?[eE]\+?\d+")


class Part(StrEnum):
    """What a sheet is; the ledger and the table of categories are of one year each."""

    LEDGER = "ledger"
    TABLE = "table"
    PROJECTS = "projects"
    PEOPLE = "people"
    NOTES = "notes"


# In this order: a 明细账 is a ledger, a 结构明细表 a table.
_NAMES: tuple[tuple[Part, re.Pattern[str]], ...] = (
    (Part.NOTES, re.compile(r"填表说明|填报说明|说明|示例|样例|封面|目录")),
    (Part.TABLE, re.compile(r"结构明细表|结构表|附表5|附表五|表5|表五|费用汇总表|费用明细表")),
    (Part.LEDGER, re.compile(r"辅助账|辅助帐|辅助明细账|研发支出明细账|研发费用明细账|明细账")),
    (Part.PEOPLE, re.compile(r"研发人员|科技人员|人员")),
    (Part.PROJECTS, re.compile(r"研发项目|研发活动|项目")),
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")


@dataclass(frozen=True, slots=True)
class SheetKind:
    """``year`` is 0 where the name of the sheet tells none."""

    part: Part
    year: int = 0


def kind_of_sheet(name: str) -> SheetKind | None:
    text = fold(name)
    for part, pattern in _NAMES:
        if pattern.search(text):
            year = _YEAR.search(text)
            return SheetKind(part, int(year[1]) if year else 0)
    return None


def ledger_sheet(year: int) -> str:
    return f"{year}年辅助账"


def table_sheet(year: int) -> str:
    return f"{year}年结构明细表"


def project_code(text: str) -> str:
    """``RD01`` for ``rd1``; empty where the text is no project number."""
    found = _CODE.fullmatch(compact(text).upper())
    return f"RD{int(found[1]):02d}" if found and int(found[1]) else ""


def _is_project(text: str) -> tuple[str, str] | None:
    if project_code(text):
        return None
    return "project_code", _("A project number is RD01 to RD99.")


def _is_whole(text: str) -> tuple[str, str] | None:
    """A long number that a spreadsheet holds as a number has lost its last digits."""
    if _ROUNDED_NUMBER.fullmatch(text):
        return (
            "numeric_invoice",
            _("A long number stored as a number has lost digits; format the cell as text and type it again."),
        )
    return None


# The words of 国科发火〔2016〕195号 三（六）2 and of the form, and what people make of them.
_CATEGORY_WORDS: Mapping[str, tuple[str, ...]] = {
    RdCategory.PERSONNEL: ("人员人工费用", "人员人工费", "人员人工", "人工费用", "人工费"),
    RdCategory.DIRECT_INPUT: ("直接投入费用", "直接投入费", "直接投入"),
    RdCategory.DEPRECIATION: (
        "折旧费用与长期待摊费用",
        "折旧费用与长期待摊费用摊销",
        "折旧与长期待摊费用",
        "折旧与长期待摊",
        "折旧费用和长期待摊费用",
        "折旧费用",
        "折旧费",
        "折旧",
        "长期待摊费用",
        "长期待摊费用摊销",
    ),
    RdCategory.INTANGIBLES: ("无形资产摊销费用", "无形资产摊销费", "无形资产摊销"),
    RdCategory.DESIGN: ("设计费用", "设计费", "新产品设计费"),
    RdCategory.COMMISSIONING: (
        "装备调试费用与试验费用",
        "装备调试与试验费用",
        "装备调试费与试验费",
        "装备调试费用",
        "装备调试费",
        "试验费用",
        "试验费",
    ),
    RdCategory.OTHER: ("其他费用", "其他", "其它费用"),
    RdCategory.OUTSOURCED_DOMESTIC: (
        "委托境内研发费用",
        "委托境内研究开发费用",
        "境内的外部研发费用",
        "境内的外部研发费",
        "境内委托研发费用",
        "委托外部研究开发费用（境内）",
        "委托境内",
    ),
    RdCategory.OUTSOURCED_FOREIGN: (
        "委托境外研发费用",
        "委托境外研究开发费用",
        "境外的外部研发费用",
        "境外委托研发费用",
        "委托外部研究开发费用（境外）",
        "委托境外",
    ),
}
CATEGORIES: Mapping[str, str] = {
    fold(word): RdCategory(key).value for key, words in _CATEGORY_WORDS.items() for word in words
}
OUTSOURCED: frozenset[str] = frozenset(
    fold(word)
    for word in (
        "委托外部研究开发费用",
        "委托外部研究开发费",
        "委托外部研发费用",
        "委托外部研发",
        "委托研发费用",
        "委托研发",
        "委外研发费用",
        "委外研发",
    )
)
"""Outsourced without saying where: the column 境内外 says it."""

_ABROAD = {
    **dict.fromkeys(("境内", "国内", "中国境内"), False),
    **dict.fromkeys(("境外", "国外", "港澳台", "香港", "澳门", "台湾"), True),
}
_MONTHS = {
    text: month
    for month in range(1, 13)
    for text in (f"{month}", f"{month:02d}", f"{month}月", f"{month:02d}月")
}


def _optional(key: str, name: str, kind: Kind, *synonyms: str, **rest: object) -> Column:
    return Column(key, name, kind, synonyms=synonyms, required=False, **rest)  # type: ignore[arg-type]


def ledger_columns() -> tuple[Column, ...]:
    """The lines of a year. The project may be left empty in a row, which is then not counted."""
    return (
        _optional(
            "project",
            "项目编号",
            Kind.TEXT,
            "研发项目编号",
            "研发活动编号",
            "RD编号",
            "项目",
            check=_is_project,
        ),
        Column("booked_on", "凭证日期", Kind.DATE, ("记账日期", "入账日期", "日期")),
        Column(
            "voucher", "凭证号", synonyms=("凭证字号", "凭证编号", "凭证号码", "凭证种类号数"), max_length=40
        ),
        _optional(
            "invoice", "发票号", Kind.TEXT, "发票号码", "票据号", "票据号码", max_length=40, check=_is_whole
        ),
        Column("summary", "摘要", synonyms=("摘要说明", "业务摘要", "内容"), max_length=200),
        Column("category", "费用类别", synonyms=("研发费用类别", "费用科目", "科目", "类别"), max_length=60),
        Column(
            "amount",
            "金额",
            Kind.MONEY,
            ("发生额", "借方金额", "发生金额"),
            minimum=_LOWEST_AMOUNT,
            maximum=_LARGEST_AMOUNT,
        ),
        _optional(
            "payee",
            "收款方/受托方",
            Kind.TEXT,
            "收款方",
            "受托方",
            "收款单位",
            "供应商",
            "对方单位",
            max_length=120,
        ),
        _optional("abroad", "境内外", Kind.CHOICE, "境内/境外", "境内境外", "受托方所在地", choices=_ABROAD),
        _optional("is_related_party", "是否关联方", Kind.BOOLEAN, "关联方", "是否关联"),
        _optional(
            "person", "人员", Kind.TEXT, "姓名", "姓名/工号", "研发人员", "人员姓名", "工号", max_length=60
        ),
        _optional("month", "所属月份", Kind.CHOICE, "费用所属月份", "月份", choices=_MONTHS),
        _optional("asset", "资产", Kind.TEXT, "资产名称", "固定资产", "无形资产", max_length=120),
    )


def table_columns() -> tuple[Column, ...]:
    """附件2 五: a row a category, a column a project."""
    return (
        Column(
            "label",
            "科目",
            synonyms=(
                "费用科目",
                "费用类别",
                "科目累计发生额研发项目编号",
                "研发项目编号",
                "项目编号",
                "项目",
            ),
            max_length=60,
        ),
        *(
            _optional(code, code, Kind.MONEY, f"RD{number}", maximum=_LARGEST_AMOUNT)
            for number in range(1, MOST_PROJECTS + 1)
            for code in (f"RD{number:02d}",)
        ),
        _optional("total", "合计", Kind.MONEY, "总计", "共计", maximum=_LARGEST_AMOUNT),
    )


def project_columns() -> tuple[Column, ...]:
    return (
        Column(
            "code", "项目编号", synonyms=("研发项目编号", "研发活动编号", "RD编号", "编号"), check=_is_project
        ),
        _optional("name", "项目名称", Kind.TEXT, "研发项目名称", "研发活动名称", "名称", max_length=120),
        Column("starts_on", "开始日期", Kind.DATE, ("开始", "起始日期", "开始时间", "立项日期")),
        _optional("ends_on", "结束日期", Kind.DATE, "结束", "终止日期", "结束时间", "完成日期", "结题日期"),
    )


def people_columns() -> tuple[Column, ...]:
    return (
        Column(
            "person", "姓名/工号", synonyms=("姓名", "工号", "人员", "研发人员", "科技人员"), max_length=60
        ),
        Column(
            "entered_on", "进入研发日期", Kind.DATE, ("进入日期", "进入研发岗位日期", "入岗日期", "入职日期")
        ),
        _optional("left_on", "离开日期", Kind.DATE, "离开研发日期", "离岗日期", "离职日期"),
        _optional("year", "年度", Kind.INTEGER, "会计年度", "所属年度", minimum=1990, maximum=2100),
        _optional(
            "days", "在研工作天数", Kind.INTEGER, "工作天数", "研发工作天数", "累计工作天数", maximum=366
        ),
    )


def columns_of_sheet(name: str) -> tuple[Column, ...] | None:
    """The columns of a sheet by its name; none for notes, ``None`` for a sheet that is not known."""
    kind = kind_of_sheet(name)
    if kind is None:
        return None
    return {
        Part.LEDGER: ledger_columns,
        Part.TABLE: table_columns,
        Part.PROJECTS: project_columns,
        Part.PEOPLE: people_columns,
        Part.NOTES: tuple,
    }[kind.part]()
