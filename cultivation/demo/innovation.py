"""Intellectual property and score sheets of the made-up firms. The year in the patent numbers is nobody's."""

import datetime as dt
from collections.abc import Iterator
from functools import cache

from config.common import clock
from cultivation.enums import ExpertKind, PropertyKind
from cultivation.models import CultivationCase, Firm, User
from cultivation.services.expert_sheets import NewSheet, record_expert_sheet
from cultivation.services.ip_uses import record_earlier_ip_use

from .firms import DemoFirm, Part, demo_firms

_CO_OWNED = "ZL999010000000.0"
_TECHNICAL = ("ip_level", "ip_support", "ip_quantity", "ip_obtained", "ip_standards", "conversion")
_ORGANISATION = ("system", "institution", "incentive", "talent")
# Points in the order of annex 3: 24, 25, 23 and 24 for property, 26 to 28 for conversion, 15 to 17 for organisation.
_SHEETS = (
    (6, 6, 7, 5, 0, 26, 5, 5, 3, 3),
    (7, 6, 7, 5, 0, 27, 5, 4, 3, 3),
    (6, 5, 7, 5, 0, 26, 5, 5, 4, 3),
    (6, 6, 7, 5, 0, 28, 5, 5, 3, 3),
)


def property_of(firm: DemoFirm) -> list[dict[str, object]]:
    """An invention patent and a utility model; two firms own one more patent together."""
    items = [
        _item(1, PropertyKind.INVENTION_PATENT, _number(firm, 1), "一种演示工艺"),
        _item(2, PropertyKind.UTILITY_MODEL, _number(firm, 2), "一种演示装置"),
    ]
    if firm.part is Part.REVIEW_FAILED or firm.index == _first(Part.FILED):
        items.append(_item(1, PropertyKind.INVENTION_PATENT, _CO_OWNED, "一种共有的演示方法"))
    return items


def record_sheets(firm: DemoFirm, case: CultivationCase, office: User) -> None:
    """Five sheets for the firms that are ready; the others' panels stand among the declared facts."""
    if firm.part is not Part.READY:
        return
    for sheet in _panel():
        record_expert_sheet(case=case, sheet=sheet, actor=office)


def record_earlier_use(cast: dict[int, DemoFirm], firms: dict[int, Firm], office: User) -> None:
    """A firm used its utility model for the certificate of 2016; its old application proves it."""
    index = _first(Part.RENEWAL_READY)
    with clock.fixed(dt.date(2019, 1, 10)):
        record_earlier_ip_use(
            firm=firms[index],
            number=_number(cast[index], 2),
            kind=PropertyKind.UTILITY_MODEL,
            filed_on=dt.date(2016, 8, 15),
            document="演申报〔2016〕12号",
            actor=office,
        )


def _item(ip_class: int, kind: PropertyKind, number: str, title: str) -> dict[str, object]:
    return {
        "class": ip_class,
        "kind": kind.value,
        "obtained": "own",
        "used_before": False,
        "number": number,
        "title": title,
    }


def _number(firm: DemoFirm, kind: int) -> str:
    return f"ZL9990{kind}{firm.index:07d}.{firm.index % 10}"


@cache
def _first(part: Part) -> int:
    return next(firm.index for firm in demo_firms() if firm.part is part)


def _panel() -> Iterator[NewSheet]:
    for name, points in zip("甲乙丙丁", _SHEETS, strict=True):
        scores = dict(zip((*_TECHNICAL, *_ORGANISATION), points, strict=True))
        yield NewSheet(f"专家{name}（演示）", ExpertKind.TECHNICAL, name == "甲", scores)
    yield NewSheet("专家戊（演示）", ExpertKind.FINANCE, False, {"net_assets": 5, "sales": 6})
