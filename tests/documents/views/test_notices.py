"""The register of notices and the page of one of them."""

import hashlib
import io
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from documents.api import Notice, issue_notice
from documents.enums import NoticeState
from tests.people import Cast


@pytest.fixture
def notice(grant: dict[str, Any]) -> Notice:
    return issue_notice(**grant)


def test_found_by_number_kind_state_and_year(client: Client, cast: Cast, notice: Notice) -> None:
    client.force_login(cast.auditor)
    url = reverse("documents:notices")
    for query, found in (
        ({"text": "〔2019〕1号"}, 1),
        ({"text": "铝业"}, 1),
        ({"text": "别家"}, 0),
        ({"kind": "grant", "state": "issued", "year": "2019"}, 1),
        ({"kind": "recovery"}, 0),
        ({"kind": "nonsense", "year": "x"}, 1),
    ):
        assert len(client.get(url, query).context["page"].rows) == found, query
    content = client.get(reverse("documents:export", args=["notices"]), {"text": "铝业"}).content
    _header, row = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert row[0] == notice.number
    assert notice.pdf_sha256 in row


def test_the_file_is_streamed_as_it_was_issued(client: Client, cast: Cast, notice: Notice) -> None:
    client.force_login(cast.finance)
    answer = client.get(reverse("documents:notice_file", args=[notice.pk]))
    assert answer.streaming
    assert hashlib.sha256(b"".join(answer.streaming_content)).hexdigest() == notice.pdf_sha256
    assert "attachment" in answer["Content-Disposition"]


def test_taken_back_with_a_reason_once(client: Client, cast: Cast, notice: Notice) -> None:
    client.force_login(cast.reviewer)
    url = reverse("documents:notice_void", args=[notice.pk])
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "收件人有误"})["Location"] == reverse(
        "documents:notice", args=[notice.pk]
    )
    notice.refresh_from_db()
    assert (notice.state, notice.ended_by, notice.end_reason) == (
        NoticeState.VOID,
        cast.reviewer,
        "收件人有误",
    )
    assert client.post(url, {"reason": "再来"}).status_code == 409
    client.force_login(cast.finance)
    assert client.post(url, {"reason": "再来"}).status_code == 403


def test_nobody_else_reads_notices(client: Client, cast: Cast, notice: Notice) -> None:
    for outsider in (cast.firm, cast.county, cast.administrator):
        client.force_login(outsider)
        for name in ("notice", "notice_file"):
            assert client.get(reverse(f"documents:{name}", args=[notice.pk])).status_code == 403
