"""Approvals at once on one funding line (PostgreSQL): first the race without the lock, then none with it."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, connections

from config.common.errors import Refused
from subsidies.enums import AwardState, EntryKind
from subsidies.models import Award, FundingLine, LedgerEntry
from subsidies.selectors.balances import award_entry_problems, figures_on, guard_problems
from subsidies.services import ledger
from subsidies.services.awards import approve_award
from tests.subsidies.factories import award_at, funding_line, office

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

AMOUNT = Decimal("80000.00")
PATIENCE = 20


def approve_at_once(awards, line, count=None):
    """Approve every award in a thread of its own, started together: how many ended how."""
    people = office()
    together = threading.Barrier(len(awards))

    def approve(award):
        try:
            together.wait(PATIENCE)
            approve_award(award=award, actor=people.reviewer, funding_line=line)
        except Refused as refused:
            return refused.code
        except IntegrityError as error:
            return "constraint" if "funding_line_is_not_overdrawn" in str(error) else repr(error)
        finally:
            connections.close_all()
        return "approved"

    with ThreadPoolExecutor(len(awards)) as pool:
        return Counter(pool.map(approve, awards))


@contextmanager
def without_the_lock():
    """Two approvals look at the line before either has written: what the lock prevents."""
    looked = threading.Barrier(2)

    def look(line):
        found = FundingLine.objects.get(pk=line.pk)
        looked.wait(PATIENCE)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "lock_line", look)
        yield


@contextmanager
def without_the_constraint():
    constraint = next(
        found for found in FundingLine._meta.constraints if found.name == "funding_line_is_not_overdrawn"
    )
    with connection.schema_editor() as editor:
        editor.remove_constraint(FundingLine, constraint)
    try:
        yield
    finally:
        # Back to figures that the constraint bears, so that it can stand again.
        FundingLine.objects.update(committed=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(FundingLine, constraint)


def test_without_lock_and_constraint_two_approvals_overdraw_the_line(transactional_db):
    line = funding_line(AMOUNT)
    awards = [award_at(AwardState.DISCLOSED) for _ in range(2)]
    with without_the_constraint(), without_the_lock():
        assert approve_at_once(awards, line) == {"approved": 2}
        line.refresh_from_db()
        assert line.committed == 2 * AMOUNT > line.appropriated


def test_without_the_lock_the_constraint_is_what_stops_the_overdraw(transactional_db):
    line = funding_line(AMOUNT)
    awards = [award_at(AwardState.DISCLOSED) for _ in range(2)]
    with without_the_lock():
        assert approve_at_once(awards, line) == {"approved": 1, "constraint": 1}
    line.refresh_from_db()
    assert line.committed == AMOUNT


def test_edge_case_31_two_at_once_never_overdraw(transactional_db):
    line = funding_line(AMOUNT)
    awards = [award_at(AwardState.DISCLOSED) for _ in range(2)]
    assert approve_at_once(awards, line) == {"approved": 1, "overdrawn": 1}
    _check(line, approved=1)


def test_of_sixteen_at_once_exactly_those_are_approved_that_the_line_bears(transactional_db):
    line = funding_line(5 * AMOUNT + AMOUNT / 2)
    awards = [award_at(AwardState.DISCLOSED) for _ in range(16)]
    assert approve_at_once(awards, line) == {"approved": 5, "overdrawn": 11}
    _check(line, approved=5)


def test_one_award_approved_by_many_at_once_is_committed_once(transactional_db):
    line = funding_line(10 * AMOUNT)
    award = award_at(AwardState.DISCLOSED)
    assert approve_at_once([award] * 8, line) == {"approved": 1, "wrong_state": 7}
    _check(line, approved=1)


def test_the_same_entry_posted_by_many_at_once_is_booked_once(transactional_db):
    line, award = funding_line(AMOUNT), award_at(AwardState.DISCLOSED)
    actor, together = office().finance, threading.Barrier(8)

    def post(_number):
        together.wait(PATIENCE)
        try:
            return ledger.post_entry(
                line=FundingLine.objects.get(pk=line.pk),
                kind=EntryKind.COMMITTED,
                amount=AMOUNT,
                actor=actor,
                key="once",
                award=award,
            ).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(post, range(8)))) == 1
    line.refresh_from_db()
    assert line.committed == AMOUNT


def _check(line, *, approved):
    line.refresh_from_db()
    assert line.committed == approved * AMOUNT == figures_on(line).committed
    assert Award.objects.filter(state=AwardState.APPROVED).count() == approved
    assert LedgerEntry.objects.filter(line=line, kind=EntryKind.COMMITTED).count() == approved
    assert guard_problems() == award_entry_problems() == []
