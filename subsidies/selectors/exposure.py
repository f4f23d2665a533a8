"""What awards of accreditations still to come may cost, for the forecast alone: no award and no payment reads it."""

import datetime as dt
from collections import Counter
from decimal import Decimal
from fractions import Fraction

from django.db.models import Q

from cultivation.api import AccreditationKind, AwardAmount
from subsidies.enums import Decision, Reconciliation
from subsidies.models import RegionalAward
from subsidies.rules.matching import NothingToMatch, Terms, match_amount

from .schemes import published_schemes, terms_of

# The plan's annex 4, 二（三）, where no version of a scheme is in force yet.
_PLAN_TERMS = Terms(1, 1)


def _terms(on: dt.date) -> list[Terms]:
    """The terms under which a first accreditation is matched on a day."""
    versions = [scheme.in_force_on(on) for scheme in published_schemes()]
    return [
        terms_of(version)
        for version in versions
        if version is not None and version.first_eligible == Decision.YES
    ] or [_PLAN_TERMS]


def _matched(regional: Decimal, terms: list[Terms]) -> Decimal:
    """What the city adds in all to a regional amount; nothing where there is nothing to match."""
    total = Decimal("0.00")
    for one in terms:
        try:
            total += match_amount(regional, one).amount
        except NothingToMatch:
            continue
    return total


def recorded_award_amounts(as_of: dt.date) -> tuple[AwardAmount, ...]:
    """The sizes of award that the region's documents up to ``as_of`` give for first accreditations, with their shares.

    The amount that stood then counts: a row that a later document corrected gives way to its correction only from
    that document's date on. Empty where no regional award is recorded.
    """
    later = Q(corrected_by__document__policy__issued_on__lte=as_of)
    rows = RegionalAward.objects.filter(
        ~later,
        outcome__in=[Reconciliation.MATCHED, Reconciliation.AMOUNT_CHANGED],
        accreditation__kind=AccreditationKind.FIRST,
        document__policy__issued_on__lte=as_of,
    ).values_list("amount", "document__policy__document_number")
    numbers: dict[Decimal, set[str]] = {}
    firms: Counter[Decimal] = Counter()
    terms = _terms(as_of)
    for regional, number in rows:
        amount = _matched(regional, terms)
        firms[amount] += 1
        numbers.setdefault(amount, set()).add(number)
    return tuple(
        AwardAmount(amount, Fraction(count, firms.total()), "、".join(sorted(numbers[amount])))
        for amount, count in sorted(firms.items())
    )
