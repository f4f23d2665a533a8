"""Growth rates and their bands (国科发火〔2016〕195号 三（七）4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from .display import percent_text, ratio_text
from .thresholds import NO_POINTS, Points, RuleSet

NO_GROWTH = "F"
ZERO = "zero"
MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Growth:
    """A rate with its band: ``A`` to ``F``, ``zero`` (no points without a rate) or ``manual`` (``points`` is
    ``None``).
    """

    rate: Fraction | None
    band: str
    points: Points | None
    note: str = ""

    def as_json(self) -> dict[str, str | None]:
        return {"rate": None if self.rate is None else ratio_text(self.rate), "band": self.band}


def growth(values: Sequence[Decimal | Fraction | None], rule_set: RuleSet) -> Growth:
    """The growth of year-end net assets or of sales over the three years, oldest first, in yuan.

    The tests run in the order of the text: a negative base is for the finance expert; a second year of zero
    gives no points; a first year of zero leaves the last two years; else 1/2 (y2/y1 + y3/y2) - 1.
    """
    if any(value is None for value in values):
        return _manual("数据不全，无法计算增长率")
    given = [Fraction(value) for value in values if value is not None]
    if len(given) != rule_set.accounting_years:
        return _manual(_short_run(given))
    first, second, third = given
    if first < 0 or second < 0:
        return _manual("基数为负，条文未规定算法，由财务专家判定")
    if second == 0:
        return Growth(None, ZERO, NO_POINTS, "第二年末为 0，按 0 分计算")
    last_step = third / second - 1
    rate = last_step if first == 0 else (second / first + third / second) / 2 - 1
    if third < 0:
        # A large first step could outweigh it: then the last step alone is the rate, so it stays negative.
        return Growth(
            last_step if rate > 0 else rate, NO_GROWTH, NO_POINTS, "第三年为负，增长率为负，按 0 分计算"
        )
    return _banded(rate, rule_set)


def _banded(rate: Fraction, rule_set: RuleSet) -> Growth:
    rules = rule_set.innovation
    note = ""
    if rate == rules.growth_flagged:
        flagged = percent_text(rate)
        note = f"增长率恰为 {flagged}：正文为“≥{flagged}”，附件 4 为“>{flagged}”，已按正文取档，请人工核对"
    for band in rules.growth_bands:
        if band.reached_by(rate):
            return Growth(rate, band.letter, band.points, note)
    return Growth(rate, NO_GROWTH, NO_POINTS, note)


def _short_run(given: Sequence[Fraction]) -> str:
    note = f"不满三个会计年度（{len(given)} 个），条文未给出算法，由财务专家判定"
    if len(given) == 2 and given[0] > 0:
        rate = given[1] / given[0] - 1
        note += f"；供参考：y2/y1−1 = {ratio_text(rate)}（{percent_text(rate)}）"
    return note


def _manual(note: str) -> Growth:
    return Growth(None, MANUAL, None, note)
