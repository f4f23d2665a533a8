"""Bank clearing codes (联行号): twelve digits, the last one by ISO 7064 MOD 11,10 (edge case 37).

Three digits of the bank, four of the clearing area (not those of GB/T 2260), four of the branch and the check
digit. Account numbers have no checksum of their own.
"""

import unicodedata

LENGTH = 12


def normalise(text: str) -> str:
    """Half-width digits without blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _product(digits: str) -> int:
    product = 10
    for digit in digits:
        total = (product + int(digit)) % 10 or 10
        product = total * 2 % 11
    return product


def check_digit(first_eleven: str) -> str:
    """The digit that completes a code; ``ValueError`` unless eleven digits are given."""
    if len(first_eleven) != LENGTH - 1 or not _are_digits(first_eleven):
        raise ValueError("eleven digits are needed")
    return str((11 - _product(first_eleven)) % 10)


def is_valid(code: str) -> bool:
    """Whether a normalised code has twelve digits and the right last one."""
    return len(code) == LENGTH and _are_digits(code) and check_digit(code[:-1]) == code[-1]


def _are_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
