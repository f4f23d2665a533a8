"""How private figures look to those who need not know them."""

import re

_SHOWN_DIGITS = 4


def mask_account(number: str) -> str:
    """The last four digits of an account, such as ``…1234``; shorter numbers are hidden whole."""
    return f"…{number[-_SHOWN_DIGITS:]}" if len(number) > _SHOWN_DIGITS * 2 else "…" if number else ""


def mask_phone(phone: str) -> str:
    """The first three and last four digits, ``138****5678``; anything shorter than seven digits is hidden."""
    digits = re.sub(r"\D", "", phone)
    if not digits:
        return ""
    return f"{digits[:3]}****{digits[-_SHOWN_DIGITS:]}" if len(digits) > 10 else f"****{digits[-2:]}"
