"""Release and return by many at once: what is done is done once (PostgreSQL; SQLite lets one writer in at a time)."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from config.common.errors import Refused
from subsidies.enums import AwardState, EntryKind, ExportFormat, ListState
from subsidies.models import BankReturn, LedgerEntry, ListEvent, PaymentList, ReleasedFile
from subsidies.services.payment_lists import cancel_payment_list, draft_payment_list, release_payment_list
from subsidies.services.verification import verify_records
from tests.people import make_cast
from tests.subsidies.paying import PURPOSE, Desk, answer, desk, return_file

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
THREADS = 8
_LOCKED = ("subsidies_paymentlist", "cultivation_firm", "subsidies_award")


@pytest.fixture
def paying(transactional_db: None) -> Desk:
    return desk(make_cast())


def race(act: Callable[[int], object], threads: int = THREADS) -> list[str]:
    """Let ``act`` begin in all threads at one moment; ``"done"`` or the code of the refusal, by thread."""
    barrier = threading.Barrier(threads)

    def run(number: int) -> str:
        try:
            barrier.wait(timeout=30)
            act(number)
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(run, range(threads)))


def test_one_release_of_many_counts(paying):
    payment_list = paying.checked()
    results = race(lambda _number: release_payment_list(payment_list=payment_list, actor=paying.third))
    assert results == ["done"] * THREADS
    assert ReleasedFile.objects.count() == len(ExportFormat)
    assert ListEvent.objects.filter(action="release").count() == 1
    assert verify_records().problems == []


def test_a_release_locks_the_firms_before_their_awards_as_every_act_does(paying):
    """The other way round, a release and an act on one of its awards could wait for each other for ever."""
    payment_list = paying.checked()
    with CaptureQueriesContext(connection) as captured:
        release_payment_list(payment_list=payment_list, actor=paying.third)
    locks = [query["sql"] for query in captured if " FOR " in query["sql"]]
    tables = [next(name for name in _LOCKED if f'FROM "{name}"' in sql) for sql in locks]
    assert tables == list(_LOCKED)


def test_a_list_is_released_or_cancelled_never_both(paying):
    payment_list = paying.checked()

    def act(number: int) -> object:
        if number % 2:
            return cancel_payment_list(payment_list=payment_list, actor=paying.first, reason="撤回")
        return release_payment_list(payment_list=payment_list, actor=paying.third)

    race(act)
    payment_list = PaymentList.objects.get()
    released = payment_list.state == ListState.RELEASED
    assert released or payment_list.state == ListState.CANCELLED
    assert ReleasedFile.objects.exists() == released
    assert paying.states() == [AwardState.LISTED if released else AwardState.APPROVED] * 3
    assert verify_records().problems == []


def test_one_return_file_loaded_by_many_is_applied_once(paying):
    payment_list = paying.released()
    first, *rest = payment_list.lines.order_by("number")
    content = return_file(answer(first, "失败"), *(answer(line) for line in rest))
    assert race(lambda _number: paying.load_file(payment_list, content)) == ["done"] * THREADS
    assert BankReturn.objects.count() == 1
    assert LedgerEntry.objects.filter(kind=EntryKind.PAID).count() == 2
    assert verify_records().problems == []


def test_different_files_with_the_same_answers_pay_once(paying):
    payment_list = paying.released()
    lines = list(payment_list.lines.order_by("number"))
    files = [
        return_file(*(answer(line, "成功", f"回单{number}") for line in lines)) for number in range(THREADS)
    ]
    race(lambda number: paying.load_file(payment_list, files[number]))
    assert LedgerEntry.objects.filter(kind=EntryKind.PAID).count() == 3
    assert PaymentList.objects.get().state == ListState.SETTLED
    assert verify_records().problems == []


def test_an_award_comes_onto_one_of_many_drafts(paying):
    results = race(
        lambda _number: draft_payment_list(
            awards=paying.awards, funding_line=paying.line, purpose=PURPOSE, actor=paying.first
        )
    )
    assert sorted(results) == ["done"] + ["preflight_failed"] * (THREADS - 1)
    assert [row.number for row in PaymentList.objects.all()] == ["ZF2019-001"]
    assert verify_records().problems == []


def test_drafts_of_different_awards_get_numbers_without_gap(paying):
    race(
        lambda number: draft_payment_list(
            awards=[paying.awards[number]], funding_line=paying.line, purpose=PURPOSE, actor=paying.first
        ),
        threads=3,
    )
    assert sorted(row.sequence for row in PaymentList.objects.all()) == [1, 2, 3]
    assert verify_records().problems == []
