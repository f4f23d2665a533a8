"""Everything about a firm or a case in one PDF or zip: index, bookmarks, hashes, and who may have it."""

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from PIL import Image

from cultivation.enums import AttachmentKind, CaseState
from cultivation.models import CaseDocument, CultivationCase
from documents.api import Attachment, confirm_attachment, store_attachment
from documents.enums import PreparedState
from documents.models import PreparedFile
from documents.services.dossiers import Dossiers
from documents.services.prepared_files import ask_for_file, make_prepared_file
from tests.documents import reading
from tests.factories import ContactFactory, FirmFactory, case_at, staff
from tests.people import Cast
from tests.workbooks import read_rows, workbook

pytestmark = pytest.mark.django_db


def pdf(pages: int = 2) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _page in range(pages):
            made.add_blank_page(page_size=(595, 842))
        made.save(out)
    return out.getvalue()


def text_of(content: bytes) -> str:
    with tempfile.TemporaryDirectory() as directory:
        return reading.text_of(content, Path(directory))


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def attach(case: CultivationCase, content: bytes, name: str, *, clean: bool = True) -> Attachment:
    actor = staff().caseworker
    stored = store_attachment(content=content, original_name=name, uploaded_by=actor)
    if clean:
        stored = confirm_attachment(attachment=stored, actor=actor)
    CaseDocument.objects.create(case=case, kind=AttachmentKind.APPLICATION, attachment=stored, added_by=actor)
    return stored


@pytest.fixture
def case(cast: Cast) -> CultivationCase:
    ContactFactory(firm=cast.firm.firm)
    return case_at(CaseState.RECOMMENDED, firm=cast.firm.firm)


def made(cast: Cast, subject: str, pk: int, format_: str) -> bytes:
    out = io.BytesIO()
    Dossiers().write(
        {"subject": subject, "pk": pk, "format": format_},
        owner=cast.auditor,
        target=out,
        progress=lambda _done, _total: None,
    )
    return out.getvalue()


def bookmarks(whole: pikepdf.Pdf) -> Iterator[tuple[str, int]]:
    pages = {page.obj.objgen: number for number, page in enumerate(whole.pages, start=1)}
    with whole.open_outline() as outline:
        for item in outline.root:
            yield str(item.title), pages[item.destination[0].objgen]


class TestPdf:
    def test_holds_every_part_where_the_index_says(self, cast: Cast, case: CultivationCase) -> None:
        attach(case, pdf(3), "申请书.pdf")
        attach(case, picture(), "照片.png")
        content = made(cast, "case", case.pk, "pdf")
        with pikepdf.open(io.BytesIO(content)) as whole:
            marks = list(bookmarks(whole))
            assert [page for _title, page in marks] == sorted(page for _title, page in marks)
            names = [title for title, _page in marks]
            assert any("申请书.pdf" in name for name in names)
            assert any("照片.png" in name for name in names)
            assert len(whole.pages) == marks[-1][1]
            first = dict(marks)
            application = next(name for name in names if "申请书.pdf" in name)
            photo = next(name for name in names if "照片.png" in name)
            assert first[photo] - first[application] == 3
        text = text_of(content)
        assert case.number in text
        assert case.firm.name in text
        assert str(first[application]) in text

    @pytest.mark.parametrize(
        ("content", "name", "clean"),
        [
            (pdf(), "未核.pdf", False),
            (b"%PDF-1.4 nothing in it", "坏.pdf", True),
            (workbook(["a"], ["b"]), "辅助账.xlsx", True),
        ],
    )
    def test_what_cannot_be_appended_is_listed_with_its_reason(
        self, cast: Cast, case: CultivationCase, content: bytes, name: str, clean: bool
    ) -> None:
        attach(case, content, name, clean=clean)
        answer = made(cast, "case", case.pk, "pdf")
        with pikepdf.open(io.BytesIO(answer)) as whole:
            assert not any(name in title for title, _page in bookmarks(whole))
        assert name in text_of(answer).replace("\n", "")

    def test_a_file_that_was_changed_in_the_store_is_not_passed_off_as_the_one_recorded(
        self, cast: Cast, case: CultivationCase
    ) -> None:
        stored = attach(case, pdf(), "申请书.pdf")
        default_storage.delete(stored.file.name)
        default_storage.save(stored.file.name, ContentFile(pdf(1)))
        answer = made(cast, "case", case.pk, "pdf")
        with pikepdf.open(io.BytesIO(answer)) as whole:
            assert not any("申请书.pdf" in title for title, _page in bookmarks(whole))

    def test_phones_and_accounts_stay_masked(self, cast: Cast, case: CultivationCase) -> None:
        text = text_of(made(cast, "firm", case.firm_id, "pdf"))
        assert "13800001234" not in text


class TestZip:
    def test_holds_the_originals_with_index_and_hashes(self, cast: Cast, case: CultivationCase) -> None:
        book = workbook(["a"], ["b"])
        attach(case, pdf(), "申请书.pdf")
        attach(case, book, "辅助账.xlsx")
        attach(case, picture(), "未核.png", clean=False)
        with zipfile.ZipFile(io.BytesIO(made(cast, "case", case.pk, "zip"))) as archive:
            sums = dict(
                reversed(line.split("  ", 1)) for line in archive.read("SHA256SUMS.txt").decode().splitlines()
            )
            assert set(sums) == set(archive.namelist()) - {"SHA256SUMS.txt"}
            for name, digest in sums.items():
                assert hashlib.sha256(archive.read(name)).hexdigest() == digest
            assert archive.read("002-辅助账.xlsx") == book
            rows = read_rows(archive.read("index.xlsx"))
            assert [row[2] for row in rows[1:]] == ["申请书.pdf", "辅助账.xlsx", "未核.png"]
            assert not any("未核" in name for name in archive.namelist())


class TestWhoMayHaveIt:
    @pytest.mark.parametrize("who", ["firm", "county", "reviewer", "finance", "administrator"])
    def test_it_does_not_exist_for_others(
        self, client: Client, cast: Cast, case: CultivationCase, who: str
    ) -> None:
        client.force_login(getattr(cast, who))
        for subject, pk in (("firm", case.firm_id), ("case", case.pk)):
            address = reverse("documents:dossier", args=[subject, pk])
            assert client.get(address).status_code == 404
            assert client.post(address, {"format": "pdf"}).status_code == 404

    @pytest.mark.parametrize(("subject", "pk"), [("firm", 0), ("case", 999_999), ("award", 1)])
    def test_nor_does_one_about_nothing(self, client: Client, cast: Cast, subject: str, pk: int) -> None:
        client.force_login(cast.auditor)
        assert client.get(reverse("documents:dossier", args=[subject, pk])).status_code == 404

    def test_who_lost_the_role_meanwhile_gets_nothing(self, cast: Cast) -> None:
        parameters = {"subject": "firm", "pk": FirmFactory().pk, "format": "pdf"}
        wanted = ask_for_file(kind="dossier", parameters=parameters, name="x.pdf", owner=cast.auditor)
        cast.auditor.groups.clear()
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert wanted.state == PreparedState.FAILED


def test_the_auditor_asks_and_fetches(client: Client, cast: Cast, case: CultivationCase) -> None:
    client.force_login(cast.auditor)
    address = reverse("documents:dossier", args=["firm", case.firm_id])
    assert client.post(address, {"format": "docx"}).status_code == 422
    page: Any = client.post(address, {"format": "pdf"}, follow=True)
    wanted = PreparedFile.objects.get()
    assert page.request["PATH_INFO"] == reverse("documents:file", args=[wanted.pk])
    make_prepared_file(wanted.pk)
    answer = client.get(reverse("documents:file_download", args=[wanted.pk]))
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"%PDF")
    assert hashlib.sha256(content).hexdigest() == PreparedFile.objects.get().sha256
