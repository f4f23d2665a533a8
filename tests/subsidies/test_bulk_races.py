"""Bulk acts beside single ones (PostgreSQL): a rehearsal stands in nobody's way, and a double click does nothing twice."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connections

from subsidies.enums import AwardState
from subsidies.models import Award, AwardEvent
from subsidies.permissions import AwardAction
from subsidies.services import bulk, ledger
from subsidies.services.awards import approve_award
from tests.subsidies.factories import award_at, funding_line, office

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 20


def in_threads(*acts):
    """What each act gave, or the error it ended with, all of them started together."""
    together = threading.Barrier(len(acts))

    def call(act):
        try:
            together.wait(PATIENCE)
            return act()
        except OperationalError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(call, acts))


@pytest.fixture
def line(transactional_db):
    return funding_line("1000000.00")


@pytest.fixture
def awards(line):
    return [award_at(AwardState.DISCLOSED) for _ in range(4)]


def rehearsal(awards, line):
    return bulk.rehearse(
        awards=[award.pk for award in awards],
        action=AwardAction.APPROVE,
        actor=office().reviewer,
        funding_line=line,
    )


def test_without_its_locks_beforehand_a_rehearsal_and_an_approval_wait_for_each_other(
    line, awards, monkeypatch
):
    """The rehearsal has the line and wants the second award; the approval has that award and wants the line."""
    lock_line, has_line, has_award = ledger.lock_line, threading.Event(), threading.Event()
    rehearser = threading.local()

    def in_turn(line):
        if getattr(rehearser, "here", False):
            has_award.wait(PATIENCE)
            found = lock_line(line)
            has_line.set()
            return found
        has_award.set()
        has_line.wait(PATIENCE)
        return lock_line(line)

    def rehearse():
        rehearser.here = True
        return rehearsal(awards[:2], line)

    monkeypatch.setattr(ledger, "lock_line", in_turn)
    monkeypatch.setattr(bulk, "_locked", lambda keys: list(Award.objects.filter(pk__in=keys).order_by("pk")))
    ended = in_threads(
        rehearse, lambda: approve_award(award=awards[1], actor=office().reviewer, funding_line=line)
    )
    assert [isinstance(result, OperationalError) for result in ended].count(True) == 1


def test_rehearsals_and_approvals_at_once_all_come_to_their_end(line, awards):
    def approve(award):
        return lambda: approve_award(award=award, actor=office().reviewer, funding_line=line)

    ended = in_threads(
        *(approve(award) for award in awards),
        *([lambda: [rehearsal(awards, line) for _ in range(5)]] * 4),
    )
    assert not [result for result in ended if isinstance(result, Exception)]
    line.refresh_from_db()
    assert line.committed == sum(award.amount for award in awards)


def test_the_same_act_sent_twice_at_once_is_done_once(line, awards):
    seen = [(row.award, row.seen) for row in rehearsal(awards, line).outcomes]

    def act():
        return bulk.run(awards=seen, action=AwardAction.APPROVE, actor=office().reviewer, funding_line=line)

    first, second = in_threads(act, act)
    codes = Counter((row.award, row.code) for row in [*first, *second])
    assert codes == Counter((key, code) for key, _seen in seen for code in ("", bulk.DONE_BEFORE))
    assert AwardEvent.objects.filter(action=AwardAction.APPROVE).count() == len(awards)
    line.refresh_from_db()
    assert line.committed == sum(award.amount for award in awards)
