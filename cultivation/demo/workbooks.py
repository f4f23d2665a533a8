"""The workbooks the demonstration hands in, as the bureau and the region would."""

import datetime as dt
from collections.abc import Iterable, Sequence

from config.common.workbooks import write_table
from cultivation.enums import AccreditationKind

from .firms import DemoFirm, Part, credit_code

_KINDS = {
    AccreditationKind.FIRST: "首次",
    AccreditationKind.RENEWAL: "重新",
    AccreditationKind.INBOUND: "迁入",
}
_ROSTER_HEADERS = (
    "企业名称",
    "统一社会信用代码",
    "所属县（市、区）",
    "注册日期",
    "产业领域",
    "是否高新区企业",
    "注册资本（万元）",
    "职工人数",
    "联系人",
    "联系电话",
    "开户银行",
    "联行号",
    "银行账号",
)


def roster(firms: Iterable[DemoFirm]) -> bytes:
    """The roster of all firms that are here from the start."""
    return write_table(
        _ROSTER_HEADERS,
        [
            (
                firm.name,
                firm.credit_code,
                firm.county,
                firm.registered_on,
                firm.industry,
                "是" if firm.in_zone else "否",
                firm.capital_wan,
                firm.employees,
                firm.contact,
                firm.phone,
                firm.bank,
                firm.clearing_code,
                firm.account,
            )
            for firm in firms
            if firm.part is not Part.INBOUND
        ],
        sheet="演示企业名册",
    )


def accreditation_list(rows: Sequence[tuple[DemoFirm, str, dt.date, AccreditationKind]]) -> bytes:
    """The region's list: firm, certificate, date of issue, kind; and one firm that is not ours."""
    body: list[tuple[str | dt.date, ...]] = [
        (firm.name, firm.credit_code, certificate, issued_on, _KINDS[kind])
        for firm, certificate, issued_on, kind in rows
    ]
    issued_on = rows[0][2]
    body.append(("外市某某科技有限公司（演示）", credit_code(9999), "GR201899009999", issued_on, "首次"))
    return write_table(
        ("企业名称", "统一社会信用代码", "证书编号", "发证日期", "类型"), body, sheet="演示认定名单"
    )
