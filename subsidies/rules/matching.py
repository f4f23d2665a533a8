"""The matching amount: what the region granted, times the ratio, to the fen, under the cap.

Source: the plan's annex 4, 二（三）: 按自治区奖励 1:1 的比例给予一次性奖励补助. Ratio and cap are terms of a scheme
version; there is no amount in the rule itself.
"""

from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

RULE_SET = "matching-2019"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme version says about the amount; ``cap`` in yuan."""

    ratio_numerator: int
    ratio_denominator: int
    cap: Decimal | None = None

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


def match_amount(regional: Decimal, terms: Terms) -> Matching:
    """The city's amount for ``regional`` yuan; half a fen rounds up. Raises :class:`NothingToMatch`."""
    share = Fraction(terms.ratio_numerator, terms.ratio_denominator)
    exact = Fraction(regional) * share
    rounded = _yuan(_half_up_fen(exact))
    steps = [
        f"自治区奖励金额为{_text(regional)}元。",
        f"市级与自治区的配套比例为{terms.ratio}。",
        f"{_text(regional)}元×{terms.ratio_numerator}÷{terms.ratio_denominator}={_text(rounded)}元"
        + ("。" if Fraction(rounded) == exact else "（精确到分，分以下四舍五入）。"),
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
    steps.append(f"市级奖励性补助金额为{_text(amount)}元。")
    return Matching(amount, tuple(steps))


def _half_up_fen(yuan: Fraction) -> int:
    """Whole fen of an exact non-negative amount, half a fen upwards."""
    return floor(yuan * 100 + Fraction(1, 2))


def _yuan(fen: int) -> Decimal:
    with localcontext(prec=60):
        return Decimal(fen).scaleb(-2)


def _text(yuan: Decimal) -> str:
    return f"{yuan:.2f}"
