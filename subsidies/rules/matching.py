"""The matching amount: what the region granted, times the ratio, rounded, under the cap, once for the matter.

Source: the plan's annex 4, 二（三）: 按自治区奖励 1:1 的比例给予一次性奖励补助. Ratio, rounding, cap and the rule about
money from elsewhere are terms of a scheme version; there is no amount in the rule itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from math import floor

FIRST_RULE_SET = "matching-2019"
"""Its inputs knew neither rounding nor receipts; what was calculated by it is derived as it was."""
RULE_SET = "matching-2019-2"
_HALF = Fraction(1, 2)


class Rounding(StrEnum):
    """The values of ``subsidies.enums.Rounding``."""

    FEN_HALF_UP = "fen_half_up"
    YUAN_HALF_UP = "yuan_half_up"
    YUAN_DOWN = "yuan_down"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme version says about the amount; ``cap`` in yuan."""

    ratio_numerator: int
    ratio_denominator: int
    cap: Decimal | None = None
    rounding: Rounding = Rounding.FEN_HALF_UP

    @property
    def ratio(self) -> str:
        """City to region, as documents write it: 1:1."""
        return f"{self.ratio_numerator}:{self.ratio_denominator}"


@dataclass(frozen=True, slots=True)
class Matching:
    """The amount in yuan, and each step to it in words for the record (Chinese: it is part of the file)."""

    amount: Decimal
    steps: tuple[str, ...]


class NothingToMatch(ValueError):
    """The region's amount, or the city's share of it, comes to no whole fen: there is nothing to pay."""


class CoveredElsewhere(NothingToMatch):
    """The firm has received at least as much for the same matter; the higher one is paid once (从高不重复)."""


def match_amount(regional: Decimal, terms: Terms, received: Sequence[Decimal] = ()) -> Matching:
    """The city's amount for ``regional`` yuan where the firm has ``received`` these elsewhere for the same matter.

    The firm shall have the highest of all of them, once: the city pays what is missing to it.
    Raises :class:`NothingToMatch`, :class:`CoveredElsewhere`.
    """
    share = Fraction(terms.ratio_numerator, terms.ratio_denominator)
    exact = Fraction(regional) * share
    rounded = _rounded(exact, terms.rounding)
    steps = [
        f"自治区奖励金额为{_text(regional)}元。",
        f"市级与自治区的配套比例为{terms.ratio}。",
        f"{_text(regional)}元×{terms.ratio_numerator}÷{terms.ratio_denominator}={_text(rounded)}元"
        + ("。" if Fraction(rounded) == exact else f"（{_ROUNDED[terms.rounding]}）。"),
    ]
    amount = rounded
    if terms.cap is None:
        steps.append("方案未规定上限。")
    elif rounded > terms.cap:
        amount = terms.cap
        steps.append(f"超过方案规定的上限{_text(terms.cap)}元，按上限计。")
    else:
        steps.append(f"未超过方案规定的上限{_text(terms.cap)}元。")
    if amount <= 0:
        raise NothingToMatch(f"{regional} x {terms.ratio}")
    if received:
        highest = max(received)
        if amount <= highest:
            raise CoveredElsewhere(f"{amount} <= {highest}")
        steps.append(
            f"同一事项已从其他渠道获得的最高一项为{_text(highest)}元；按从高不重复的原则补足差额："
            f"{_text(amount)}元－{_text(highest)}元＝{_text(amount - highest)}元。"
        )
        amount -= highest
    steps.append(f"市级奖励性补助金额为{_text(amount)}元。")
    return Matching(amount, tuple(steps))


_ROUNDED = {
    Rounding.FEN_HALF_UP: "精确到分，分以下四舍五入",
    Rounding.YUAN_HALF_UP: "精确到元，元以下四舍五入",
    Rounding.YUAN_DOWN: "精确到元，元以下舍去",
}


def _rounded(exact: Fraction, rounding: Rounding) -> Decimal:
    """An exact non-negative amount in yuan, rounded once."""
    match rounding:
        case Rounding.FEN_HALF_UP:
            return _yuan(floor(exact * 100 + _HALF))
        case Rounding.YUAN_HALF_UP:
            return _yuan(floor(exact + _HALF) * 100)
        case Rounding.YUAN_DOWN:
            return _yuan(floor(exact) * 100)


def _yuan(fen: int) -> Decimal:
    with localcontext(prec=60):
        return Decimal(fen).scaleb(-2)


def _text(yuan: Decimal) -> str:
    return f"{yuan:.2f}"
