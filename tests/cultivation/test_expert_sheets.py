"""Score sheets of a case: recorded inside their ranges, withdrawn with a reason, averaged, judged."""

import dataclasses
from fractions import Fraction
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from config.common.clock import today
from config.common.errors import Refused
from config.common.workbooks import RowsRefused, write_table
from cultivation.enums import CaseAction, CaseState, ExpertKind
from cultivation.models import CaseEvent, CultivationCase, ExpertSheet
from cultivation.selectors.expert_sheets import panel_of, standing_sheets
from cultivation.selectors.facts import gather_facts, is_current
from cultivation.services import assessments, filing
from cultivation.services.expert_sheet_import import (
    expert_sheet_columns,
    import_expert_sheets,
    write_expert_sheet_template,
)
from cultivation.services.expert_sheets import NewSheet, record_expert_sheet, withdraw_expert_sheet
from tests.cultivation.sheets import FINANCE, TECHNICAL, finance_sheet, panel, record_panel, technical_sheet
from tests.factories import case_at, give_facts, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> CultivationCase:
    found = case_at(CaseState.POOLED)
    give_facts(found)
    return found


def record(case: CultivationCase, sheet: NewSheet) -> ExpertSheet:
    return record_expert_sheet(case=case, sheet=sheet, actor=staff().caseworker)


def errors(case: CultivationCase, sheet: NewSheet) -> list[tuple[str, str]]:
    """The faults of a refused sheet by item and code."""
    with pytest.raises(Refused) as refused, transaction.atomic():
        record(case, sheet)
    assert refused.value.code == "sheet_wrong"
    return [(error["item"], error["code"]) for error in refused.value.details["errors"]]


def judged(case: CultivationCase) -> dict[str, Any]:
    result = assessments.assess_case(case=case, actor=staff().caseworker).result
    return next(row for row in result["findings"] if row["code"] == "innovation_score")


class TestRecording:
    def test_keeps_every_item_and_tells_an_event(self, case: CultivationCase) -> None:
        sheet = record(case, technical_sheet(" 甲　", leader=True))
        assert (sheet.expert, sheet.kind, sheet.is_leader) == ("甲", ExpertKind.TECHNICAL, True)
        assert sheet.scores == TECHNICAL
        event = CaseEvent.objects.filter(case=case, action=CaseAction.RECORD_SHEET).get()
        assert (event.actor, event.reason, event.from_state) == (staff().caseworker, "甲", case.state)

    def test_edge_case_14_points_outside_the_range_of_the_figures_are_refused(self, case: Any) -> None:
        assert errors(case, technical_sheet(ip_quantity=6, conversion=31)) == [
            ("ip_quantity", "out_of_range"),
            ("conversion", "out_of_range"),
        ]
        assert errors(case, finance_sheet(sales=7)) == [("sales", "out_of_range")]
        assert not ExpertSheet.objects.exists()

    def test_items_left_open_or_of_the_other_sheet_are_refused(self, case: CultivationCase) -> None:
        sheet = technical_sheet(net_assets=5)
        del sheet.scores["talent"]
        assert errors(case, sheet) == [("net_assets", "not_this_expert"), ("talent", "score_missing")]

    def test_the_expert_has_a_name_and_one_sheet(self, case: CultivationCase) -> None:
        assert errors(case, finance_sheet(" ")) == [("expert", "expert_missing")]
        assert errors(case, finance_sheet("长" * 61)) == [("expert", "expert_too_long")]
        record(case, finance_sheet("财"))
        assert errors(case, finance_sheet("财 ")) == [("expert", "expert_known")]

    def test_the_panel_has_one_leader_who_is_technical(self, case: CultivationCase) -> None:
        leading = dataclasses.replace(finance_sheet(), is_leader=True)
        assert errors(case, leading) == [("is_leader", "leader_not_technical")]
        record(case, technical_sheet(leader=True))
        assert errors(case, technical_sheet("乙", leader=True)) == [("is_leader", "leader_known")]

    def test_the_remark_has_its_length_and_other_experts_no_sheet(self, case: CultivationCase) -> None:
        assert errors(case, dataclasses.replace(finance_sheet(), remark="长" * 501)) == [
            ("remark", "remark_too_long")
        ]
        assert errors(case, NewSheet("丙", ExpertKind.OTHER, False, {})) == [("", "no_sheet")]

    def test_without_figures_an_item_bears_what_it_can_at_all(self) -> None:
        bare = case_at(CaseState.POOLED)
        record(bare, technical_sheet(ip_quantity=1, conversion=3))
        assert errors(bare, finance_sheet(sales=11)) == [("sales", "out_of_range")]

    def test_the_table_itself_holds_one_sheet_an_expert_and_one_leader(self, case: CultivationCase) -> None:
        first = record(case, technical_sheet(leader=True))
        for changes in ({"expert": "甲", "is_leader": False}, {"expert": "乙"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                copy = ExpertSheet.objects.get(pk=first.pk)
                copy.pk = None
                for name, value in changes.items():
                    setattr(copy, name, value)
                copy.save()


class TestWithdrawing:
    def test_takes_the_sheet_out_and_keeps_it(self, case: CultivationCase) -> None:
        sheet = record(case, technical_sheet(leader=True))
        withdrawn = withdraw_expert_sheet(sheet=sheet, reason=" 回避 ", actor=staff().caseworker)
        assert (withdrawn.withdrawn_by, withdrawn.withdrawn_reason) == (staff().caseworker, "回避")
        assert standing_sheets(case) == []
        event = CaseEvent.objects.filter(case=case, action=CaseAction.WITHDRAW_SHEET).get()
        assert event.reason == "甲: 回避"
        # The name and the lead are free again.
        record(case, technical_sheet(leader=True))

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_needs_a_reason(self, case: CultivationCase, reason: str) -> None:
        sheet = record(case, finance_sheet())
        with pytest.raises(Refused) as refused:
            withdraw_expert_sheet(sheet=sheet, reason=reason, actor=staff().caseworker)
        assert refused.value.code == "reason_missing"

    def test_is_done_once(self, case: CultivationCase) -> None:
        sheet = record(case, finance_sheet())
        withdraw_expert_sheet(sheet=sheet, reason="录入有误", actor=staff().caseworker)
        with pytest.raises(Refused) as refused:
            withdraw_expert_sheet(sheet=sheet, reason="录入有误", actor=staff().caseworker)
        assert refused.value.code == "sheet_withdrawn"

    def test_a_long_reason_still_fits_its_event(self, case: CultivationCase) -> None:
        sheet = record(case, finance_sheet("长" * 60))
        withdraw_expert_sheet(sheet=sheet, reason="因" * 500, actor=staff().caseworker)
        assert len(CaseEvent.objects.filter(action=CaseAction.WITHDRAW_SHEET).get().reason) == 500

    def test_back_in_the_pool_another_panel_sits(self) -> None:
        case = case_at(CaseState.EXPENSE_REVIEW)
        give_facts(case)
        record_panel(case)
        CultivationCase.objects.filter(pk=case.pk).update(state=CaseState.DECLINED, filed_on=today())
        filing.return_case_to_pool(case=CultivationCase.objects.get(pk=case.pk), actor=staff().caseworker)
        assert standing_sheets(case) == []
        assert ExpertSheet.objects.filter(withdrawn_reason__gt="").count() == 5


class TestJudging:
    def test_sheets_take_the_place_of_declared_scores(self, case: CultivationCase) -> None:
        assert judged(case)["measured"] == "77.6"
        record_panel(case)
        gathered = gather_facts(case, today())
        assert len(gathered["expert_sheets"]) == 5
        assert not {"expert_scores", "experts"} & set(gathered)
        assert (judged(case)["status"], judged(case)["measured"]) == ("pass", "77")

    def test_a_sheet_more_or_less_changes_the_facts(self, case: CultivationCase) -> None:
        sheets = record_panel(case)
        assessment = assessments.assess_case(case=case, actor=staff().caseworker)
        assert is_current(assessment, case)
        withdraw_expert_sheet(sheet=sheets[1], reason="回避", actor=staff().caseworker)
        assert not is_current(assessment, case)
        assert "不少于 5 人" in judged(case)["note"]

    def test_a_sheet_that_no_longer_fits_the_figures_leaves_the_score_to_a_person(self, case: Any) -> None:
        record_panel(case)
        assessments.declare_facts(case=case, facts={"conversions": [4, 4, 4]}, actor=staff().caseworker)
        found = judged(case)
        assert (found["status"], found["measured"]) == ("manual", None)
        assert "须为 19–24 的整数分（年平均 4 项）" in found["note"]

    def test_names_of_experts_are_no_facts(self, case: CultivationCase) -> None:
        record(case, technical_sheet("覃某某"))
        assert "覃某某" not in str(gather_facts(case, today()))


class TestPanel:
    def look(self, case: CultivationCase) -> Any:
        return panel_of(standing_sheets(case), gather_facts(case, today()))

    def test_shows_the_exact_average_and_the_gap(self, case: CultivationCase) -> None:
        record_panel(case)
        panel = self.look(case)
        assert (panel.average, panel.passed, panel.gap, panel.problems) == (Fraction(77), True, "", [])
        assert {key: int(value) for key, value in panel.averages.items()} == {
            "ip": 24,
            "conversion": 26,
            "organisation": 16,
            "growth": 11,
        }

    def test_waits_for_every_indicator(self, case: CultivationCase) -> None:
        record(case, technical_sheet(leader=True))
        panel = self.look(case)
        assert (panel.average, panel.passed) == (None, False)
        assert len(panel.problems) == 2

    def test_names_what_no_longer_fits(self, case: CultivationCase) -> None:
        record_panel(case)
        assessments.declare_facts(case=case, facts={"conversions": [4, 4, 4]}, actor=staff().caseworker)
        assert [[problem.item for problem in line.problems] for line in self.look(case).lines] == [
            *[["conversion"]] * 4,
            [],
        ]


def book(*rows: list[Any]) -> bytes:
    return write_table([column.name for column in expert_sheet_columns()], rows)


def row_of(sheet: NewSheet) -> list[Any]:
    kinds = {ExpertKind.TECHNICAL: "技术专家", ExpertKind.FINANCE: "财务专家"}
    items = [sheet.scores.get(key) for key in (*TECHNICAL, *FINANCE)]
    return [sheet.expert, kinds[sheet.kind], "是" if sheet.is_leader else "否", *items, sheet.remark]


def faults(case: CultivationCase, content: bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(RowsRefused) as refused, transaction.atomic():
        import_expert_sheets(case=case, content=content, actor=staff().caseworker)
    assert not ExpertSheet.objects.filter(case=case).exclude(expert="在先").exists()
    return [(error.row, error.column, error.code) for error in refused.value.errors]


class TestWorkbook:
    def test_a_row_is_a_sheet(self, case: CultivationCase) -> None:
        content, by = book(*map(row_of, panel())), staff().caseworker
        assert import_expert_sheets(case=case, content=content, actor=by, dry_run=True).created == 5
        assert standing_sheets(case) == []
        assert import_expert_sheets(case=case, content=content, actor=by).created == 5
        assert [sheet.scores for sheet in standing_sheets(case)] == [TECHNICAL] * 4 + [FINANCE]
        assert [sheet.is_leader for sheet in standing_sheets(case)] == [True, False, False, False, False]
        assert CaseEvent.objects.filter(case=case, action=CaseAction.RECORD_SHEET).count() == 5

    def test_the_empty_template_has_every_column_and_holds_no_sheet(self, case: CultivationCase) -> None:
        with pytest.raises(Refused) as refused:
            import_expert_sheets(case=case, content=write_expert_sheet_template(), actor=staff().caseworker)
        assert refused.value.code == "sheets_missing"

    def test_every_fault_is_named_by_row_and_column_and_nothing_is_written(self, case: Any) -> None:
        record(case, technical_sheet("在先", leader=True))
        content = book(
            row_of(technical_sheet("甲", ip_quantity=6, talent=None)),
            row_of(finance_sheet("财", ip_level=3)),
            row_of(technical_sheet("在先")),
            row_of(technical_sheet("乙", leader=True)),
            row_of(technical_sheet("甲")),
        )
        columns = {column.key: column.name for column in expert_sheet_columns()}
        assert faults(case, content) == [
            (2, columns["ip_quantity"], "out_of_range"),
            (2, columns["talent"], "score_missing"),
            (3, columns["ip_level"], "not_this_expert"),
            (4, columns["expert"], "expert_known"),
            (5, columns["is_leader"], "leader_known"),
            (6, columns["expert"], "expert_known"),
        ]

    def test_cells_that_are_no_points_are_named(self, case: CultivationCase) -> None:
        good = row_of(finance_sheet())
        nameless, half, odd, negative = (list(good) for _ in range(4))
        nameless[0], half[-2], odd[1], negative[-3] = None, "5.5", "外国专家", -1
        found = faults(case, book(nameless, half, odd, negative))
        assert [row for row, _column, _code in found] == [2, 3, 4, 5]
        assert found[1][2] == "not_an_integer"
        assert found[2][2] == "unknown_kind"

    def test_what_is_no_table_is_refused(self, case: CultivationCase) -> None:
        for content in (b"", b"PK\x03\x04rubbish", b"\x00\x01"):
            with pytest.raises(Refused), transaction.atomic():
                import_expert_sheets(case=case, content=content, actor=staff().caseworker)
        assert not ExpertSheet.objects.exists()
