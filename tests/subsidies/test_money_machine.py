"""Random people try every act with money, through the services and on a plain model; the two never differ."""

import time
from collections import Counter

import pytest
from django.db import IntegrityError
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from config.common import clock
from tests.subsidies.money.bureau import CLOCK
from tests.subsidies.money.machine import MoneyMachine
from tests.subsidies.money.town import build_town

# A run is a transaction of its own: inside one that lasts for all runs, SQLite takes longer and longer for each act.
pytestmark = pytest.mark.django_db(transaction=True)

SHORT, LONG = 1_000, 100_000
ACTS = [
    "propose",
    "region",
    "calculate",
    "propose amount",
    "confirm amount",
    "reject amount",
    "review",
    "send_back",
    "disclose",
    "record objection",
    "answer objection",
    "approve",
    "freeze",
    "unfreeze",
    "revoke",
    "revoke certificate",
    "apply revocations",
    "propose correction",
    "confirm correction",
    "reject correction",
    "propose account",
    "confirm account",
    "reject account",
    "appropriate",
    "adjust",
    "carry over",
    "draft list",
    "check list",
    "release list",
    "cancel list",
    "bank return",
    "open recovery",
    "record repayment",
    "close recovery",
]
# Checks of the services taken away or an entry forgotten: what stands there then, and where.
MUTANTS = {
    "the list's four eyes": ("payment_lists.require_second_person", lambda *_args: None),
    "the decommitment": ("freezing.decommit", lambda **_kwargs: None),
}
MORE_MUTANTS = {
    "the award's four eyes": ("conditions.require_second_person", lambda *_args: None),
    "the days of the disclosure": ("conditions.disclosure_is_over", lambda *_args: True),
    "the region's later word": ("conditions.require_current_basis", lambda _award: None),
    "the answered objection": ("conditions.require_no_objection", lambda _award: None),
    "what is available": ("ledger._require_bearable", lambda *_args: None),
    "the checks before the draft": ("payment_lists._require_all_ok", lambda _outcomes: None),
    "the checks before the release": ("payment_lists._require_unchanged", lambda *_args: None),
    "the contradiction in a file": ("returns.require_one_answer", lambda *_args: None),
    "the reason": ("freezing.require_reason", lambda *_args: None),
}


@pytest.fixture
def town(transactional_db, settings, monkeypatch):
    """Before the first act; each act has a second of its own, and files stay in memory."""
    monkeypatch.setattr(clock, CLOCK, getattr(clock, CLOCK))
    memory = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "default": memory}
    return build_town()


def drive(town, counts, number, runs):
    """``runs`` runs of some hundred acts each; ``number`` chooses which."""
    machine = seed(number)(type("Machine", (MoneyMachine,), {"town": town, "counts": counts}))
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=runs,
            stateful_step_count=50,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )


def drive_to(town, steps):
    """Run after run until so many acts were tried: how often each was done, and how often refused."""
    counts, began, number = Counter(), time.monotonic(), 0
    while counts.total() < steps:
        number += 1
        drive(town, counts, number, runs=10)
        seconds = time.monotonic() - began
        print(f"{counts.total()} acts in {seconds:.0f} s", flush=True)
    print(*(f"{act}: {counts[act]} done, {counts[f'{act} refused']} refused" for act in ACTS), sep="\n")
    return counts


def caught(town, monkeypatch, mutant):
    """Whether the machine finds the fault within some hundred runs; a check that cannot fail is none."""
    place, instead = mutant
    monkeypatch.setattr(f"subsidies.services.{place}", instead)
    counts = Counter()
    # The model differs, the database refuses, or the service itself stumbles over what the check would have kept away.
    with pytest.raises((AssertionError, IntegrityError, ValueError)) as found:
        for number in range(1, 40):
            drive(town, counts, number, runs=5)
    print(f"{place}: after {counts.total()} acts: {str(found.value).splitlines()[0]}")


def test_services_and_model_agree_over_random_acts(town):
    counts = drive_to(town, SHORT)
    assert {"approve", "release list", "bank return"} <= counts.keys()


@pytest.mark.long
def test_services_and_model_agree_over_a_hundred_thousand_acts(town):
    counts = drive_to(town, LONG)
    assert counts.total() >= LONG
    assert not [act for act in ACTS if not counts[act] or not counts[f"{act} refused"]]


@pytest.mark.parametrize("mutant", MUTANTS.values(), ids=MUTANTS)
def test_the_machine_misses(town, monkeypatch, mutant):
    caught(town, monkeypatch, mutant)


@pytest.mark.long
@pytest.mark.parametrize("mutant", MORE_MUTANTS.values(), ids=MORE_MUTANTS)
def test_the_machine_also_misses(town, monkeypatch, mutant):
    caught(town, monkeypatch, mutant)
