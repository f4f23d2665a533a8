"""What an archive says of itself, and the index of the files in it."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from config.common.errors import Refused

from .archive import damaged

FORMAT = 1
LARGEST_MANIFEST = 4 << 20
_LONGEST_LINE = 4096
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """The first member. Sizes in bytes; ``tables`` counts rows; ``migrations`` are ``app.name`` in the order applied.

    ``schema`` is PostgreSQL's, empty for SQLite; ``unpacked_size`` that of SQLite's file, whose copy is compressed.
    """

    format: int
    version: str
    made_at: str
    vendor: str
    server_version: str
    schema: str
    migrations: Sequence[str]
    tables: Mapping[str, int]
    database_size: int
    database_sha256: str
    unpacked_size: int
    file_count: int
    file_bytes: int
    index_size: int
    index_sha256: str

    def as_bytes(self) -> bytes:
        content = asdict(self)
        return json.dumps({**content, "sha256": _seal(content)}, ensure_ascii=False, indent=1).encode()


def read_manifest(data: bytes) -> Manifest:
    """``Refused``: ``backup_format`` for another format, ``backup_damaged`` for anything that is not a sound manifest."""
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged(_("the manifest cannot be read")) from error
    if not isinstance(content, dict) or not isinstance(content.get("format"), int):
        raise damaged(_("the manifest cannot be read"))
    if content["format"] != FORMAT:
        raise Refused(
            "backup_format",
            _("The backup has format %(found)s, and this version of Miaopu reads format %(known)s.")
            % {"found": content["format"], "known": FORMAT},
        )
    if content.pop("sha256", None) != _seal(content):
        raise damaged(_("the manifest was changed"))
    if content.keys() != {field.name for field in fields(Manifest)}:
        raise damaged(_("the manifest does not name what it should"))
    for field in fields(Manifest):
        if not _sound(field.name, field.type, content[field.name]):
            raise damaged(
                _("the manifest gives %(name)s a wrong value: %(value)s")
                % {"name": field.name, "value": repr(content[field.name])[:80]}
            )
    return Manifest(**content)


def _seal(content: Mapping[str, Any]) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sound(name: str, kind: object, value: object) -> bool:
    if kind is int:
        return _is_count(value)
    if name.endswith("sha256"):
        return isinstance(value, str) and _SHA256.fullmatch(value) is not None
    if name == "migrations":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if name == "tables":
        return isinstance(value, dict) and all(_is_count(count) for count in value.values())
    return isinstance(value, str)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One line of the index: the name a file is stored under, and what it holds."""

    name: str
    size: int
    sha256: str

    def as_line(self) -> bytes:
        return json.dumps(asdict(self), ensure_ascii=False).encode() + b"\n"


def read_index(path: Path) -> Iterator[StoredFile]:
    """The files of an index in its order; ``Refused`` at a line that is not sound or a name that leads elsewhere."""
    with path.open("rb") as index:
        before = ""
        while line := index.readline(_LONGEST_LINE):
            file = _stored_file(line)
            if not is_safe_name(file.name):
                raise damaged(_("%(name)s is not a name of a stored file") % {"name": repr(file.name)[:200]})
            if file.name.encode() <= before.encode():
                raise damaged(_("%(name)s is not in its place in the index") % {"name": file.name})
            before = file.name
            yield file


def _stored_file(line: bytes) -> StoredFile:
    try:
        file = StoredFile(**json.loads(line))
    except (ValueError, TypeError, RecursionError) as error:
        raise damaged(_("a line of the index cannot be read")) from error
    sound = isinstance(file.name, str) and _is_count(file.size) and isinstance(file.sha256, str)
    if not sound or not _SHA256.fullmatch(file.sha256):
        raise damaged(_("a line of the index cannot be read"))
    return file


def is_safe_name(name: str) -> bool:
    """Whether a name stays below the directory of stored files, on any system."""
    return (
        name.isprintable()
        and not set(name) & {"\\", ":"}
        and not PurePosixPath(name).is_absolute()
        and name not in {"", "."}
        and ".." not in PurePosixPath(name).parts
        and str(PurePosixPath(name)) == name
    )
