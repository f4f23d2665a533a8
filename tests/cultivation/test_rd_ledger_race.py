"""Two ledgers of one firm handed in at once (PostgreSQL): one stands, the other is kept as replaced."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from django.db import IntegrityError, connections

from config.common.errors import Refused
from cultivation.models import Firm, RdLedger, RdLedgerLine
from cultivation.services import rd_ledger
from cultivation.views import import_kinds
from documents.api import HandIn
from tests.cultivation.ledgers import cells, ledger_book
from tests.factories import FirmFactory, staff

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

PATIENCE = 20


def import_at_once(firm: Firm, contents: list[bytes]) -> list[str]:
    actor, together = staff().caseworker, threading.Barrier(len(contents))

    def take_over(content: bytes) -> str:
        together.wait(PATIENCE)
        try:
            report = rd_ledger.import_ledger(
                firm=firm, content=content, original_name="辅助账.xlsx", actor=actor
            )
        except IntegrityError as error:
            return "constraint" if "firm_has_one_standing_ledger" in str(error) else repr(error)
        finally:
            connections.close_all()
        return "unchanged" if report.unchanged else "taken over"

    with ThreadPoolExecutor(len(contents)) as pool:
        return sorted(pool.map(take_over, contents))


def books(count: int) -> list[bytes]:
    return [ledger_book(cells(凭证号=str(number))) for number in range(count)]


def test_without_the_lock_the_constraint_is_what_keeps_one(monkeypatch, transactional_db) -> None:
    firm, looked = FirmFactory(), threading.Barrier(2)

    class Unlocked:
        """Both have looked before either has written: what the lock prevents."""

        def __getattr__(self, name: str):
            return getattr(Firm.objects, name)

        def select_for_update(self):
            looked.wait(PATIENCE)
            return Firm.objects.all()

    class WithoutLock:
        objects = Unlocked()

    monkeypatch.setattr(rd_ledger, "Firm", WithoutLock)
    assert import_at_once(firm, books(2)) == ["constraint", "taken over"]
    assert RdLedger.objects.get(firm=firm).replaced_at is None


def test_of_two_at_once_one_stands(transactional_db) -> None:
    firm = FirmFactory()
    assert import_at_once(firm, books(2)) == ["taken over", "taken over"]
    standing = RdLedger.objects.get(firm=firm, replaced_at__isnull=True)
    assert RdLedger.objects.filter(firm=firm).count() == 2
    assert RdLedgerLine.objects.filter(ledger=standing).count() == 1


def test_the_same_file_at_once_is_taken_over_once(transactional_db) -> None:
    firm = FirmFactory()
    (content,) = books(1)
    assert import_at_once(firm, [content] * 4) == ["taken over", *["unchanged"] * 3]
    assert RdLedger.objects.filter(firm=firm).count() == 1


def test_of_two_who_confirm_their_previews_at_once_one_is_refused(transactional_db) -> None:
    firm, actor, together = FirmFactory(), staff().caseworker, threading.Barrier(2)
    kind = import_kinds.RdLedger()

    def seen(content: bytes) -> HandIn:
        hand_in = HandIn(content, "辅助账.xlsx", {"firm": firm})
        return replace(hand_in, agreed=kind.take_over(hand_in, actor=actor, dry_run=True))

    def confirm(hand_in: HandIn) -> str:
        together.wait(PATIENCE)
        try:
            kind.take_over(hand_in, actor=actor, dry_run=False)
        except Refused as refusal:
            return refusal.code
        finally:
            connections.close_all()
        return "taken over"

    with ThreadPoolExecutor(2) as pool:
        found = sorted(pool.map(confirm, [seen(content) for content in books(2)]))
    assert found == ["changed_meanwhile", "taken over"]
    assert RdLedger.objects.filter(firm=firm).count() == 1
