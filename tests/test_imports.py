"""Handing in a list: file, columns, preview with the faults in place, marked workbook, taking over; one way for all lists."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.common import clock
from cultivation.enums import CaseState
from cultivation.models import Accreditation, Achievement, Attendance, Contact, Firm
from cultivation.selectors.training import training_minutes
from cultivation.services.expert_sheet_import import expert_sheet_columns
from cultivation.services.training import AttendanceRow, create_session, record_attendance
from documents.models import ListUpload
from documents.services.list_uploads import drop_expired
from tests.cultivation.sheets import FINANCE, TECHNICAL
from tests.factories import FirmFactory, case_at, credit_code, give_facts
from tests.importing import confirm, faulty_headers, hand_in
from tests.people import Cast
from tests.subsidies.factories import scheme_version
from tests.workbooks import read_rows

pytestmark = pytest.mark.django_db

ROSTER = ("企业名称", "统一社会信用代码", "所属县区", "注册日期")
FIRM = ("演示新苗有限公司", credit_code(900_001), "右江区", "2016-05-04")


@pytest.fixture
def clerk(client: Client, cast: Cast) -> Client:
    client.force_login(cast.caseworker)
    return client


class TestTheWay:
    def test_nothing_is_written_before_the_confirmation(self, clerk: Client) -> None:
        before = Firm.objects.count()
        preview = hand_in(clerk, "firms", ROSTER, FIRM)
        assert preview.status_code == 200
        assert "演示新苗有限公司" in preview.content.decode()
        assert Firm.objects.count() == before
        assert confirm(clerk, preview).status_code == 302
        assert Firm.objects.get(name="演示新苗有限公司").division is not None
        assert not ListUpload.objects.exists()

    def test_known_spellings_go_straight_to_the_preview_strange_ones_to_the_columns(
        self, clerk: Client
    ) -> None:
        known = hand_in(clerk, "firms", ("单位名称", "信用代码", "属地", "成立日期"), FIRM)
        assert known.request["PATH_INFO"].endswith(f"/firms/{ListUpload.objects.latest('pk').pk}/")
        strange = hand_in(clerk, "firms", ("厂名", "信用代码", "属地", "成立日期"), FIRM)
        assert strange.request["PATH_INFO"].endswith("/columns/")
        assert [column.key for column in strange.context["look"].missing] == ["name"]

    def test_a_person_says_what_no_synonym_knows(self, clerk: Client) -> None:
        columns = hand_in(clerk, "firms", ("厂名", "代号", "哪个县", "何时成立"), FIRM)
        address = columns.request["PATH_INFO"]
        names = ("name", "credit_code", "county", "registered_on")
        said = {f"column-{number}": key for number, key in enumerate(names, start=1)}
        preview = clerk.get(clerk.post(address, said)["Location"])
        assert preview.context["report"].created == 1
        confirm(clerk, preview)
        assert Firm.objects.get(credit_code=FIRM[1]).name == FIRM[0]

    def test_a_person_overrules_a_synonym(self, clerk: Client) -> None:
        """The list has two names; the one that the synonyms take is the old one."""
        columns = hand_in(clerk, "firms", ("企业名称", "现用名", *ROSTER[1:]), ("演示旧名有限公司", *FIRM))
        said = {
            f"column-{number}": key
            for number, key in enumerate(("", "name", "credit_code", "county", "registered_on"), start=1)
        }
        preview = clerk.get(clerk.post(columns.request["PATH_INFO"], said)["Location"])
        assert preview.context["report"].warnings == []
        confirm(clerk, preview)
        assert Firm.objects.get(credit_code=FIRM[1]).name == "演示新苗有限公司"

    @pytest.mark.parametrize(
        "said",
        [
            {"column-1": "name", "column-2": "name", "column-3": "county", "column-4": "registered_on"},
            {"column-1": "name"},
            {"column-1": "no_such_column"},
            {},
        ],
    )
    def test_a_column_twice_or_missing_is_named(self, clerk: Client, said: dict[str, str]) -> None:
        columns = hand_in(clerk, "firms", ("厂名", "代号", "哪个县", "何时成立"), FIRM)
        answer = clerk.post(columns.request["PATH_INFO"], said)
        assert answer.status_code == 422
        assert "统一社会信用代码" in " ".join(answer.context["faults"])

    def test_faults_stand_in_their_cells_and_in_the_marked_workbook(self, clerk: Client) -> None:
        preview = hand_in(clerk, "firms", ROSTER, FIRM, ("演示错苗有限公司", "123", "火星", "昨天"))
        assert preview.status_code == 422
        ((row,),) = (shown.rows for shown in preview.context["shown"])
        assert row.number == 3
        assert [bool(cell.faults) for cell in row.cells] == [False, True, True, True]
        text = preview.content.decode()
        assert "火星" in text
        assert 'name="agreed"' not in text
        marked = clerk.get(preview.request["PATH_INFO"] + "marked.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).active
        assert sheet["C3"].comment is not None
        assert sheet["C2"].comment is None
        assert not Firm.objects.filter(name=FIRM[0]).exists()

    def test_a_fault_of_the_whole_file_is_told_apart(self, clerk: Client) -> None:
        answer = hand_in(clerk, "firms", ROSTER, FIRM, FIRM)
        assert answer.status_code == 422
        assert answer.context["faults"] == 1

    def test_the_preview_asks_no_more_for_many_oddities_than_for_few(
        self, clerk: Client, django_assert_num_queries: Any
    ) -> None:
        """Every firm after the first has the name of the first."""

        def preview(firms: int) -> str:
            rows = [(FIRM[0], credit_code(900_001 + number), *FIRM[2:]) for number in range(firms)]
            answer = hand_in(clerk, "firms", ROSTER, *rows)
            assert len(answer.context["warnings"]) == firms - 1
            return answer.request["PATH_INFO"]

        few, many = preview(2), preview(20)
        with CaptureQueriesContext(connection) as asked:
            clerk.get(few)
        with django_assert_num_queries(len(asked)):
            clerk.get(many)

    def test_the_confirmation_checks_again(self, clerk: Client) -> None:
        preview = hand_in(clerk, "firms", ROSTER, FIRM)
        FirmFactory(credit_code=FIRM[1], name=FIRM[0])
        answer = confirm(clerk, preview)
        assert answer.status_code == 409
        assert answer.context["report"].created == 0
        assert ListUpload.objects.exists()

    def test_without_a_preview_there_is_no_confirmation(self, clerk: Client) -> None:
        preview = hand_in(clerk, "firms", ROSTER, FIRM)
        assert clerk.post(preview.request["PATH_INFO"], {}).status_code == 409
        assert not Firm.objects.filter(credit_code=FIRM[1]).exists()

    def test_the_same_list_again_changes_nothing(self, clerk: Client) -> None:
        confirm(clerk, hand_in(clerk, "firms", ROSTER, FIRM))
        again = hand_in(clerk, "firms", ROSTER, FIRM).context["report"]
        assert (again.created, again.updated, again.unchanged) == (0, 0, 1)

    def test_a_csv_file_is_as_good(self, clerk: Client) -> None:
        session = create_session(title="培训", held_on=clock.today(), minutes=60, actor=clerk_of(clerk))
        text = f"信用代码,姓名\n{FirmFactory().credit_code},王明\n".encode("gb18030")
        address = reverse("documents:import_new", args=["attendance"])
        file = SimpleUploadedFile("签到.csv", text)
        answer = clerk.post(address, {"file": file, "session": session.pk})
        confirm(clerk, clerk.get(answer["Location"]))
        assert Attendance.objects.get().attendee == "王明"

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("x.xlsx", b"PK\x03\x04nothing"),
            ("x.pdf", b"%PDF-1.7"),
            ("x.xlsx", b""),
            ("x.csv", b"\xff\xfe\x00"),
        ],
    )
    def test_what_is_no_list_is_refused_beside_the_field(
        self, clerk: Client, name: str, content: bytes
    ) -> None:
        address = reverse("documents:import_new", args=["firms"])
        answer = clerk.post(address, {"file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert list(answer.context["file_form"].errors) == ["file"]
        assert not ListUpload.objects.exists()


def clerk_of(client: Client) -> Any:
    from cultivation.models import User

    return User.objects.get(pk=client.session["_auth_user_id"])


class TestWaiting:
    def test_the_file_is_its_owners_alone(self, clerk: Client, cast: Cast) -> None:
        preview = hand_in(clerk, "firms", ROSTER, FIRM)
        colleague = Client()
        colleague.force_login(cast.caseworker2)
        address = preview.request["PATH_INFO"]
        for path in (address, address + "columns/", address + "marked.xlsx"):
            assert colleague.get(path).status_code == 404
        assert colleague.post(address, {"agreed": preview.context["digest"]}).status_code == 404
        assert colleague.post(address + "discard/").status_code == 404

    def test_the_file_is_of_its_kind_alone(self, clerk: Client) -> None:
        hand_in(clerk, "firms", ROSTER, FIRM)
        pk = ListUpload.objects.get().pk
        assert clerk.get(reverse("documents:import_preview", args=["annual-reports", pk])).status_code == 404

    def test_a_discarded_file_is_gone_from_the_store(
        self, clerk: Client, django_capture_on_commit_callbacks
    ) -> None:
        preview = hand_in(clerk, "firms", ROSTER, FIRM)
        stored = ListUpload.objects.get().file.name
        with django_capture_on_commit_callbacks(execute=True):
            clerk.post(preview.request["PATH_INFO"] + "discard/")
        assert not ListUpload.objects.exists()
        assert not default_storage.exists(stored)

    def test_what_nobody_confirms_expires(self, clerk: Client, django_capture_on_commit_callbacks) -> None:
        preview = hand_in(clerk, "firms", ROSTER, FIRM)
        past = clock.machine_now() - dt.timedelta(minutes=1)
        ListUpload.objects.update(expires_at=past)
        assert clerk.get(preview.request["PATH_INFO"]).status_code == 404
        stored = ListUpload.objects.get().file.name
        with django_capture_on_commit_callbacks(execute=True):
            assert drop_expired() == 1
        assert not default_storage.exists(stored)


class TestKinds:
    def test_each_is_listed_to_those_who_may(self, client: Client, cast: Cast) -> None:
        offered = {}
        for name in ("caseworker", "county", "reviewer", "firm"):
            client.force_login(getattr(cast, name))
            kinds = client.get(reverse("documents:imports")).context["kinds"]
            offered[name] = [key for key, _kind in kinds]
        assert offered == {
            "caseworker": list(settings.IMPORT_KINDS),
            "county": ["firms"],
            "reviewer": ["exclusions"],
            "firm": ["rd-ledger"],
        }

    @pytest.mark.parametrize("kind", [key for key in settings.IMPORT_KINDS if key != "rd-ledger"])
    def test_each_has_a_template_that_its_own_columns_know(self, clerk: Client, kind: str) -> None:
        answer = clerk.get(reverse("documents:import_template", args=[kind]))
        headers = read_rows(answer.content)[0]
        columns = hand_in(clerk, kind, headers, ["x"] * len(headers), **self.answers(clerk))
        (shown,) = columns.context["shown"]
        assert len(shown.headers) == len(headers) > 0

    def answers(self, clerk: Client) -> dict[str, Any]:
        version = scheme_version()
        session = create_session(title="培训", held_on=clock.today(), minutes=60, actor=clerk_of(clerk))
        return {
            "document_number": "演示高企〔2019〕1号",
            "document_date": "2019-06-28",
            "scheme": version.scheme_id,
            "session": session.pk,
            "case": case_at(CaseState.POOLED).number,
        }

    def test_an_unknown_kind_does_not_exist(self, clerk: Client) -> None:
        assert clerk.get("/documents/imports/nothing/").status_code == 404

    def test_a_county_brings_in_its_own_firms(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.county)
        other = hand_in(client, "firms", ROSTER, (*FIRM[:2], "田阳区", FIRM[3]))
        assert other.status_code == 422
        confirm(client, hand_in(client, "firms", ROSTER, FIRM))
        assert Firm.objects.filter(credit_code=FIRM[1]).exists()

    def test_the_regions_list_names_its_document(self, clerk: Client, cast: Cast) -> None:
        header = ("企业名称", "统一社会信用代码", "证书编号", "发证日期", "类型")
        firm = cast.firm.firm
        assert firm is not None
        row = (firm.name, firm.credit_code, "GR201945000001", "2019-06-20", "首次")
        assert hand_in(clerk, "accreditations", header, row).status_code == 422
        document = {"document_number": "演示高企〔2019〕1号", "document_date": "2019-06-28"}
        confirm(clerk, hand_in(clerk, "accreditations", header, row, **document))
        assert Accreditation.objects.get().document_number == "演示高企〔2019〕1号"


class TestAttendance:
    HEADER = ("统一社会信用代码", "姓名", "参训分钟数")

    @pytest.fixture
    def session(self, cast: Cast) -> Any:
        return create_session(title="研发费用归集", held_on=clock.today(), minutes=240, actor=cast.caseworker)

    def test_counts_for_the_case(self, clerk: Client, session: Any) -> None:
        case = case_at(CaseState.TRAINING)
        code = case.firm.credit_code
        preview = hand_in(
            clerk, "attendance", self.HEADER, (code, "王明", 200), (code, "李丽", None), session=session.pk
        )
        assert confirm(clerk, preview)["Location"] == reverse("cultivation:session", args=[session.pk])
        assert training_minutes(case) == 240

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            (("91990000MA5K00018Y", "王明", 60), "统一社会信用代码"),
            ((credit_code(999_999), "王明", 60), "统一社会信用代码"),
            ((None, "王明", 60), "统一社会信用代码"),
            (("OWN", "", 60), "姓名"),
            (("OWN", "王明", 241), "参训分钟数"),
            (("OWN", "王明", 0), "参训分钟数"),
            (("OWN", "赵强", 60), "参训分钟数"),
        ],
    )
    def test_names_what_is_wrong_and_records_nobody(
        self, clerk: Client, cast: Cast, session: Any, row: tuple[Any, ...], column: str
    ) -> None:
        firm = FirmFactory()
        known = AttendanceRow(firm=firm, attendee="赵强", minutes=30)
        record_attendance(session=session, rows=[known], actor=cast.caseworker)
        rows = [(firm.credit_code, "孙静", 60), tuple(firm.credit_code if c == "OWN" else c for c in row)]
        answer = hand_in(clerk, "attendance", self.HEADER, *rows, session=session.pk)
        assert answer.status_code == 422
        assert faulty_headers(answer) == [column]
        assert Attendance.objects.count() == 1

    def test_the_same_person_twice_in_the_list(self, clerk: Client, session: Any) -> None:
        code = FirmFactory().credit_code
        rows = [(code, "王明", 60), (code, "王明", 60)]
        assert hand_in(clerk, "attendance", self.HEADER, *rows, session=session.pk).status_code == 422

    def test_a_session_ahead_is_not_offered(self, clerk: Client, cast: Cast) -> None:
        ahead = create_session(title="下月", held_on=dt.date(2019, 7, 20), minutes=60, actor=cast.caseworker)
        answer = hand_in(clerk, "attendance", self.HEADER, session=ahead.pk)
        assert answer.status_code == 422


def test_contacts_come_with_the_roster(clerk: Client) -> None:
    header = (*ROSTER, "联系人", "电话")
    confirm(clerk, hand_in(clerk, "firms", header, (*FIRM, "王明", "13800000000")))
    assert Contact.objects.get(firm__credit_code=FIRM[1]).name == "王明"


def test_the_worker_clears_away_what_expired(clerk: Client, django_capture_on_commit_callbacks) -> None:
    hand_in(clerk, "firms", ROSTER, FIRM)
    ListUpload.objects.update(expires_at=clock.machine_now())
    with django_capture_on_commit_callbacks(execute=True):
        call_command("resume_batches")
    assert not ListUpload.objects.exists()


class TestProgramme:
    TARGETS = ("指标", "县（市、区）", "年度", "目标数", "来源")
    ACHIEVEMENTS = ("指标", "名称", "单位", "县（市、区）", "取得日期", "依据文件")

    def test_targets_come_in_whole_and_change_nothing_again(self, clerk: Client) -> None:
        rows = [("高企", county, 2019, 16, "演示科〔2019〕3号") for county in ("右江区", "田阳县")]
        for created, unchanged in ((2, 0), (0, 2)):
            preview = hand_in(clerk, "targets", self.TARGETS, *rows)
            report = preview.context["report"]
            assert (report.created, report.unchanged) == (created, unchanged)
            assert confirm(clerk, preview)["Location"] == reverse("cultivation:targets")

    def test_a_target_recorded_otherwise_is_marked_in_its_cell(self, clerk: Client) -> None:
        confirm(clerk, hand_in(clerk, "targets", self.TARGETS, ("高企", "右江区", 2019, 16, "演示")))
        preview = hand_in(clerk, "targets", self.TARGETS, ("高企", "右江区", 2019, 20, "演示"))
        assert preview.status_code == 422
        assert faulty_headers(preview) == ["目标数"]

    def test_achievements_come_in_whole_or_not_at_all(self, clerk: Client) -> None:
        good = ("转化", "演示工艺一", "演示公司", "右江区", "2019-03-01", "演示科〔2019〕7号")
        late = ("转化", "演示工艺二", "演示公司", "右江区", "2019-12-01", "演示科〔2019〕7号")
        preview = hand_in(clerk, "achievements", self.ACHIEVEMENTS, good, late)
        assert (preview.status_code, faulty_headers(preview)) == (422, ["取得日期"])
        confirm(clerk, hand_in(clerk, "achievements", self.ACHIEVEMENTS, good))
        assert Achievement.objects.get().title == "演示工艺一"


class TestExpertSheets:
    HEADER = tuple(column.name for column in expert_sheet_columns())

    def row(self, *scores: Any, remark: str = "") -> tuple[Any, ...]:
        return ("覃", "财务专家", "否", *[None] * len(TECHNICAL), *scores, remark)

    def test_come_in_for_the_case_that_is_named(self, clerk: Client) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        row = self.row(*FINANCE.values())
        assert hand_in(clerk, "expert-sheets", self.HEADER, row, case="PY2019-99999").status_code == 422
        done = confirm(clerk, hand_in(clerk, "expert-sheets", self.HEADER, row, case=case.number))
        assert done["Location"] == reverse("cultivation:expert_sheets", args=[case.pk])
        assert case.expert_sheets.get().scores == FINANCE

    def test_points_out_of_range_are_marked_in_their_cell(self, clerk: Client) -> None:
        case = case_at(CaseState.POOLED)
        give_facts(case)
        preview = hand_in(clerk, "expert-sheets", self.HEADER, self.row(5, 9), case=case.number)
        assert (preview.status_code, faulty_headers(preview)) == (422, [self.HEADER[-2]])
        assert "须为 5–6 的整数分" in preview.content.decode()

    def test_a_closed_case_is_refused(self, clerk: Client) -> None:
        case = case_at(CaseState.DRAFT)
        row = self.row(*FINANCE.values())
        assert hand_in(clerk, "expert-sheets", self.HEADER, row, case=case.number).status_code == 422
