"""Making a backup: one snapshot of the database, then the files it speaks of, in one archive that appears whole."""

import os
import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext as _

from config.common.clock import machine_now
from config.common.errors import Refused

from .archive import CHUNK, DATABASE, INDEX, MANIFEST, ArchiveWriter, file_member
from .contents import Snapshot
from .engines import engine
from .manifest import FORMAT, Manifest, read_index
from .stored_files import write_index
from .workplace import sha256_of, sync, workplace


def make_backup(target: Path) -> dict[str, Any]:
    """Write the backup ``target``, readable by its owner alone; what it holds, with the archive's own SHA-256.

    Stored files never change once a row names them, so those named by the snapshot can be read after it. ``Refused``:
    ``file_exists, files_missing, file_changed``, and whatever stands in the way of a copy of the database.
    """
    if os.path.lexists(target):
        raise _exists(target)
    with workplace(target.parent) as folder:
        snapshot = engine().take(folder)
        index = folder / "index"
        count, total = write_index(snapshot.names, index)
        manifest = _manifest(snapshot, index, count, total)
        draft = folder / "archive"
        written = _write(draft, manifest, snapshot.database, index)
        _publish(draft, target)
    return {
        "file": str(target),
        "bytes": written.size,
        "sha256": written.sha256,
        "version": manifest.version,
        "made_at": manifest.made_at,
        "database": manifest.vendor,
        "tables": len(manifest.tables),
        "rows": sum(manifest.tables.values()),
        "files": count,
        "file_bytes": total,
    }


def _manifest(snapshot: Snapshot, index: Path, count: int, total: int) -> Manifest:
    return Manifest(
        format=FORMAT,
        version=_version(),
        made_at=machine_now().isoformat(timespec="seconds"),
        vendor=connection.vendor,
        server_version=snapshot.server_version,
        schema=snapshot.schema,
        migrations=snapshot.migrations,
        tables=snapshot.tables,
        database_size=snapshot.database.stat().st_size,
        database_sha256=sha256_of(snapshot.database),
        unpacked_size=snapshot.unpacked_size,
        file_count=count,
        file_bytes=total,
        index_size=index.stat().st_size,
        index_sha256=sha256_of(index),
    )


def _version() -> str:
    project = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text("utf-8"))
    return str(project["project"]["version"])


def _write(draft: Path, manifest: Manifest, database: Path, index: Path) -> ArchiveWriter:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb", CHUNK) as stream:
        archive = ArchiveWriter(stream)
        head = draft.with_name("manifest")
        head.write_bytes(manifest.as_bytes())
        for name, path in ((MANIFEST, head), (INDEX, index), (DATABASE, database)):
            with path.open("rb") as source:
                archive.add(name, path.stat().st_size, source)
        for number, stored in enumerate(read_index(index), start=1):
            try:
                with default_storage.open(stored.name, "rb") as source:
                    same = archive.add(file_member(number), stored.size, source) == stored.sha256  # type: ignore[arg-type]
            except (OSError, ValueError):
                same = False
            if not same:
                raise Refused(
                    "file_changed",
                    _("The stored file %(name)s changed or went away while the backup was being made.")
                    % {"name": stored.name},
                )
        archive.end()
    return archive


def _publish(draft: Path, target: Path) -> None:
    """Give the finished archive its name, in one step and never in the place of another file."""
    sync(draft)
    try:
        os.link(draft, target)
    except FileExistsError as error:
        raise _exists(target) from error
    except OSError as error:
        # A file system without hard links.
        if os.path.lexists(target):
            raise _exists(target) from error
        draft.rename(target)
    sync(target.parent)


def _exists(target: Path) -> Refused:
    return Refused("file_exists", _("%(file)s exists already and is not overwritten.") % {"file": target})
