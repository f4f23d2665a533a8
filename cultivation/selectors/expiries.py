"""In which month the firms of the stock drop out unless they are accredited again, and whose renewal is under way."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, Q, Subquery

from cultivation.enums import OPEN_CASE_STATES, CaseKind
from cultivation.models import CultivationCase, Division

from .stock import certificates_on, firms_in_stock

YEARS_SHOWN = 4


@dataclass(frozen=True, slots=True)
class Expiries:
    """Firms by (year, month) of the last day on which they count, and those of them with an open renewal case."""

    years: tuple[int, ...]
    ending: dict[tuple[int, int], int]
    prepared: dict[tuple[int, int], int]


def expiries(on: dt.date, division: Division | None = None) -> Expiries:
    """Of the stock of a day, from that year on; one query."""
    last = (
        certificates_on(on)
        .filter(firm=OuterRef("pk"))
        .order_by()
        .values("firm")
        .annotate(end=Max("last_day"))
    )
    renewal = CultivationCase.objects.filter(
        Q(kind=CaseKind.RENEWAL), firm=OuterRef("pk"), state__in=OPEN_CASE_STATES
    )
    ending: Counter[tuple[int, int]] = Counter()
    prepared: Counter[tuple[int, int]] = Counter()
    firms = firms_in_stock(on, division).annotate(
        end=Subquery(last.values("end")), is_prepared=Exists(renewal)
    )
    for end, is_prepared in firms.order_by().values_list("end", "is_prepared"):
        ending[end.year, end.month] += 1
        prepared[end.year, end.month] += is_prepared
    years = tuple(range(on.year, on.year + YEARS_SHOWN))
    return Expiries(
        years,
        {month: count for month, count in sorted(ending.items()) if month[0] in years},
        {month: count for month, count in sorted(prepared.items()) if count},
    )
