"""Which intellectual property counts in a filing (国科发火〔2016〕195号 三（二）)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .facts import IntellectualProperty
from .property_numbers import registration_number

CLASS_ONE_KINDS = frozenset(
    {
        "invention_patent",
        "defence_patent",
        "plant_variety",
        "national_crop_variety",
        "national_new_drug",
        "protected_tcm",
        "ic_layout",
    }
)
CLASS_TWO_KINDS = frozenset({"utility_model", "design_patent", "software_copyright"})
NEVER_COUNTED = frozenset({"trademark"})
OWN = "own"
NOT_OWNED = frozenset({"licensed"})
"""A licence, exclusive or not, is no ownership (国科发火〔2016〕32号 第十一条（二）)."""


@dataclass(frozen=True, slots=True)
class CountedProperty:
    """How many count by class, whether one is the firm's own, and what was left out and why."""

    class_one: int
    class_two: int
    own: bool
    excluded: tuple[str, ...]
    unclear: tuple[str, ...]

    @property
    def total(self) -> int:
        return self.class_one + self.class_two


def count_property(items: Iterable[IntellectualProperty]) -> CountedProperty:
    """Sort the items into counted, excluded (with the reason) and unclear (naming the missing or
    contradictory key).
    """
    counted: list[IntellectualProperty] = []
    excluded: list[str] = []
    unclear: list[str] = []
    first_with: dict[str, str] = {}
    for index, item in enumerate(items):
        path = f"ip[{index}]"
        number = registration_number(item.number or "")
        twin = first_with.setdefault(number, path) if number else path
        if reason := exclusion(item):
            excluded.append(f"{_named(path, item)} {reason}")
        elif twin != path:
            excluded.append(f"{_named(path, item)} 与 {twin} 为同一项，不重复计")
        elif reason := _unclear(item, path):
            unclear.append(reason)
        else:
            counted.append(item)
    return CountedProperty(
        class_one=sum(item.ip_class == 1 for item in counted),
        class_two=sum(item.ip_class == 2 for item in counted),
        own=any(item.obtained == OWN for item in counted),
        excluded=tuple(excluded),
        unclear=tuple(unclear),
    )


def exclusion(item: IntellectualProperty) -> str:
    """Why the item does not count in this filing, whatever else there is; empty where it may."""
    ledger = f"（{item.ledger}）" if item.ledger else ""
    if item.kind in NEVER_COUNTED:
        return "为商标，不计"
    if item.co_owned_used_by_other:
        return f"为共有知识产权且已由其他权属人使用，不计{ledger}"
    if item.obtained in NOT_OWNED:
        return "仅有许可、没有所有权，不计"
    if item.ip_class == 2 and item.used_before:
        return f"为Ⅱ类且以前申报已使用，不计{ledger}"
    return ""


def class_of(kind: str) -> int | None:
    """The class of a kind on the lists of 三（二）3; ``None`` for a kind on neither."""
    return 1 if kind in CLASS_ONE_KINDS else 2 if kind in CLASS_TWO_KINDS else None


def _named(path: str, item: IntellectualProperty) -> str:
    name = "，".join(text for text in (item.number, item.title) if text)
    return f"{path}（{name}）" if name else path


def _unclear(item: IntellectualProperty, path: str) -> str:
    needed = {"class": item.ip_class, "kind": item.kind, "obtained": item.obtained}
    if item.ip_class == 2:
        needed["used_before"] = item.used_before
    missing = [f"{path}.{key}" for key, value in needed.items() if value is None]
    if missing:
        return f"缺少 {'、'.join(missing)}"
    listed = class_of(item.kind or "") or item.ip_class
    return "" if listed == item.ip_class else f"{path}.class 与 {path}.kind（{item.kind}）不符"
