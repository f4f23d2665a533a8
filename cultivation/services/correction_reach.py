"""What the correction of a certificate, or taking it out, would move in the stock: shown before a second person confirms it."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from cultivation.models import Accreditation, Firm
from cultivation.rules.after_accreditation import holds_on
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
    years = range(min(issued_on, certificate.issued_on).year, max(last_day, certificate.last_day).year + 1)
    after_it = partial(holds_on, issued_on=issued_on, last_day=last_day, revoked_on=certificate.revoked_on)
    return Reach(last_day, _year_ends(certificate, years, after_it))


def reach_of_lifting(certificate: Accreditation) -> list[YearEnd]:
    """The year-ends whose stock changes once the certificate counts on no day."""
    years = range(certificate.issued_on.year, certificate.last_day.year + 1)
    return _year_ends(certificate, years, lambda day: False)


def _year_ends(
    certificate: Accreditation, years: Iterable[int], holds_then: Callable[[dt.date], bool]
) -> list[YearEnd]:
    others = list(Accreditation.objects.filter(firm_id=certificate.firm_id).exclude(pk=certificate.pk))
    found = []
    for year in years:
        day = year_end(year)
        if any(_holds(day, other) for other in others):
            continue
        now, then = _holds(day, certificate), holds_then(day)
        if now != then and _is_in_baise(certificate.firm_id, day):
            stock = stock_on(day).total
            found.append(YearEnd(year, stock, stock + then - now))
    return found


def _holds(day: dt.date, certificate: Accreditation) -> bool:
    return holds_on(day, certificate.issued_on, certificate.last_day, certificate.revoked_on)


def _is_in_baise(firm_id: int, day: dt.date) -> bool:
    return in_division(Firm.objects.filter(pk=firm_id), day, None).exists()
