"""The documents of a case in the browser: handed in, looked at, taken away by those who may."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cultivation.enums import AttachmentKind, CaseAction, CaseState
from cultivation.forms.case_documents import DocumentForm
from cultivation.models import CaseEvent, RefusedAttempt
from cultivation.services.case_documents import add_case_document, confirm_case_document
from documents.api import AttachmentState
from tests.cultivation.pages import own_case, page
from tests.factories import FirmFactory, case_at, division

PDF = b"%PDF-1.7\n%%EOF\n"


def url(case, name="", document=None):
    arguments = [case.pk] if document is None else [case.pk, document.pk]
    return reverse(f"cultivation:case_document{name}", args=arguments)


def hand_in(case, by, name="审计报告.pdf", kind=AttachmentKind.AUDIT_REPORT):
    return add_case_document(case=case, kind=kind, content=PDF, original_name=name, actor=by)


def decide(client, document, act, **answers):
    typed = {f"reject-{document.pk}-{name}": value for name, value in answers.items()}
    return client.post(url(document.case, f"_{act}", document), typed)


def body(answer):
    assert answer.streaming
    return b"".join(answer.streaming_content)


class TestHandingIn:
    def test_a_firm_hands_a_file_in_for_its_own_case(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.firm)
        assert url(case, "s") in page(client, case)
        file = SimpleUploadedFile("审计报告.pdf", PDF)
        answer = client.post(url(case, "s"), {"kind": "audit_report", "file": file}, follow=True)
        document = case.documents.get()
        assert (document.kind, document.attachment.state) == (AttachmentKind.AUDIT_REPORT, "quarantined")
        assert "审计报告.pdf" in answer.content.decode()
        assert 'enctype="multipart/form-data"' in answer.content.decode()
        assert CaseEvent.objects.filter(case=case, action=CaseAction.ADD_DOCUMENT).count() == 1

    def test_what_is_refused_says_why_and_keeps_the_kind(self, browse, cast):
        case = own_case(cast)
        client = browse(cast.firm)
        answer = client.post(
            url(case, "s"), {"kind": "rd_ledger", "file": SimpleUploadedFile("x.exe", b"MZ")}
        )
        assert answer.status_code == 409
        assert "x.exe" in answer.content.decode()
        assert answer.context["upload"]["kind"].value() == "rd_ledger"
        disguised = SimpleUploadedFile("x.pdf", b"MZ executable")
        assert client.post(url(case, "s"), {"kind": "other", "file": disguised}).status_code == 409
        assert client.post(url(case, "s"), {"kind": "other"}).status_code == 422
        assert not case.documents.exists()

    def test_nobody_hands_in_for_a_foreign_case_or_without_the_right(self, browse, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        file = {"kind": "other", "file": SimpleUploadedFile("a.pdf", PDF)}
        for user in (cast.firm, cast.county):
            assert browse(user).post(url(foreign, "s"), file).status_code == 404
        for user in (cast.auditor, cast.finance, cast.reviewer):
            assert (
                browse(user)
                .post(url(foreign, "s"), {**file, "file": SimpleUploadedFile("a.pdf", PDF)})
                .status_code
                == 403
            )
        assert not foreign.documents.exists()

    def test_once_filed_the_file_is_at_rest(self, browse, cast):
        case = own_case(cast, CaseState.FILED)
        answer = browse(cast.firm).get(url(case, "s"))
        assert answer.context["upload"] is None
        file = {"kind": "other", "file": SimpleUploadedFile("a.pdf", PDF)}
        assert browse(cast.firm).post(url(case, "s"), file).status_code == 409

    def test_an_upload_is_handed_on_unread(self, db):
        """How much of it is taken into memory is bounded where it is stored."""
        form = DocumentForm({"kind": "audit_report"}, {"file": SimpleUploadedFile("a.pdf", PDF)})
        assert form.is_valid()
        content = form.answers()["content"]
        assert (content.tell(), content.read()) == (0, PDF)


class TestTakingAway:
    @pytest.fixture
    def document(self, cast):
        return hand_in(own_case(cast), cast.firm)

    def test_in_quarantine_only_the_caseworker_opens_it(self, browse, cast, document):
        for user in (cast.firm, cast.county, cast.reviewer, cast.finance, cast.auditor):
            client = browse(user)
            assert client.get(url(document.case, "", document)).status_code == 404
            assert (
                url(document.case, "", document) not in client.get(url(document.case, "s")).content.decode()
            )
        assert body(browse(cast.caseworker).get(url(document.case, "", document))) == PDF

    def test_confirmed_it_is_streamed_to_those_who_see_the_case(self, browse, cast, document):
        confirm_case_document(document=document, actor=cast.caseworker)
        stranger = FirmFactory(division=division("tianyang"))
        foreign = case_at(CaseState.SUBMITTED, firm=stranger)
        for user in (cast.firm, cast.county, cast.caseworker, cast.reviewer, cast.finance, cast.auditor):
            answer = browse(user).get(url(document.case, "", document))
            assert body(answer) == PDF
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["Content-Disposition"].startswith("attachment")
            assert browse(user).get(url(foreign, "", document)).status_code == 404  # not of this case

    def test_a_foreign_firm_is_told_that_there_is_nothing(self, browse, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        document = hand_in(foreign, cast.caseworker)
        confirm_case_document(document=document, actor=cast.caseworker)
        for user in (cast.firm, cast.county):
            assert browse(user).get(url(foreign, "", document)).status_code == 404
            assert browse(user).get(url(foreign, "s")).status_code == 404


class TestDeciding:
    @pytest.fixture
    def document(self, cast):
        return hand_in(own_case(cast), cast.firm)

    def test_a_caseworker_confirms(self, browse, cast, document):
        client = browse(cast.caseworker)
        assert decide(client, document, "confirm")["Location"] == url(document.case, "s")
        document.attachment.refresh_from_db()
        assert (document.attachment.state, document.attachment.decided_by) == ("clean", cast.caseworker)
        event = CaseEvent.objects.get(case=document.case, action=CaseAction.CONFIRM_DOCUMENT)
        assert event.reason == "audit_report: 审计报告.pdf"
        assert decide(client, document, "confirm").status_code == 409  # once

    def test_a_rejection_needs_a_reason_which_the_firm_reads(self, browse, cast, document):
        client = browse(cast.caseworker)
        assert decide(client, document, "reject", reason=" ").status_code == 422
        assert decide(client, document, "reject", reason="缺签章").status_code == 302
        document.attachment.refresh_from_db()
        assert document.attachment.state == AttachmentState.REJECTED
        text = page(browse(cast.firm), document.case)
        assert text.count("缺签章") == 2  # beside the file and in the timeline
        assert browse(cast.firm).get(url(document.case, "", document)).status_code == 404

    def test_nobody_else_decides(self, browse, cast, document):
        for user in (cast.firm, cast.county, cast.reviewer, cast.finance, cast.auditor):
            assert decide(browse(user), document, "confirm").status_code == 403
            assert decide(browse(user), document, "reject", reason="x").status_code == 403
        document.attachment.refresh_from_db()
        assert document.attachment.state == AttachmentState.QUARANTINED
        assert RefusedAttempt.objects.filter(code="not_allowed").count() == 10

    def test_what_the_scanner_cleared_is_not_decided_again(self, browse, cast, document):
        document.attachment.state, document.attachment.scanner = AttachmentState.CLEAN, "ClamAV 1.0.7"
        document.attachment.decided_at = document.attachment.uploaded_at
        document.attachment.save()
        assert decide(browse(cast.caseworker), document, "confirm").status_code == 409

    def test_what_is_needed_shows_how_far_it_is(self, browse, cast, document):
        client = browse(cast.firm)
        states = {
            wanted.kind: wanted.state for wanted in client.get(url(document.case, "s")).context["required"]
        }
        assert states == {"application": "missing", "audit_report": "quarantined", "rd_ledger": "missing"}
        confirm_case_document(document=document, actor=cast.caseworker)
        required = client.get(url(document.case, "s")).context["required"]
        assert [wanted.state for wanted in required if wanted.kind == "audit_report"] == ["clean"]


class TestWaiting:
    address = "/cases/documents/waiting/"

    def test_it_lists_what_is_in_quarantine_before_filing(self, browse, cast):
        waiting = hand_in(own_case(cast), cast.firm)
        confirmed = hand_in(waiting.case, cast.firm, "其他.pdf", AttachmentKind.OTHER)
        confirm_case_document(document=confirmed, actor=cast.caseworker)
        rows = browse(cast.caseworker).get(self.address).context["page"].rows
        assert rows == [waiting]
        assert browse(cast.firm).get(self.address).status_code == 403

    def test_its_queries_do_not_grow(self, browse, cast, django_assert_num_queries):
        case = own_case(cast)
        client = browse(cast.caseworker)
        for more in (1, 8):
            for n in range(more):
                hand_in(case, cast.firm, f"{n}.pdf")
            # Session, person, roles, delegations, the page.
            with django_assert_num_queries(4):
                client.get(self.address)
