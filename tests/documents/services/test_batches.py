"""Many notices at once: by one worker and by several, with some that go wrong."""

import datetime as dt
import hashlib
import io
import json
import threading
import zipfile
from typing import Any

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django_tasks import default_task_backend

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from documents.api import (
    NoticeKind,
    Wanted,
    cancel_batch,
    issue_notice,
    resume_batch,
    start_batch,
    void_notice,
)
from documents.api import work_on_batch as work
from documents.enums import BatchFileKind, BatchState, ItemState
from documents.models import BatchFile, Notice, NoticeBatch, NumberSeries, NumberTicket, Organ, PolicyDocument
from documents.rendering import pdf
from documents.services import batch_files, batches, numbering
from documents.services.batch_files import make_batch_file, request_batch_file
from documents.services.numbering import in_turn, take_ticket
from tests.documents.batching import Letters, publish_letter
from tests.people import Cast, person

DAY = dt.date(2019, 6, 30)


@pytest.fixture
def letters(
    settings: Any, organ: Organ, bases: list[PolicyDocument], cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> type[Letters]:
    settings.NOTICE_SOURCES = {"enrolment": "tests.documents.batching.Letters"}
    monkeypatch.setattr(batches, "CHUNK", 3)
    publish_letter(cast, person("administrator2", Role.ADMINISTRATOR))
    for name in ("refuse", "refuse_late", "settled", "names"):
        getattr(Letters, name).clear()
    return Letters


def start(organ: Organ, actor: Any, count: int = 7) -> NoticeBatch:
    wanted = [Wanted(f"letter:{n}", f"第{n}户", "平果县") for n in range(1, count + 1)]
    return start_batch(kind=NoticeKind.ENROLMENT, organ=organ, issued_on=DAY, wanted=wanted, actor=actor)


def states(batch: NoticeBatch) -> dict[str, str]:
    return {item.subject: item.error_code or item.state for item in batch.items.all()}


def sequences() -> list[int]:
    return sorted(Notice.objects.values_list("sequence", flat=True))


def files() -> int:
    return len(default_storage.listdir("notices/2019")[1]) if default_storage.exists("notices/2019") else 0


def test_every_notice_is_numbered_in_order_tied_and_stored(letters, organ, cast):
    batch = start(organ, cast.caseworker)
    assert work(batch.pk) == 7
    batch.refresh_from_db()
    assert (batch.state, batch.finished_at is not None) == (BatchState.FINISHED, True)
    numbers = list(batch.items.values_list("notice__sequence", flat=True))
    assert numbers == sequences() == [1, 2, 3, 4, 5, 6, 7]
    assert letters.settled == [f"letter:{n}" for n in range(1, 8)]
    assert files() == 7
    assert NumberSeries.objects.get().last == 7
    assert not NumberTicket.objects.exists()
    assert work(batch.pk) == 0


def test_a_bad_notice_is_reported_and_its_number_goes_to_the_next(letters, organ, cast):
    letters.refuse = {"letter:2"}
    letters.refuse_late = {"letter:4"}
    letters.names["letter:6"] = "百色演示😀公司"
    batch = start(organ, cast.caseworker)
    assert work(batch.pk) == 4
    found = states(batch)
    assert {subject: found[subject] for subject in ("letter:2", "letter:4", "letter:6")} == {
        "letter:2": "wrong_state",
        "letter:4": "wrong_state",
        "letter:6": "missing_glyph",
    }
    assert "😀 (U+1F600)" in batch.items.get(subject="letter:6").error
    assert sequences() == [1, 2, 3, 4]
    assert files() == 4
    fifth = Notice.objects.get(subject="letter:5")
    # Its page carries the number it has, not the one it was first set with.
    assert fifth.sequence == 3
    assert "演科字〔2019〕3号" in subject_line(fifth)


def subject_line(notice: Notice) -> str:
    with notice.file.open("rb") as file, pikepdf.open(io.BytesIO(file.read())) as document:
        return str(document.docinfo.get("/Subject", ""))


def test_a_rendering_that_fails_loses_no_number(letters, organ, cast, monkeypatch):
    render, calls = pdf.Press.render, []

    def often_broken(self: pdf.Press, html: str, *, identifier: str) -> pdf.Rendering:
        calls.append(identifier)
        if len(calls) % 3 == 2:
            raise pdf.RenderingFailed("broken")
        return render(self, html, identifier=identifier)

    monkeypatch.setattr(pdf.Press, "render", often_broken)
    batch = start(organ, cast.caseworker)
    issued = work(batch.pk)
    assert 0 < issued < 7
    assert list(states(batch).values()).count("rendering_failed") == 7 - issued
    assert sequences() == list(range(1, issued + 1))
    monkeypatch.undo()
    resume_batch(batch=batch, actor=cast.caseworker)
    monkeypatch.setattr(batches, "CHUNK", 3)
    assert work(batch.pk) == 7 - issued
    assert sequences() == list(range(1, 8))


def test_stopped_and_gone_on_with(letters, organ, cast):
    batch = start(organ, cast.caseworker)
    cancel_batch(batch=batch, actor=cast.caseworker)
    assert work(batch.pk) == 0
    assert set(states(batch).values()) == {ItemState.WAITING}
    with pytest.raises(Refused) as caught:
        cancel_batch(batch=batch, actor=cast.caseworker)
    assert caught.value.code == "batch_ended"
    resume_batch(batch=batch, actor=cast.caseworker)
    assert work(batch.pk) == 7
    with pytest.raises(Refused) as caught:
        resume_batch(batch=batch, actor=cast.caseworker)
    assert caught.value.code == "batch_done"


def test_what_a_killed_worker_held_is_taken_up_when_its_lease_is_over(letters, organ, cast, monkeypatch):
    batch = start(organ, cast.caseworker)
    held = batches._claim(batch.pk)
    assert len(held) == 3
    assert work(batch.pk) == 4
    batch.refresh_from_db()
    assert batch.state == BatchState.RUNNING
    later = clock.machine_now() + dt.timedelta(minutes=6)
    monkeypatch.setattr(batches, "machine_now", lambda: later)
    monkeypatch.setattr(numbering, "machine_now", lambda: later)
    assert work(batch.pk) == 3
    batch.refresh_from_db()
    assert batch.state == BatchState.FINISHED


def test_a_batch_left_lying_is_handed_to_the_workers_again(letters, organ, cast, settings, capsys):
    settings.NOTICE_WORKERS = 1
    batch = start(organ, cast.caseworker)
    held = start_batch(
        kind=NoticeKind.ENROLMENT,
        organ=organ,
        issued_on=DAY,
        wanted=[Wanted("letter:50", "甲")],
        actor=cast.caseworker,
    )
    batches._claim(held.pk)
    default_task_backend.clear()
    call_command("resume_batches")
    assert json.loads(capsys.readouterr().out) == {"resumed": [batch.pk]}
    assert [result.args for result in default_task_backend.results] == [[batch.pk]]


def test_somebody_who_comes_in_between_has_the_number_and_the_batch_is_set_again(
    letters, organ, cast, monkeypatch
):
    batch = start(organ, cast.caseworker, count=3)
    press = batches._Run._press

    def with_an_interruption(self: Any, sheets: Any) -> Any:
        finished = press(self, sheets)
        if not Notice.objects.exists():
            facts = Letters().facts("letter:99", actor=cast.caseworker, issued_on=DAY)
            issue_notice(
                kind=NoticeKind.ENROLMENT,
                organ=organ,
                subject="letter:99",
                recipient=facts.recipient,
                context=facts.context,
                bases=facts.bases,
                issued_by=cast.caseworker,
            )
        return finished

    monkeypatch.setattr(batches._Run, "_press", with_an_interruption)
    assert work(batch.pk) == 3
    assert Notice.objects.get(subject="letter:99").sequence == 1
    assert list(batch.items.values_list("notice__sequence", flat=True)) == [2, 3, 4]
    assert "〔2019〕2号" in subject_line(Notice.objects.get(subject="letter:1"))


def test_a_ticket_waits_for_the_earlier_one_until_that_has_run_out(organ, monkeypatch, db):
    def ticket(count: int) -> NumberTicket:
        return take_ticket(organ=organ, prefix="演科字", year=2019, count=count)

    first, second = ticket(3), ticket(2)
    assert (first.first, second.first) == (1, 4)
    later = clock.machine_now() + dt.timedelta(minutes=3)
    waited: list[float] = []

    def wait(seconds: float) -> None:
        waited.append(seconds)
        monkeypatch.setattr(numbering, "machine_now", lambda: later)

    monkeypatch.setattr(numbering.time, "sleep", wait)
    with in_turn(second, lambda: None) as series:
        assert series.last == 0
        series.last = 2
    assert len(waited) == 1
    assert NumberSeries.objects.get().last == 2


def test_nobody_starts_a_batch_without_the_right_or_with_nothing_in_it(letters, organ, cast):
    with pytest.raises(NotAllowed):
        start(organ, cast.finance)
    with pytest.raises(Refused) as caught:
        start(organ, cast.caseworker, count=0)
    assert caught.value.code == "batch_empty"
    twice = [Wanted("letter:1", "甲")] * 2
    with pytest.raises(Refused) as caught:
        start_batch(
            kind=NoticeKind.ENROLMENT, organ=organ, issued_on=DAY, wanted=twice, actor=cast.caseworker
        )
    assert caught.value.code == "batch_duplicate"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_many_workers_share_a_batch_without_gap_repeat_or_double(letters, organ, cast, monkeypatch):
    """Eight workers, a rendering that fails at random, and a person who issues notices alone meanwhile."""
    render, dice = pdf.Press.render, threading.Lock()
    count = iter(range(10_000))

    def often_broken(self: pdf.Press, html: str, *, identifier: str) -> pdf.Rendering:
        with dice:
            unlucky = next(count) % 7 == 3
        if unlucky:
            raise pdf.RenderingFailed("broken")
        return render(self, html, identifier=identifier)

    monkeypatch.setattr(pdf.Press, "render", often_broken)
    batch = start(organ, cast.caseworker, count=40)
    errors: list[BaseException] = []

    def worker() -> None:
        try:
            work(batch.pk)
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    def person_alone() -> None:
        try:
            for n in range(101, 106):
                facts = Letters().facts(f"letter:{n}", actor=cast.caseworker, issued_on=DAY)
                try:
                    issue_notice(
                        kind=NoticeKind.ENROLMENT,
                        organ=organ,
                        subject=f"letter:{n}",
                        recipient=facts.recipient,
                        context=facts.context,
                        bases=facts.bases,
                        issued_by=cast.caseworker,
                    )
                except pdf.RenderingFailed:
                    continue
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _ in range(8)] + [threading.Thread(target=person_alone)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    issued = batch.items.filter(state=ItemState.ISSUED).count()
    failed = batch.items.filter(state=ItemState.FAILED).count()
    assert (issued + failed, failed > 0) == (40, True)
    assert sequences() == list(range(1, Notice.objects.count() + 1))
    assert Notice.objects.count() > issued
    assert NumberSeries.objects.get().last == Notice.objects.count()
    assert sorted(letters.settled) == sorted(
        batch.items.filter(state=ItemState.ISSUED).values_list("subject", flat=True)
    )


class TestFiles:
    def make(self, batch: NoticeBatch, kind: BatchFileKind, actor: Any) -> list[BatchFile]:
        files = request_batch_file(batch=batch, kind=kind, actor=actor)
        for file in files:
            make_batch_file(file.pk)
        return list(batch.files.filter(kind=kind))

    def test_for_printing_every_notice_begins_on_a_sheet_of_its_own(self, letters, organ, cast, monkeypatch):
        monkeypatch.setattr(batch_files, "PART", 3)
        batch = start(organ, cast.caseworker, count=4)
        work(batch.pk)
        first, second = self.make(batch, BatchFileKind.PRINT, cast.caseworker)
        assert [(file.first, file.last) for file in (first, second)] == [(1, 3), (4, 4)]
        with first.file.open("rb") as file, pikepdf.open(file) as document:
            assert len(document.pages) % 2 == 0
            whole = len(document.pages)
        with second.file.open("rb") as file, pikepdf.open(file) as document:
            assert whole == 3 * len(document.pages)

    def test_the_archive_has_a_folder_a_county_and_the_bytes_that_were_issued(self, letters, organ, cast):
        wanted = [
            Wanted("letter:1", "甲", "平果县"),
            Wanted("letter:2", "乙", ".."),
            Wanted("letter:3", "丙", "田阳县"),
        ]
        batch = start_batch(
            kind=NoticeKind.ENROLMENT, organ=organ, issued_on=DAY, wanted=wanted, actor=cast.caseworker
        )
        work(batch.pk)
        (file,) = self.make(batch, BatchFileKind.ARCHIVE, cast.caseworker)
        with file.file.open("rb") as content, zipfile.ZipFile(content) as archive:
            names = archive.namelist()
            assert [name.split("/")[0] for name in names] == ["平果县", "未分县", "田阳县"]
            assert "演科字〔2019〕1号" in names[0]
            issued = Notice.objects.get(subject="letter:1")
            assert hashlib.sha256(archive.read(names[0])).hexdigest() == issued.pdf_sha256

    def test_asked_for_again_it_takes_the_place_of_the_old_one(
        self, letters, organ, cast, django_capture_on_commit_callbacks
    ):
        batch = start(organ, cast.caseworker, count=2)
        with pytest.raises(Refused) as caught:
            request_batch_file(batch=batch, kind=BatchFileKind.PRINT, actor=cast.caseworker)
        assert caught.value.code == "batch_nothing_issued"
        work(batch.pk)
        (old,) = self.make(batch, BatchFileKind.PRINT, cast.caseworker)
        void_notice(notice=batch.items.first().notice, actor=cast.caseworker, reason="作废")
        with django_capture_on_commit_callbacks(execute=True):
            (new,) = request_batch_file(batch=batch, kind=BatchFileKind.PRINT, actor=cast.caseworker)
        assert not default_storage.exists(old.file.name)
        assert (new.first, new.last) == (1, 1)
        make_batch_file(old.pk)  # a task that comes too late
        assert not BatchFile.objects.filter(pk=old.pk).exists()

    def test_nobody_without_the_right_asks_for_files(self, letters, organ, cast):
        batch = start(organ, cast.caseworker, count=1)
        with pytest.raises(NotAllowed):
            request_batch_file(batch=batch, kind=BatchFileKind.PRINT, actor=cast.finance)
