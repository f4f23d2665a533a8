"""``{{ amount|yuan }}``: money for reading."""

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def yuan(amount: Decimal | None) -> str:
    """Two decimals with thousands separators, such as ``80,000.00``; nothing for ``None``."""
    return "" if amount is None else f"{amount:,.2f}"
