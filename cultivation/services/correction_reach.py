"""What the correction of a certificate would move in the stock: shown before a second person confirms it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cultivation.models import Accreditation, Firm
from cultivation.selectors.stock import in_division, stock_on, year_end

from .certificates import Term


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The stock of the city at a year-end as it stands, and as it would be."""

    year: int
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Reach:
    """``last_day``: the term's new last day, where the day of issue moves; ``year_ends``: those whose stock changes."""

    last_day: dt.date | None
    year_ends: list[YearEnd]


def reach_of(certificate: Accreditation, after: Mapping[str, str]) -> Reach:
    """The reach of a correction to the values ``after``; a firm counts once, whatever it holds (edge case 19)."""
    if "issued_on" not in after:
        return Reach(None, [])
    issued_on = dt.date.fromisoformat(after["issued_on"])
    last_day = Term().last_day(issued_on)
    others = list(Accreditation.objects.filter(firm_id=certificate.firm_id).exclude(pk=certificate.pk))
    first = min(issued_on, certificate.issued_on).year
    last = max(last_day, certificate.last_day).year
    year_ends = []
    for year in range(first, last + 1):
        day = year_end(year)
        if any(_holds(day, other.issued_on, other.last_day, other.revoked_on) for other in others):
            continue
        now = _holds(day, certificate.issued_on, certificate.last_day, certificate.revoked_on)
        then = _holds(day, issued_on, last_day, certificate.revoked_on)
        if now != then and _is_in_baise(certificate.firm_id, day):
            stock = stock_on(day).total
            year_ends.append(YearEnd(year, stock, stock + then - now))
    return Reach(last_day, year_ends)


def _holds(day: dt.date, issued_on: dt.date, last_day: dt.date, revoked_on: dt.date | None) -> bool:
    return issued_on <= day <= last_day and (revoked_on is None or revoked_on > day)


def _is_in_baise(firm_id: int, day: dt.date) -> bool:
    return in_division(Firm.objects.filter(pk=firm_id), day, None).exists()
