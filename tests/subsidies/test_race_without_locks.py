"""The same sixteen threads with the locks taken away (PostgreSQL): what goes wrong then, and what still stops it.

Approvals without their lock, and without the constraint behind it, stand in ``test_concurrency.py``.
"""

import threading
from collections import Counter
from decimal import Decimal

import pytest
from django.db.models import Model, QuerySet
from django_fsm import ConcurrentTransitionMixin

from cultivation.enums import Role
from subsidies.enums import AwardState, EntryKind, ExportFormat
from subsidies.models import AwardEvent, Calculation, LedgerEntry, ReleasedFile
from subsidies.permissions import AwardAction
from subsidies.services import awards, overrides, payment_lists
from subsidies.services.overrides import confirm_override, propose_override
from subsidies.services.payment_lists import release_payment_list
from subsidies.services.verification import verify_records
from tests.factories import UserFactory
from tests.people import make_cast
from tests.subsidies.factories import award_at
from tests.subsidies.money.race import DONE, PATIENCE, THREADS, Race, at_once
from tests.subsidies.paying import answer, desk, return_file

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 125
OVERTAKEN, CONSTRAINT = "changed_meanwhile", "IntegrityError"


def take_away_the_locks(patch):
    patch.setattr(QuerySet, "select_for_update", lambda rows, **_options: rows._chain())


def take_away_the_guard_of_states(patch):
    """The state that an update names besides the key, so that a step which somebody has overtaken changes no row."""
    patch.setattr(ConcurrentTransitionMixin, "_do_update", Model._do_update)


def let_all_look_first(patch, module, name):
    """Nobody goes on from this function before every thread has been through it: what a lock prevents."""
    looked, look = threading.Barrier(THREADS), getattr(module, name)

    def wait(*args):
        found = look(*args)
        looked.wait(PATIENCE)
        return found

    patch.setattr(module, name, wait)


def ended(acts):
    """How many ended how; a fault by its kind."""
    return Counter(end.words.split(":")[0] for end in at_once(acts))


@pytest.fixture
def paying(transactional_db):
    return desk(make_cast())


@pytest.fixture
def releases(paying):
    """The same list, let go by the same person."""
    checked = paying.checked()
    return [lambda: release_payment_list(payment_list=checked, actor=paying.third)] * THREADS


@pytest.fixture
def bank_returns(paying):
    """The same answer in different files."""
    released = paying.released(paying.awards[:1])
    line = released.lines.get()
    files = [return_file(answer(line, "成功", f"回单{number}")) for number in range(THREADS)]
    return [lambda content=content: paying.load_file(released, content) for content in files]


@pytest.fixture
def confirmations(transactional_db):
    """The same amount set by hand, put in force by the same person."""
    proposed = propose_override(
        award=award_at(AwardState.CALCULATED),
        amount=Decimal("70000.00"),
        reason="演示理由",
        document_number="演示纪要〔2019〕1号",
        actor=UserFactory(role=Role.CASEWORKER),
    )
    reviewer = UserFactory(role=Role.REVIEWER)
    return [lambda: confirm_override(override=proposed, actor=reviewer)] * THREADS


class TestRelease:
    def test_with_the_locks_the_later_ones_find_it_done(self, releases):
        assert ended(releases) == {DONE: THREADS}
        assert self.files() == len(ExportFormat)

    def test_without_them_the_guard_of_states_stops_the_later_ones(self, releases, monkeypatch):
        take_away_the_locks(monkeypatch)
        let_all_look_first(monkeypatch, payment_lists, "lock_list")
        assert ended(releases) == {DONE: 1, OVERTAKEN: THREADS - 1}
        assert self.files() == len(ExportFormat)

    def test_without_the_guard_too_only_the_constraints_do(self, releases, monkeypatch):
        take_away_the_locks(monkeypatch)
        take_away_the_guard_of_states(monkeypatch)
        let_all_look_first(monkeypatch, payment_lists, "lock_list")
        assert ended(releases) == {DONE: 1, CONSTRAINT: THREADS - 1}
        assert self.files() == len(ExportFormat)

    def files(self):
        return ReleasedFile.objects.count()


class TestReturn:
    def test_with_the_locks_one_file_pays_and_the_others_change_nothing(self, bank_returns):
        assert ended(bank_returns) == {DONE: THREADS}
        assert self.payments() == 1

    def test_without_them_the_guard_of_states_stops_the_later_ones(self, bank_returns, monkeypatch):
        take_away_the_locks(monkeypatch)
        let_all_look_first(monkeypatch, awards, "require_open")
        assert ended(bank_returns) == {DONE: 1, OVERTAKEN: THREADS - 1}
        assert self.payments() == 1

    def test_without_the_guard_too_only_the_key_of_the_payment_holds(self, bank_returns, monkeypatch):
        """Every file says that it paid, unless it runs into a constraint; the ledger has the key once."""
        take_away_the_locks(monkeypatch)
        take_away_the_guard_of_states(monkeypatch)
        let_all_look_first(monkeypatch, awards, "require_open")
        ends = ended(bank_returns)
        assert ends.keys() <= {DONE, CONSTRAINT}
        assert ends[DONE] == AwardEvent.objects.filter(action=AwardAction.PAY).count()
        assert self.payments() == 1

    def payments(self):
        return LedgerEntry.objects.filter(kind=EntryKind.PAID).count()


class TestOverride:
    def test_with_the_locks_it_is_put_in_force_once(self, confirmations):
        assert ended(confirmations) == {DONE: 1, "override_decided": THREADS - 1}
        assert self.set_by_hand() == 1

    def test_without_them_everybody_puts_it_in_force_or_runs_into_a_constraint(
        self, confirmations, monkeypatch
    ):
        """The state stays as it was, so that its guard does not help."""
        take_away_the_locks(monkeypatch)
        let_all_look_first(monkeypatch, overrides, "_waiting")
        ends = ended(confirmations)
        assert ends.keys() <= {DONE, CONSTRAINT}
        assert ends[DONE] == self.set_by_hand()

    def set_by_hand(self):
        return Calculation.objects.filter(inputs__has_key="override").count()


class TestEveryAct:
    """The race of ``test_race_of_money.py``, until it goes wrong."""

    @pytest.fixture
    def race(self, transactional_db):
        return Race(firms=24, appropriated=Decimal("400000.00"))

    def test_without_the_locks_acts_end_in_constraints(self, race, monkeypatch):
        take_away_the_locks(monkeypatch)
        for _round in range(ROUNDS):
            race.round()
            if race.faults:
                break
        assert race.faults

    @pytest.mark.long
    def test_without_the_guard_of_states_too_the_money_no_longer_agrees(self, race, monkeypatch):
        take_away_the_locks(monkeypatch)
        take_away_the_guard_of_states(monkeypatch)
        for _round in range(ROUNDS):
            race.round()
            if race.broken:
                break
        assert race.broken
        assert verify_records().problems
