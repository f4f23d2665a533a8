"""Two who confirm at once, and a list that comes in meanwhile (PostgreSQL): lifted once, and never half."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from config.common.errors import Refused
from cultivation.enums import CaseAction, CaseKind, CaseState, CorrectionState, Role
from cultivation.models import Accreditation, CaseEvent, CultivationCase, Determination
from cultivation.selectors.determination_checks import check_determinations
from cultivation.selectors.events import check_case_events
from cultivation.services.case_flow import open_case
from cultivation.services.determination_corrections import confirm_determination_correction
from tests.cultivation.lifting import OTHER_LIST, decided, listed, propose, two_and_the_recorder
from tests.factories import UserFactory, case_at

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 20


def at_once(*acts: Callable[[], object]) -> Counter[str]:
    """Every act in a thread of its own, started together: how many ended how."""
    together = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> str:
        together.wait(PATIENCE)
        try:
            act()
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return Counter(pool.map(run, acts))


@pytest.fixture
def two(transactional_db):
    return two_and_the_recorder()


@pytest.fixture
def case(two):
    case = case_at(CaseState.FILED)
    listed(two, case.firm)
    return case


def test_of_eight_who_confirm_at_once_one_does(two, case):
    correction = propose(two, decided(case.firm))
    people = [UserFactory(role=Role.REVIEWER) for _ in range(8)]
    acts = [
        lambda person=person: confirm_determination_correction(correction=correction, actor=person)
        for person in people
    ]
    assert at_once(*acts) == {"done": 1, "correction_decided": 7}
    assert CaseEvent.objects.filter(case=case, action=CaseAction.REOPEN).count() == 1
    assert check_case_events()[1] == []


def test_a_list_that_comes_in_meanwhile_finds_it_standing_or_lifted(two, case):
    correction = propose(two, decided(case.firm))
    outcome = at_once(
        lambda: confirm_determination_correction(correction=correction, actor=two.confirmer),
        lambda: listed(two, case.firm, **OTHER_LIST),
    )
    assert outcome == {"done": 2}
    correction.refresh_from_db()
    case = CultivationCase.objects.get(pk=case.pk)
    # Either the list found the certificate standing and did nothing, or it decided anew after the lifting.
    again = Determination.objects.filter(corrects=correction.determination).count()
    assert correction.state == CorrectionState.CONFIRMED
    assert Accreditation.objects.rightly_recorded().count() == again
    assert case.state == (CaseState.ACCREDITED if again else CaseState.FILED)
    assert check_case_events()[1] == []
    assert check_determinations()[1] == []


def test_a_case_opened_meanwhile_keeps_its_place(two, case):
    correction = propose(two, decided(case.firm))
    outcome = at_once(
        lambda: confirm_determination_correction(correction=correction, actor=two.confirmer),
        lambda: open_case(firm=case.firm, kind=CaseKind.RENEWAL, actor=two.recorder),
    )
    assert outcome in (
        {"done": 1, "case_open": 1},
        {"done": 1, "certificate_missing": 1},
    )
    states = set(CultivationCase.objects.values_list("state", flat=True))
    assert states in ({CaseState.FILED}, {CaseState.ACCREDITED, CaseState.DRAFT})
