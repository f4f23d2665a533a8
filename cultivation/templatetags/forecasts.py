"""Chances, shares and expected numbers as text."""

from decimal import Decimal
from fractions import Fraction

from django import template

from cultivation.rules.display import chance_text, decimal_text

register = template.Library()

_Number = Decimal | Fraction | float | str


def _exact(value: _Number) -> Decimal | Fraction:
    return value if isinstance(value, Fraction) else Decimal(str(value))


@register.filter
def chance(probability: _Number | None) -> str:
    """In per cent with one decimal; never a round 0 or 100 for what is neither impossible nor certain."""
    return "—" if probability is None else chance_text(_exact(probability))


@register.filter
def share(value: _Number | None, digits: int = 1) -> str:
    """A counted share in per cent."""
    return "—" if value is None else decimal_text(_exact(value) * 100, digits, digits) + "%"


@register.filter
def places(value: _Number, digits: int) -> str:
    """A plain number with so many decimals."""
    return decimal_text(_exact(value), digits, digits)
