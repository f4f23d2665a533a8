"""What waits in the work with money: figures for the front pages, each with the list behind it."""

import datetime as dt
from dataclasses import dataclass

from cultivation.api import User, bounded
from subsidies.enums import AwardState, LineState, ListState, OpeningState
from subsidies.models import Award, FundingLine, OpeningBalance, OtherReceipt, PaymentLine, PaymentList
from subsidies.rules.balances import Figures

from .award_waiting import waiting_for
from .awards import visible_awards
from .funding import balances_on, sum_of
from .unmatched_rows import unmatched_rows


@dataclass(frozen=True, slots=True)
class MoneyWaiting:
    """Counts; lists in which this person already has a part are left out where a second person is wanted."""

    to_check: int
    to_release: int
    at_the_bank: int
    to_list: int
    failed_lines: int
    unmatched: int


@dataclass(frozen=True, slots=True)
class ProposalsWaiting:
    awards: int
    receipts: int
    openings: list[OpeningBalance]


def money_waiting(user: User) -> MoneyWaiting:
    """For the finance office."""
    lists = PaymentList.objects.all()
    return MoneyWaiting(
        to_check=bounded(lists.filter(state=ListState.DRAFT).exclude(drafted_by=user)),
        to_release=bounded(
            lists.filter(state=ListState.CHECKED).exclude(drafted_by=user).exclude(checked_by=user)
        ),
        at_the_bank=bounded(lists.filter(state=ListState.RELEASED)),
        to_list=bounded(Award.objects.filter(state=AwardState.APPROVED)),
        failed_lines=bounded(PaymentLine.objects.filter(state=LineState.FAILED)),
        unmatched=bounded(unmatched_rows(settled=False)),
    )


def proposals_waiting(user: User) -> ProposalsWaiting:
    """For whoever is the second pair of eyes: nothing this person has proposed."""
    receipts = OtherReceipt.objects.filter(confirmed_at=None, withdrawn_at=None)
    openings = OpeningBalance.objects.filter(state=OpeningState.PROPOSED).exclude(proposed_by=user)
    return ProposalsWaiting(
        awards=bounded(visible_awards(user).filter(waiting_for(user))),
        receipts=bounded(receipts.exclude(recorded_by=user)),
        openings=list(openings.select_related("line").order_by("proposed_at", "pk")[:5]),
    )


def money_of_the_year(on: dt.date) -> Figures:
    """All funding lines of the fiscal year together, at the end of the day."""
    return sum_of(balances_on(on, FundingLine.objects.filter(fiscal_year=on.year)))
