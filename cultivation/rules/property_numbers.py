"""One spelling for the number of a patent, a software copyright or another right."""

import re
import unicodedata

# Year (or two digits of it before 2003), kind, serial number, check digit; 专利 is marked ZL.
_PATENT = re.compile(r"ZL(\d{8}|\d{12})\.?([\dX])|((?:19|20)\d{2}[12389]\d{7}|\d{8})\.([\dX])")


def registration_number(text: str) -> str:
    """The number as the ledger keeps it: half-width, without blanks, in capitals; empty for no number.

    A Chinese patent number is written with ZL and the dot before its check digit, however it was typed:
    ``zl 2015 1 0123456７`` and ``201510123456.7`` are both ``ZL201510123456.7``.
    """
    letters = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in letters if not c.isspace() and unicodedata.category(c) != "Cf").upper()
    if match := _PATENT.fullmatch(plain):
        marked, check, bare, bare_check = match.groups()
        return f"ZL{marked or bare}.{check or bare_check}"
    return plain
