"""The workbook of a self-check: basics, three years, intellectual property and head counts by month, as FACTS."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.workbooks import Book, Column, Kind, Row, Table, Tables, add_form, read_tables
from cultivation.enums import PropertyKind, PropertyOrigin
from cultivation.models import RD_CATEGORIES
from cultivation.rules.intellectual_property import class_of

BASICS, YEARS, PROPERTY, MONTHS = "基本情况", "三年数据", "知识产权", "人员月度"
NOTES = "填写说明"
_SHEETS = (BASICS, YEARS, PROPERTY, MONTHS)

_MOST_ROWS = 1_000
_MOST_YUAN = Decimal("999999999999999.99")
_MOST_HEADS = Decimal(9_999_999)
_STATED = ("sales", "total_income", "high_tech_income", "net_assets_end")

_BASICS = (
    Column("filed_on", "计划申报日期", Kind.DATE, required=False),
    Column("registered_on", "注册日期", Kind.DATE, synonyms=("成立日期",), required=False),
    Column("field_code", "技术领域", synonyms=("技术领域代码",), required=False, max_length=40),
    Column("core_ip_owned", "拥有核心知识产权", Kind.BOOLEAN, required=False),
    Column(
        "employees_average",
        "职工全年月平均数",
        Kind.NUMBER,
        ("职工总数",),
        required=False,
        maximum=_MOST_HEADS,
    ),
    Column(
        "technical_average",
        "科技人员全年月平均数",
        Kind.NUMBER,
        ("科技人员数",),
        required=False,
        maximum=_MOST_HEADS,
    ),
    Column("incidents", "一年内有无重大事故或违法", Kind.BOOLEAN, ("有无重大事故或违法",), required=False),
)
_AMOUNTS = {
    "sales": "销售收入",
    "total_income": "总收入",
    "high_tech_income": "高新技术产品（服务）收入",
    "net_assets_end": "期末净资产",
    "personnel": "人员人工费用",
    "direct_input": "直接投入费用",
    "depreciation": "折旧费用与长期待摊费用",
    "intangibles": "无形资产摊销费用",
    "design": "设计费用",
    "commissioning": "装备调试费用与试验费用",
    "other": "其他费用",
    "outsourced_domestic": "委托境内研发费用",
    "outsourced_foreign": "委托境外研发费用",
}
_YEARS = (
    Column("year", "年度", Kind.INTEGER, synonyms=("会计年度",), minimum=1990, maximum=2998),
    *(
        Column(
            key,
            name,
            Kind.MONEY,
            required=False,
            minimum=-_MOST_YUAN if key == "net_assets_end" else None,
            maximum=_MOST_YUAN,
        )
        for key, name in _AMOUNTS.items()
    ),
    Column(
        "conversions", "科技成果转化项数", Kind.INTEGER, ("科技成果转化",), required=False, maximum=1_000_000
    ),
)
_MONTHS = (
    Column("month", "月份", Kind.INTEGER, minimum=1, maximum=12),
    Column("employees_opening", "职工月初数", Kind.NUMBER, required=False, maximum=_MOST_HEADS),
    Column("employees_closing", "职工月末数", Kind.NUMBER, required=False, maximum=_MOST_HEADS),
    Column("technical_opening", "科技人员月初数", Kind.NUMBER, required=False, maximum=_MOST_HEADS),
    Column("technical_closing", "科技人员月末数", Kind.NUMBER, required=False, maximum=_MOST_HEADS),
)
_EXPLANATIONS = (
    "只填写有数据的格子；没有填的，系统会在自评结果中指出缺少哪一项。",
    "“三年数据”填写计划申报年度之前的三个会计年度，每个年度一行；金额单位写在表头，可改为（万元）。",
    "没有发生的研发费用科目请填 0。委托外部研发填写实际发生额，系统按 80% 计入。",
    "“知识产权”每项一行；“以前申报用过”填 是 或 否。商标不计入。",
    "“人员月度”可代替“基本情况”中的全年月平均数；两处都填时以“基本情况”为准。",
    "技术领域按《国家重点支持的高新技术领域》填到三级，如 四（一）1。",
)


_KINDS = {
    "发明专利": PropertyKind.INVENTION_PATENT,
    "国防专利": PropertyKind.DEFENCE_PATENT,
    "植物新品种": PropertyKind.PLANT_VARIETY,
    "国家级农作物品种": PropertyKind.NATIONAL_CROP_VARIETY,
    "国家新药": PropertyKind.NATIONAL_NEW_DRUG,
    "国家一级中药保护品种": PropertyKind.PROTECTED_TCM,
    "集成电路布图设计专有权": PropertyKind.IC_LAYOUT,
    "实用新型专利": PropertyKind.UTILITY_MODEL,
    "外观设计专利": PropertyKind.DESIGN_PATENT,
    "软件著作权": PropertyKind.SOFTWARE_COPYRIGHT,
    "商标": PropertyKind.TRADEMARK,
}
_SHORT_KINDS = {
    "集成电路布图设计": PropertyKind.IC_LAYOUT,
    "实用新型": PropertyKind.UTILITY_MODEL,
    "外观设计": PropertyKind.DESIGN_PATENT,
    "软著": PropertyKind.SOFTWARE_COPYRIGHT,
}
_ORIGINS = {
    "自主研发": PropertyOrigin.OWN,
    "受让": PropertyOrigin.TRANSFERRED,
    "受赠": PropertyOrigin.DONATED,
    "并购": PropertyOrigin.MERGED,
    "许可": PropertyOrigin.LICENSED,
}
_PROPERTY = (
    Column("number", "登记号", synonyms=("授权号", "专利号"), required=False, max_length=60),
    Column("title", "名称", synonyms=("知识产权名称",), required=False, max_length=200),
    Column("kind", "类型", Kind.CHOICE, synonyms=("类别",), choices={**_KINDS, **_SHORT_KINDS}),
    Column("obtained", "获得方式", Kind.CHOICE, choices=_ORIGINS, required=False),
    Column("used_before", "以前申报用过", Kind.BOOLEAN, required=False),
    Column("co_owned_used_by_other", "共有权属人已使用", Kind.BOOLEAN, required=False),
)
_COLUMNS: Mapping[str, Sequence[Column]] = {
    BASICS: _BASICS,
    YEARS: _YEARS,
    PROPERTY: _PROPERTY,
    MONTHS: _MONTHS,
    NOTES: (),
}


def _columns_of(sheet: str) -> Sequence[Column] | None:
    return _COLUMNS.get(sheet.strip())


def write_self_check_template() -> bytes:
    """The empty workbook, with a sheet that explains it."""
    headers = {key: f"{name}（元）" for key, name in _AMOUNTS.items()}
    with Book() as book:
        for sheet in _SHEETS:
            add_form(book, sheet, _COLUMNS[sheet], headers)
        notes = book.add(NOTES)
        notes.sheet.set_column(0, 0, 100)
        lines = (*_EXPLANATIONS, f"类型：{'、'.join(_KINDS)}", f"获得方式：{'、'.join(_ORIGINS)}")
        for row, line in enumerate(lines):
            notes.write(row, 0, line, text_wrap=True)
    return book.content


def read_self_check_workbook(content: bytes) -> dict[str, Any]:
    """The FACTS in a filled workbook; raises ``Refused`` (``rows_refused`` names sheet, row, column, value, rule)."""
    tables = read_tables(content, _columns_of, max_rows=_MOST_ROWS)
    by_name = {sheet.strip(): table for sheet, table in tables.by_sheet.items()}
    if not by_name:
        raise Refused(
            "sheets_missing",
            _("None of these sheets is in the workbook: %(names)s.") % {"names": "、".join(_SHEETS)},
        )
    _refuse_repeated(tables, YEARS, "year")
    _refuse_repeated(tables, MONTHS, "month")
    _refuse_half_months(tables)
    _refuse_second_row(tables)
    tables.refuse_errors()
    years = sorted(_rows(by_name, YEARS), key=lambda row: int(row.get("year")))
    conversions = [row.get("conversions") for row in years]
    found: dict[str, Any] = {
        **_basics(next(iter(_rows(by_name, BASICS)), None)),
        "years": [_year(row) for row in years] or None,
        "conversions": conversions if any(number is not None for number in conversions) else None,
        "ip": [_property(row) for row in _rows(by_name, PROPERTY)] or None,
        "employees_monthly": _monthly(_rows(by_name, MONTHS), "employees"),
        "technical_monthly": _monthly(_rows(by_name, MONTHS), "technical"),
    }
    return _without_none(found)


def _rows(by_name: dict[str, Table], sheet: str) -> list[Row]:
    return by_name[sheet].rows if sheet in by_name else []


def _refuse_repeated(tables: Tables, name: str, key: str) -> None:
    for sheet, table in tables.by_sheet.items():
        first: dict[Any, int] = {}
        for row in table.rows if sheet.strip() == name else ():
            value = row.get(key)
            if value is not None and first.setdefault(value, row.number) != row.number:
                message = _("A value of this column may stand in one row only; row %(row)s has it already.")
                tables.fault(sheet, row, key, "duplicate_row", message % {"row": first[value]})


def _refuse_half_months(tables: Tables) -> None:
    for sheet, table in tables.by_sheet.items():
        for row in table.rows if sheet.strip() == MONTHS else ():
            for who in ("employees", "technical"):
                edges = [f"{who}_opening", f"{who}_closing"]
                empty = [key for key in edges if not row.texts.get(key)]
                if len(empty) == 1:
                    message = _("A month needs the numbers at its beginning and at its end.")
                    tables.fault(sheet, row, empty[0], "half_month", message)


def _refuse_second_row(tables: Tables) -> None:
    for sheet, table in tables.by_sheet.items():
        for row in table.rows[1:] if sheet.strip() == BASICS else ():
            key = next(key for key, text in row.texts.items() if text)
            tables.fault(sheet, row, key, "one_row_only", _("This sheet has one row of data only."))


def _basics(row: Row | None) -> dict[str, Any]:
    if row is None:
        return {}
    filed_on, registered_on = row.get("filed_on"), row.get("registered_on")
    incident = row.get("incidents")
    return {
        "filed_on": filed_on and filed_on.isoformat(),
        "registered_on": registered_on and registered_on.isoformat(),
        "field_code": row.get("field_code"),
        "core_ip_owned": row.get("core_ip_owned"),
        "employees_average": _number(row.get("employees_average")),
        "technical_average": _number(row.get("technical_average")),
        "incidents": None if incident is None else [{"serious": True}] if incident else [],
    }


def _year(row: Row) -> dict[str, Any]:
    def amounts(names: Sequence[str]) -> dict[str, Any]:
        return _without_none(
            {name: None if (value := row.get(name)) is None else str(value) for name in names}
        )

    return {"year": row.get("year"), **amounts(_STATED), "rd": amounts(RD_CATEGORIES)}


def _property(row: Row) -> dict[str, Any]:
    kind, origin = row.get("kind"), row.get("obtained")
    return _without_none(
        {
            "number": row.get("number"),
            "title": row.get("title"),
            "class": class_of(kind),
            "kind": kind.value,
            "obtained": origin and origin.value,
            "used_before": row.get("used_before"),
            "co_owned_used_by_other": row.get("co_owned_used_by_other") or None,
        }
    )


def _monthly(rows: Sequence[Row], who: str) -> list[dict[str, Any]] | None:
    months = [
        {
            "month": row.get("month"),
            "opening": _number(row.get(f"{who}_opening")),
            "closing": _number(row.get(f"{who}_closing")),
        }
        for row in sorted(rows, key=lambda row: int(row.get("month")))
        if row.get(f"{who}_opening") is not None
    ]
    return months or None


def _number(value: Decimal | None) -> str | None:
    return None if value is None else format(value.normalize(), "f")


def _without_none(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if value is not None}
