"""How many results were converted in which year (国科发火〔2016〕195号 三（七）2): given as numbers, or item by item."""

import unicodedata
from dataclasses import dataclass

from .facts import ConversionItem, Facts


@dataclass(frozen=True, slots=True)
class CountedConversions:
    """Conversions by accounting year, oldest first; ``None`` with the reason among ``problems``."""

    by_year: tuple[int, ...] | None
    problems: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


def counted_conversions(facts: Facts) -> CountedConversions:
    """The numbers as given; without them the items, one result counted once however many products, places or
    years it was converted into.
    """
    items = None if facts.conversion_items is None else _counted_items(facts, facts.conversion_items)
    if not facts.conversions:
        return items or CountedConversions(None, ("缺少 conversions（各年科技成果转化项数）",))
    given = _given(facts, facts.conversions)
    if items and items.by_year is not None and given.by_year is not None and given.by_year != items.by_year:
        counted = "、".join(map(str, items.by_year))
        return CountedConversions(
            None, (f"conversions 与 conversion_items（按年 {counted} 项）不符，请核对",), items.flags
        )
    return given


def _given(facts: Facts, numbers: tuple[int | None, ...]) -> CountedConversions:
    problems = [f"缺少 conversions[{index}]" for index, number in enumerate(numbers) if number is None]
    if facts.years and len(numbers) < len(facts.years):
        problems.append(f"conversions 只有 {len(numbers)} 年，会计年度有 {len(facts.years)} 年")
    if problems:
        return CountedConversions(None, tuple(problems))
    return CountedConversions(tuple(number for number in numbers if number is not None))


def _counted_items(facts: Facts, items: tuple[ConversionItem, ...]) -> CountedConversions:
    years = [figures.year for figures in facts.years or () if figures.year is not None]
    if not years:
        return CountedConversions(None, ("缺少 years，conversion_items 无法归入会计年度",))
    problems = [
        f"缺少 conversion_items[{index}].{key}"
        for index, item in enumerate(items)
        for key in ("result", "year")
        if getattr(item, key) is None
    ]
    if problems:
        return CountedConversions(None, tuple(problems))
    flags: list[str] = []
    first: dict[str, int] = {}
    counts = dict.fromkeys(years, 0)
    for index, item in sorted(enumerate(items), key=lambda entry: entry[1].year or 0):
        path = f"conversion_items[{index}]"
        if item.year not in counts:
            flags.append(f"{path} 的 {item.year} 年度不在会计年度之内，不计")
            continue
        same = first.setdefault(_result(item), index)
        if same == index:
            counts[item.year] += 1
        else:
            flags.append(f"{path} 与 conversion_items[{same}] 为同一成果，只计一项")
    return CountedConversions(tuple(counts.values()), flags=tuple(flags))


def _result(item: ConversionItem) -> str:
    """The result's name however it is spaced and whatever width its letters have."""
    return "".join(unicodedata.normalize("NFKC", item.result or "").casefold().split())
