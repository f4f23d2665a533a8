"""What was backed up comes back: rows, files, triggers; and what is wrong with it is said."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from config.common.append_only import missing_triggers
from config.common.backups import sqlite, stored_files
from config.common.backups.making import make_backup
from config.common.backups.restoring import restore_backup
from config.common.errors import Refused
from subsidies.models import LedgerEntry
from tests.common.backups.office import (
    Archive,
    everything,
    stored,
    stored_notice,
    working_at,
)

pytestmark = pytest.mark.django_db

NAME = "miaopu.sqlite3"


@pytest.fixture
def rows(original: Path, django_db_blocker) -> dict:
    with django_db_blocker.unblock(), working_at(original / NAME, original):
        return everything()


def test_rows_and_files_come_back_as_they_were(rows, elsewhere, original, backup_file) -> None:
    restored = restore_backup(backup_file)
    assert everything() == rows
    assert stored(elsewhere / "media") == stored(original / "media")
    assert restored["rows"] == sum(map(len, rows.values()))
    assert (restored["files"], restored["files_added"]) == (4, 4)
    connection.close()
    assert {path.name for path in elsewhere.iterdir()} == {NAME, "media"}


def test_append_only_tables_are_guarded_again(elsewhere, backup_file) -> None:
    restore_backup(backup_file)
    assert missing_triggers() == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        assert cursor.fetchone() == ("wal",)


def test_nobody_is_logged_in_by_a_backup(elsewhere, backup_file) -> None:
    restore_backup(backup_file)
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM django_session")
        assert cursor.fetchone() == (0,)
    assert b"secret" not in (elsewhere / NAME).read_bytes()


def test_the_command_verifies_the_records(elsewhere, backup_file, capsys) -> None:
    call_command("restore", backup_file)
    answer = json.loads(capsys.readouterr().out)
    assert answer["problems"] == []
    assert answer["checked"]["notices"] == 1
    assert answer["checked"]["payment_lists"] == 1
    assert answer["restored"]["database"] == NAME


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (
            "UPDATE subsidies_ledgerentry SET amount = amount + 1 WHERE id = (SELECT MAX(id) FROM subsidies_ledgerentry)",
            "guard_differs_from_ledger",
        ),
        ("UPDATE documents_notice SET pdf_sha256 = printf('%064d', 1)", "notice_file_changed"),
    ],
)
def test_a_backup_forged_in_itself_soundly_is_found_by_verify_records_alone(
    elsewhere, backup_file, capsys, statement: str, code: str
) -> None:
    archive = Archive.of(backup_file)
    archive.database(elsewhere, statement)
    with pytest.raises(SystemExit) as end:
        call_command("restore", archive.write(elsewhere / "forged.tar"))
    answer = json.loads(capsys.readouterr().out)
    assert end.value.code == 1
    assert answer["error"]["code"] == "problems_found"
    assert answer["restored"]["files"] == 4
    assert code in {problem["code"] for problem in answer["problems"]}


class TestOverAnotherDatabase:
    @pytest.fixture
    def occupied(self, elsewhere, original):
        """A database with data that is about to be replaced."""
        copy_of = elsewhere / NAME
        copy_of.write_bytes((original / NAME).read_bytes())
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cultivation_firm SET name = '演示另一家' WHERE name = '演示育苗科技有限公司'"
            )
        return elsewhere

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({}, "not_empty"),
            ({"confirmed": NAME}, "not_empty"),
            ({"replace": True}, "not_confirmed"),
            ({"replace": True, "confirmed": "other.sqlite3"}, "not_confirmed"),
        ],
    )
    def test_it_is_not_replaced_without_its_name(self, occupied, backup_file, options, code: str) -> None:
        before = everything()
        with pytest.raises(Refused) as refusal:
            restore_backup(backup_file, **options)
        assert refusal.value.code == code
        assert everything() == before
        assert not (occupied / "media").exists()

    def test_it_is_replaced_when_it_is_named(self, occupied, backup_file, rows) -> None:
        restore_backup(backup_file, replace=True, confirmed=NAME)
        assert everything() == rows
        assert missing_triggers() == []

    def test_tables_of_others_stop_it(self, occupied, backup_file) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE payroll (id integer)")
        with pytest.raises(Refused, match="payroll") as refusal:
            restore_backup(backup_file, replace=True, confirmed=NAME)
        assert refusal.value.code == "foreign_tables"

    def test_a_failure_while_the_database_is_taken_over_leaves_everything_as_it_was(
        self, occupied, backup_file, monkeypatch
    ) -> None:
        before = everything()

        def fail(*arguments: object) -> None:
            assert len(stored(occupied / "media")) == 4
            raise DatabaseError("disk full")

        monkeypatch.setattr(sqlite, "install", fail)
        with pytest.raises(Refused, match="disk full") as refusal:
            restore_backup(backup_file, replace=True, confirmed=NAME)
        assert refusal.value.code == "restore_failed"
        assert everything() == before
        assert stored(occupied / "media") == {}

    def test_a_failure_while_files_are_stored_leaves_everything_as_it_was(
        self, occupied, backup_file, monkeypatch
    ) -> None:
        before, save, names = everything(), stored_files.default_storage.save, []

        def fail_at_the_third(name: str, content: object) -> str:
            names.append(name)
            if len(names) == 3:
                path = occupied / "media" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"half")
                raise KeyboardInterrupt
            return save(name, content)

        monkeypatch.setattr(stored_files.default_storage, "save", fail_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(backup_file, replace=True, confirmed=NAME)
        assert everything() == before
        assert stored(occupied / "media") == {}

    def test_it_is_not_replaced_under_a_running_application(self, occupied, backup_file) -> None:
        holding = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM auth_group'); print(1, flush=True); input()"
        with subprocess.Popen(
            [sys.executable, "-c", holding, str(occupied / NAME)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as other:
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(Refused) as refusal:
                restore_backup(backup_file, replace=True, confirmed=NAME)
            other.communicate(b"\n")
        assert refusal.value.code == "database_in_use"


def test_files_already_there_stay_and_a_different_one_is_never_overwritten(elsewhere, backup_file) -> None:
    restore_backup(backup_file)
    notice = stored_notice()
    (elsewhere / NAME).unlink()
    connection.close()
    issued = notice.read_bytes()
    notice.write_bytes(issued + b" ")
    with pytest.raises(Refused, match=notice.name) as refusal:
        restore_backup(backup_file)
    assert refusal.value.code == "file_differs"
    assert notice.read_bytes() == issued + b" "
    assert connection.introspection.table_names() == []
    notice.unlink()
    assert restore_backup(backup_file)["files_added"] == 1
    assert notice.read_bytes() == issued


def test_an_older_backup_is_brought_up_to_date(elsewhere, original, tmp_path) -> None:
    """Here: a backup from before the log of the administration was there."""
    older = tmp_path / "older"
    older.mkdir()
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    (elsewhere / NAME).write_bytes((original / NAME).read_bytes())
    connection.close()
    call_command("migrate", "sessions", "zero", verbosity=0, skip_checks=True)
    (elsewhere / "media").symlink_to(original / "media")
    make_backup(older / "backup.tar")
    with working_at(older / NAME, older):
        restore_backup(older / "backup.tar")
        assert "django_session" in connection.introspection.table_names()
        assert missing_triggers() == []


def test_a_database_in_memory_is_no_place_to_restore_into(
    django_db_setup, django_db_blocker, backup_file
) -> None:
    with django_db_blocker.unblock(), pytest.raises(Refused) as refusal:
        restore_backup(backup_file)
    assert refusal.value.code == "database_in_memory"


def test_the_commands_work_as_programs_of_their_own(root, original, tmp_path) -> None:
    """From the office's own database to another machine, by the command line alone."""

    def manage(var: Path, *arguments: str) -> tuple[int, dict]:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=root,
            env=os.environ
            | {
                "DJANGO_SETTINGS_MODULE": "config.settings.dev",
                "DATABASE_URL": f"sqlite:///{var / NAME}",
                "MIAOPU_VAR": str(var),
            },
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.stdout, done.stderr
        return done.returncode, json.loads(done.stdout)

    archive = tmp_path / "of the day.tar"
    status, answer = manage(original, "backup", str(archive))
    assert (status, answer["files"], answer["file"]) == (0, 4, str(archive))
    assert manage(original, "backup", str(archive))[1]["error"]["code"] == "file_exists"
    (new := tmp_path / "new").mkdir()
    status, answer = manage(new, "restore", str(archive))
    assert (status, answer["problems"], answer["restored"]["files_added"]) == (0, [], 4)
    status, answer = manage(new, "restore", str(archive))
    assert (status, answer["error"]["code"]) == (1, "not_empty")
    assert manage(new, "restore", str(tmp_path / "none.tar"))[0] == 2
