import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from documents import validators
from documents.api import (
    Attachment,
    AttachmentState,
    confirm_attachment,
    reject_attachment,
    store_attachment,
)
from tests.people import Cast

PDF = b"%PDF-1.4 made up"


def package(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "made up")
    return stream.getvalue()


XLSX = package("[Content_Types].xml", "xl/workbook.xml")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("审计报告.pdf", PDF),
        ("图.PNG", b"\x89PNG\r\n\x1a\n..."),
        ("图.jpeg", b"\xff\xd8\xff\xe0"),
        ("名单.xlsx", XLSX),
        ("申请.docx", package("[Content_Types].xml", "word/document.xml")),
        ("回单.csv", "行号,金额\n1,80000.00\n".encode("gb18030")),
        ("回单.csv", "﻿行号\n".encode()),
    ],
)
def test_accepted_files_wait_in_quarantine(cast: Cast, name: str, content: bytes) -> None:
    attachment = store_attachment(content=content, original_name=name, uploaded_by=cast.firm)
    assert (attachment.state, attachment.original_name, attachment.size) == (
        "quarantined",
        name,
        len(content),
    )
    assert name not in attachment.file.name
    with attachment.file.open("rb") as file:
        assert file.read() == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"", "attachment_empty"),
        ("a.exe", b"MZ", "attachment_type"),
        ("a.xlsm", XLSX, "attachment_type"),
        ("noending", PDF, "attachment_type"),
        ("a.pdf", b"MZ not a pdf", "attachment_content"),
        ("a.pdf", XLSX, "attachment_content"),
        ("a.xlsx", PDF, "attachment_content"),
        ("a.xlsx", package("other.txt"), "attachment_content"),
        (
            "a.xlsx",
            package("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"),
            "attachment_content",
        ),
        ("a.xlsx", b"PK\x03\x04 broken", "attachment_content"),
        ("a.csv", b"a,b\x00c", "attachment_content"),
        ("a.csv", b"\xff\xff\xff", "attachment_content"),
    ],
)
def test_disguised_and_unwanted_files_are_refused(cast: Cast, name: str, content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        store_attachment(content=content, original_name=name, uploaded_by=cast.firm)
    assert refusal.value.code == code
    assert not Attachment.objects.exists()


def test_a_file_at_the_limit_is_taken_and_a_byte_more_is_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validators, "LARGEST_BYTES", len(PDF))
    store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    with pytest.raises(Refused) as refusal:
        store_attachment(content=io.BytesIO(PDF + b"."), original_name="a.pdf", uploaded_by=cast.firm)
    assert refusal.value.code == "attachment_too_large"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\临时\\报告.pdf", "报告.pdf"),
        ("a\x00\u202eb.pdf", "ab.pdf"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert validators.clean_name(given) == kept


def test_equal_files_are_stored_once(cast: Cast) -> None:
    first, second = (
        store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm) for _ in range(2)
    )
    assert first.pk != second.pk
    assert first.file.name == second.file.name
    assert len(default_storage.listdir(f"attachments/{first.sha256[:2]}")[1]) == 1


def test_what_an_interrupted_write_left_behind_is_not_taken_for_the_file(cast: Cast) -> None:
    first = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    default_storage.delete(first.file.name)
    default_storage.save(first.file.name, ContentFile(PDF[:4]))
    again = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    with again.file.open("rb") as file:
        assert file.read() == PDF


def test_a_caseworker_confirms_once(cast: Cast) -> None:
    attachment = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    for actor in (cast.firm, cast.finance, cast.auditor, cast.administrator):
        with pytest.raises(NotAllowed):
            confirm_attachment(attachment=attachment, actor=actor)
    clean = confirm_attachment(attachment=attachment, actor=cast.caseworker)
    assert (clean.state, clean.decided_by) == (AttachmentState.CLEAN, cast.caseworker)
    with pytest.raises(Refused):
        reject_attachment(attachment=attachment, actor=cast.caseworker, reason="x")


def test_a_rejection_needs_a_reason(cast: Cast) -> None:
    attachment = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    with pytest.raises(Refused) as refusal:
        reject_attachment(attachment=attachment, actor=cast.caseworker, reason=" ")
    assert refusal.value.code == "reason_missing"
    rejected = reject_attachment(attachment=attachment, actor=cast.caseworker, reason="不是审计报告")
    assert (rejected.state, rejected.reject_reason) == (AttachmentState.REJECTED, "不是审计报告")


def test_the_database_ties_the_state_to_who_decided(cast: Cast) -> None:
    attachment = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(pk=attachment.pk).update(state=AttachmentState.CLEAN)
