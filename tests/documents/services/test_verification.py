import datetime as dt
import json
import random
import re
import zlib
from io import StringIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client

from config.common import rate_limit
from documents.api import (
    Notice,
    VerificationStatus,
    check_notices,
    issue_notice,
    look_up_notice,
    preview_notice,
    read_notice,
    supersede_notice,
    verify_pdf,
    void_notice,
)
from documents.models import NumberSeries
from tests.people import Cast


@pytest.fixture
def notice(grant: dict[str, Any]) -> Notice:
    return issue_notice(**grant)


def changed(data: bytes, position: int) -> bytes:
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


class TestFile:
    def test_the_issued_bytes_are_authentic(self, notice: Notice) -> None:
        answer = verify_pdf(read_notice(notice))
        assert (answer.status, answer.number) == (VerificationStatus.AUTHENTIC, "演科字〔2019〕1号")
        assert (answer.organ, answer.issued_on) == ("演示市科学技术局", "2019-06-30")

    def test_a_changed_byte_anywhere_is_found(self, notice: Notice) -> None:
        data = read_notice(notice)
        positions = [0, 1, 8, len(data) // 2, len(data) - 2, len(data) - 1]
        positions += random.Random(5).sample(range(len(data)), 60)
        for position in positions:
            answer = verify_pdf(changed(data, position))
            assert (answer.status, answer.number) == (VerificationStatus.ALTERED, notice.number), position

    def test_a_changed_byte_in_the_printed_number_is_found(self, notice: Notice) -> None:
        data = read_notice(notice)
        tokens = [match.start() for match in re.finditer(rb"MIAOPU:", data)]
        assert tokens
        for offset in range(40):
            assert verify_pdf(changed(data, tokens[0] + offset)).status in (
                VerificationStatus.ALTERED,
                VerificationStatus.UNKNOWN,
            )

    def test_a_cut_or_lengthened_file_is_altered(self, notice: Notice) -> None:
        data = read_notice(notice)
        assert verify_pdf(data + b"\n").status == VerificationStatus.ALTERED
        assert verify_pdf(data[:-20]).status == VerificationStatus.ALTERED

    def test_a_file_saved_anew_by_another_program_is_altered(self, notice: Notice, tmp_path: Path) -> None:
        copy = tmp_path / "copy.pdf"
        with default_storage.open(notice.file.name) as file, pikepdf.open(file) as document:
            del document.Root.Metadata
            document.save(copy, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        answer = verify_pdf(copy.read_bytes())
        assert (answer.status, answer.number) == (VerificationStatus.ALTERED, notice.number)

    @pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"MIAOPU:%E6%BC%94:0123456789ab", b"stream\n" * 50])
    def test_a_file_that_names_no_issued_number_is_unknown(self, notice: Notice, data: bytes) -> None:
        answer = verify_pdf(data)
        assert (answer.status, answer.number) == (VerificationStatus.UNKNOWN, None)

    def test_a_preview_is_unknown(self, grant: dict[str, Any]) -> None:
        arguments = {key: value for key, value in grant.items() if key not in ("subject", "issued_by")}
        assert verify_pdf(preview_notice(**arguments)).status == VerificationStatus.UNKNOWN

    def test_a_stream_that_swells_is_not_unpacked(self, notice: Notice) -> None:
        bomb = b"stream\n" + zlib.compress(bytes(200 << 20), 9) + b"\nendstream\n"
        assert verify_pdf(bomb * 5).status == VerificationStatus.UNKNOWN

    def test_a_file_made_of_stream_marks_costs_no_more_than_another(
        self, notice: Notice, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken: list[int] = []

        class Counting:
            def decompress(self, packed: bytes, most: int) -> bytes:
                taken.append(len(packed))
                raise zlib.error

        monkeypatch.setattr(zlib, "decompressobj", Counting)
        assert verify_pdf(b"stream\n" * (2 << 20 >> 3)).status == VerificationStatus.UNKNOWN
        assert len(taken) <= 1000
        assert max(taken) <= 1 << 20

    def test_void_and_superseded(self, notice: Notice, grant: dict[str, Any], cast: Cast) -> None:
        data = read_notice(notice)
        successor = supersede_notice(
            notice=notice,
            context=grant["context"],
            bases=grant["bases"],
            actor=cast.caseworker,
            reason="更正",
        )
        void_notice(notice=successor, actor=cast.caseworker, reason="作废")
        assert verify_pdf(data).status == VerificationStatus.SUPERSEDED
        assert verify_pdf(read_notice(successor)).status == VerificationStatus.VOID
        assert verify_pdf(changed(data, 5000)).status == VerificationStatus.ALTERED


class TestLookUp:
    def test_number_and_code_together_tell_what_is_on_record(self, notice: Notice, cast: Cast) -> None:
        answer = look_up_notice(number=f" {notice.number}", code=notice.short_hash.upper())
        assert (answer.status, answer.number) == (VerificationStatus.RECORDED, notice.number)
        void_notice(notice=notice, actor=cast.caseworker, reason="作废")
        assert look_up_notice(number=notice.number, code=notice.short_hash).status == VerificationStatus.VOID

    def test_a_wrong_code_tells_no_more_than_a_wrong_number(self, notice: Notice) -> None:
        wrong_code = look_up_notice(number=notice.number, code="0" * 12)
        wrong_number = look_up_notice(number="演科字〔2019〕2号", code=notice.short_hash)
        assert wrong_code == wrong_number
        assert wrong_code.status == VerificationStatus.UNKNOWN


class TestCommand:
    def run(self, *arguments: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
        call_command("verify_notice", *arguments, stdout=StringIO())
        return json.loads(capsys.readouterr().out)

    def test_it_answers_for_issued_changed_and_foreign_files(
        self, notice: Notice, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "notice.pdf"
        data = read_notice(notice)
        for content, status, number in (
            (data, "authentic", notice.number),
            (changed(data, 1234), "altered", notice.number),
            (b"%PDF-1.4", "unknown", None),
        ):
            file.write_bytes(content)
            answer = self.run(str(file), capsys=capsys)
            assert (answer["status"], answer["number"]) == (status, number)
            assert file.read_bytes() == content

    def test_a_missing_file_is_wrong_usage(self, db: None, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as end:
            call_command("verify_notice", "missing.pdf")
        assert end.value.code == 2
        assert json.loads(capsys.readouterr().out)["error"]["code"] == "file_not_found"


class TestPage:
    def test_the_printed_number_and_code_lead_to_what_is_on_record(
        self, notice: Notice, client: Client
    ) -> None:
        page = client.get("/documents/verify/", {"number": notice.number, "code": notice.short_hash})
        assert page.status_code == 200
        assert notice.number in page.content.decode()
        assert notice.recipient not in page.content.decode()

    def test_a_wrong_code_shows_nothing_of_the_notice(self, notice: Notice, client: Client) -> None:
        page = client.get("/documents/verify/", {"number": notice.number, "code": "0" * 12})
        assert "演示市科学技术局" not in page.content.decode()

    def test_an_uploaded_file_is_compared(self, notice: Notice, client: Client) -> None:
        data = read_notice(notice)
        for content, status in (
            (data, "authentic"),
            (changed(data, 777), "altered"),
            (b"%PDF-1.4", "unknown"),
        ):
            page = client.post("/documents/verify/", {"file": ContentFile(content, name="a.pdf")})
            assert page.context["answer"].status == status

    def test_the_empty_page_and_a_missing_file_answer_too(self, db: None, client: Client) -> None:
        assert client.get("/documents/verify/").context["answer"] is None
        assert client.post("/documents/verify/").context["answer"] is None

    def test_what_no_longer_stands_says_so_by_number_and_by_file(
        self, grant: dict[str, Any], client: Client, cast: Cast
    ) -> None:
        first = issue_notice(**grant)
        again = {"context": grant["context"], "bases": grant["bases"]}
        second = supersede_notice(notice=first, actor=cast.caseworker, reason="金额有误", **again)
        void_notice(notice=second, actor=cast.caseworker, reason="收件人有误")
        for notice, status in ((first, "superseded"), (second, "void")):
            query = {"number": notice.number, "code": notice.short_hash}
            by_number = client.get("/documents/verify/", query)
            file = ContentFile(read_notice(notice), name="a.pdf")
            by_file = client.post("/documents/verify/", {"file": file})
            for page in (by_number, by_file):
                assert page.context["answer"].status == status
                for inside in (notice.recipient, "金额有误", "收件人有误", str(cast.caseworker)):
                    assert inside not in page.content.decode()
        assert (
            second.number
            not in client.get(
                "/documents/verify/", {"number": first.number, "code": first.short_hash}
            ).content.decode()
        )

    def test_an_address_that_tries_codes_is_held_back(
        self, notice: Notice, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at = dt.datetime(2026, 1, 1, 8, 0, 10, tzinfo=dt.UTC)
        monkeypatch.setattr(rate_limit, "machine_now", lambda: at)
        settings.VERIFICATIONS_PER_MINUTE = 3
        wrong, right = ({"number": notice.number, "code": code} for code in ("0" * 12, notice.short_hash))
        tries = [client.get("/documents/verify/", wrong).status_code for _try in range(4)]
        assert tries == [200, 200, 200, 429]
        held = client.get("/documents/verify/", right)
        file = ContentFile(read_notice(notice), name="a.pdf")
        assert client.post("/documents/verify/", {"file": file}).status_code == 429
        assert (held.status_code, held.context["answer"]) == (429, None)
        assert client.get("/documents/verify/").status_code == 200  # the empty page asks nothing
        assert client.get("/documents/verify/", right, REMOTE_ADDR="203.0.113.9").status_code == 200
        monkeypatch.setattr(rate_limit, "machine_now", lambda: at + dt.timedelta(minutes=1))
        assert client.get("/documents/verify/", right).status_code == 200

    def test_one_ipv6_network_is_one_address(self, notice: Notice, client: Client, settings: Any) -> None:
        settings.VERIFICATIONS_PER_MINUTE = 1
        query = {"number": notice.number, "code": notice.short_hash}
        addresses = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1")
        statuses = [
            client.get("/documents/verify/", query, REMOTE_ADDR=address).status_code for address in addresses
        ]
        assert statuses == [200, 429, 200]

    def test_the_qr_code_leads_to_the_public_page(self, grant: dict[str, Any], settings: Any) -> None:
        settings.PUBLIC_BASE_URL = "https://example.invalid/"
        notice = issue_notice(**grant)
        from documents.services.composing import check_url

        address = check_url(notice.number, notice.short_hash)
        assert address.startswith("https://example.invalid/documents/verify/?number=")
        assert address.endswith(f"&code={notice.short_hash}")


class TestStoredNotices:
    def test_untouched_notices_have_no_problem(self, grant: dict[str, Any], cast: Cast) -> None:
        first = issue_notice(**grant)
        void_notice(notice=first, actor=cast.caseworker, reason="作废")
        second = issue_notice(**grant)
        supersede_notice(
            notice=second,
            context=grant["context"],
            bases=grant["bases"],
            actor=cast.caseworker,
            reason="更正",
        )
        assert check_notices() == []

    def test_every_kind_of_damage_is_named(self, grant: dict[str, Any]) -> None:
        notices = [issue_notice(**{**grant, "subject": f"award:{index}"}) for index in range(3)]
        Path(notices[0].file.path).write_bytes(b"%PDF-1.7 another")
        Path(notices[1].file.path).unlink()
        Notice.objects.filter(pk=notices[2].pk).update(context={**notices[2].context, "amount": "90000.00"})
        NumberSeries.objects.update(last=4)
        assert {(problem.code, problem.number) for problem in check_notices()} == {
            ("notice_file_changed", notices[0].number),
            ("notice_file_missing", notices[1].number),
            ("notice_context_changed", notices[2].number),
            ("number_series", "演科字 2019: 4"),
        }
