"""Files made in the background: whose they are, how far they are, and what a dying worker leaves behind."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from config.common.clock import machine_now
from config.common.errors import Refused
from cultivation.enums import CaseState, Role
from cultivation.models import User
from documents.enums import PreparedState
from documents.models import PreparedFile
from documents.services import tables
from documents.services.prepared_files import (
    abandoned_files,
    ask_for_file,
    discard_file,
    drop_expired_files,
    make_prepared_file,
)
from tests.factories import FirmFactory, case_at, division
from tests.people import Cast, person
from tests.workbooks import read_rows

pytestmark = pytest.mark.django_db


class Slow:
    """A maker that does what the test tells it between two words of progress."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    def write(
        self,
        parameters: Mapping[str, Any],
        *,
        owner: User,
        target: BinaryIO,
        progress: Callable[[int, int], None],
    ) -> None:
        progress(1, 2)
        type(self).meanwhile()
        progress(2, 2)
        target.write(b"made")


@pytest.fixture
def slow(settings: Any, monkeypatch: pytest.MonkeyPatch) -> type[Slow]:
    settings.FILE_MAKERS = {"slow": f"{__name__}.Slow"}
    monkeypatch.setattr("documents.services.prepared_files.maker_of", lambda kind: Slow())
    monkeypatch.setattr("documents.services.prepared_files._EVERY", dt.timedelta(0))
    monkeypatch.setattr(Slow, "meanwhile", staticmethod(lambda: None))
    return Slow


def wish(owner: User, kind: str = "cases", **parameters: Any) -> PreparedFile:
    return ask_for_file(kind=kind, parameters=parameters, name="案件.xlsx", owner=owner)


class TestMaking:
    def test_ends_with_the_file_and_its_hash(self, cast: Cast) -> None:
        case = case_at(CaseState.DRAFT)
        wanted = wish(cast.caseworker)
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert (wanted.state, wanted.leased_until) == (PreparedState.DONE, None)
        assert len(wanted.sha256) == 64
        with wanted.file.open() as file:
            assert read_rows(file.read())[1][0] == case.number

    def test_happens_once_however_many_workers_come(self, cast: Cast, slow: type[Slow]) -> None:
        wanted = wish(cast.caseworker, "slow")
        slow.meanwhile = staticmethod(lambda: make_prepared_file(wanted.pk))
        make_prepared_file(wanted.pk)
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert wanted.size == 4

    def test_stops_where_the_wish_was_thrown_away(self, cast: Cast, slow: type[Slow]) -> None:
        wanted = wish(cast.caseworker, "slow")
        slow.meanwhile = staticmethod(lambda: PreparedFile.objects.all().delete())
        make_prepared_file(wanted.pk)
        assert not PreparedFile.objects.exists()
        assert not default_storage.exists("prepared") or not default_storage.listdir("prepared")[1]

    def test_a_refusal_is_told_to_the_owner(self, cast: Cast, slow: type[Slow]) -> None:
        def refuse() -> None:
            raise Refused("x", "不能生成")

        slow.meanwhile = staticmethod(refuse)
        wanted = wish(cast.caseworker, "slow")
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert (wanted.state, wanted.error) == (PreparedState.FAILED, "不能生成")

    def test_a_fault_is_logged_and_not_shown(
        self, cast: Cast, slow: type[Slow], caplog: pytest.LogCaptureFixture
    ) -> None:
        slow.meanwhile = staticmethod(lambda: 1 / 0)
        wanted = wish(cast.caseworker, "slow")
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert wanted.state == PreparedState.FAILED
        assert "ZeroDivisionError" in caplog.text
        assert "ZeroDivision" not in wanted.error

    def test_who_lost_the_role_meanwhile_gets_nothing(self, cast: Cast) -> None:
        wanted = wish(cast.caseworker)
        cast.caseworker.groups.clear()
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert wanted.state == PreparedState.FAILED


class TestADeadWorker:
    def test_loses_its_lease_and_another_begins_again(self, cast: Cast, slow: type[Slow]) -> None:
        wanted = wish(cast.caseworker, "slow")
        PreparedFile.objects.update(leased_until=machine_now() + dt.timedelta(minutes=1))
        make_prepared_file(wanted.pk)
        assert abandoned_files() == []
        PreparedFile.objects.update(leased_until=machine_now() - dt.timedelta(seconds=1))
        assert abandoned_files() == [wanted]
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert wanted.state == PreparedState.DONE

    def test_that_comes_back_finds_its_work_taken(self, cast: Cast, slow: type[Slow]) -> None:
        wanted = wish(cast.caseworker, "slow")
        taken = machine_now() + dt.timedelta(minutes=9)
        slow.meanwhile = staticmethod(lambda: PreparedFile.objects.update(leased_until=taken))
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        assert (wanted.state, wanted.leased_until) == (PreparedState.WAITING, taken)


class TestKeeping:
    def test_ends_after_some_days(self, cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
        wanted = wish(cast.caseworker)
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        PreparedFile.objects.update(expires_at=machine_now())
        with django_capture_on_commit_callbacks(execute=True):
            assert drop_expired_files() == 1
        assert not default_storage.exists(wanted.file.name)

    def test_ten_unfinished_ones_are_enough(self, cast: Cast) -> None:
        for _n in range(10):
            wish(cast.caseworker)
        with pytest.raises(Refused) as refusal:
            wish(cast.caseworker)
        assert refusal.value.code == "files_waiting"
        discard_file(wanted=PreparedFile.objects.latest("pk"))
        wish(cast.caseworker)

    def test_the_worker_takes_up_what_lies_about(self, cast: Cast) -> None:
        wish(cast.caseworker)
        call_command("resume_batches")


class TestPages:
    def test_a_small_list_comes_at_once_as_filtered(self, client: Client, cast: Cast) -> None:
        drafted, pooled = case_at(CaseState.DRAFT), case_at(CaseState.POOLED)
        client.force_login(cast.caseworker)
        address = reverse("documents:export", args=["cases"])
        numbers = {row[0] for row in read_rows(client.get(address).content)[1:]}
        assert numbers == {drafted.number, pooled.number}
        filtered = read_rows(client.get(address, {"state": "pooled"}).content)
        assert [row[0] for row in filtered[1:]] == [pooled.number]
        searched = read_rows(client.get(address, {"q": drafted.firm.name}).content)
        assert [row[0] for row in searched[1:]] == [drafted.number]

    def test_a_large_list_is_made_on_request(
        self, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        FirmFactory.create_batch(3)
        monkeypatch.setattr("documents.views.files.AT_ONCE", 2)
        client.force_login(cast.caseworker)
        address = reverse("documents:export", args=["firms"])
        assert client.get(address).status_code == 200
        assert not PreparedFile.objects.exists()
        page = client.post(address, follow=True)
        wanted = PreparedFile.objects.get()
        assert page.request["PATH_INFO"] == reverse("documents:file", args=[wanted.pk])
        assert client.get(reverse("documents:file_download", args=[wanted.pk])).status_code == 404
        make_prepared_file(wanted.pk)
        answer = client.get(reverse("documents:file_download", args=[wanted.pk]))
        assert len(read_rows(b"".join(answer.streaming_content))) == 1 + 4
        assert client.get(reverse("documents:files")).status_code == 200

    def test_a_file_is_its_owners_alone(self, client: Client, cast: Cast) -> None:
        wanted = wish(cast.caseworker)
        make_prepared_file(wanted.pk)
        client.force_login(cast.caseworker2)
        for name in ("file", "file_download"):
            assert client.get(reverse(f"documents:{name}", args=[wanted.pk])).status_code == 404
        assert client.post(reverse("documents:file_discard", args=[wanted.pk])).status_code == 404
        assert wanted.name not in client.get(reverse("documents:files")).content.decode()

    def test_thrown_away_is_gone(
        self, client: Client, cast: Cast, django_capture_on_commit_callbacks: Any
    ) -> None:
        wanted = wish(cast.caseworker)
        make_prepared_file(wanted.pk)
        wanted.refresh_from_db()
        client.force_login(cast.caseworker)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("documents:file_discard", args=[wanted.pk]))
        assert not PreparedFile.objects.exists()
        assert not default_storage.exists(wanted.file.name)

    @pytest.mark.parametrize("kind", ["dossier", "no-such-list"])
    def test_what_is_no_list_does_not_exist(self, client: Client, cast: Cast, kind: str) -> None:
        client.force_login(cast.caseworker)
        assert client.get(f"/documents/exports/{kind}/").status_code == 404


class TestWhoGetsWhichRows:
    def test_a_county_gets_its_own_firms(self, client: Client, cast: Cast) -> None:
        FirmFactory(division=division("tianyang"))
        client.force_login(cast.county)
        rows = read_rows(client.get(reverse("documents:export", args=["firms"])).content)
        assert [row[0] for row in rows[1:]] == [cast.firm.firm.name]

    def test_a_firm_is_not_told_who_handles_its_case(self, client: Client, cast: Cast) -> None:
        other = person("other", Role.FIRM, firm=FirmFactory())
        case = case_at(CaseState.DRAFT, firm=other.firm)
        case.handler = cast.caseworker
        case.save(update_fields=["handler"])
        client.force_login(other)
        (row,) = read_rows(client.get(reverse("documents:export", args=["cases"])).content)[1:]
        assert "caseworker" not in str(row)


def test_a_list_longer_than_a_sheet_goes_on_in_the_next(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    FirmFactory.create_batch(4)
    monkeypatch.setattr(tables, "_ROWS_A_SHEET", 3)
    client.force_login(cast.auditor)
    content = client.get(reverse("documents:export", args=["firms"])).content
    assert len(read_rows(content)) == 1 + 3
    assert len(read_rows(content, sheet=1)) == 1 + 2


def test_the_rows_are_read_in_batches(cast: Cast, client: Client, django_assert_max_num_queries: Any) -> None:
    for _n in range(12):
        case_at(CaseState.DRAFT)
    client.force_login(cast.auditor)
    with django_assert_max_num_queries(14):
        client.get(reverse("documents:export", args=["cases"]))
