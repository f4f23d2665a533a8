"""An archive that is not as it was written is refused before anything is changed, whatever was done to it."""

import gzip
import json
import tarfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import connection

from config.common.backups.restoring import restore_backup
from config.common.errors import Refused
from tests.common.backups.office import Archive, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def refused(elsewhere: Path) -> Callable[..., Refused]:
    """Restoring the archive is refused, and nothing is there afterwards; the refusal."""

    def refuse(archive: Archive | Path, code: str = "backup_damaged") -> Refused:
        path = archive if isinstance(archive, Path) else archive.write(elsewhere / "changed.tar")
        with pytest.raises(Refused) as refusal:
            restore_backup(path)
        assert refusal.value.code == code
        assert connection.introspection.table_names() == []
        assert stored(elsewhere / "media") == {}
        assert not list(elsewhere.glob(".miaopu-*"))
        return refusal.value

    return refuse


@pytest.fixture
def archive(backup_file: Path) -> Archive:
    return Archive.of(backup_file)


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_an_unchanged_archive_written_by_the_test_is_the_same(archive, backup_file, tmp_path) -> None:
    """Or the tests below would prove nothing."""
    written = Archive.of(archive.write(tmp_path / "same.tar"))
    assert [data for _member, data in written.members] == [data for _member, data in archive.members]


@pytest.mark.parametrize(
    ("member", "what"),
    [
        ("manifest.json", ""),
        ("files.jsonl", "files.jsonl"),
        ("database", "database"),
        ("files/1", "attachments/"),
        ("files/4", "notices/"),
    ],
)
def test_a_flipped_bit_is_found_in_every_part(refused, archive, member: str, what: str) -> None:
    archive[member] = flip(archive[member], len(archive[member]) // 2)
    assert what in refused(archive).message


def test_a_flipped_bit_is_found_anywhere_in_the_file(refused, backup_file, tmp_path) -> None:
    whole, path = backup_file.read_bytes(), tmp_path / "flipped.tar"
    # Names, sizes and checksums of the headers, padding, and the end.
    places = [0, 100, 130, 150, 300, 511, len(whole) - 1, len(whole) - 1024]
    for place in places:
        path.write_bytes(flip(whole, place))
        refused(path)


@pytest.mark.parametrize("left", [0, 1, 511, 512, 4000, -1, -1024, -1025, -30000])
def test_a_cut_off_archive_is_refused(refused, backup_file, tmp_path, left: int) -> None:
    path = tmp_path / "cut.tar"
    path.write_bytes(backup_file.read_bytes()[:left])
    refused(path)


@pytest.mark.parametrize("member", ["manifest.json", "files.jsonl", "database", "files/1", "files/4"])
def test_a_missing_member_is_refused(refused, archive, member: str) -> None:
    del archive.members[archive.place(member)]
    refused(archive)


@pytest.mark.parametrize("place", [0, 1, 3, 5, -1])
def test_a_further_member_is_refused(refused, archive, place: int) -> None:
    data = b"#!/bin/sh\n"
    header = tarfile.TarInfo("run.sh")
    header.size = len(data)
    archive.members.insert(len(archive.members) if place == -1 else place, (header, data))
    refused(archive)


def test_something_after_the_end_is_refused(refused, backup_file, tmp_path) -> None:
    path = tmp_path / "more.tar"
    path.write_bytes(backup_file.read_bytes() + b"\0")
    refused(path)


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE, tarfile.XHDTYPE],
)
def test_links_devices_and_directories_are_refused(refused, archive, kind: bytes) -> None:
    place = archive.place("files/1")
    header, data = archive.members[place]
    header.type, header.linkname = kind, "/etc/passwd"
    if kind != tarfile.XHDTYPE:
        header.size, data = 0, b""
    archive.members[place] = header, data
    refused(archive)


@pytest.mark.parametrize(
    "name",
    [
        "../outside",
        "/etc/cron.d/x",
        "a/../../b",
        "a//b",
        "./a",
        "",
        ".",
        "a\\..\\b",
        "C:/x",
        "a\0b",
        "a\nb",
        5,
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(refused, archive, elsewhere, name: object) -> None:
    archive.index(lambda lines: lines[0].update(name=name))
    refused(archive)
    assert not (elsewhere.parent / "outside").exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda lines: lines.reverse(),
        lambda lines: lines.append(lines[-1]),
        lambda lines: lines.pop(),
        lambda lines: lines[0].update(size=-1),
        lambda lines: lines[0].update(size=10**15),
        lambda lines: lines[0].update(size=True),
        lambda lines: lines[0].update(sha256="0" * 64),
        lambda lines: lines[0].update(sha256="x"),
        lambda lines: lines[0].update(mode=0o777),
        lambda lines: lines.insert(0, []),
        lambda lines: lines.insert(0, {"name": "x" * 5000, "size": 0, "sha256": "0" * 64}),
    ],
)
def test_an_index_that_is_not_sound_is_refused(refused, archive, change) -> None:
    archive.index(change)
    refused(archive)


@pytest.mark.parametrize(
    "changes",
    [
        {"file_count": 3},
        {"file_bytes": 1},
        {"index_size": 10**15},
        {"database_size": -1},
        {"database_sha256": "0" * 64},
        {"unpacked_size": 10},
        {"unpacked_size": 10**12},
        {"tables": {}},
        {"tables": []},
        {"migrations": "all"},
        {"migrations": []},
        {"version": 1},
        {"format": True},
    ],
)
def test_a_manifest_that_says_something_else_is_refused(refused, archive, changes) -> None:
    archive.manifest(**changes)
    refused(archive)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"format": 1}', '{"format": "1"}', "[" * 100_000])
def test_a_manifest_of_another_shape_is_refused(refused, archive, text: str) -> None:
    archive["manifest.json"] = text.encode()
    refused(archive)


def test_a_manifest_out_of_all_proportion_is_not_read(refused, archive) -> None:
    archive["manifest.json"] = b" " * (5 << 20)
    refused(archive)


def test_one_row_more_than_the_manifest_says_is_found(refused, archive, tmp_path) -> None:
    archive.database(tmp_path, "INSERT INTO auth_group (name) VALUES ('root')")
    assert "auth_group" in refused(archive).message


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER robber AFTER INSERT ON auth_group BEGIN DELETE FROM auth_group; END",
        "CREATE VIEW cultivation_look AS SELECT 1",
        "CREATE TRIGGER auth_group_no_update BEFORE UPDATE ON auth_group BEGIN SELECT 1; END",
    ],
)
def test_programs_in_the_database_are_refused(refused, archive, tmp_path, statement: str) -> None:
    archive.database(tmp_path, statement)
    refused(archive)


def test_tables_of_others_are_refused(refused, archive, tmp_path) -> None:
    archive.database(tmp_path, "CREATE TABLE payroll (id integer)")
    refused(archive, "foreign_tables")


def test_rows_that_point_nowhere_are_refused(refused, archive, tmp_path) -> None:
    archive.database(tmp_path, "UPDATE cultivation_user_groups SET user_id = 999999 WHERE id = 1")
    assert "cultivation_user_groups" in refused(archive).message


@pytest.mark.parametrize("plain", [b"", b"not a database", b"SQLite format 3\0" + bytes(4000)])
def test_what_is_no_database_is_refused(refused, archive, plain: bytes) -> None:
    archive.pack(plain)
    refused(archive)


def test_a_database_that_is_not_packed_is_refused(refused, archive) -> None:
    archive["database"] = plain = gzip.decompress(archive["database"])
    archive.manifest(database_size=len(plain), database_sha256=sha256(plain).hexdigest())
    refused(archive)


def test_another_format_is_told_apart_from_damage(refused, archive) -> None:
    archive.manifest(format=2)
    refused(archive, "backup_format")


def test_a_backup_of_the_other_database_is_refused(refused, archive) -> None:
    archive.manifest(vendor="postgresql")
    refused(archive, "other_vendor")


def test_a_backup_of_a_newer_miaopu_is_refused_by_the_names_of_its_migrations(refused, archive) -> None:
    known = json.loads(archive["manifest.json"])["migrations"]
    archive.manifest(migrations=[*known, "subsidies.9999_tomorrow"], version="9.0")
    message = refused(archive, "newer_backup").message
    assert "subsidies.9999_tomorrow" in message
    assert "9.0" in message


def test_the_order_of_migrations_is_that_of_the_database(refused, archive) -> None:
    known = json.loads(archive["manifest.json"])["migrations"]
    archive.manifest(migrations=known[::-1])
    refused(archive)


def test_a_file_that_is_no_archive_is_refused(refused, tmp_path) -> None:
    path = tmp_path / "text.tar"
    path.write_text("今天没有备份" * 200)
    refused(path)
