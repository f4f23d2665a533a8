"""A backup appears whole or not at all, and is of one moment."""

import hashlib
import json
import os
import signal
import sqlite3
import stat
import threading
import tomllib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from config.common.backups import making, stored_files
from config.common.backups.making import make_backup
from config.common.backups.restoring import restore_backup
from config.common.errors import Refused
from cultivation.models import User
from documents.api import Attachment, store_attachment
from tests.common.backups.office import PDF, Archive, stored_notice, working_at

pytestmark = pytest.mark.django_db

VERSION = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["project"]["version"]


@pytest.fixture
def office(original: Path, tmp_path: Path, django_db_blocker):
    """A copy of the office that a test may write in."""
    folder = tmp_path / "office"
    (folder / "media").mkdir(parents=True)
    (folder / "miaopu.sqlite3").write_bytes((original / "miaopu.sqlite3").read_bytes())
    for path in (original / "media").rglob("*"):
        if path.is_file():
            target = folder / "media" / path.relative_to(original / "media")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    with django_db_blocker.unblock(), working_at(folder / "miaopu.sqlite3", folder):
        yield folder


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """The directory backups are written to."""
    (folder := tmp_path / "shelf").mkdir()
    return folder


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def test_it_tells_what_it_holds_and_only_its_owner_may_read_it(at_original, shelf, capsys) -> None:
    former = os.umask(0)
    try:
        call_command("backup", shelf / "backup.tar")
    finally:
        os.umask(former)
    answer = json.loads(capsys.readouterr().out)
    data = (shelf / "backup.tar").read_bytes()
    assert answer["bytes"] == len(data)
    assert answer["sha256"] == hashlib.sha256(data).hexdigest()
    assert (answer["database"], answer["files"]) == ("sqlite", 4)
    assert stat.S_IMODE((shelf / "backup.tar").stat().st_mode) == 0o600
    assert names_in(shelf) == ["backup.tar"]


def test_the_manifest_names_version_time_rows_and_migrations(backup_file) -> None:
    archive = Archive.of(backup_file)
    manifest = json.loads(archive["manifest.json"])
    assert (manifest["format"], manifest["vendor"], manifest["version"]) == (1, "sqlite", VERSION)
    assert manifest["tables"]["documents_notice"] == 1
    assert manifest["tables"]["django_session"] == 0
    assert "subsidies.0001_initial" in manifest["migrations"]
    files = [json.loads(line) for line in archive["files.jsonl"].splitlines()]
    for number, file in enumerate(files, start=1):
        data = archive[f"files/{number}"]
        assert file == {"name": file["name"], "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


@pytest.mark.parametrize("there", ["file", "link", "directory"])
def test_nothing_is_ever_overwritten(at_original, shelf, there: str) -> None:
    target = shelf / "backup.tar"
    if there == "file":
        target.write_text("the one of yesterday")
    elif there == "link":
        target.symlink_to(shelf / "nowhere")
    else:
        target.mkdir()
    with pytest.raises(Refused) as refusal:
        make_backup(target)
    assert refusal.value.code == "file_exists"
    assert names_in(shelf) == ["backup.tar"]


def test_a_file_that_appears_meanwhile_is_not_overwritten_either(at_original, shelf, monkeypatch) -> None:
    target, sync = shelf / "backup.tar", making.sync

    def appear(path: Path) -> None:
        sync(path)
        target.write_text("of somebody else")

    monkeypatch.setattr(making, "sync", appear)
    with pytest.raises(Refused) as refusal:
        make_backup(target)
    assert refusal.value.code == "file_exists"
    assert target.read_text() == "of somebody else"


def test_a_directory_that_is_not_there_is_wrong_usage(at_original, shelf, capsys) -> None:
    with pytest.raises(SystemExit) as end:
        call_command("backup", shelf / "none" / "backup.tar")
    assert end.value.code == 2
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "file_not_found"


class TestStoredFiles:
    def test_missing_ones_are_named_and_there_is_no_backup(self, office, shelf) -> None:
        notice = stored_notice()
        notice.unlink()
        with pytest.raises(Refused, match=notice.name) as refusal:
            make_backup(shelf / "backup.tar")
        assert refusal.value.code == "files_missing"
        assert refusal.value.details["missing"] == [str(notice.relative_to(office / "media"))]
        assert names_in(shelf) == []

    @pytest.mark.parametrize("change", ["gone", "longer", "shorter", "other"])
    def test_one_that_changes_meanwhile_is_named(self, office, shelf, monkeypatch, change: str) -> None:
        notice, write_index = stored_notice(), stored_files.write_index
        issued = notice.read_bytes()

        def write(*arguments: Path) -> tuple[int, int]:
            written = write_index(*arguments)
            if change == "gone":
                notice.unlink()
            else:
                notice.write_bytes(
                    {"longer": issued + b" ", "shorter": issued[:-1], "other": issued[::-1]}[change]
                )
            return written

        monkeypatch.setattr(making, "write_index", write)
        with pytest.raises(Refused, match=notice.name) as refusal:
            make_backup(shelf / "backup.tar")
        assert refusal.value.code == "file_changed"
        assert names_in(shelf) == []

    def test_one_stored_after_the_snapshot_is_for_the_next_backup(self, office, shelf, monkeypatch) -> None:
        write_index = stored_files.write_index

        def write(*arguments: Path) -> tuple[int, int]:
            store_attachment(
                content=PDF + b"2", original_name="b.pdf", uploaded_by=User.objects.get(username="firm")
            )
            return write_index(*arguments)

        monkeypatch.setattr(making, "write_index", write)
        assert make_backup(shelf / "one.tar")["files"] == 4
        monkeypatch.undo()
        assert make_backup(shelf / "two.tar")["files"] == 5

    def test_what_no_row_names_stays_out(self, office, shelf) -> None:
        (office / "media" / "stray").write_bytes(b"left behind")
        assert make_backup(shelf / "backup.tar")["files"] == 4

    def test_one_named_twice_is_kept_once(self, office, shelf) -> None:
        store_attachment(
            content=PDF, original_name="again.pdf", uploaded_by=User.objects.get(username="firm")
        )
        assert Attachment.objects.filter(file__contains=hashlib.sha256(PDF).hexdigest()).count() == 2
        assert make_backup(shelf / "backup.tar")["files"] == 4


@pytest.fixture
def _heeds_interrupts() -> Iterator[None]:
    """What a shell starts in the background ignores SIGINT, and so would this suite."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("_heeds_interrupts")
@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_an_interrupted_backup_leaves_nothing_behind(at_original, shelf, monkeypatch, signal_number) -> None:
    add = making.ArchiveWriter.add

    def interrupted(self, name: str, *arguments: object) -> str:
        if name == "files/2":
            os.kill(os.getpid(), signal_number)
        return add(self, name, *arguments)

    monkeypatch.setattr(making.ArchiveWriter, "add", interrupted)
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises((SystemExit, KeyboardInterrupt)):
        make_backup(shelf / "backup.tar")
    assert names_in(shelf) == []
    assert signal.getsignal(signal.SIGTERM) == before


def test_a_backup_made_while_others_write_is_of_one_moment(office, shelf, tmp_path) -> None:
    """A writer adds two rows that belong together in each transaction: every backup has both or neither."""
    stop, written = threading.Event(), []

    def write() -> None:
        with closing(sqlite3.connect(office / "miaopu.sqlite3", timeout=20, isolation_level=None)) as other:
            while not stop.is_set():
                number = len(written)
                other.execute("BEGIN IMMEDIATE")
                other.execute("INSERT INTO auth_group (name) VALUES (?)", [f"left {number}"])
                other.execute("INSERT INTO auth_group (name) VALUES (?)", [f"right {number}"])
                other.execute("COMMIT")
                written.append(number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            make_backup(shelf / f"{number}.tar")
    finally:
        stop.set()
        writer.join()
    assert len(written) > 3
    pairs = []
    for number in range(3):
        (new := tmp_path / f"new{number}").mkdir()
        with working_at(new / "miaopu.sqlite3", new):
            restore_backup(shelf / f"{number}.tar")
            with connection.cursor() as cursor:
                cursor.execute("SELECT COUNT(*) FROM auth_group WHERE name LIKE 'left %'")
                (left,) = cursor.fetchone()
                cursor.execute("SELECT COUNT(*) FROM auth_group WHERE name LIKE 'right %'")
                assert cursor.fetchone() == (left,)
            pairs.append(left)
    assert pairs == sorted(pairs)


def test_a_database_without_tables_is_not_backed_up(elsewhere, shelf) -> None:
    with pytest.raises(Refused) as refusal:
        make_backup(shelf / "backup.tar")
    assert refusal.value.code == "no_tables"
    assert names_in(shelf) == []
