"""The archive: a plain tar whose members come in one order and under names of our own.

``manifest.json``, ``files.jsonl``, ``database``, then ``files/1``, ``files/2`` … in the order of the index
``files.jsonl``, which alone holds the names they are stored under. The reader knows which member has to come next, with
which size, and takes nothing else: a link, a device, a path, a further or missing member are all "not the next one".
Both ends work block by block, so that memory does not grow with the archive.
"""

import hashlib
import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from django.utils.translation import gettext as _

from config.common.errors import Refused

MANIFEST, INDEX, DATABASE = "manifest.json", "files.jsonl", "database"
CHUNK = 1 << 20
_BLOCK = tarfile.BLOCKSIZE
_END = bytes(2 * _BLOCK)


def file_member(number: int) -> str:
    """The member that holds the file of line ``number`` of the index (from 1)."""
    return f"files/{number}"


def damaged(what: str) -> Refused:
    """The refusal of an archive that is not as it was written."""
    return Refused("backup_damaged", _("The backup is damaged: %(what)s.") % {"what": what})


def _padding(size: int) -> int:
    return -size % _BLOCK


class ArchiveWriter:
    """Adds members to ``stream``; ``size`` and ``sha256`` tell of everything written so far."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._digest = stream, hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def add(self, name: str, size: int, source: BinaryIO) -> str:
        """Append a member; its SHA-256. ``ValueError`` where the source does not give exactly ``size`` bytes."""
        header = tarfile.TarInfo(name)
        header.size, header.mode = size, 0o600
        self._write(header.tobuf(tarfile.GNU_FORMAT, "ascii", "strict"))
        digest, left = hashlib.sha256(), size
        while left and (chunk := source.read(min(left, CHUNK))):
            digest.update(chunk)
            self._write(chunk)
            left -= len(chunk)
        if left or source.read(1):
            raise ValueError(name)
        self._write(bytes(_padding(size)))
        return digest.hexdigest()

    def end(self) -> None:
        self._write(_END)

    def _write(self, data: bytes) -> None:
        self._stream.write(data)
        self._digest.update(data)
        self.size += len(data)


class Member(io.RawIOBase):
    """One member being read: its bytes and no more, hashed on the way."""

    def __init__(self, stream: BinaryIO, name: str, size: int) -> None:
        super().__init__()
        self._stream, self._digest, self._left = stream, hashlib.sha256(), size
        self.name, self.size = name, size

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(min(len(buffer), self._left))
        if not data and self._left:
            raise damaged(_("it ends inside %(member)s") % {"member": self.name})
        self._digest.update(data)
        self._left -= len(data)
        buffer[: len(data)] = data
        return len(data)

    def exhaust(self) -> None:
        while self.read(CHUNK):
            pass


class ArchiveReader:
    """Reads the members of ``stream`` in their order."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    @contextmanager
    def member(self, name: str, *, size: int | None = None, largest: int | None = None) -> Iterator[Member]:
        """The next member, which has to be ``name``; of exactly ``size`` bytes, or of at most ``largest``."""
        header = self._header(name)
        if header.name != name or header.type != tarfile.REGTYPE:
            raise damaged(
                _("%(found)s stands where %(member)s is expected") % {"found": header.name, "member": name}
            )
        if header.size < 0 or (size is not None and header.size != size):
            raise damaged(_("%(member)s has the wrong size") % {"member": name})
        if largest is not None and header.size > largest:
            raise damaged(_("%(member)s is too large") % {"member": name})
        member = Member(self._stream, name, header.size)
        yield member
        member.exhaust()
        if self._stream.read(padding := _padding(header.size)) != bytes(padding):
            raise damaged(_("%(member)s is not followed by what should follow") % {"member": name})

    def end(self) -> None:
        """Nothing comes after the last member."""
        if self._stream.read(len(_END) + 1) != _END:
            raise damaged(_("something else follows the last file"))

    def _header(self, name: str) -> tarfile.TarInfo:
        block = self._stream.read(_BLOCK)
        try:
            return tarfile.TarInfo.frombuf(block, "ascii", "surrogateescape")
        except tarfile.TarError as error:
            raise damaged(_("%(member)s is missing") % {"member": name}) from error
