"""The region's documents in the browser: looked at, taken over as shown, judged again, and handed out as they came."""

import io
import re

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from config.common.errors import Refused
from cultivation.models import RefusedAttempt
from documents.api import Attachment
from subsidies.enums import AwardState
from subsidies.models import RegionalAward, RegionalAwardDocument
from subsidies.services.regional_sources import check_sources, judge_again
from tests.factories import FirmFactory, credit_code
from tests.subsidies.factories import accreditation, award_at, award_file, grant, import_rows, office
from tests.subsidies.tampering import tamper
from tests.workbooks import workbook

NEW = "/subsidies/regional/new/"
CONFIRM = "/subsidies/regional/confirm/"
LIST = "/subsidies/regional/"
TERMS = {
    "document_number": "演示桂科〔2019〕88号",
    "document_date": "2019-05-20",
    "document_title": "下达通知",
}


def page(name, document):
    return reverse(f"subsidies:regional_{name}", kwargs={"pk": document.pk})


def hand_in(client, content, name="奖励名单.csv", **terms):
    file = io.BytesIO(content)
    file.name = name
    return client.post(NEW, {**TERMS, **terms, "file": file})


def token(answer) -> str:
    return re.search(r'name="token" value="([^"]+)"', answer.content.decode())[1]


def cells(answer):
    return list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))


@pytest.fixture
def caseworker(client, cast):
    client.force_login(cast.caseworker)
    return client


@pytest.fixture
def certificate(db):
    return accreditation()


class TestImport:
    def test_is_shown_row_by_row_and_writes_nothing_before_it_is_confirmed(self, caseworker, certificate):
        firm = certificate.firm
        content = award_file(
            (firm.name, firm.credit_code, "80000.00"), ("查无此企业", credit_code(999_999), "1.00")
        )
        answer = hand_in(caseworker, content)
        assert answer.status_code == 200
        assert [line.row.outcome for line in answer.context["lines"]] == ["matched", "unknown_firm"]
        assert all(line.to_do for line in answer.context["lines"])
        assert not RegionalAward.objects.exists()
        done = caseworker.post(CONFIRM, {"token": token(answer)})
        document = RegionalAwardDocument.objects.get()
        assert done.status_code == 302
        assert done["Location"] == page("document", document)
        assert document.policy.title == "下达通知"
        assert document.sha256 == document.source_file.sha256
        assert caseworker.get(page("source", document)).content == content

    def test_a_repeat_adds_nothing_and_says_so(self, caseworker, certificate):
        content = award_file((certificate.firm.name, certificate.firm.credit_code, "80000.00"))
        for _time in range(2):
            answer = hand_in(caseworker, content)
            assert caseworker.post(CONFIRM, {"token": token(answer)}).status_code == 302
        assert answer.context["is_known"]
        assert RegionalAward.objects.count() == 1
        again = caseworker.post(CONFIRM, {"token": token(answer)})
        assert again.status_code == 302
        assert RegionalAward.objects.count() == 1

    def test_a_correction_document_is_known_as_such(self, caseworker, certificate):
        for number, amount in (("甲1号", "80000.00"), ("甲2号", "70000.00")):
            content = award_file((certificate.firm.name, certificate.firm.credit_code, amount))
            answer = hand_in(caseworker, content, document_number=number)
            caseworker.post(CONFIRM, {"token": token(answer)})
        kinds = {
            s.document.policy.document_number: s.is_correction
            for s in caseworker.get(LIST).context["summaries"]
        }
        assert kinds == {"甲1号": False, "甲2号": True}

    def test_a_preview_that_has_become_stale_is_shown_again(self, caseworker, certificate):
        firm = certificate.firm
        answer = hand_in(caseworker, award_file((firm.name, firm.credit_code, "80000.00")))
        grant(firm, "80000.00")
        stale = caseworker.post(CONFIRM, {"token": token(answer)})
        assert stale.status_code == 409
        assert [line.row.outcome for line in stale.context["lines"]] == ["already_matched"]
        assert RegionalAwardDocument.objects.count() == 1
        assert caseworker.post(CONFIRM, {"token": token(stale)}).status_code == 302

    def test_faulty_cells_are_named_and_marked(self, caseworker, certificate):
        rows = workbook(
            ("企业名称", "统一社会信用代码", "奖励金额（元）"),
            ("甲公司", "not a code", "80000.00"),
            ("乙公司", certificate.firm.credit_code, "-5"),
        )
        answer = hand_in(caseworker, rows, name="奖励.xlsx")
        assert answer.status_code == 422
        assert [(e.row, e.column, e.value) for e in answer.context["errors"]] == [
            (2, "统一社会信用代码", "not a code"),
            (3, "奖励金额（元）", "-5"),
        ]
        assert TERMS["document_number"] in answer.content.decode()
        marked = caseworker.get("/subsidies/regional/marked.xlsx", {"token": answer.context["token"]})
        sheet = openpyxl.load_workbook(io.BytesIO(marked.content)).active
        assert sheet["B2"].comment is not None
        assert sheet["C3"].comment is not None
        assert not RegionalAward.objects.exists()
        assert not RefusedAttempt.objects.exists()
        caseworker.post(CONFIRM, {"token": answer.context["token"]})
        assert RefusedAttempt.objects.get().code == "rows_refused"

    def test_a_formula_is_no_amount(self, caseworker, certificate):
        book = openpyxl.Workbook()
        book.active.append(["企业名称", "统一社会信用代码", "奖励金额（元）"])
        book.active.append([certificate.firm.name, certificate.firm.credit_code, "=40000*2"])
        out = io.BytesIO()
        book.save(out)
        answer = hand_in(caseworker, out.getvalue(), name="奖励.xlsx")
        assert answer.status_code == 422
        assert answer.context["errors"][0].value == "=40000*2"

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"PK\x03\x04 broken", "broken.xlsx"),
            (b"MZ program", "list.exe"),
            (b"", "empty.csv"),
            ("企业名称,统一社会信用代码,奖励金额（元）\r\n".encode(), "no-rows.csv"),
            ("别的,表\r\n1,2".encode(), "other.csv"),
        ],
    )
    def test_another_file_is_refused(self, caseworker, content, name):
        assert hand_in(caseworker, content, name=name).status_code == 422
        assert not RegionalAwardDocument.objects.exists()

    def test_a_file_that_is_too_large_is_refused(self, caseworker, monkeypatch):
        monkeypatch.setattr("subsidies.forms.claims._LARGEST_LIST", 10)
        answer = hand_in(caseworker, b"x" * 11)
        assert answer.status_code == 422
        assert not Attachment.objects.exists()

    def test_a_date_ahead_and_another_content_of_the_same_number_are_refused(self, caseworker, certificate):
        firm = certificate.firm
        content = award_file((firm.name, firm.credit_code, "80000.00"))
        ahead = hand_in(caseworker, content, document_date="2019-07-01")
        assert (ahead.status_code, set(ahead.context["form"].errors)) == (422, {"document_date"})
        caseworker.post(CONFIRM, {"token": token(hand_in(caseworker, content))})
        other = hand_in(caseworker, award_file((firm.name, firm.credit_code, "1.00")))
        assert (other.status_code, set(other.context["form"].errors)) == (422, {"document_number"})
        day = hand_in(caseworker, content, document_date="2019-05-21")
        assert (day.status_code, set(day.context["form"].errors)) == (422, {"document_date"})

    def test_a_token_is_its_owners_and_cannot_be_made_up(self, caseworker, cast, certificate):
        answer = hand_in(
            caseworker, award_file((certificate.firm.name, certificate.firm.credit_code, "80000.00"))
        )
        assert caseworker.post(CONFIRM, {"token": token(answer)[:-1] + "x"}).status_code == 404
        caseworker.force_login(cast.caseworker2)
        assert caseworker.post(CONFIRM, {"token": token(answer)}).status_code == 404
        caseworker.force_login(cast.finance)
        assert caseworker.post(CONFIRM, {"token": token(answer)}).status_code == 403
        assert not RegionalAwardDocument.objects.exists()

    def test_the_template_reads_back_as_an_empty_list(self, caseworker):
        sheet = cells(caseworker.get("/subsidies/regional/template.xlsx"))
        assert sheet[0] == ("企业名称", "统一社会信用代码", "奖励金额（元）", "证书编号")


class TestDocument:
    def test_rows_wait_without_a_firm_and_are_judged_again_from_the_stored_file(
        self, client, cast, certificate
    ):
        late = FirmFactory.build()
        import_rows(
            (certificate.firm.name, certificate.firm.credit_code, "80000.00"),
            (late.name, late.credit_code, "60000.00"),
        )
        document = RegionalAwardDocument.objects.get()
        client.force_login(cast.caseworker)
        assert client.post(page("judge_again", document)).status_code == 302
        assert RegionalAward.objects.count() == 2
        accreditation(firm=FirmFactory(name=late.name, credit_code=late.credit_code))
        assert client.post(page("judge_again", document)).status_code == 302
        assert [line.row.outcome for line in client.get(page("document", document)).context["lines"]] == [
            "matched",
            "matched",
        ]
        assert RegionalAward.objects.count() == 3
        client.force_login(cast.reviewer)
        assert client.post(page("judge_again", document)).status_code == 403

    def test_the_award_stands_beside_its_row_and_findings_filter(self, client, cast):
        award = award_at(AwardState.PAID)
        grant(award.firm, "70000.00")
        client.force_login(cast.auditor)
        first, second = RegionalAwardDocument.objects.order_by("pk")
        (line,) = client.get(page("document", first)).context["lines"]
        assert line.award == award
        (line,) = client.get(page("document", second), {"outcome": "amount_changed"}).context["lines"]
        assert line.award == award
        assert not client.get(page("document", second), {"outcome": "matched"}).context["lines"]
        assert client.get(page("document", second), {"outcome": "no such"}).context["lines"]

    def test_exports_say_what_the_pages_say(self, client, cast, certificate):
        import_rows(
            (certificate.firm.name, certificate.firm.credit_code, "80000.00"),
            ("@演示公司", credit_code(999_999), "1.50"),
        )
        document = RegionalAwardDocument.objects.get()
        client.force_login(cast.finance)
        file, asked = reverse("documents:export", args=["regional-rows"]), {"document": document.pk}
        rows = cells(client.get(file, asked))
        assert [(row[0], row[1], row[3]) for row in rows[1:]] == [
            (2, certificate.firm.name, 80000),
            (3, "@演示公司", 1.5),
        ]
        assert len(cells(client.get(file, {**asked, "outcome": "matched"}))) == 2
        listed = cells(client.get(reverse("documents:export", args=["regional-documents"])))
        assert (listed[1][5], listed[1][6]) == (2, 80001.5)

    def test_queries_do_not_grow_with_documents_and_rows(self, client, cast, certificate):
        client.force_login(cast.auditor)
        grant(certificate.firm)
        document = RegionalAwardDocument.objects.get()
        counts = []
        for _round in range(2):
            with CaptureQueriesContext(connection) as asked:
                client.get(LIST)
                client.get(page("document", document))
            counts.append(len(asked))
            others = [accreditation() for _number in range(4)]
            import_rows(*((o.firm.name, o.firm.credit_code, "5.00") for o in others))
            document = RegionalAwardDocument.objects.latest("pk")
        assert counts[0] == counts[1]

    def test_pages_of_rows_go_on_by_row(self, client, cast, monkeypatch):
        rows = [(f"企业{n}", credit_code(900_000 + n), "1.00") for n in range(101)]
        import_rows(*rows)
        client.force_login(cast.auditor)
        document = RegionalAwardDocument.objects.get()
        first = client.get(page("document", document))
        assert len(first.context["lines"]) == 100
        assert (
            len(client.get(page("document", document), {"after": first.context["next"]}).context["lines"])
            == 1
        )
        assert len(client.get(page("document", document), {"after": "x"}).context["lines"]) == 100


class TestSources:
    def test_a_changed_or_missing_file_is_found_and_not_handed_out(self, client, cast, certificate):
        grant(certificate.firm)
        document = RegionalAwardDocument.objects.get()
        assert check_sources() == (1, [])
        with default_storage.open(document.source_file.file.name, "wb") as stored:
            stored.write(b"other")
        assert [problem.code for problem in check_sources()[1]] == ["source_file_differs"]
        client.force_login(cast.auditor)
        assert client.get(page("source", document)).status_code == 409
        with pytest.raises(Refused) as refusal:
            judge_again(document=document, actor=office().caseworker)
        assert refusal.value.code == "source_file_differs"
        default_storage.delete(document.source_file.file.name)
        assert [problem.code for problem in check_sources()[1]] == ["source_missing"]

    @pytest.mark.parametrize(
        ("statement", "code"),
        [
            ("UPDATE subsidies_regionalaward SET amount = 1", "row_differs_from_source"),
            ("UPDATE subsidies_regionalaward SET firm_name = '别家'", "row_differs_from_source"),
            ("DELETE FROM subsidies_regionalaward", "row_differs_from_source"),
            ("UPDATE subsidies_regionalawarddocument SET sha256 = 'x'", "source_hash_differs"),
        ],
    )
    def test_a_row_changed_behind_the_services_is_found(self, certificate, statement, code):
        grant(certificate.firm)
        tamper(statement)
        assert [problem.code for problem in check_sources()[1]] == [code]
