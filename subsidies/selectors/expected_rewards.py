"""What the matching reward may come to by quarter and year, beside the money there is; no award and no payment reads it.

Sizes come from the region's recorded awards (``exposure``), and so does the time between accreditation and award; or
both are given with a source. Firms still to be accredited this year come from the forecast.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Sum

from config.common.money import ZERO
from cultivation.api import (
    Accreditation,
    AccreditationKind,
    AwardAmount,
    Cohort,
    DueMoney,
    Quarter,
    due_money,
)
from subsidies.enums import AwardState, Reconciliation
from subsidies.models import Award, FundingLine, RegionalAward

from .exposure import recorded_award_amounts

_GRANTED = (Reconciliation.MATCHED, Reconciliation.AMOUNT_CHANGED)
# Their amounts stand, and approval will commit them.
_ON_THE_WAY = (AwardState.CALCULATED, AwardState.REVIEWED, AwardState.DISCLOSED)


@dataclass(frozen=True, slots=True)
class Delay:
    """The award comes in quarter ``quarter`` of the ``years``-th year after that of the accreditation."""

    years: int
    quarter: int

    def after(self, year: int) -> Quarter:
        return Quarter(year + self.years, self.quarter)


@dataclass(frozen=True, slots=True)
class GivenAward:
    """A size and a time that a person gives with a source, instead of the region's records."""

    amount: Decimal
    delay: Delay
    source: str


@dataclass(frozen=True, slots=True)
class YearMoney:
    """What the funding lines of a year hold, in yuan."""

    appropriated: Decimal
    committed: Decimal
    paid: Decimal

    @property
    def available(self) -> Decimal:
        return self.appropriated - self.committed - self.paid


@dataclass(frozen=True, slots=True)
class ExpectedRewards:
    """``due`` is missing without a known amount or time; ``overdue``: firms whose award should have come by now."""

    as_of: dt.date
    amounts: tuple[AwardAmount, ...]
    delays: dict[Delay, Fraction]
    on_the_way: Decimal
    waiting: int
    overdue: int
    undecided: int
    money: dict[int, YearMoney]
    due: DueMoney | None


def expected_rewards(on: dt.date, given: GivenAward | None = None) -> ExpectedRewards:
    """From the running quarter to the end of next year, as recorded by ``on``."""
    last_year = on.year + 1
    if given is None:
        amounts, delays = recorded_award_amounts(on), recorded_delays(on)
    else:
        amounts = (AwardAmount(given.amount, Fraction(1), given.source),)
        delays = {given.delay: Fraction(1)}
    waiting = _waiting_by_year(on)
    now = Quarter(on.year, (on.month + 2) // 3)
    cohorts = [_cohort(year, waiting.get(year, 0), delays, now) for year in sorted({*waiting, on.year})]
    lost = [one for one in cohorts if not one.timing]
    money = _money(range(on.year, last_year + 1))
    on_the_way = Award.objects.filter(state__in=_ON_THE_WAY).aggregate(sum=Sum("amount"))["sum"] or ZERO
    return ExpectedRewards(
        as_of=on,
        amounts=amounts,
        delays=delays,
        on_the_way=on_the_way,
        waiting=sum(waiting.values()),
        overdue=sum(one.waiting for one in lost) if delays else 0,
        undecided=Award.objects.filter(state=AwardState.AWAITING_POLICY).count(),
        money=money,
        due=due_money(
            as_of=on,
            last_year=last_year,
            cohorts=[one for one in cohorts if one.timing],
            amounts=amounts,
            certain=on_the_way,
            available={year: found.available for year, found in money.items()},
        )
        if amounts and delays
        else None,
    )


def recorded_delays(on: dt.date) -> dict[Delay, Fraction]:
    """How long after the year of a first accreditation the region's document came, with the shares of the firms."""
    rows = RegionalAward.objects.filter(
        outcome=Reconciliation.MATCHED,
        accreditation__kind=AccreditationKind.FIRST,
        document__policy__issued_on__lte=on,
    ).values_list("accreditation__issued_on", "document__policy__issued_on")
    found = Counter(
        Delay(granted.year - issued.year, (granted.month + 2) // 3)
        for issued, granted in rows
        if issued is not None and granted is not None and granted >= issued
    )
    return {delay: Fraction(count, found.total()) for delay, count in sorted(found.items(), key=repr)}


def _cohort(year: int, waiting: int, delays: dict[Delay, Fraction], now: Quarter) -> Cohort:
    """With the chances of the quarters that are not over yet; none left: the firms are overdue."""
    left = {quarter: share for delay, share in delays.items() if (quarter := delay.after(year)) >= now}
    total = sum(left.values(), Fraction(0))
    timing = {quarter: share / total for quarter, share in left.items()}
    return Cohort(year, waiting, year == now.year, timing)


def _waiting_by_year(on: dt.date) -> dict[int, int]:
    """First accreditations without a regional award and without an award beyond waiting, by year of issue."""
    rows = (
        Accreditation.objects.rightly_recorded()
        .filter(kind=AccreditationKind.FIRST, is_opening=False, revoked_on__isnull=True, issued_on__lte=on)
        .exclude(regional_awards__outcome__in=_GRANTED)
        .exclude(awards__in=Award.objects.exclude(state=AwardState.AWAITING_BASIS))
    )
    years: Iterable[dt.date] = rows.values_list("issued_on", flat=True)
    return dict(Counter(day.year for day in years))


def _money(years: Iterable[int]) -> dict[int, YearMoney]:
    rows = (
        FundingLine.objects.filter(fiscal_year__in=years)
        .order_by()
        .values_list("fiscal_year")
        .annotate(Sum("appropriated"), Sum("committed"), Sum("paid"))
    )
    return {year: YearMoney(*sums) for year, *sums in rows}
