"""The stored files that belong to a backup, through whatever storage keeps them."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from config.common.errors import Refused

from .archive import ArchiveReader, damaged, file_member
from .contents import read_names
from .manifest import StoredFile, is_safe_name, read_index

_MOST_NAMED = 20


def write_index(names: Path, index: Path) -> tuple[int, int]:
    """Write the index of the files under ``names``; their number and bytes. Each missing one is named."""
    missing: list[str] = []
    count = total = 0
    with index.open("wb") as lines:
        for name in read_names(names):
            file = _look_at(name) if is_safe_name(name) else None
            if file is None:
                missing.append(name)
                continue
            lines.write(file.as_line())
            count, total = count + 1, total + file.size
    if missing:
        raise Refused(
            "files_missing",
            _("%(count)s stored files are missing or cannot be read: %(names)s")
            % {"count": len(missing), "names": ", ".join(missing[:_MOST_NAMED])},
            missing=missing,
        )
    return count, total


def _look_at(name: str) -> StoredFile | None:
    try:
        with default_storage.open(name, "rb") as file:
            return StoredFile(name, file.size, hashlib.file_digest(file, "sha256").hexdigest())
    except OSError:
        return None


def check_files(archive: ArchiveReader, index: Path) -> None:
    """Every file of the archive against the index, and none of them against a different one stored here already."""
    for number, file in enumerate(read_index(index), start=1):
        with archive.member(file_member(number), size=file.size) as member:
            member.exhaust()
        if member.sha256 != file.sha256:
            raise damaged(_("the file %(name)s was changed") % {"name": file.name})
        if default_storage.exists(file.name) and _look_at(file.name) != file:
            raise Refused(
                "file_differs",
                _("Another file is stored here as %(name)s: move it away, then run the command again.")
                % {"name": file.name},
            )


@contextmanager
def placed(archive: ArchiveReader, index: Path, journal: Path) -> Iterator[int]:
    """Store the files that are not here yet; where the work inside fails, they go again. Gives how many were added."""
    added = 0
    try:
        with journal.open("w", encoding="utf-8", buffering=1) as lines:
            for number, file in enumerate(read_index(index), start=1):
                with archive.member(file_member(number), size=file.size) as member:
                    if default_storage.exists(file.name):
                        continue
                    # Written down before it is there, so that an interrupted write is taken away too.
                    lines.write(json.dumps(file.name) + "\n")
                    stored = default_storage.save(file.name, File(member, file.name))  # type: ignore[arg-type]
                    added += 1
                if stored != file.name:
                    lines.write(json.dumps(stored) + "\n")
                    raise Refused(
                        "file_differs",
                        _(
                            "Another file is stored here as %(name)s: move it away, then run the command again."
                        )
                        % {"name": file.name},
                    )
                if member.sha256 != file.sha256:
                    raise damaged(_("the file %(name)s was changed") % {"name": file.name})
        yield added
    except BaseException:
        _take_away(read_names(journal))
        raise


def _take_away(names: Iterable[str]) -> None:
    for name in names:
        default_storage.delete(name)
