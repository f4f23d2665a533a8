"""Exact numbers as text. Rounding happens here and nowhere before."""

from decimal import Decimal
from fractions import Fraction
from math import ceil

Exact = Fraction | Decimal | int


def decimal_text(value: Exact, most: int, least: int) -> str:
    """A plain decimal, rounded half away from zero to ``most`` places, zeros trimmed down to ``least``."""
    numerator, denominator = value.as_integer_ratio()
    units = (2 * abs(numerator) * 10**most + denominator) // (2 * denominator)
    digits = str(units).rjust(most + 1, "0")
    whole, places = (digits[:-most], digits[-most:]) if most else (digits, "")
    kept = places[:least] + places[least:].rstrip("0")
    sign = "-" if numerator < 0 and units else ""
    return f"{sign}{whole}.{kept}" if kept else f"{sign}{whole}"


def money_text(yuan: Exact) -> str:
    """Yuan with two places, half a fen rounded up."""
    return decimal_text(yuan, 2, 2)


def ratio_text(ratio: Exact) -> str:
    """A ratio with two to twelve places: 0.05, 0.049999, 0.333333333333."""
    return decimal_text(ratio, 12, 2)


def percent_text(ratio: Exact) -> str:
    """A ratio in per cent with at most six places: 15%, 33.333333%."""
    return decimal_text(Fraction(ratio) * 100, 6, 0) + "%"


def chance_text(probability: Exact) -> str:
    """A probability in per cent with one place; never a round 0 or 100 for what is neither impossible nor certain."""
    exact = Fraction(probability)
    if 0 < exact < Fraction(1, 1000):
        return "<0.1%"
    if Fraction(999, 1000) < exact < 1:
        return ">99.9%"
    return decimal_text(exact * 100, 1, 1) + "%"


def one_place_text(value: Exact) -> str:
    return decimal_text(value, 1, 1)


def signed_text(value: Exact) -> str:
    """One place, with a plus where something is added."""
    text = decimal_text(value, 1, 1)
    return text if value <= 0 or text == "0.0" else f"+{text}"


def points_text(gain: Exact) -> str:
    """A gain in probability in percentage points."""
    return signed_text(Fraction(gain) * 100)


def number_text(value: Exact) -> str:
    """A score or a head count with at most six places."""
    return decimal_text(value, 6, 0)


def gap_text(gap: Exact, unit: str) -> str:
    """What is still missing, rounded up to two places with thousands separators: ``123,456.78 元``."""
    hundredths = ceil(Fraction(gap) * 100)
    return f"{hundredths // 100:,}.{hundredths % 100:02d} {unit}"
