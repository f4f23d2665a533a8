"""Bank returns: each line answered once, failed money owed again, the same file without further effect."""

import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import Role
from subsidies.enums import AwardState, EntryKind, ExportFormat, LineState, ListState
from subsidies.exports import COLUMNS
from subsidies.models import BankReturn, BankReturnRow, LedgerEntry, ListEvent, PaymentList
from subsidies.return_files import BankResult, read_return
from subsidies.rules.returns import Answer, Effect, Line, effect_of_answer
from subsidies.services.exports import export_payment_list
from subsidies.services.payment_lists import check_payment_list, release_payment_list
from subsidies.services.recovery import open_recovery
from subsidies.services.returns import load_bank_return
from subsidies.services.verification import verify_records
from tests.people import person
from tests.subsidies.paying import HEADERS, answer, desk, payee, region_grants, return_file
from tests.workbooks import workbook


@pytest.fixture
def paying(cast):
    return desk(cast)


@pytest.fixture
def released(paying):
    return paying.released()


def lines(payment_list):
    return list(payment_list.lines.order_by("number"))


def figures(report) -> tuple[int, int, int, int]:
    found = report.as_json()
    return found["paid"], found["failed"], found["unmatched"], found["unchanged"]


class TestPaid:
    def test_every_line_paid_settles_the_list(self, paying, released):
        report = paying.load(released, *(answer(line) for line in lines(released)))
        assert figures(report) == (3, 0, 0, 0)
        assert paying.states() == [AwardState.PAID] * 3
        assert paying.figures() == (Decimal("0.00"), Decimal("160000.55"))
        assert PaymentList.objects.get().state == ListState.SETTLED
        assert LedgerEntry.objects.filter(kind=EntryKind.PAID).count() == 3

    def test_a_part_settles_nothing(self, paying, released):
        report = paying.load(released, answer(lines(released)[0]))
        assert figures(report) == (1, 0, 0, 0)
        assert PaymentList.objects.get().state == ListState.RELEASED
        rest = paying.load(released, *(answer(line) for line in lines(released)))
        assert figures(rest) == (2, 0, 0, 1)
        assert PaymentList.objects.get().state == ListState.SETTLED

    def test_lines_are_found_by_account_alone(self, paying, released):
        rows = [
            (None, line.account_number, f"{line.amount:.2f}", "交易成功", None) for line in lines(released)
        ]
        assert figures(paying.load(released, *rows)) == (3, 0, 0, 0)

    def test_a_csv_of_the_bank_works_too(self, paying, released):
        text = "行号,金额,结果\r\n" + "".join(
            f"{line.number},{line.amount},成功\r\n" for line in lines(released)
        )
        report = load_bank_return(
            payment_list=released,
            content=text.encode("gb18030"),
            original_name="回单.txt",
            actor=paying.first,
        )
        assert figures(report) == (3, 0, 0, 0)
        assert BankReturn.objects.get().source_file.original_name == "回单.csv"


class TestFailed:
    def test_edge_case_35_a_failed_line_is_owed_again_and_may_be_listed_again(self, paying, released):
        first, second, third = lines(released)
        report = paying.load(released, answer(first, "失败", "账号户名不符"), answer(second), answer(third))
        assert figures(report) == (2, 1, 0, 0)
        assert paying.states() == [AwardState.APPROVED, AwardState.PAID, AwardState.PAID]
        assert paying.figures() == (Decimal("80000.00"), Decimal("80000.55"))
        first.refresh_from_db()
        assert (first.state, first.is_active, first.result_note) == (
            LineState.FAILED,
            False,
            "失败 账号户名不符",
        )
        assert PaymentList.objects.get().state == ListState.SETTLED
        again = paying.settled(paying.awards[:1])
        assert again.number == "ZF2019-002"
        assert paying.states() == [AwardState.PAID] * 3
        assert paying.figures() == (Decimal("0.00"), Decimal("160000.55"))

    def test_edge_case_35_the_same_file_again_changes_nothing(self, paying, released):
        first, second, _third = lines(released)
        content = return_file(answer(first, "失败"), answer(second), ("9", "1234567", "1.00", "成功", None))
        paying.load_file(released, content)
        before = (paying.states(), paying.figures(), LedgerEntry.objects.count(), ListEvent.objects.count())
        report = paying.load_file(released, content)
        assert report.repeated
        assert figures(report) == (0, 0, 1, 2)
        assert before == (
            paying.states(),
            paying.figures(),
            LedgerEntry.objects.count(),
            ListEvent.objects.count(),
        )
        assert BankReturn.objects.count() == 1

    def test_edge_case_35_the_same_answers_in_another_file_change_nothing(self, paying, released):
        rows = [answer(line, "失败") for line in lines(released)]
        paying.load(released, *rows)
        entries = LedgerEntry.objects.count()
        assert figures(paying.load(released, *reversed(rows))) == (0, 0, 0, 3)
        assert LedgerEntry.objects.count() == entries

    def test_edge_case_35_an_old_file_does_not_pay_a_line_that_was_sent_back_since(self, paying, released):
        rows = [answer(line) for line in lines(released)]
        content = return_file(*rows)
        paying.load_file(released, content)
        paying.load(released, answer(lines(released)[0], "退汇"))
        assert figures(paying.load_file(released, content)) == (0, 0, 0, 3)
        assert figures(paying.load(released, *reversed(rows))) == (0, 0, 1, 2)
        assert paying.states() == [AwardState.APPROVED, AwardState.PAID, AwardState.PAID]

    def test_money_sent_back_later_is_owed_again_and_reserved(self, paying, released):
        paying.load(released, *(answer(line) for line in lines(released)))
        report = paying.load(released, answer(lines(released)[0], "退汇", "账户已销户"))
        assert figures(report) == (0, 1, 0, 0)
        assert paying.states()[0] == AwardState.APPROVED
        assert paying.figures() == (Decimal("80000.00"), Decimal("80000.55"))
        entry = LedgerEntry.objects.get(kind=EntryKind.RETURNED)
        assert (entry.award, entry.amount) == (paying.awards[0], Decimal("80000.00"))
        assert entry.reverses == LedgerEntry.objects.get(kind=EntryKind.PAID, award=paying.awards[0])
        assert PaymentList.objects.get().state == ListState.SETTLED

    def test_an_award_may_come_back_and_be_paid_again_and_again(self, paying):
        for turn in range(3):
            payment_list = paying.settled(paying.awards[:1])
            assert paying.figures() == (Decimal("80000.55"), Decimal("80000.00"))
            paying.load(payment_list, answer(lines(payment_list)[0], "退汇"))
            assert LedgerEntry.objects.filter(kind=EntryKind.RETURNED).count() == turn + 1
        assert paying.figures() == (Decimal("160000.55"), Decimal("0.00"))

    def test_paid_and_sent_back_in_one_file(self, paying, released):
        line = lines(released)[0]
        assert figures(paying.load(released, answer(line), answer(line, "退汇"))) == (1, 1, 0, 0)
        assert paying.figures() == (Decimal("160000.55"), Decimal("0.00"))

    def test_in_progress_changes_nothing(self, paying, released):
        assert figures(paying.load(released, answer(lines(released)[0], "处理中"))) == (0, 0, 0, 1)
        assert paying.states() == [AwardState.LISTED] * 3


class TestUnmatched:
    def test_what_fits_no_line_is_listed_and_does_nothing(self, paying, released):
        first, _second, third = lines(released)
        report = paying.load(
            released,
            ("99", None, "80000.00", "成功", None),
            ("1", third.account_number, f"{first.amount:.2f}", "成功", None),
            ("2", None, "50000.01", "成功", None),
            (None, "88888888", "1.00", "成功", None),
            (None, third.account_number, "30000.54", "成功", None),
        )
        assert figures(report) == (0, 0, 5, 0)
        assert [row["row"] for row in report.as_json()["unmatched_rows"]] == [2, 3, 4, 5, 6]
        assert all(row["note"] for row in report.as_json()["unmatched_rows"])
        assert paying.states() == [AwardState.LISTED] * 3
        assert BankReturnRow.objects.filter(outcome="unmatched").count() == 5

    def test_accounts_are_masked_in_the_answer(self, paying, released):
        report = paying.load(released, (None, "6222000012345678", "1.00", "成功", None))
        assert report.as_json()["unmatched_rows"][0]["account"] == "…5678"

    def test_one_amount_to_one_account_twice_needs_the_line_number(self, cast):
        amounts = [Decimal("10.00"), Decimal("10.00")]
        certificates = [payee(account="62220000111111"), payee(account="62220000111111")]
        paying = desk(cast, certificates=certificates, amounts=amounts)
        released = paying.released()
        row = (None, "62220000111111", "10.00", "成功", None)
        assert figures(paying.load(released, row)) == (0, 0, 1, 0)
        assert figures(paying.load(released, answer(lines(released)[1]))) == (1, 0, 0, 0)

    def test_money_sent_back_of_an_award_under_recovery_is_for_a_person(self, paying, released):
        first, second, _third = lines(released)
        paying.load(released, answer(first))
        region_grants(paying.cast, [first.award.accreditation], [Decimal("60000.00")], number=2)
        open_recovery(award=first.award, actor=paying.cast.caseworker)
        before = paying.figures()
        report = paying.load(released, answer(first, "退汇"), answer(second, "失败"))
        assert figures(report) == (0, 1, 1, 0)
        assert paying.states()[:2] == [AwardState.RECOVERING, AwardState.APPROVED]
        assert paying.figures() == before
        assert verify_records().problems == []

    def test_a_failure_after_a_success_is_for_a_person(self, paying, released):
        line = lines(released)[0]
        paying.load(released, answer(line))
        assert figures(paying.load(released, answer(line, "失败"))) == (0, 0, 1, 0)
        assert paying.states()[0] == AwardState.PAID


class TestRefused:
    @pytest.mark.parametrize("results", [("成功", "失败"), ("失败", "成功"), ("退汇", "成功")])
    def test_a_file_that_pays_and_fails_one_line_is_refused_whole(self, paying, released, results):
        line = lines(released)[0]
        with pytest.raises(RowsRefused) as caught:
            paying.load(released, *(answer(line, result) for result in results))
        assert [error.code for error in caught.value.errors] == ["contradicting_rows"]
        assert paying.states() == [AwardState.LISTED] * 3
        assert not BankReturn.objects.exists()

    @pytest.mark.parametrize(
        ("row", "column", "code"),
        [
            (("1", None, "=1+1", "成功", None), "金额（元）", "formula_cell"),
            (("1", None, "八万", "成功", None), "金额（元）", "not_a_number"),
            (("1", None, "1.001", "成功", None), "金额（元）", "parts_of_a_fen"),
            (("1", None, "-1.00", "成功", None), "金额（元）", "too_small"),
            (("甲", None, "1.00", "成功", None), "序号", "not_a_number"),
            (("1", 6222000012345678, "1.00", "成功", None), "收款账号", "numeric_account"),
            (("1", None, "1.00", "也许", None), "处理结果", "unknown_result"),
            ((None, None, "1.00", "成功", None), "序号", "no_reference"),
        ],
    )
    def test_a_faulty_cell_is_named_and_nothing_is_applied(self, paying, released, row, column, code):
        with pytest.raises(RowsRefused) as caught:
            paying.load(released, answer(lines(released)[0]), row)
        errors = [(error.row, error.column) for error in caught.value.errors if error.code == code]
        assert errors == [(3, column)], caught.value.errors
        assert paying.states() == [AwardState.LISTED] * 3
        assert not BankReturn.objects.exists()

    @pytest.mark.parametrize("stage", ["draft", "checked"])
    def test_a_list_that_was_not_released_has_no_return(self, paying, stage):
        payment_list = getattr(paying, stage)()
        with pytest.raises(Refused) as caught:
            paying.load(payment_list, answer(lines(payment_list)[0]))
        assert caught.value.code == "not_released"

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.FINANCE])
    def test_is_for_finance_alone(self, paying, released, role):
        with pytest.raises(NotAllowed):
            load_bank_return(
                payment_list=released,
                content=return_file(answer(lines(released)[0])),
                original_name="return.xlsx",
                actor=person(f"only-{role.value}", role),
            )

    def test_a_file_without_rows_is_refused(self, paying, released):
        with pytest.raises(Refused):
            paying.load(released)


class TestReading:
    @pytest.mark.parametrize(
        ("words", "result"),
        [
            ("成功", BankResult.PAID),
            ("已支付", BankResult.PAID),
            ("交易成功", BankResult.PAID),
            ("失败", BankResult.FAILED),
            ("支付失败", BankResult.FAILED),
            ("退汇", BankResult.RETURNED),
            ("已退汇", BankResult.RETURNED),
            ("处理中", BankResult.PENDING),
        ],
    )
    def test_banks_say_it_in_many_words(self, words, result):
        (row,) = read_return(return_file(("1", None, "1.00", words, None)))
        assert (row.result, row.words) == (result, words)

    def test_headers_in_any_order_and_wording(self):
        (row,) = read_return(
            workbook(
                ("交易状态", "交易金额（元）", "收款人账号"), ("成功", "1,234.50", "0012345678901234567")
            )
        )
        assert row.amount == Decimal("1234.50")
        assert row.account_number == "0012345678901234567"
        assert row.line_number is None

    @pytest.mark.parametrize("format", [ExportFormat.XLSX, ExportFormat.CSV])
    def test_our_own_export_with_the_answers_written_in(self, paying, released, format):
        stored = bytes(export_payment_list(payment_list=released, format=format).content)
        if format == ExportFormat.CSV:
            head, *body = stored.decode("utf-8-sig").split("\r\n")
            rows = [f'{head},"处理结果"', *(f'{row},"成功"' for row in body[:3]), *body[3:]]
            content = "\r\n".join(rows).encode("utf-8-sig")
        else:
            book = openpyxl.load_workbook(io.BytesIO(stored))
            for row, value in enumerate(("处理结果", "成功", "成功", "成功"), start=4):
                book.active.cell(row, len(COLUMNS) + 1, value)
            buffer = io.BytesIO()
            book.save(buffer)
            content = buffer.getvalue()
        report = load_bank_return(
            payment_list=released, content=content, original_name="back", actor=paying.first
        )
        assert figures(report) == (3, 0, 0, 0)

    def test_the_headers_of_these_tests_are_the_usual_ones(self):
        assert HEADERS == ("序号", "收款账号", "金额（元）", "处理结果", "原因")


@given(st.sampled_from(list(Line)), st.lists(st.sampled_from(list(Answer)), max_size=8))
def test_the_same_answer_twice_in_a_row_never_has_an_effect(line, answers):
    """Whatever came before: what an answer does, it does once."""
    after = {Effect.PAY: Line.PAID, Effect.FAIL: Line.FAILED, Effect.BOUNCE: Line.FAILED}
    for said in answers:
        line = after.get(effect_of_answer(line, said), line)
        assert effect_of_answer(line, said) in (Effect.NONE, Effect.CONTRADICTION)


def test_a_second_list_needs_its_own_three_people(paying, released):
    """The failed award goes the whole way again, with the same separation."""
    first = lines(released)[0]
    paying.load(released, answer(first, "失败"))
    again = paying.draft(paying.awards[:1], actor=paying.third)
    again = check_payment_list(payment_list=again, actor=paying.first)
    with pytest.raises(NotAllowed):
        release_payment_list(payment_list=again, actor=paying.third)
    assert release_payment_list(payment_list=again, actor=paying.second).state == ListState.RELEASED
