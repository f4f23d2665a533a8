"""The documents written from the code."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import translation

from cultivation.enums import CaseState
from cultivation.management.generated.rules import rules_page
from cultivation.management.generated.states import machines, states_page, steps
from cultivation.models import CultivationCase


def test_every_state_machine_is_drawn() -> None:
    page = states_page()
    for model in ("CultivationCase", "Award", "PaymentList", "Notice"):
        assert f".{model}.state`)" in page
    assert "training --> expense_review: start_expense_review" in page
    assert "returned --> submitted: resubmit" in page
    assert "returned --> expense_review: resubmit" in page
    assert "accredited --> [*]" in page


def test_every_state_of_a_case_is_reached_and_named() -> None:
    arrows = steps(CultivationCase, CultivationCase._meta.get_field("state"))
    assert {arrow.target for arrow in arrows} | {CaseState.DRAFT.value} == set(CaseState.values)
    assert CultivationCase in [model for model, _field in machines()]


def test_the_page_is_the_same_in_every_language() -> None:
    with translation.override("zh-hans"):
        chinese = states_page()
    with translation.override("en"):
        assert states_page() == chinese


def test_every_threshold_names_document_article_and_mark() -> None:
    rows = [line for line in rules_page().splitlines() if line.startswith("| `")]
    assert len(rows) > 10
    assert all("国科发火〔2016〕" in row and "核 |" in row for row in rows)


def test_the_committed_pages_are_current() -> None:
    call_command("generate_docs", check=True)


def test_a_page_that_is_not_current_is_named_and_then_written(tmp_path: Path, settings) -> None:
    settings.BASE_DIR = tmp_path
    errors = StringIO()
    with pytest.raises(SystemExit) as stop:
        call_command("generate_docs", check=True, stderr=errors)
    assert stop.value.code == 1
    assert "docs/states.md, docs/rules.md" in errors.getvalue()
    assert not (tmp_path / "docs").exists()
    call_command("generate_docs", stderr=StringIO())
    call_command("generate_docs", check=True)
