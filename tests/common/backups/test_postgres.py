"""The same on PostgreSQL: one snapshot, one transaction, and the former tables until all is well."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from config.common.append_only import missing_triggers
from config.common.backups import postgres
from config.common.backups.making import make_backup
from config.common.backups.restoring import restore_backup
from config.common.errors import Refused
from subsidies.models import LedgerEntry
from tests.common.backups.office import Archive, everything, fill, stored, working_at
from tests.workers import own_name

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]

OFFICE = own_name("miaopu_office")
ELSEWHERE = own_name("miaopu_elsewhere")


@contextmanager
def kept_database(name: str, var: Path, template: str = "template0") -> Iterator[str]:
    """A database of its own, dropped afterwards; nobody works in it yet."""
    with working_at("postgres", var), connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield name
    finally:
        with working_at("postgres", var), connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def database(name: str, var: Path, template: str = "template0") -> Iterator[None]:
    """Work in a database of its own, dropped afterwards."""
    with kept_database(name, var, template), working_at(name, var):
        yield


@pytest.fixture(scope="module")
def office(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, dict]]:
    """The directory of an office at work with its ``backup.tar``, and every row it had."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "fonts").symlink_to(settings.VAR_DIR / "fonts")
    with django_db_blocker.unblock(), kept_database(OFFICE, folder) as name:
        with working_at(name, folder):
            call_command("migrate", verbosity=0, skip_checks=True)
            fill()
            make_backup(folder / "backup.tar")
            rows = everything()
        yield folder, rows


@pytest.fixture
def elsewhere(tmp_path: Path, django_db_blocker: Any) -> Iterator[Path]:
    with django_db_blocker.unblock(), database(ELSEWHERE, tmp_path):
        yield tmp_path


@pytest.fixture
def occupied(office: tuple[Path, dict], tmp_path: Path, django_db_blocker: Any) -> Iterator[dict]:
    """A database with data that is about to be replaced; its rows."""
    with django_db_blocker.unblock(), database(ELSEWHERE, tmp_path, template=OFFICE):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE cultivation_firm SET name = '演示另一家' WHERE name = '演示育苗科技有限公司'"
            )
        yield everything()


def schemas() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema)'")
        return {name for (name,) in cursor.fetchall()}


def replace(office: tuple[Path, dict]) -> dict[str, Any]:
    return restore_backup(office[0] / "backup.tar", replace=True, confirmed=ELSEWHERE)


def test_rows_files_and_triggers_come_back(office, elsewhere, capsys) -> None:
    call_command("restore", office[0] / "backup.tar")
    answer = json.loads(capsys.readouterr().out)
    assert answer["problems"] == []
    assert answer["restored"]["files_added"] == 4
    assert everything() == office[1]
    assert stored(elsewhere / "media") == stored(office[0] / "media")
    assert missing_triggers() == []
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        LedgerEntry.objects.all().delete()
    # The sequences go on where they were.
    assert LedgerEntry.objects.count() < connection_next_id()


def connection_next_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('subsidies_ledgerentry', 'id'))")
        return int(cursor.fetchone()[0])


def test_a_database_with_data_is_replaced_only_by_its_name(office, occupied) -> None:
    for options in ({}, {"replace": True}, {"replace": True, "confirmed": OFFICE}):
        with pytest.raises(Refused) as refusal:
            restore_backup(office[0] / "backup.tar", **options)
        assert refusal.value.code in {"not_empty", "not_confirmed"}
        assert everything() == occupied
    replace(office)
    assert everything() == office[1]
    assert schemas() == {"public"}
    assert missing_triggers() == []


@pytest.mark.parametrize("program", ["pg_restore", "migrate"])
def test_a_failure_brings_the_former_tables_back(
    office, occupied, tmp_path, monkeypatch, program: str
) -> None:
    run = postgres._run

    def fail(name: str, *arguments: str) -> bytes:
        done = run(name, *arguments)
        if name == "pg_restore" and "--single-transaction" in arguments:
            raise DatabaseError("cut off")
        return done

    def fail_to_migrate(*arguments: object, **options: object) -> None:
        raise DatabaseError("cut off")

    if program == "migrate":
        monkeypatch.setattr(postgres, "call_command", fail_to_migrate)
    else:
        monkeypatch.setattr(postgres, "_run", fail)
    with pytest.raises(Refused, match="cut off") as refusal:
        replace(office)
    assert refusal.value.code == "restore_failed"
    assert everything() == occupied
    assert schemas() == {"public"}
    assert missing_triggers() == []
    assert stored(tmp_path / "media") == {}


def test_what_rests_on_the_former_tables_is_not_dropped_with_them(office, occupied) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA reports")
        cursor.execute("CREATE VIEW reports.awards AS SELECT * FROM subsidies_award")
    with pytest.raises(Refused, match=r"reports\.awards"):
        replace(office)
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA reports CASCADE")
    assert everything() == occupied


def test_a_restore_that_was_killed_says_how_to_go_on(office, occupied) -> None:
    postgres._set_aside("public")
    with pytest.raises(Refused, match=postgres.ASIDE) as refusal:
        replace(office)
    assert refusal.value.code == "restore_interrupted"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA public CASCADE; ALTER SCHEMA {postgres.ASIDE} RENAME TO public")
    assert everything() == occupied
    assert missing_triggers() == []


def test_it_is_not_replaced_under_a_running_application(office, occupied, tmp_path) -> None:
    with working_at(ELSEWHERE, tmp_path):
        connection.ensure_connection()
        other = connection.connection
        with working_at(ELSEWHERE, tmp_path), pytest.raises(Refused) as refusal:
            replace(office)
        assert not other.closed
    assert refusal.value.code == "database_in_use"


def test_a_dump_with_something_strange_in_it_is_refused(office, elsewhere) -> None:
    with database(own_name("miaopu_strange"), office[0], template=OFFICE):
        with connection.cursor() as cursor:
            cursor.execute("CREATE FUNCTION robber() RETURNS int LANGUAGE sql AS 'SELECT 1'")
        make_backup(elsewhere / "strange.tar")
    with pytest.raises(Refused, match="robber") as refusal:
        restore_backup(elsewhere / "strange.tar")
    assert refusal.value.code == "backup_damaged"
    assert connection.introspection.table_names() == []


def test_a_flipped_bit_in_the_dump_is_found(office, elsewhere) -> None:
    archive = Archive.of(office[0] / "backup.tar")
    dump = archive["database"]
    archive["database"] = dump[:5000] + bytes([dump[5000] ^ 1]) + dump[5001:]
    with pytest.raises(Refused) as refusal:
        restore_backup(archive.write(elsewhere / "flipped.tar"))
    assert refusal.value.code == "backup_damaged"
    assert connection.introspection.table_names() == []


def test_a_backup_of_sqlite_is_refused(office, elsewhere) -> None:
    archive = Archive.of(office[0] / "backup.tar")
    archive.manifest(vendor="sqlite")
    with pytest.raises(Refused) as refusal:
        restore_backup(archive.write(elsewhere / "sqlite.tar"))
    assert refusal.value.code == "other_vendor"


def test_a_backup_made_while_others_write_is_of_one_moment(office, occupied, tmp_path) -> None:
    """Another process adds two rows that belong together in each transaction."""
    writer = (
        "import psycopg, sys\n"
        "with psycopg.connect(sys.argv[1]) as c:\n"
        "    for n in range(10**6):\n"
        "        c.execute('INSERT INTO auth_group (name) VALUES (%s)', [f'left {n}'])\n"
        "        c.execute('INSERT INTO auth_group (name) VALUES (%s)', [f'right {n}'])\n"
        "        c.commit(); print(n, flush=True)\n"
    )
    connection.ensure_connection()
    # Nothing secret: the suite's server trusts whoever reaches its socket.
    dsn = connection.connection.info.dsn
    with subprocess.Popen([sys.executable, "-c", writer, dsn], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        (tmp_path / "media").symlink_to(office[0] / "media")
        make_backup(tmp_path / "busy.tar")
        process.kill()
    tables = json.loads(Archive.of(tmp_path / "busy.tar")["manifest.json"])["tables"]
    with database(own_name("miaopu_third"), tmp_path):
        # The counts of the manifest are compared with the restored rows: the dump and they are of one moment.
        restore_backup(tmp_path / "busy.tar")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT split_part(name, ' ', 1), COUNT(*) FROM auth_group WHERE name ~ '^(left|right) ' GROUP BY 1"
            )
            counts = dict(cursor.fetchall())
    assert counts["left"] == counts["right"] > 0
    assert tables["auth_group"] >= counts["left"] * 2


class TestTools:
    def test_the_password_is_on_no_command_line(self, office, elsewhere, monkeypatch) -> None:
        commands: list[list[str]] = []
        run = subprocess.run

        def watch(command: list[str], **options: Any) -> Any:
            commands.append(command)
            assert options["env"]["PGPASSWORD"] == "very-secret"
            return run(command, **options)

        connection.settings_dict["PASSWORD"] = "very-secret"
        monkeypatch.setattr(subprocess, "run", watch)
        restore_backup(office[0] / "backup.tar")
        assert {command[0] for command in commands} == {"pg_restore"}
        assert "very-secret" not in str(commands)

    def test_a_missing_program_is_named(self, office, elsewhere, monkeypatch) -> None:
        monkeypatch.setenv("PATH", str(elsewhere))
        with pytest.raises(Refused, match=r"pg_restore.*postgresql-client-\d+") as refusal:
            restore_backup(office[0] / "backup.tar")
        assert refusal.value.code == "tool_missing"

    def test_one_older_than_the_server_is_named(self, office, elsewhere, monkeypatch) -> None:
        program = elsewhere / "pg_restore"
        program.write_text("#!/bin/sh\necho 'pg_restore (PostgreSQL) 9.6.24'\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{elsewhere}{os.pathsep}{os.environ['PATH']}")
        with pytest.raises(Refused, match=r"9\.6\.24") as refusal:
            restore_backup(office[0] / "backup.tar")
        assert refusal.value.code == "tool_too_old"
