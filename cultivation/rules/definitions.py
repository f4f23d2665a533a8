"""The words of 国科发火〔2016〕195号 as functions over exact numbers, in people and yuan."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

MONTHS = 12


@dataclass(frozen=True, slots=True)
class MonthlyHeads:
    """The heads at the beginning and at the end of one month."""

    opening: Decimal | None
    closing: Decimal | None


def monthly_average(opening: Decimal, closing: Decimal) -> Fraction:
    """月平均数 =（月初数 + 月末数）÷ 2 (三（五）3)."""
    return (Fraction(opening) + Fraction(closing)) / 2


def yearly_average(averages: Sequence[Fraction]) -> Fraction:
    """全年月平均数 = 全年各月平均数之和 ÷ 12; a firm that opened or closed within the year averages over the months
    it really operated (三（五）3). At least one month.
    """
    return sum(averages, Fraction(0)) / len(averages)


def net_assets(assets: Decimal, liabilities: Decimal) -> Decimal:
    """净资产 = 资产总额 − 负债总额, at the end of the year (三（七）4)."""
    return assets - liabilities


def total_income(gross: Decimal, untaxed: Decimal) -> Decimal:
    """总收入 = 收入总额 − 不征税收入 (三（四）)."""
    return gross - untaxed


def is_main(income: Decimal, high_tech_income: Decimal, share: Fraction) -> bool:
    """Whether products with core property are the 主要产品: together strictly more than ``share`` of the high-tech
    income (三（三）).
    """
    return Fraction(income) > share * Fraction(high_tech_income)
