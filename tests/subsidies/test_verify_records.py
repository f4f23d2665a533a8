"""``verify_records`` finds what somebody changed behind the services' back; and the commands around it."""

import datetime as dt
import hashlib
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from config.common.append_only import create_triggers, drop_triggers
from cultivation.enums import CaseState, Role
from documents.api import NoticeKind, Organ, OrganName, install_template
from subsidies.enums import ExportFormat, ListState
from subsidies.models import PaymentList, ReleasedFile
from subsidies.services.notices import issue_grant_notice
from subsidies.services.payment_lists import check_payment_list, release_payment_list
from subsidies.services.seals import seal_through
from subsidies.services.verification import verify_records
from tests.factories import case_at
from tests.people import person
from tests.subsidies.paying import answer, desk, return_file
from tests.subsidies.tampering import tamper


@pytest.fixture
def paying(cast, clock):
    """One list settled with one line sent back and paid again, one list only drafted; all sealed."""
    clock(dt.date(2019, 5, 6))
    found = desk(cast)
    first = found.settled(found.awards[:2])
    found.load(first, answer(first.lines.get(number=1), "退汇"))
    found.settled(found.awards[:1])
    found.draft(found.awards[2:])
    clock(dt.date(2019, 5, 7))
    seal_through(day=dt.date(2019, 5, 6))
    return found


def codes() -> set[str]:
    return {problem.code for problem in verify_records().problems}


def test_sound_records_have_no_problem(paying):
    report = verify_records()
    assert report.problems == []
    assert report.checked["awards"] == 3
    assert report.checked["payment_lists"] == 3
    assert report.checked["files"] == 2 * len(ExportFormat)
    assert report.checked["seals"] == 1
    assert report.checked["calculations"] == 3


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "UPDATE subsidies_award SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM subsidies_award)",
            {"award_differs_from_ledger", "line_amount_differs"},
        ),
        (
            "UPDATE subsidies_award SET state = 'approved' WHERE state = 'paid'",
            {"award_differs_from_ledger", "line_differs_from_award", "event_state"},
        ),
        (
            "UPDATE subsidies_fundingline SET committed = committed + 1",
            {"guard_differs_from_ledger"},
        ),
        (
            "UPDATE subsidies_ledgerentry SET amount = amount + 1 WHERE kind = 'paid'",
            {
                "guard_differs_from_ledger",
                "award_differs_from_ledger",
                "entry_differs_from_line",
                "seal_broken",
            },
        ),
        (
            "DELETE FROM subsidies_ledgerentry WHERE kind = 'returned'",
            {
                "guard_differs_from_ledger",
                "award_differs_from_ledger",
                "line_differs_from_ledger",
                "seal_count",
            },
        ),
        (
            "UPDATE subsidies_ledgerentry SET idempotency_key = 'x' WHERE id = (SELECT MAX(id) FROM subsidies_ledgerentry)",
            {"payment_without_line", "line_differs_from_ledger"},
        ),
        ("UPDATE subsidies_paymentline SET account_number = '1' WHERE number = 1", {"content_changed"}),
        (
            "UPDATE subsidies_paymentline SET is_active = FALSE WHERE state = 'open'",
            {"award_without_line"},
        ),
        (
            "UPDATE subsidies_paymentline SET state = 'open' WHERE state = 'failed'",
            {"settled_with_open_line"},
        ),
        ("UPDATE subsidies_paymentline SET calculated_by_id = approved_by_id", {"line_names_other_people"}),
        ("UPDATE subsidies_listcounter SET last = last + 1", {"list_numbers"}),
        ("UPDATE subsidies_releasedfile SET content = '' WHERE format = 'csv'", {"file_changed"}),
        ("DELETE FROM subsidies_releasedfile WHERE format = 'bank'", {"files_differ_from_release"}),
        (
            "UPDATE subsidies_releasedfile SET sha256 = 'x' WHERE format = 'xlsx'",
            {"file_changed", "files_differ_from_release"},
        ),
        ("DELETE FROM subsidies_awardevent WHERE number = 2", {"event_number", "event_chain", "seal_count"}),
        ("DELETE FROM subsidies_awardevent WHERE to_state = 'paid'", {"event_state", "seal_count"}),
        (
            "UPDATE subsidies_awardevent SET to_state = 'paid' WHERE number = 2",
            {"event_chain", "seal_broken"},
        ),
        ("DELETE FROM subsidies_listevent", {"event_missing", "files_differ_from_release", "seal_count"}),
        ("UPDATE subsidies_calculation SET amount = amount + 1", {"calculation_hash_differs"}),
    ],
)
def test_a_change_behind_the_services_is_found(paying, statement, found):
    tamper(statement)
    assert found <= codes()


def test_a_file_changed_together_with_its_hash_is_found(paying):
    content = b"other"
    tamper(
        "UPDATE subsidies_releasedfile SET content = %s, sha256 = %s WHERE format = 'csv'",
        [content, hashlib.sha256(content).hexdigest()],
    )
    assert codes() == {"files_differ_from_release"}


def test_a_case_event_taken_away_is_found(paying, clock):
    clock(dt.date(2019, 5, 8))
    case_at(CaseState.RECOMMENDED)
    assert codes() == set()
    tamper("DELETE FROM cultivation_caseevent WHERE number = 1")
    assert {"event_number", "event_chain"} <= codes()


def test_a_guard_that_is_gone_is_found(paying):
    drop_triggers()
    found = codes()
    create_triggers()
    assert found == {"trigger_missing"}


def test_a_changed_notice_is_found(paying):
    administrators = [person(f"administrator-{number}", Role.ADMINISTRATOR) for number in (1, 2)]
    install_template(kind=NoticeKind.GRANT, drafted_by=administrators[0], published_by=administrators[1])
    organ = Organ.objects.create(key="demo-organ", is_demo=True)
    OrganName.objects.create(
        organ=organ, name="演示局", mark_name="演示局", number_prefix="演示字", source="演示"
    )
    notice = issue_grant_notice(award=paying.again()[0], organ=organ, actor=paying.cast.caseworker)
    assert verify_records().checked["notices"] == 1
    assert codes() == set()
    stored = Path(notice.file.path)
    stored.write_bytes(stored.read_bytes() + b" ")
    assert len(codes()) == 1


def run(capsys, *arguments: str) -> tuple[int, dict]:
    """Exit status and answer of a command."""
    status = 0
    try:
        call_command(*arguments)
    except SystemExit as ended:
        status = ended.code
    return status, json.loads(capsys.readouterr().out)


class TestVerifyCommand:
    def test_says_what_was_checked(self, paying, capsys):
        status, answered = run(capsys, "verify_records")
        assert status == 0
        assert answered["problems"] == []
        assert answered["checked"]["payment_lines"] == 4

    def test_a_problem_ends_with_one_and_the_error_beside_it(self, paying, capsys):
        tamper("DELETE FROM subsidies_ledgerentry WHERE kind = 'returned'")
        status, answered = run(capsys, "verify_records")
        assert status == 1
        assert answered["error"]["code"] == "problems_found"
        assert {"code", "record", "message"} == set(answered["problems"][0])
        assert answered["checked"]["ledger_entries"]


class TestSealCommand:
    def test_seals_through_yesterday(self, paying, clock, capsys):
        clock(dt.date(2019, 5, 8))
        case_at(CaseState.SUBMITTED)
        clock(dt.date(2019, 5, 9))
        status, answered = run(capsys, "seal_events")
        assert (status, answered["through"]) == (0, "2019-05-08")
        assert [seal["day"] for seal in answered["sealed"]] == ["2019-05-08"]

    @pytest.mark.parametrize(("through", "status"), [("2019-05-07", 1), ("soon", 2)])
    def test_refuses_today_and_what_is_no_date(self, paying, capsys, through, status):
        ended, answered = run(capsys, "seal_events", f"--through={through}")
        assert ended == status
        assert answered["error"]["code"]


class TestExportCommand:
    @pytest.mark.parametrize("format", ExportFormat.values)
    def test_writes_the_stored_bytes_every_time(self, paying, capsys, tmp_path, format):
        out = tmp_path / "list"
        stored = ReleasedFile.objects.get(payment_list__number="ZF2019-001", format=format)
        for _turn in range(2):
            status, answered = run(
                capsys, "export_payment_list", "ZF2019-001", f"--format={format}", f"--out={out}"
            )
            assert status == 0
            assert answered == {
                "number": "ZF2019-001",
                "lines": 2,
                "total": "130000.00",
                "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
            }
            assert out.read_bytes() == bytes(stored.content)

    @pytest.mark.parametrize(
        ("number", "format", "status", "code"),
        [
            ("ZF1999-001", "csv", 1, "unknown_list"),
            ("ZF2019-003", "csv", 1, "not_released"),
            ("ZF2019-001", "pdf", 2, "usage"),
        ],
    )
    def test_what_cannot_be_exported_writes_nothing(
        self, paying, capsys, tmp_path, number, format, status, code
    ):
        out = tmp_path / "list"
        ended, answered = run(capsys, "export_payment_list", number, f"--format={format}", f"--out={out}")
        assert (ended, answered["error"]["code"]) == (status, code)
        assert not out.exists()

    def test_a_place_that_does_not_exist_is_wrong_usage(self, paying, capsys, tmp_path):
        out = tmp_path / "nowhere" / "list"
        ended, answered = run(capsys, "export_payment_list", "ZF2019-001", "--format=csv", f"--out={out}")
        assert (ended, answered["error"]["code"]) == (2, "not_writable")


class TestReconcileCommand:
    def released(self, paying) -> PaymentList:
        payment_list = PaymentList.objects.get(number="ZF2019-003")
        check_payment_list(payment_list=payment_list, actor=paying.second)
        return release_payment_list(payment_list=payment_list, actor=paying.third)

    def test_applies_the_file_once(self, paying, capsys, tmp_path):
        payment_list = self.released(paying)
        file: Path = tmp_path / "return.xlsx"
        file.write_bytes(return_file(answer(payment_list.lines.get()), ("7", None, "1.00", "成功", None)))
        before = file.read_bytes()
        status, answered = run(capsys, "reconcile_payments", str(file), "--list=ZF2019-003")
        assert status == 0
        counts = {key: answered[key] for key in ("paid", "failed", "unmatched", "unchanged")}
        assert counts == {"paid": 1, "failed": 0, "unmatched": 1, "unchanged": 0}
        assert PaymentList.objects.get(pk=payment_list.pk).state == ListState.SETTLED
        status, answered = run(capsys, "reconcile_payments", str(file), "--list=ZF2019-003", "--as=finance")
        counts = {key: answered[key] for key in ("paid", "failed", "unmatched", "unchanged")}
        assert (status, counts) == (0, {"paid": 0, "failed": 0, "unmatched": 1, "unchanged": 1})
        assert file.read_bytes() == before

    def test_a_faulty_cell_ends_with_one_and_changes_nothing(self, paying, capsys, tmp_path):
        payment_list = self.released(paying)
        file: Path = tmp_path / "return.xlsx"
        file.write_bytes(return_file(answer(payment_list.lines.get()), ("1", None, "=1+1", "成功", None)))
        status, answered = run(capsys, "reconcile_payments", str(file), "--list=ZF2019-003")
        assert status == 1
        assert answered["error"]["code"] == "rows_refused"
        (error,) = answered["errors"]
        assert (error["row"], error["column"], error["code"]) == (3, "金额（元）", "formula_cell")
        assert PaymentList.objects.get(pk=payment_list.pk).state == ListState.RELEASED

    @pytest.mark.parametrize(
        ("arguments", "status", "code"),
        [
            (["missing.xlsx", "--list=ZF2019-001"], 2, "file_not_found"),
            (["{file}", "--list=ZF1999-001"], 1, "unknown_list"),
            (["{file}", "--list=ZF2019-001", "--as=nobody"], 2, "unknown_user"),
            (["{file}", "--list=ZF2019-001", "--as=auditor"], 1, "not_allowed"),
            (["{file}"], 2, "usage"),
        ],
    )
    def test_wrong_calls_say_so(self, paying, capsys, tmp_path, arguments, status, code):
        file: Path = tmp_path / "return.xlsx"
        file.write_bytes(return_file(("1", None, "1.00", "成功", None)))
        called = [argument.format(file=file) for argument in arguments]
        ended, answered = run(capsys, "reconcile_payments", *called)
        assert (ended, answered["error"]["code"]) == (status, code)
