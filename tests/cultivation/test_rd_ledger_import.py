"""Handing in a firm's R&D ledger: a workbook of several sheets, by the way of all lists (tests/test_imports.py)."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from config.common import workbooks
from cultivation.enums import CaseState, LedgerDecision, LedgerFindingCode
from cultivation.models import Firm, RdLedger, RefusedAttempt
from cultivation.services import refusals
from cultivation.services.rd_ledger import import_ledger
from cultivation.services.rd_ledger_decisions import decide_all_findings
from cultivation.views import import_kinds
from documents.models import ListUpload
from tests.cultivation.ledgers import book, cells, ledger_book
from tests.factories import ContactFactory, FirmFactory, case_at, credit_code
from tests.importing import confirm, faulty_headers, send
from tests.people import Cast

pytestmark = pytest.mark.django_db

NEW = reverse("documents:import_new", args=["rd-ledger"])
LINES = (cells(), cells(凭证号="2", 摘要="业务招待费", 费用类别="其他费用", 金额=30))


def hand_in(client: Client, firm: Firm, content: bytes = b"", name: str = "辅助账.xlsx") -> Any:
    return send(client, "rd-ledger", content or ledger_book(*LINES), name=name, firm=firm.credit_code)


def names() -> list[str]:
    return list(RdLedger.objects.order_by("pk").values_list("attachment__original_name", flat=True))


@pytest.fixture
def firm(client: Client, cast: Cast) -> Firm:
    """The firm of the person who is logged in."""
    client.force_login(cast.firm)
    assert cast.firm.firm is not None
    return cast.firm.firm


class TestTheWay:
    @pytest.mark.parametrize("name", ["firm", "caseworker"])
    def test_from_its_page_to_its_page_and_again_nothing_changes(
        self, browse: Callable[..., Client], cast: Cast, firm: Firm, name: str
    ) -> None:
        client, page = browse(getattr(cast, name)), reverse("cultivation:ledger", args=[firm.pk])
        address = f"{NEW}?firm={firm.credit_code}"
        assert address in client.get(page).content.decode()
        assert f'value="{firm.credit_code}"' in client.get(address).content.decode()
        content = ledger_book(*LINES)
        for created, unchanged in ((2, 0), (0, 2)):
            preview = hand_in(client, firm, content)
            report = preview.context["report"]
            assert (report.created, report.unchanged, report.findings) == (created, unchanged, 1)
            assert names() == ["辅助账.xlsx"] * (created == 0)
            assert confirm(client, preview)["Location"] == page
        assert names() == ["辅助账.xlsx"]
        assert not ListUpload.objects.exists()

    def test_the_preview_shows_how_every_sheet_begins_by_whatever_its_headers_are_called(
        self, client: Client, firm: Firm
    ) -> None:
        sheet = [["项目", "日期", "凭证字号", "业务摘要", "科目", "发生额（万元）", "心得"]]
        sheet.append(["RD01", "2016-05-20", "记-1", "试制材料", "直接投入费用", 1, "好"])
        preview = hand_in(client, firm, ledger_book(**{"2016年辅助账": sheet, "杂记": [["无"]]}))
        shown = preview.context["shown"]
        assert [part.sheet for part in shown] == ["项目", "研发人员", "2016年辅助账"]
        assert ("发生额（万元）", "金额") in shown[2].headers
        assert shown[2].rows[0].cells[0].text == "RD01"
        odd = {(warning.sheet, warning.code) for warning in preview.context["warnings"]}
        assert odd == {("2016年辅助账", "unknown_column"), ("杂记", "sheet_not_known")}
        text = preview.content.decode()
        assert "杂记" in text
        assert "columns/" not in text

    def test_its_columns_are_settled(self, client: Client, firm: Firm) -> None:
        preview = hand_in(client, firm)
        assert client.get(preview.request["PATH_INFO"] + "columns/").status_code == 404

    def test_the_template_is_for_the_years_before_this_one(self, client: Client, firm: Firm) -> None:
        answer = client.get(reverse("documents:import_template", args=["rd-ledger"]))
        sheets = openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames
        wanted = [f"{year}年辅助账" for year in (2016, 2017, 2018)]
        assert [name for name in sheets if "辅助账" in name] == wanted

    def test_looking_and_confirming_read_the_file_once_each(
        self, client: Client, firm: Firm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        reading, read = workbooks.read_tables, []
        monkeypatch.setattr(
            "cultivation.workbooks.rd_ledger.read_tables",
            lambda *args, **rest: read.append(1) or reading(*args, **rest),
        )
        preview = hand_in(client, firm)
        assert len(read) == 1
        confirm(client, preview)
        assert len(read) == 2


class TestFaults:
    def test_stand_in_the_cells_of_their_sheet_and_in_the_marked_workbook(
        self, client: Client, firm: Firm
    ) -> None:
        preview = hand_in(client, firm, ledger_book(cells(), cells(金额="一百")))
        assert preview.status_code == 422
        (part,) = preview.context["shown"]
        (row,) = part.rows
        assert (part.sheet, row.number, faulty_headers(preview)) == ("2016年辅助账", 3, ["金额（元）"])
        (cell,) = [cell for cell in row.cells if cell.faults]
        text = preview.content.decode()
        assert cell.text == "一百"
        assert all(words in text for words in ("2016年辅助账", "一百", *cell.faults))
        assert 'name="agreed"' not in text
        marked = client.get(preview.request["PATH_INFO"] + "marked.xlsx")
        assert marked["Content-Disposition"].startswith("attachment")
        sheet = openpyxl.load_workbook(io.BytesIO(marked.content))["2016年辅助账"]
        assert sheet["G3"].comment
        assert not sheet["G2"].comment
        assert names() == []

    def test_of_no_row_or_no_sheet_stand_above(self, client: Client, firm: Firm) -> None:
        sheets = {f"{year}年辅助账": [list(cells())] for year in (2014, 2015, 2016, 2017)}
        preview = hand_in(client, firm, book(sheets))
        faults = {(error.sheet, error.code) for error in preview.context["elsewhere"]}
        assert {("", "too_many_years"), ("2014年辅助账", "no_header")} <= faults
        assert "2014年辅助账" in preview.content.decode()

    @pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"%PDF-1.4"])
    def test_what_is_no_workbook_is_refused_beside_the_field(
        self, client: Client, firm: Firm, content: bytes
    ) -> None:
        fields = {"file": io.BytesIO(content), "firm": firm.credit_code}
        fields["file"].name = "辅助账.xlsx"
        answer = client.post(NEW, fields)
        assert (answer.status_code, list(answer.context["file_form"].errors)) == (422, ["file"])
        assert not ListUpload.objects.exists()

    def test_a_file_too_large_is_not_read(
        self, client: Client, firm: Firm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("documents.forms.LARGEST_BYTES", 10)
        monkeypatch.setattr("documents.views.imports.keep_upload", None)
        answer = hand_in(client, firm)
        assert (answer.status_code, list(answer.context["file_form"].errors)) == (422, ["file"])

    @pytest.mark.parametrize(
        ("content", "name"), [(ledger_book(), "辅助账.xlsx"), ("项目编号\nRD01\n".encode(), "辅助账.csv")]
    )
    def test_a_book_without_lines_or_sheets_is_refused_in_words(
        self, client: Client, firm: Firm, content: bytes, name: str
    ) -> None:
        answer = hand_in(client, firm, content, name)
        assert answer.status_code == 422
        assert answer.context["refusal"] in answer.content.decode()


class TestWho:
    def test_another_firm_does_not_exist_for_a_firm(self, client: Client, firm: Firm) -> None:
        for code in (FirmFactory().credit_code, credit_code(999_999)):
            answer = send(client, "rd-ledger", ledger_book(*LINES), name="辅助账.xlsx", firm=code)
            assert answer.status_code == 404
        assert not ListUpload.objects.exists()
        assert firm.credit_code in client.get(f"{NEW}?firm={FirmFactory().credit_code}").content.decode()

    @pytest.mark.parametrize(
        "said", [str.lower, lambda code: f" {code[:9]} {code[9:]} ", lambda code: "xyz", lambda code: ""]
    )
    def test_a_firm_types_nothing_and_its_own_is_taken_however_it_is_written(
        self, client: Client, firm: Firm, said: Callable[[str], str]
    ) -> None:
        assert client.get(NEW).context["form"].visible_fields() == []
        code = said(firm.credit_code)
        preview = send(client, "rd-ledger", ledger_book(*LINES), name="辅助账.xlsx", firm=code)
        assert confirm(client, preview).status_code == 302
        assert RdLedger.objects.get().firm == firm

    def test_the_office_may_type_it_in_lower_case_and_with_blanks(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.caseworker)
        firm = FirmFactory()
        code = f" {firm.credit_code[:9]} {firm.credit_code[9:].lower()} "
        preview = send(client, "rd-ledger", ledger_book(*LINES), name="辅助账.xlsx", firm=code)
        assert confirm(client, preview).status_code == 302
        assert RdLedger.objects.get().firm == firm

    def test_a_firm_that_its_person_has_left_does_not_exist_any_more(
        self, client: Client, cast: Cast, firm: Firm
    ) -> None:
        preview = hand_in(client, firm)
        cast.firm.firm = FirmFactory()
        cast.firm.save()
        assert client.get(preview.request["PATH_INFO"]).status_code == 404
        assert confirm(client, preview).status_code == 404
        assert names() == []

    def test_a_code_mistyped_by_the_office_is_said_beside_it(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.caseworker)
        answer = send(client, "rd-ledger", ledger_book(*LINES), name="辅助账.xlsx", firm="91990000MA5K00018Y")
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["firm"])

    @pytest.mark.parametrize("name", ["county", "reviewer", "finance", "auditor", "administrator"])
    def test_readers_and_the_administrator_hand_in_nothing(
        self, client: Client, cast: Cast, name: str
    ) -> None:
        client.force_login(getattr(cast, name))
        assert client.get(NEW).status_code == 403
        assert client.get(reverse("documents:import_template", args=["rd-ledger"])).status_code == 403
        assert hand_in(client, cast.firm.firm).status_code == 403

    def test_the_file_that_waits_is_its_senders_alone(
        self, browse: Callable[..., Client], client: Client, cast: Cast, firm: Firm
    ) -> None:
        preview = hand_in(client, firm)
        other = browse(cast.caseworker)
        assert other.get(preview.request["PATH_INFO"]).status_code == 404
        assert confirm(other, preview).status_code == 404


class TestMeanwhile:
    """What has changed since the preview, or changes while it is confirmed, is not overwritten."""

    def another(self, firm: Firm, cast: Cast) -> None:
        import_ledger(
            firm=firm, content=ledger_book(cells()), original_name="另一份.xlsx", actor=cast.caseworker
        )

    def test_another_ledger_has_the_list_shown_again(self, client: Client, cast: Cast, firm: Firm) -> None:
        preview = hand_in(client, firm)
        self.another(firm, cast)
        again = confirm(client, preview)
        assert again.status_code == 409
        assert names() == ["另一份.xlsx"]
        assert confirm(client, again).status_code == 302
        assert names() == ["另一份.xlsx", "辅助账.xlsx"]

    def test_a_decision_about_the_ledger_that_would_go_has_it_shown_again(
        self, client: Client, cast: Cast, firm: Firm
    ) -> None:
        content = ledger_book(*LINES, cells(凭证号="3", 金额=-1))
        import_ledger(firm=firm, content=content, original_name="旧账.xlsx", actor=cast.caseworker)
        preview = hand_in(client, firm)
        decide_all_findings(
            firm=firm,
            code=LedgerFindingCode.NEGATIVE,
            decision=LedgerDecision.COUNTED,
            reason="属实",
            actor=cast.caseworker,
        )
        assert confirm(client, preview).status_code == 409
        assert names() == ["旧账.xlsx"]

    def test_of_two_who_confirm_the_same_at_once_the_second_writes_nothing(
        self, client: Client, cast: Cast, firm: Firm, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The other one comes between the second look at the list and the lock."""

        def overtaken(*args: Any, **rest: Any) -> AbstractContextManager[None]:
            self.another(firm, cast)
            return refusals.as_seen(*args, **rest)

        preview = hand_in(client, firm)
        monkeypatch.setattr(import_kinds, "as_seen", overtaken)
        answer = confirm(client, preview)
        assert answer.status_code == 422
        assert "有人先办了一步" in answer.content.decode()
        assert names() == ["另一份.xlsx"]
        refused = RefusedAttempt.objects.get()
        assert (refused.code, refused.action, refused.actor) == (
            "changed_meanwhile",
            "import_ledger",
            cast.firm,
        )
        assert ListUpload.objects.exists()

    @pytest.mark.parametrize("at", ["preview", "lock"])
    def test_a_file_that_went_to_the_region_refuses_it(
        self, client: Client, cast: Cast, firm: Firm, monkeypatch: pytest.MonkeyPatch, at: str
    ) -> None:
        ContactFactory(firm=firm)
        preview = hand_in(client, firm)

        def filed(*args: Any, **rest: Any) -> AbstractContextManager[None]:
            case_at(CaseState.FILED, firm=firm)
            return refusals.as_seen(*args, **rest)

        if at == "preview":
            case_at(CaseState.FILED, firm=firm)
        else:
            monkeypatch.setattr(import_kinds, "as_seen", filed)
        assert confirm(client, preview).status_code == 422
        assert RefusedAttempt.objects.get().code == "wrong_state"
        assert names() == []
