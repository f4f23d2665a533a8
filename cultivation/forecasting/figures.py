"""How exact figures are written: never through a float."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from .exact import to_decimal

# Twelve decimals are promised.
_PLACES = Decimal("1e-18")


def probability_text(value: Decimal) -> str:
    """A probability with 18 decimals."""
    with localcontext(prec=60):
        return f"{value.quantize(_PLACES, rounding=ROUND_HALF_EVEN):f}"


def plain(value: Fraction) -> str:
    """A rational number as a decimal: exact where it ends within 18 decimals, rounded there otherwise."""
    with localcontext(prec=60):
        text = f"{to_decimal(value).quantize(_PLACES, rounding=ROUND_HALF_EVEN):f}"
    return text.rstrip("0").rstrip(".")
