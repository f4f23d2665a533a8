"""Sixteen threads race on every act over one funding line (PostgreSQL): nothing ever goes wrong."""

from decimal import Decimal

import pytest

from subsidies.services.verification import verify_records
from tests.subsidies.money.race import ACTS, THREADS, Race

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
SHORT, LONG = 20 * THREADS, 125 * THREADS


@pytest.fixture
def race(transactional_db):
    """Awards of some 1,300,000 yuan; the line bears about a third of them."""
    return Race(firms=24, appropriated=Decimal("400000.00"))


def run(race, attempts):
    race.run(attempts)
    print(
        *(f"{act}: {race.counts[act]} done, {race.counts[f'{act} refused']} refused" for act in ACTS),
        sep="\n",
    )
    assert race.counts.total() == attempts
    assert race.violations == []
    assert verify_records().problems == []


def test_acts_at_once_over_one_funding_line_never_break_anything(race):
    run(race, SHORT)
    assert {"approve", "confirm_override", "release", "return"} <= race.counts.keys()


@pytest.mark.long
def test_two_thousand_acts_at_once_never_break_anything(race):
    assert LONG == 2_000
    run(race, LONG)
    assert not [act for act in ACTS if not race.counts[act]]
