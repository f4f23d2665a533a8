"""Which intellectual property counts in a filing (国科发火〔2016〕195号 三（二）)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .facts import IntellectualProperty

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
    for index, item in enumerate(items):
        path = f"ip[{index}]"
        if reason := _excluded(item):
            excluded.append(f"{path} {reason}")
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


def _excluded(item: IntellectualProperty) -> str:
    if item.kind in NEVER_COUNTED:
        return "为商标，不计"
    if item.co_owned_used_by_other:
        return "为共有知识产权且已由其他权属人使用，不计"
    if item.obtained in NOT_OWNED:
        return "仅有许可、没有所有权，不计"
    if item.ip_class == 2 and item.used_before:
        return "为Ⅱ类且以前申报已使用，不计"
    return ""


def _unclear(item: IntellectualProperty, path: str) -> str:
    needed = {"class": item.ip_class, "kind": item.kind, "obtained": item.obtained}
    if item.ip_class == 2:
        needed["used_before"] = item.used_before
    missing = [f"{path}.{key}" for key, value in needed.items() if value is None]
    if missing:
        return f"缺少 {'、'.join(missing)}"
    listed_class = 1 if item.kind in CLASS_ONE_KINDS else 2 if item.kind in CLASS_TWO_KINDS else item.ip_class
    return "" if listed_class == item.ip_class else f"{path}.class 与 {path}.kind（{item.kind}）不符"
