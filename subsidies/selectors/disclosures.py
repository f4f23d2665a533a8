"""Awards in public disclosure: by round, with what is left of it and what was objected."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum

from config.common.paging import Page, page_by_key
from cultivation.api import DisclosurePeriod, disclosure_is_over, work_calendar
from cultivation.rules.workdays import CalendarUnknown, WorkCalendar, working_days_between
from subsidies.enums import AwardState, ObjectionOutcome
from subsidies.models import Award, Objection


@dataclass(frozen=True, slots=True)
class Round:
    """A disclosure period with the awards that still stand in it: number, sum in yuan, objections holding them up.

    ``days_left`` are working days with the day asked for; ``None`` where the calendar does not know the year.
    """

    period: DisclosurePeriod
    awards: int
    amount: Decimal
    objections: int
    days_left: int | None
    is_over: bool


def open_rounds(on: dt.date) -> list[Round]:
    """The rounds with an award still in disclosure, the first to end first; five queries."""
    sums = {
        key: (count, amount)
        for key, count, amount in _disclosed()
        .order_by()
        .values_list("disclosure")
        .annotate(count=Count("pk"), amount=Sum("amount"))
    }
    objections = dict(
        _standing_objections()
        .filter(award__in=_disclosed())
        .order_by()
        .values_list("disclosure")
        .annotate(count=Count("pk"))
    )
    calendar = work_calendar()
    periods = DisclosurePeriod.objects.filter(pk__in=sums).order_by("last_day", "published_on", "pk")
    return [
        Round(
            period=period,
            awards=sums[period.pk][0],
            amount=sums[period.pk][1],
            objections=objections.get(period.pk, 0),
            days_left=working_days_left(on, period.last_day, calendar),
            is_over=disclosure_is_over(period, on),
        )
        for period in periods
    ]


def page_of_disclosed(
    period: DisclosurePeriod | None = None, *, after: str = "", size: int = 50
) -> Page[Award]:
    """The awards in disclosure, of one round where it is named, the latest disclosed first; one query."""
    return page_by_key(disclosed_awards(period), "state_since", after=after, size=size)


def disclosed_awards(period: DisclosurePeriod | None = None) -> QuerySet[Award]:
    """The awards in disclosure, of one round where it is named."""
    awards = _disclosed().select_related("firm", "accreditation", "disclosure", "scheme")
    return awards if period is None else awards.filter(disclosure=period)


def round_asked(parameters: Mapping[str, Any]) -> DisclosurePeriod | None:
    """The round that an address names, where an award still stands in it."""
    key = str(parameters.get("round", ""))
    if not (key.isascii() and key.isdecimal() and len(key) < 19):
        return None
    return DisclosurePeriod.objects.filter(pk=int(key), pk__in=_disclosed().values("disclosure")).first()


def objections_holding_up(awards: Iterable[Award]) -> dict[int, list[Objection]]:
    """The objections to the awards' present calculations that are unanswered or upheld, by award; one query."""
    found: dict[int, list[Objection]] = defaultdict(list)
    keys = [award.pk for award in awards]
    for objection in _standing_objections().filter(award__in=keys).order_by("raised_on", "pk"):
        found[objection.award_id].append(objection)
    return found


def awards_of_round(period: DisclosurePeriod) -> QuerySet[Award]:
    """What is posted: the awards that stand in the round, by number; not those sent back or revoked since."""
    return (
        Award.objects.filter(disclosure=period)
        .exclude(state=AwardState.REVOKED)
        .select_related("firm", "accreditation", "scheme")
        .prefetch_related("firm__names")
        .order_by("pk")
    )


def _disclosed() -> QuerySet[Award]:
    return Award.objects.filter(state=AwardState.DISCLOSED)


def _standing_objections() -> QuerySet[Objection]:
    """Against the present calculation of their award, and unanswered or upheld."""
    return Objection.objects.filter(calculation=F("award__calculation")).exclude(
        outcome=ObjectionOutcome.REJECTED
    )


def working_days_left(on: dt.date, last_day: dt.date, calendar: WorkCalendar) -> int | None:
    """Working days from ``on`` to ``last_day``, both counted; ``None`` where the calendar does not know the year."""
    try:
        return working_days_between(on, last_day, calendar)
    except CalendarUnknown:
        return None
