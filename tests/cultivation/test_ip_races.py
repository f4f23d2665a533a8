"""Two firms that file one co-owned item at once (PostgreSQL): first the race without the guard, then none with it."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connections

from config.common.errors import Refused
from cultivation.enums import CaseState
from cultivation.models import CultivationCase, IpUse
from cultivation.services import filing
from tests.cultivation.property import PATENT, ready_with
from tests.factories import staff

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
PATIENCE = 20
SECOND = {**PATENT, "number": "ZL201510654321.0"}


def file_at_once(cases: list[CultivationCase]) -> Counter[str]:
    """File every case in a thread of its own, started together: how many ended how."""
    office, together = staff().caseworker, threading.Barrier(len(cases))

    def file(case: CultivationCase) -> str:
        together.wait(PATIENCE)
        try:
            filing.file_case(case=case, actor=office)
        except Refused as refused:
            return refused.code
        finally:
            connections.close_all()
        return "filed"

    with ThreadPoolExecutor(len(cases)) as pool:
        return Counter(pool.map(file, cases))


@contextmanager
def without_the_guard() -> Iterator[None]:
    """Both filings have looked at the ledger before either has written: what the guard prevents."""
    looked = threading.Barrier(2)
    refuse_blocked = filing.refuse_blocked

    def look(*arguments: object) -> None:
        refuse_blocked(*arguments)
        looked.wait(PATIENCE)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(filing, "hold_declared_property", lambda **arguments: None)
        patch.setattr(filing, "refuse_blocked", look)
        yield


def test_without_the_guard_one_item_is_filed_by_two_firms(transactional_db: None) -> None:
    cases = [ready_with(PATENT), ready_with(PATENT)]
    with without_the_guard():
        assert file_at_once(cases) == {"filed": 2}
    assert IpUse.objects.filter(number=PATENT["number"]).count() == 2


def test_edge_case_16_of_two_at_once_exactly_one_is_filed(transactional_db: None) -> None:
    cases = [ready_with(PATENT), ready_with(PATENT)]
    assert file_at_once(cases) == {"filed": 1, "property_taken": 1}
    use = IpUse.objects.get(number=PATENT["number"])
    assert [case.pk for case in CultivationCase.objects.filter(state=CaseState.FILED)] == [use.case_id]


def test_of_eight_at_once_exactly_one_is_filed(transactional_db: None) -> None:
    cases = [ready_with(PATENT) for _ in range(8)]
    assert file_at_once(cases) == {"filed": 1, "property_taken": 7}
    assert IpUse.objects.count() == 1


def test_numbers_declared_in_another_order_do_not_lock_each_other_out(transactional_db: None) -> None:
    cases = [ready_with(PATENT, SECOND), ready_with(SECOND, PATENT)]
    assert file_at_once(cases) == {"filed": 1, "property_taken": 1}
    assert IpUse.objects.count() == 2


def test_different_items_do_not_wait_for_each_other(transactional_db: None) -> None:
    assert file_at_once([ready_with(PATENT), ready_with(SECOND)]) == {"filed": 2}
