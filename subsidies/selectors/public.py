"""What everybody may read: disclosure rounds with their lists, and the stock against its targets. No person, no account, no case."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet, Sum

from config.common.money import ZERO
from config.common.paging import page_by_number
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
class PostedPage:
    """Lines with their numbers; ``next`` is the key to go on with, empty on the last page."""

    lines: list[tuple[int, PostedLine]]
    next: str


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


def posted_page(period: DisclosurePeriod, *, after: str = "", size: int = 100) -> PostedPage:
    """The list of a round, by number; what was sent back, withdrawn or revoked since is not on it (four queries).

    ``after`` is a page's ``next``: how many lines there were before, and the key of the last; one that cannot be read
    gives the first page.
    """
    before, _underscore, key = after.partition("_")
    if not (before.isascii() and before.isdecimal() and len(before) < 10):
        before, key = "0", ""
    places = {division.pk: name for division, name in counties(period.published_on)}
    lines, following = (_award_lines if period.kind == DisclosureKind.AWARD else _case_lines)(
        period, places, key, size
    )
    reached = int(before) + len(lines)
    return PostedPage(
        list(enumerate(lines, start=int(before) + 1)), f"{reached}_{following}" if following else ""
    )


def _award_lines(
    period: DisclosurePeriod, places: Mapping[int, str], after: str, size: int
) -> tuple[list[PostedLine], str]:
    page = page_by_number(awards_of_round(period), "pk", after=after, size=size)
    lines = [
        PostedLine(
            name_on(award.firm, period.published_on),
            award.firm.credit_code,
            places.get(award.firm.division_id or 0, ""),
            award.accreditation.certificate_number,
            award.amount,
        )
        for award in page.rows
    ]
    return lines, page.next


def _case_lines(
    period: DisclosurePeriod, places: Mapping[int, str], after: str, size: int
) -> tuple[list[PostedLine], str]:
    cases = CultivationCase.objects.filter(disclosure=period).select_related("firm")
    page = page_by_number(cases.prefetch_related("firm__names"), "pk", after=after, size=size)
    lines = [
        PostedLine(
            name_on(case.firm, period.published_on),
            case.firm.credit_code,
            places.get(case.firm.division_id or 0, ""),
        )
        for case in page.rows
    ]
    return lines, page.next


def total_of(period: DisclosurePeriod) -> Decimal:
    """The sum of all amounts of a round of awards, in yuan."""
    return awards_of_round(period).aggregate(total=Sum("amount"))["total"] or ZERO


def progress(on: dt.date) -> list[YearProgress]:
    """The city's year-end targets with what was reached; this year's with the stock of the day."""
    targets = stock_targets()
    if not targets:
        return []
    reached = stock_at_year_ends(min(targets), on.year - 1)
    reached[on.year] = stock_on(on).total
    return [YearProgress(year, target, reached.get(year)) for year, target in sorted(targets.items())]
