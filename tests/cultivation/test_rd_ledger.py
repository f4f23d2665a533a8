"""Taking over a ledger, deciding about its lines, adopting its totals, and what it means for a case."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import CaseState, CheckKind, LedgerDecision, LedgerFindingCode, Role
from cultivation.models import (
    CaseEvent,
    ExpenseYear,
    RdLedger,
    RdLedgerFinding,
    RdLedgerLine,
    RefusedAttempt,
)
from cultivation.selectors.rd_ledger import ledger_objections, ledger_tables, standing_ledger
from cultivation.selectors.readiness import blockers
from cultivation.services import assessments, checks
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.rd_ledger_decisions import adopt_ledger, decide_all_findings, decide_findings
from documents.api import Attachment
from tests.cultivation.ledgers import book, cells, ledger_book, table
from tests.factories import (
    ExpenseYearFactory,
    FirmFactory,
    UserFactory,
    case_at,
    give_facts,
    pass_check,
    staff,
)

pytestmark = pytest.mark.django_db

COUNTED, STRUCK = LedgerDecision.COUNTED, LedgerDecision.STRUCK


def take_over(firm, *lines, actor=None, name="辅助账.xlsx", **sheets):
    content = ledger_book(*(lines or (cells(),)), **sheets)
    return import_ledger(firm=firm, content=content, original_name=name, actor=actor or staff().caseworker)


def questions(firm, *lines):
    """Two sound lines and, beside them, two questions and one line that a rule excludes."""
    return take_over(
        firm,
        cells(),
        cells(凭证号="2", 摘要="业务招待费", 金额=30),
        cells(凭证号="3", 金额=-20),
        cells(凭证号="4", 费用类别="管理费用", 金额=7),
        cells(凭证号="5", 费用类别="设计费用", 金额=50),
        *lines,
    )


def of_code(firm, code):
    return RdLedgerFinding.objects.filter(ledger__firm=firm, ledger__replaced_at__isnull=True, code=code)


def counted(firm, year=2016):
    return ledger_tables(standing_ledger(firm.pk)).counted[year].total


class TestImport:
    def test_stores_file_projects_lines_findings_and_statements_together(self) -> None:
        firm = FirmFactory()
        stated = table(2016, RD01={"直接投入费用": 110})
        report = questions(firm) and take_over(firm, cells(), cells(), **{"2016年结构明细表": stated})
        ledger = RdLedger.objects.get(firm=firm, replaced_at__isnull=True)
        assert (report.ledger, report.rows, report.findings, report.excluded) == (ledger, 3, 1, 0)
        assert ledger.attachment.original_name == "辅助账.xlsx"
        assert sorted(ledger.projects.values_list("code", flat=True)) == ["RD01", "RD02"]
        line = ledger.lines.first()
        assert (line.year, line.sheet, line.row, line.amount) == (2016, "2016年辅助账", 2, Decimal(100))
        assert (line.booked_on, line.category, line.project.code) == (
            dt.date(2016, 5, 20),
            "direct_input",
            "RD01",
        )
        assert [finding.code for finding in ledger.findings.all()] == ["duplicate_line"]
        assert ledger.stated.get().amount == Decimal(110)

    def test_a_later_one_takes_the_place_of_the_earlier_which_is_kept(self) -> None:
        firm = FirmFactory()
        first = take_over(firm).ledger
        second = take_over(firm, cells(), cells(凭证号="2")).ledger
        first.refresh_from_db()
        assert first.replaced_at is not None
        assert standing_ledger(firm.pk) == second
        assert RdLedgerLine.objects.filter(ledger=first).count() == 1

    def test_the_same_bytes_change_nothing(self) -> None:
        firm, content = FirmFactory(), ledger_book(cells())
        for unchanged in (False, True):
            report = import_ledger(
                firm=firm, content=content, original_name="a.xlsx", actor=staff().caseworker
            )
            assert bool(report.unchanged) is unchanged
        assert RdLedger.objects.count() == Attachment.objects.count() == 1

    def test_with_one_faulty_cell_nothing_is_written(self) -> None:
        firm = FirmFactory()
        take_over(firm)
        with pytest.raises(RowsRefused):
            take_over(firm, cells(), cells(金额="x"))
        assert RdLedger.objects.count() == Attachment.objects.count() == 1
        assert RefusedAttempt.objects.get().code == "rows_refused"

    @pytest.mark.parametrize(
        ("content", "name", "code"),
        [
            (b"PK\x03\x04", "a.xlsx", "unreadable_workbook"),
            (b"", "a.xlsx", "unreadable_workbook"),
            (book({"2016年辅助账": [["项目编号"]]}), "a.xlsx", "rows_refused"),
            (ledger_book(), "a.xlsx", "ledger_empty"),
            (ledger_book(cells()), "a.pdf", "attachment_content"),
        ],
    )
    def test_what_is_no_ledger_is_refused_and_traced(self, content, name, code) -> None:
        with pytest.raises(Refused) as refusal:
            import_ledger(firm=FirmFactory(), content=content, original_name=name, actor=staff().caseworker)
        assert refusal.value.code == code
        assert not RdLedger.objects.exists()
        assert RefusedAttempt.objects.get().action == "import_ledger"

    def test_years_are_over_and_the_firm_existed(self) -> None:
        firm = FirmFactory(registered_on=dt.date(2017, 3, 1))
        with pytest.raises(RowsRefused) as refusal:
            take_over(firm)
        assert [error.code for error in refusal.value.errors] == ["sheet_year_wrong"]

    def test_a_firm_hands_in_its_own_alone(self) -> None:
        firm = FirmFactory()
        for user in (
            UserFactory(role=Role.FIRM, firm=FirmFactory()),
            staff().county,
            staff().reviewer,
            UserFactory(role=Role.AUDITOR),
        ):
            with pytest.raises(NotAllowed):
                take_over(firm, actor=user)
        assert take_over(firm, actor=UserFactory(role=Role.FIRM, firm=firm)).rows == 1

    def test_is_told_on_the_open_case_and_refused_once_that_is_filed(self) -> None:
        case = case_at(CaseState.POOLED)
        take_over(case.firm)
        event = CaseEvent.objects.filter(case=case).order_by("number").last()
        assert (event.action, event.to_state) == ("import_ledger", CaseState.POOLED)
        filed = case_at(CaseState.FILED)
        with pytest.raises(Refused) as refusal:
            take_over(filed.firm)
        assert refusal.value.code == "wrong_state"

    def test_the_same_invoice_at_another_firm_is_found_and_no_voucher_is(self) -> None:
        take_over(FirmFactory(), cells(发票号="00778899"), cells(凭证号="共用"))
        firm = FirmFactory()
        take_over(firm, cells(发票号="778899", 金额=5), cells(凭证号="共用"))
        finding = of_code(firm, LedgerFindingCode.DUPLICATE_FIRM).get()
        assert (finding.line.row, finding.excludes) == (2, False)

    def test_a_replaced_ledger_of_another_firm_says_nothing(self) -> None:
        other = FirmFactory()
        take_over(other, cells(发票号="778899"))
        take_over(other, cells())
        firm = FirmFactory()
        take_over(firm, cells(发票号="778899"))
        assert not of_code(firm, LedgerFindingCode.DUPLICATE_FIRM).exists()

    def test_queries_do_not_grow_with_the_lines(self, django_assert_max_num_queries) -> None:
        firm, lines = FirmFactory(), [cells(凭证号=str(n)) for n in range(40)]
        with django_assert_max_num_queries(30):
            take_over(firm, *lines)


class TestDeciding:
    def test_what_counts_follows_the_decisions(self) -> None:
        firm = FirmFactory()
        questions(firm)
        assert counted(firm) == Decimal(160)  # 100 + 30 - 20 + 50; the line of no category never counts
        entertainment = of_code(firm, "out_of_scope").filter(excludes=False)
        decide = {"firm": firm, "actor": staff().caseworker}
        decide_findings(findings=[entertainment.get().pk], decision=STRUCK, reason="招待与研发无关", **decide)
        assert counted(firm) == Decimal(130)
        decide_all_findings(code=LedgerFindingCode.NEGATIVE, decision=COUNTED, reason="冲销属实", **decide)
        assert counted(firm) == Decimal(130)
        row = entertainment.get()
        assert (row.decision, row.reason, row.decided_by) == (STRUCK, "招待与研发无关", staff().caseworker)

    def test_a_decision_may_be_made_anew(self) -> None:
        firm = FirmFactory()
        questions(firm)
        pk = of_code(firm, "negative").get().pk
        for decision in (STRUCK, COUNTED):
            decide_findings(
                firm=firm, findings=[pk], decision=decision, reason="复核", actor=staff().caseworker
            )
        assert of_code(firm, "negative").get().decision == COUNTED

    @pytest.mark.parametrize(("reason", "code"), [(" ", "reason_missing"), ("长" * 301, "reason_too_long")])
    def test_a_reason_is_due_and_fits(self, reason, code) -> None:
        firm = FirmFactory()
        questions(firm)
        with pytest.raises(Refused) as refusal:
            decide_findings(
                firm=firm,
                findings=[of_code(firm, "negative").get().pk],
                decision=STRUCK,
                reason=reason,
                actor=staff().caseworker,
            )
        assert refusal.value.code == code

    def _refusal(self, firm, **changes: Any) -> str:
        choice = {"firm": firm, "decision": STRUCK, "reason": "复核", "actor": staff().caseworker} | changes
        decide = decide_all_findings if "code" in choice else decide_findings
        with pytest.raises(Refused) as refusal:
            decide(**choice)
        assert not RdLedgerFinding.objects.exclude(decision="").exists()
        return refusal.value.code

    def test_what_cannot_be_decided_is_refused_whole(self) -> None:
        firm, other = FirmFactory(), FirmFactory()
        assert self._refusal(firm, findings=[1]) == "ledger_missing"
        questions(firm)
        questions(other)
        mine = of_code(firm, "negative").get().pk
        foreign = of_code(other, "negative").get().pk
        excluded = of_code(firm, "out_of_scope").get(excludes=True).pk
        assert self._refusal(firm, findings=[mine, foreign]) == "finding_gone"
        assert self._refusal(firm, findings=[]) == "finding_gone"
        assert self._refusal(firm, findings=[mine, excluded]) == "finding_excluded"
        assert self._refusal(firm, code=LedgerFindingCode.BUILDING) == "nothing_waits"

    def test_it_is_the_caseworkers(self) -> None:
        firm = FirmFactory()
        questions(firm)
        for user in (UserFactory(role=Role.FIRM, firm=firm), staff().county, staff().reviewer):
            assert (
                self._refusal(firm, findings=[of_code(firm, "negative").get().pk], actor=user)
                == "not_allowed"
            )

    def test_it_is_told_on_the_open_case(self) -> None:
        case = case_at(CaseState.POOLED)
        questions(case.firm)
        decide_all_findings(
            firm=case.firm,
            code=LedgerFindingCode.NEGATIVE,
            decision=COUNTED,
            reason="冲销属实",
            actor=staff().caseworker,
        )
        event = CaseEvent.objects.filter(case=case).order_by("number").last()
        assert (event.action, event.reason) == ("decide_ledger", "negative: counted 1 冲销属实")

    def test_a_new_ledger_begins_anew(self) -> None:
        firm = FirmFactory()
        old = questions(firm).ledger
        take_over(firm, cells(金额=-1))
        gone = old.findings.filter(excludes=False).first().pk
        assert self._refusal(firm, findings=[gone]) == "finding_gone"


class TestAdopting:
    def test_writes_what_counts_and_leaves_the_rest(self) -> None:
        firm = FirmFactory()
        year = ExpenseYearFactory(firm=firm, year=2016, other=Decimal("9.00"))
        questions(firm)
        assert adopt_ledger(firm=firm, actor=staff().caseworker) == [2016]
        year.refresh_from_db()
        assert (year.direct_input, year.design, year.personnel, year.other) == (110, 50, 0, 0)
        assert year.sales == Decimal("10000000.00")
        assert adopt_ledger(firm=firm, actor=staff().caseworker) == []

    def test_names_the_year_that_is_missing_and_writes_none(self) -> None:
        firm = FirmFactory()
        ExpenseYearFactory(firm=firm, year=2016)
        rows = [["项目编号", "凭证日期", "凭证号", "摘要", "费用类别", "金额（元）"]]
        rows.append(["RD01", "2017-02-01", "1", "材料", "直接投入", 5])
        take_over(firm, **{"2017年辅助账": rows})
        with pytest.raises(Refused) as refusal:
            adopt_ledger(firm=firm, actor=staff().caseworker)
        assert (refusal.value.code, refusal.value.details["year"]) == ("year_missing", 2017)
        assert ExpenseYear.objects.get().direct_input != Decimal(100)

    def test_totals_without_lines_are_not_adopted(self) -> None:
        firm = FirmFactory()
        content = book({"2018年结构明细表": table(2018, RD01={"直接投入费用": 100})})
        import_ledger(firm=firm, content=content, original_name="a.xlsx", actor=staff().caseworker)
        with pytest.raises(Refused) as refusal:
            adopt_ledger(firm=firm, actor=staff().caseworker)
        assert refusal.value.code == "ledger_without_lines"
        assert ledger_objections(firm.pk, [2018]) == []

    def test_a_category_below_zero_is_not_written(self) -> None:
        firm = FirmFactory()
        ExpenseYearFactory(firm=firm, year=2016)
        take_over(firm, cells(金额=-1))
        with pytest.raises(Refused) as refusal:
            adopt_ledger(firm=firm, actor=staff().caseworker)
        assert (refusal.value.code, refusal.value.details["key"]) == ("figure_wrong", "direct_input")


class TestEffectOnCases:
    def objections(self, firm, years=range(2016, 2019)):
        return [code for code, _message in ledger_objections(firm.pk, years)]

    def test_without_a_ledger_there_is_none(self, django_assert_num_queries) -> None:
        firm = FirmFactory()
        with django_assert_num_queries(1):
            assert self.objections(firm) == []

    def test_open_findings_and_figures_that_differ_object_in_the_years_that_count(self) -> None:
        firm = FirmFactory()
        ExpenseYearFactory(firm=firm, year=2016)
        questions(firm)
        assert self.objections(firm) == ["ledger_findings_open", "ledger_not_adopted"]
        assert self.objections(firm, range(2017, 2020)) == []
        for code in ("out_of_scope", "negative"):
            decide_all_findings(
                firm=firm,
                code=LedgerFindingCode(code),
                decision=COUNTED,
                reason="属实",
                actor=staff().caseworker,
            )
        assert self.objections(firm) == ["ledger_not_adopted"]
        adopt_ledger(firm=firm, actor=staff().caseworker)
        assert self.objections(firm) == []

    def test_a_year_that_is_not_recorded_is_not_adopted(self) -> None:
        firm = FirmFactory()
        take_over(firm)
        assert self.objections(firm) == ["ledger_not_adopted"]

    def test_the_expenses_check_waits_for_the_ledger(self) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        questions(case.firm)
        for code in ("ledger_findings_open", "ledger_not_adopted"):
            assessments.assess_case(case=case, actor=staff().caseworker)
            with pytest.raises(Refused) as refusal:
                checks.record_check(case=case, kind=CheckKind.EXPENSES, actor=staff().caseworker)
            assert refusal.value.code == code
            for group in ("out_of_scope", "negative"):
                of_code(case.firm, group).filter(excludes=False).update(
                    decision=COUNTED,
                    reason="属实",
                    decided_by=staff().caseworker,
                    decided_at=case.state_since,
                )
        adopt_ledger(firm=case.firm, actor=staff().caseworker)
        assessments.assess_case(case=case, actor=staff().caseworker)
        checks.record_check(case=case, kind=CheckKind.EXPENSES, actor=staff().caseworker)

    def test_a_ledger_that_comes_later_stops_the_clearance(self) -> None:
        case = case_at(CaseState.EXPENSE_REVIEW)
        for kind in (CheckKind.EXPENSES, CheckKind.ATTACHMENTS):
            pass_check(case, kind)
        on = dt.date(2019, 6, 30)
        assert blockers(case, "clear", on) == []
        take_over(case.firm)
        assert [blocker.code for blocker in blockers(case, "clear", on)] == ["ledger_not_adopted"]
