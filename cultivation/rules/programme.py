"""The "11155" programme: what each of its five counts means, and from when it is counted.

《百色市科技创新支撑产业高质量发展三年行动实施方案（2018—2020年）》三: 突破10项重大技术、创建10个国家级创新平台、引育10个高层次
创新人才和团队、保有50家高新技术企业、转化50项科技成果. Firms are a stock; conversions are set year by year (annex 5);
technologies, platforms and talents are set as one number to be reached by 2020, beyond what was there before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Counting(StrEnum):
    """How a target of a year is held against what is recorded."""

    STOCK = "stock"  # how many there are on 31 December
    YEARLY = "yearly"  # how many came about in that year
    CUMULATIVE = "cumulative"  # how many have come about from the programme's first year through that year


@dataclass(frozen=True, slots=True)
class Count:
    """One of the five; ``total`` is what the plan wants by its last year."""

    measure: str
    counting: Counting
    total: int
    clause: str


FIRST_YEAR, LAST_YEAR = 2018, 2020
PLAN = "百色市科技创新支撑产业高质量发展三年行动实施方案（2018—2020年）"

PROGRAMME: tuple[Count, ...] = (
    Count("technologies", Counting.CUMULATIVE, 10, "三（一）；附件1"),
    Count("platforms", Counting.CUMULATIVE, 10, "三（二）；附件2"),
    Count("talents", Counting.CUMULATIVE, 10, "三（三）；附件3"),
    Count("stock", Counting.STOCK, 50, "三（四）；附件4"),
    Count("conversions", Counting.YEARLY, 50, "三（五）；附件5"),
)
BY_MEASURE: Mapping[str, Count] = {count.measure: count for count in PROGRAMME}
# The stock is counted from certificates; of the others every single one is entered with its document.
RECORDED = tuple(count.measure for count in PROGRAMME if count.counting is not Counting.STOCK)


def counted_years(measure: str, year: int) -> tuple[int, int]:
    """First and last year whose achievements are held against the target of ``year``. ``KeyError`` for other measures."""
    cumulative = BY_MEASURE[measure].counting is Counting.CUMULATIVE
    return (min(FIRST_YEAR, year) if cumulative else year), year
