"""Bringing a backup back: everything is looked through first; then the files are stored, then the database."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from config.common.errors import Refused

from .archive import CHUNK, DATABASE, INDEX, MANIFEST, ArchiveReader, damaged
from .contents import require_own_database, unknown_migrations
from .engines import engine
from .manifest import LARGEST_MANIFEST, Manifest, read_index, read_manifest
from .stored_files import check_files, placed
from .workplace import workplace


def restore_backup(source: Path, *, replace: bool = False, confirmed: str = "") -> dict[str, Any]:
    """Restore the backup ``source`` into the present database and storage; what was restored.

    An archive may come from anywhere: nothing of it is used before all of it was checked. ``Refused``, with nothing
    changed: ``backup_damaged, backup_format, other_vendor, other_schema, newer_backup, not_empty, not_confirmed,
    foreign_tables, database_in_use, file_differs, restore_failed``. A failure after that brings the former state back.
    """
    here = engine()
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with workplace(settings.VAR_DIR) as folder:
        index, database = folder / "index", folder / "database"
        with _archive(source) as archive:
            manifest = _read_manifest(archive)
            _require_fitting(manifest)
            _require_target(replace=replace, confirmed=confirmed)
            _extract(archive, INDEX, index, manifest.index_size, manifest.index_sha256)
            _require_count(index, manifest)
            _extract(archive, DATABASE, database, manifest.database_size, manifest.database_sha256)
            check_files(archive, index)
            archive.end()
        try:
            prepared = here.prepare(database, manifest)
            with _archive(source) as archive:
                _pass_over(archive, manifest)
                with placed(archive, index, folder / "added") as added:
                    os.sync()
                    here.install(prepared, manifest)
        except DatabaseError as error:
            raise Refused(
                "restore_failed",
                _("The restore failed, and everything is as it was before: %(reason)s")
                % {"reason": str(error).strip()},
            ) from error
    return {
        "database": here.database_name(),
        "vendor": manifest.vendor,
        "made_at": manifest.made_at,
        "version": manifest.version,
        "tables": len(manifest.tables),
        "rows": sum(manifest.tables.values()),
        "files": manifest.file_count,
        "files_added": added,
    }


@contextmanager
def _archive(source: Path) -> Iterator[ArchiveReader]:
    with source.open("rb") as stream:
        yield ArchiveReader(stream)


def _read_manifest(archive: ArchiveReader) -> Manifest:
    with archive.member(MANIFEST, largest=LARGEST_MANIFEST) as member:
        return read_manifest(member.read())


def _pass_over(archive: ArchiveReader, manifest: Manifest) -> None:
    with archive.member(MANIFEST, largest=LARGEST_MANIFEST):
        pass
    for name, size in ((INDEX, manifest.index_size), (DATABASE, manifest.database_size)):
        with archive.member(name, size=size):
            pass


def _extract(archive: ArchiveReader, name: str, target: Path, size: int, sha256: str) -> None:
    with archive.member(name, size=size) as member, target.open("xb") as file:
        shutil.copyfileobj(member, file, CHUNK)
    if member.sha256 != sha256:
        raise damaged(_("%(member)s was changed") % {"member": name})


def _require_count(index: Path, manifest: Manifest) -> None:
    count = total = 0
    for file in read_index(index):
        count, total = count + 1, total + file.size
    if (count, total) != (manifest.file_count, manifest.file_bytes):
        raise damaged(_("the index does not list the files the manifest speaks of"))


def _require_fitting(manifest: Manifest) -> None:
    """The backup is of this kind of database, and of no newer Miaopu."""
    if manifest.vendor != connection.vendor:
        raise Refused(
            "other_vendor",
            _("The backup is of %(found)s and this database is %(here)s: restore it into the same kind.")
            % {"found": manifest.vendor, "here": connection.vendor},
        )
    if unknown := unknown_migrations(manifest):
        raise Refused(
            "newer_backup",
            _(
                "The backup was made by Miaopu %(version)s, which is newer than this one (unknown migrations:"
                " %(names)s). Install that version first."
            )
            % {"version": manifest.version, "names": ", ".join(unknown[:10])},
        )


def _require_target(*, replace: bool, confirmed: str) -> None:
    """The database is empty, or its replacement was confirmed by its name; and nobody else works in it."""
    here = engine()
    here.require_alone()
    present = here.tables()
    require_own_database(present)
    if not present:
        return
    name = here.database_name()
    if not replace:
        raise Refused(
            "not_empty",
            _(
                "The database %(name)s is not empty. Restore into an empty one, or back this one up and give"
                " --replace --confirm %(name)s."
            )
            % {"name": name},
        )
    if confirmed != name:
        raise Refused(
            "not_confirmed",
            _("To replace the database, confirm it by its name: --confirm %(name)s.") % {"name": name},
        )
