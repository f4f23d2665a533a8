"""The documents written from the code."""

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from itertools import chain
from pathlib import Path
from typing import Annotated

import pytest
from django.core.management import call_command
from django.utils import translation

from cultivation.enums import CaseState, ParameterKey
from cultivation.management.generated import rules
from cultivation.management.generated.rules import rules_page
from cultivation.management.generated.states import machines, states_page, steps
from cultivation.models import CultivationCase
from cultivation.rules.catalogue import CATALOGUE
from cultivation.rules.dated import DatedRules, Listed, Stated
from cultivation.rules.thresholds import Band, Mark, Points, Source, Threshold


def test_every_state_machine_is_drawn() -> None:
    page = states_page()
    for model in ("CultivationCase", "Award", "PaymentList", "Notice"):
        assert f".{model}.state`)" in page
    assert "training --> expense_review: start_expense_review" in page
    assert "returned --> submitted: resubmit" in page
    assert "returned --> expense_review: resubmit" in page
    assert "withdrawn --> [*]" in page
    assert "accredited --> filed: reopen" in page


def test_every_state_of_a_case_is_reached_and_named() -> None:
    arrows = steps(CultivationCase, CultivationCase._meta.get_field("state"))
    assert {arrow.target for arrow in arrows} | {CaseState.DRAFT.value} == set(CaseState.values)
    assert CultivationCase in [model for model, _field in machines()]


def test_the_page_is_the_same_in_every_language() -> None:
    with translation.override("zh-hans"):
        chinese = states_page()
    with translation.override("en"):
        assert states_page() == chinese


def section(title: str) -> list[str]:
    """The rows of figures under a heading of the second level that begins with ``title``."""
    part = next(part for part in rules_page().split("\n## ") if part.startswith(title))
    return [line for line in part.splitlines() if line.startswith("| `") or "核 |" in line or "旁 |" in line]


def test_every_threshold_names_document_article_and_mark() -> None:
    for known in chain.from_iterable(CATALOGUE):
        rows = section(known.title)
        assert rows
        assert all("〔20" in row and row.endswith(("核 |", "旁 |")) for row in rows), rows
        assert known.sha256 in rules_page()


def test_the_limits_of_every_family_of_rules_are_there() -> None:
    page = rules_page()
    for row in (
        "| `staff_share` | 10 % |",
        "| `technical_days` | 183 天 |",
        "| `ip_most` | 30 分 |",
        "| over 50,000,000, up to 200,000,000 | 4 % |",
        "| `missed_years` | 2 年 |",
        "| `employees_most` | 500 人 |",
        "| `foreign_multiple` | 2/3 倍 |",
    ):
        assert row in page


def test_rows_of_the_database_are_listed_with_their_marks() -> None:
    parameters = section("Parameters of procedure and tax")
    assert {row.split("`")[1] for row in parameters} == set(ParameterKey.values)
    marks = {row.split("`")[1]: row.rstrip(" |").rsplit("| ", 1)[1] for row in parameters}
    assert (marks["term_years"], marks["ordinary_tax_percent"]) == ("核", "未核")
    assert len(section("Criteria of tiers")) >= 5


@dataclass(frozen=True, slots=True)
class MadeUp(DatedRules):
    """A family nobody has thought of."""

    least: Threshold
    most: Annotated[int, Stated("至多", "项", "source")]
    bands: Annotated[tuple[Band, ...], Listed("Made-up bands", "source")]
    source: Source


SOURCE = Source("演示〔2030〕1号", "第一条", mark=Mark.SECOND_HAND)
MADE_UP = MadeUp(
    name="made-up",
    title="演示规则",
    valid_from=dt.date(2030, 1, 1),
    valid_until=None,
    least=Threshold(Fraction(1, 8), "比例", "至少", SOURCE),
    most=1200,
    bands=(Band("A", Fraction(3), Points(1, 2)),),
    source=SOURCE,
)


def test_a_new_family_of_rules_is_listed_by_itself(monkeypatch) -> None:
    monkeypatch.setattr(rules, "CATALOGUE", ((MADE_UP,),))
    page = rules_page()
    for line in (
        "| `least` | 12.5 % | 至少 | 演示〔2030〕1号 第一条 | 旁 |",
        "| `most` | 1,200 项 | 至多 | 演示〔2030〕1号 第一条 | 旁 |",
        "### Made-up bands (演示〔2030〕1号 第一条，旁)",
        "| A | at least 3 | 1–2 |",
    ):
        assert line in page.splitlines()


def test_a_figure_without_meaning_and_source_stops_the_page(monkeypatch) -> None:
    @dataclass(frozen=True, slots=True)
    class Bare(DatedRules):
        most: int

    bare = Bare("bare", "无出处", dt.date(2030, 1, 1), None, 5)
    monkeypatch.setattr(rules, "CATALOGUE", ((bare,),))
    with pytest.raises(rules.Undocumented, match="most"):
        rules_page()


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
