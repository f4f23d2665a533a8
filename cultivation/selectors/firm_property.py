"""The intellectual property of one firm: declared, used, and whether it may be used again."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cultivation.models import CaseFacts, CultivationCase, Firm, IpUse
from cultivation.rules.facts import parse_facts
from cultivation.rules.intellectual_property import exclusion
from cultivation.rules.property_numbers import registration_number

from .ip_uses import LedgerEntry, item_standings, marked


@dataclass(frozen=True, slots=True)
class PropertyLine:
    """One item; ``declared`` in the firm's latest case, ``why`` in the words of the rules.

    ``entries`` are the filings on record with its number, other firms' too: a page tells their names to the
    bureau alone.
    """

    number: str
    title: str
    kind: str
    ip_class: int | None
    declared: bool
    usable: bool
    why: str
    entries: Sequence[LedgerEntry]


@dataclass(frozen=True, slots=True)
class FirmProperty:
    """``case`` is the one whose declaration is shown, the firm's latest; ``None`` without one."""

    case: CultivationCase | None
    lines: Sequence[PropertyLine]


def firm_property(firm: Firm, on: dt.date) -> FirmProperty:
    """Every item of the firm for a filing after those on record, by number (at most six queries)."""
    facts = CaseFacts.objects.filter(case__firm=firm).select_related("case").order_by("-case_id").first()
    declared = (facts.declared.get("ip") if facts else None) or []
    known = {registration_number(item.get("number") or "") for item in declared}
    used = [
        {"number": row.number, "class": row.ip_class, "kind": row.kind, "obtained": "own"}
        for row in _latest_uses(firm)
        if row.number not in known
    ]
    items = [*declared, *used]
    lines = [
        _line(item, found.number, found.entries, marked(item, found), declared=index < len(declared))
        for index, (item, found) in enumerate(zip(items, item_standings(firm.pk, items, on), strict=True))
    ]
    return FirmProperty(
        case=facts.case if facts else None,
        lines=sorted(lines, key=lambda line: (not line.declared, line.number)),
    )


def _latest_uses(firm: Firm) -> list[IpUse]:
    """The firm's last use of each number."""
    rows = IpUse.objects.filter(firm=firm).order_by("number", "filed_on", "pk")
    return list({row.number: row for row in rows}.values())


def _line(
    item: dict[str, Any],
    number: str,
    entries: Sequence[LedgerEntry],
    seen: dict[str, Any],
    *,
    declared: bool,
) -> PropertyLine:
    (parsed,) = parse_facts({"ip": [seen]}).ip or ()
    excluded = exclusion(parsed)
    return PropertyLine(
        number=number,
        title=parsed.title or "",
        kind=parsed.kind or "",
        ip_class=parsed.ip_class,
        declared=declared,
        usable=not excluded,
        why=excluded or _free(parsed.ip_class, number, entries),
        entries=entries,
    )


def _free(ip_class: int | None, number: str, entries: Sequence[LedgerEntry]) -> str:
    if not number:
        return "没有登记号，无法与台账核对"
    if ip_class == 1:
        return "Ⅰ类，可再次使用"
    if ip_class is None:
        return "类别未申报"
    if entries:
        return "Ⅱ类，以前的申报未通过，可再使用"
    return "Ⅱ类，尚未使用，限用一次"
