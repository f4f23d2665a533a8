"""Two documents of the region at once about one firm (PostgreSQL; SQLite lets one writer in at a time)."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from subsidies.enums import Reconciliation
from subsidies.models import RegionalAward
from subsidies.services import regional_awards
from subsidies.services.regional_awards import import_regional_awards
from tests.people import make_cast
from tests.subsidies.factories import DOCUMENT_DATE, accreditation, award_file

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
DOCUMENTS = ("演示桂科〔2019〕77号", "演示桂科〔2019〕78号")


@pytest.fixture
def certificates(transactional_db):
    return [accreditation() for _ in range(3)]


def import_both_at_once(certificates, monkeypatch):
    """Both have judged their rows before either of them writes, unless a lock holds the second one back."""
    cast = make_cast()
    meeting = threading.Barrier(len(DOCUMENTS))
    judge = regional_awards._judge_rows

    def judge_and_wait(*args):
        judged = judge(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=2)
        return judged

    monkeypatch.setattr(regional_awards, "_judge_rows", judge_and_wait)

    def load(number):
        rows = [(row.firm.name, row.firm.credit_code, "80000.00") for row in certificates]
        try:
            # Each names the firms in another order.
            rows = rows if number == DOCUMENTS[0] else rows[::-1]
            import_regional_awards(
                content=award_file(*rows),
                original_name="名单.csv",
                document_number=number,
                document_date=DOCUMENT_DATE,
                actor=cast.caseworker,
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(DOCUMENTS)) as pool:
        list(pool.map(load, DOCUMENTS))
    return RegionalAward.objects.filter(outcome=Reconciliation.MATCHED).count()


def test_without_the_lock_both_documents_grant_the_firms(certificates, monkeypatch):
    monkeypatch.setattr(regional_awards, "_lock_firms", lambda table: None)
    assert import_both_at_once(certificates, monkeypatch) == 2 * len(certificates)


def test_with_the_lock_one_document_grants_and_the_other_finds_it(certificates, monkeypatch):
    assert import_both_at_once(certificates, monkeypatch) == len(certificates)
    assert set(RegionalAward.objects.values_list("outcome", flat=True)) == {
        Reconciliation.MATCHED,
        Reconciliation.ALREADY_MATCHED,
    }
