"""The synthetic population: legal, deterministic, never beside real firms."""

import datetime as dt
import json
from contextlib import nullcontext

import pytest
from django.core.management import call_command

from config.common.credit_codes import is_valid
from cultivation.enums import CaseState
from cultivation.models import CaseEvent, CultivationCase, Firm
from cultivation.scale.lives import credit_code, lives
from cultivation.selectors.events import check_case_events

from .building import Builder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    def call(*arguments: str, status: int = 0) -> dict:
        with pytest.raises(SystemExit) if status else nullcontext() as stop:
            call_command("make_scale_data", *arguments)
        assert not status or stop.value.code == status
        return json.loads(capsys.readouterr().out)

    return call


def population(seed: int, firms: int = 300) -> list:
    return list(lives(firms=firms, seed=seed, first=0, today=dt.date(2019, 6, 30), divisions=12, fields=7))


def test_codes_are_valid_and_of_no_authority() -> None:
    codes = [credit_code(number) for number in range(0, 5000, 7)]
    assert len(set(codes)) == len(codes)
    assert all(is_valid(code) and code[:2] == "91" and code[2:8] == "990000" for code in codes)


def test_the_same_seed_makes_the_same_firms() -> None:
    assert population(1) == population(1)
    assert population(1) != population(2)


def test_the_cases_occupy_every_state_by_a_legal_chain(db: None, run) -> None:
    answer = run("--firms", "500", "--seed", "3")
    assert answer["firms"] == 500 == Firm.objects.filter(is_demo=True).count()
    assert answer["events"] == CaseEvent.objects.count()
    assert set(CultivationCase.objects.values_list("state", flat=True)) == set(CaseState.values)
    assert check_case_events() == (answer["events"], [])
    assert not CultivationCase.objects.filter(state_since__date__gt=dt.date(2019, 6, 30)).exists()


def test_transitions_are_those_of_the_state_machine() -> None:
    legal = {
        (str(source), str(target))
        for transition in CultivationCase._meta.get_field("state").get_all_transitions(CultivationCase)
        for source in [transition.source]
        for target in getattr(transition.target, "allowed_states", None) or [transition.target]
    }
    made = {
        (str(step.came_from), str(step.state))
        for life in population(5, 2000)
        for step in life.steps
        if step.came_from
    }
    assert made <= legal


def test_a_second_run_adds_further_firms(db: None, run) -> None:
    run("--firms", "20")
    assert run("--firms", "20", "--seed", "9")["first_number"] == 20
    assert Firm.objects.count() == 40


def test_real_firms_are_left_alone(build: Builder, run) -> None:
    firm = build.firm()
    Firm.objects.filter(pk=firm.pk).update(is_demo=False)
    assert run("--firms", "5", status=1)["error"]["code"] == "real_firms"
    assert Firm.objects.count() == 1


@pytest.mark.parametrize("number", ["0", "-3", "3000000"])
def test_a_senseless_number_is_wrong_usage(db: None, run, number: str) -> None:
    assert run("--firms", number, status=2)["error"]["code"] == "firms_out_of_range"
