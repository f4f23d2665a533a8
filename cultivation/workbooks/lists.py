"""The tables that come in: the roster of firms and the region's list of certificates."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Column, Kind, write_template
from cultivation.enums import AccreditationKind
from cultivation.models import Division, DivisionName, IndustryField, Zone
from cultivation.rules import clearing_code

_FOUNDING = dt.date(1949, 10, 1)
_MOST_PEOPLE = 10_000_000
# Of a city's own name before a county's: 广西壮族自治区百色市右江区.
_PREFIXES = ("", "百色市", "广西百色市", "广西壮族自治区百色市")
_LARGEST_CAPITAL = Decimal("10000000000000")

NAME = Column("name", "企业名称", synonyms=("单位名称", "公司名称", "企业全称", "名称"), max_length=120)
CREDIT_CODE = Column(
    "credit_code",
    "统一社会信用代码",
    Kind.CREDIT_CODE,
    synonyms=("信用代码", "社会信用代码", "统一信用代码", "纳税人识别号"),
)


def not_ahead(date: dt.date) -> tuple[str, str] | None:
    if date > today():
        return "future_date", _("The date lies in the future.")
    return None


def _sound_clearing_code(code: str) -> tuple[str, str] | None:
    if clearing_code.is_valid(code):
        return None
    return (
        "clearing_code",
        _("Not a clearing code: twelve digits with a check digit by ISO 7064 MOD 11,10."),
    )


def _sound_email(address: str) -> tuple[str, str] | None:
    try:
        validate_email(address)
    except ValidationError:
        return "email", _("Not an e-mail address.")
    return None


def division_choices() -> dict[str, Division]:
    """Every name, synonym and code a county has ever had, for the one unit it is (edge case 25)."""
    choices: dict[str, Division] = {}
    rows = DivisionName.objects.filter(division__parent__isnull=False).select_related("division")
    for row in rows:
        names = [row.name, *_split(row.synonyms)]
        choices |= {prefix + name: row.division for name in names for prefix in _PREFIXES}
        choices[row.code] = row.division
    return choices


def _zone_choices() -> dict[str, Zone | bool]:
    """是 stands for the zone where there is one alone; 否 takes a firm out of it."""
    zones = list(Zone.objects.all())
    choices: dict[str, Zone | bool] = dict.fromkeys(("否", "无", "×", "n", "no", "0"), False)
    choices |= {zone.name: zone for zone in zones}
    if len(zones) == 1:
        choices |= dict.fromkeys(("是", "√", "y", "yes", "1", "百色高新技术产业开发区"), zones[0])
    return choices


def _industry_choices() -> dict[str, IndustryField]:
    fields = IndustryField.objects.all()
    return {name: field for field in fields for name in [field.name, *_split(field.synonyms)]}


def _split(synonyms: str) -> Iterable[str]:
    return (name for name in synonyms.split(",") if name)


def roster_columns() -> tuple[Column, ...]:
    """The roster (名册): four columns are needed, the others may be left out or empty."""

    def optional(key: str, name: str, kind: Kind = Kind.TEXT, *synonyms: str, **rest: Any) -> Column:
        return Column(key, name, kind, synonyms, required=False, **rest)

    return (
        NAME,
        CREDIT_CODE,
        Column(
            "county",
            "所属县（市、区）",
            Kind.CHOICE,
            synonyms=(
                "所属县区",
                "县（市、区）",
                "县市区",
                "县区",
                "所在县区",
                "所属县市区",
                "属地",
                "所在地",
            ),
            choices=division_choices(),
            unknown="unknown_county",
        ),
        Column(
            "registered_on",
            "注册日期",
            Kind.DATE,
            synonyms=("注册时间", "成立日期", "成立时间", "登记日期", "注册成立日期", "注册登记日期"),
            minimum=_FOUNDING,
            check=not_ahead,
        ),
        optional(
            "industry",
            "产业领域",
            Kind.CHOICE,
            "所属领域",
            "领域",
            "行业领域",
            "所属产业领域",
            choices=_industry_choices(),
            unknown="unknown_field",
        ),
        optional(
            "zone",
            "高新区",
            Kind.CHOICE,
            "是否高新区",
            "是否在高新区",
            "是否高新区企业",
            "百色高新区",
            choices=_zone_choices(),
            unknown="not_yes_or_no",
        ),
        optional(
            "registered_capital",
            "注册资本（万元）",
            Kind.MONEY,
            "注册资本",
            "注册资金",
            maximum=_LARGEST_CAPITAL,
        ),
        optional(
            "employees",
            "职工人数",
            Kind.INTEGER,
            "从业人员",
            "从业人数",
            "员工人数",
            "职工总数",
            "人数",
            maximum=_MOST_PEOPLE,
        ),
        optional("contact", "联系人", Kind.TEXT, "联系人姓名", max_length=60),
        optional("phone", "联系电话", Kind.TEXT, "电话", "手机", "手机号", "联系方式", max_length=30),
        optional(
            "email", "电子邮箱", Kind.TEXT, "邮箱", "电子邮件", "E-mail", max_length=120, check=_sound_email
        ),
        optional("address", "地址", Kind.TEXT, "注册地址", "企业地址", "详细地址", "住所", max_length=200),
        optional("bank", "开户银行", Kind.TEXT, "开户行", "开户行名称", max_length=120),
        optional(
            "clearing_code",
            "联行号",
            Kind.DIGITS,
            "行号",
            "开户行行号",
            "大额行号",
            check=_sound_clearing_code,
        ),
        optional("account", "银行账号", Kind.ACCOUNT, "账号", "银行账户", "开户账号", "收款账号"),
    )


def certificate_columns() -> tuple[Column, ...]:
    """The region's list of accredited firms; all columns are needed."""
    kinds = {
        AccreditationKind.FIRST: ("首次", "首次认定", "新认定", "首次申报"),
        AccreditationKind.RENEWAL: ("重新", "重新认定", "再次认定", "复审"),
        AccreditationKind.INBOUND: ("迁入", "整体迁入", "异地迁入"),
    }
    return (
        NAME,
        CREDIT_CODE,
        Column("certificate_number", "证书编号", synonyms=("高企证书编号", "证书号", "编号"), max_length=20),
        Column(
            "issued_on",
            "发证日期",
            Kind.DATE,
            synonyms=("发证时间", "颁证日期", "认定日期", "证书日期"),
            check=not_ahead,
        ),
        Column(
            "kind",
            "类型",
            Kind.CHOICE,
            synonyms=("认定类型", "申报类型", "认定类别", "类别"),
            choices={text: kind for kind, texts in kinds.items() for text in texts},
            unknown="unknown_kind",
        ),
    )


def write_roster_template() -> bytes:
    """An empty roster to fill in."""
    return write_template(roster_columns(), sheet="企业名册")


def write_certificate_template() -> bytes:
    """An empty list of accredited firms to fill in."""
    return write_template(certificate_columns(), sheet="认定名单")
