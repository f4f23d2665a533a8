"""The term of a certificate: 自颁发证书之日起有效期为三年 (国科发火〔2016〕32号 第九条).

The text does not say whether the day three years later still counts, nor where a term from 29 February ends:
both are parameters with a default.
"""

from datetime import date, timedelta
from enum import StrEnum

TERM_YEARS = 3


class LeapDay(StrEnum):
    """Where the term of a certificate of 29 February ends in a common year."""

    FEBRUARY_28 = "february_28"
    MARCH_1 = "march_1"


def expires_on(issued_on: date, *, years: int = TERM_YEARS, leap_day: LeapDay = LeapDay.FEBRUARY_28) -> date:
    """The same day ``years`` later: by default the first day on which the certificate no longer counts."""
    try:
        return issued_on.replace(year=issued_on.year + years)
    except ValueError:
        month, day = (2, 28) if leap_day is LeapDay.FEBRUARY_28 else (3, 1)
        return date(issued_on.year + years, month, day)


def valid_on(
    day: date,
    issued_on: date,
    *,
    years: int = TERM_YEARS,
    last_day_counts: bool = False,
    leap_day: LeapDay = LeapDay.FEBRUARY_28,
) -> bool:
    """Whether a certificate issued then is in its term; half-open unless ``last_day_counts``."""
    end = expires_on(issued_on, years=years, leap_day=leap_day)
    return issued_on <= day < (end + timedelta(days=1) if last_day_counts else end)
