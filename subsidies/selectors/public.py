"""What everybody may read: disclosure rounds with their lists, and the stock against its targets. No person, no account, no case."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet

from config.common.money import ZERO
from cultivation.api import (
    CultivationCase,
    DisclosureKind,
    DisclosurePeriod,
    counties,
    name_on,
    stock_at_year_ends,
    stock_on,
    stock_targets,
    work_calendar,
)

from .disclosures import awards_of_round, working_days_left

# A list stays readable for a while after its last day, then it has done its service.
SHOWN_AFTER = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PostedRound:
    """``days_left``: working days with the day asked for; ``None`` where it is over or the calendar does not know the year."""

    period: DisclosurePeriod
    is_over: bool
    days_left: int | None


@dataclass(frozen=True, slots=True)
class PostedLine:
    """A firm under its name on the day of publication; awards have a certificate and an amount, in yuan."""

    firm: str
    credit_code: str
    division: str
    certificate: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class YearProgress:
    year: int
    target: int
    reached: int | None


def posted_rounds(on: dt.date) -> list[PostedRound]:
    """The rounds that run, and those that ended lately; the latest published first."""
    calendar = work_calendar()
    return [
        PostedRound(
            period,
            is_over=on > period.last_day,
            days_left=None if on > period.last_day else working_days_left(on, period.last_day, calendar),
        )
        for period in posted(on).order_by("-published_on", "-pk")
    ]


def posted(on: dt.date) -> QuerySet[DisclosurePeriod]:
    """The periods whose lists are open to everybody on a day."""
    return DisclosurePeriod.objects.filter(published_on__lte=on, last_day__gte=on - SHOWN_AFTER)


def posted_lines(period: DisclosurePeriod) -> list[PostedLine]:
    """The list of a round, by number; what was sent back, withdrawn or revoked since is not on it."""
    places = {division.pk: name for division, name in counties(period.published_on)}
    if period.kind == DisclosureKind.AWARD:
        return [
            PostedLine(
                name_on(award.firm, period.published_on),
                award.firm.credit_code,
                places.get(award.firm.division_id or 0, ""),
                award.accreditation.certificate_number,
                award.amount,
            )
            for award in awards_of_round(period)
        ]
    cases = CultivationCase.objects.filter(disclosure=period).select_related("firm")
    return [
        PostedLine(
            name_on(case.firm, period.published_on),
            case.firm.credit_code,
            places.get(case.firm.division_id or 0, ""),
        )
        for case in cases.prefetch_related("firm__names").order_by("pk")
    ]


def total_of(lines: list[PostedLine]) -> Decimal:
    return sum((line.amount or ZERO for line in lines), ZERO)


def progress(on: dt.date) -> list[YearProgress]:
    """The city's year-end targets with what was reached; this year's with the stock of the day."""
    targets = stock_targets()
    if not targets:
        return []
    reached = stock_at_year_ends(min(targets), on.year - 1)
    reached[on.year] = stock_on(on).total
    return [YearProgress(year, target, reached.get(year)) for year, target in sorted(targets.items())]
