"""Asking ClamAV about a file, by the INSTREAM command of clamd, where ``CLAMAV_SOCKET`` names one."""

import logging
import re
import socket
import struct
from contextlib import closing
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from config.common.errors import Refused

logger = logging.getLogger(__name__)

# Seconds for connecting and for each answer.
_CONNECT_SECONDS = 3
_ANSWER_SECONDS = 30
_CHUNK_BYTES = 64 * 1024
_LONGEST_ANSWER = 4096
_FOUND = re.compile(r"^stream: (?P<finding>.+) FOUND$")
_VERSION = re.compile(r"^ClamAV [\w.+/: -]+$")


@dataclass(frozen=True, slots=True)
class Scan:
    """``scanner``: who found the file clean, with program and signature version; empty where nobody could tell."""

    scanner: str = ""


def scan(content: bytes, *, name: str) -> Scan:
    """What the scanner says; ``Refused("attachment_infected")`` with the name of the finding.

    Without a scanner, and where it is unreachable, silent, confused or takes no file of this size, nothing is said: the
    file then waits for a person.
    """
    if not settings.CLAMAV_SOCKET:
        return Scan()
    try:
        answer = _ask(b"INSTREAM", content)
        if answer == "stream: OK":
            return Scan(_version())
    except (OSError, ValueError) as error:
        logger.warning("The virus scanner gave no answer about an upload: %s", error)
        return Scan()
    found = _FOUND.match(answer)
    if found is None:
        logger.warning("The virus scanner did not judge an upload: %s", answer[:200])
        return Scan()
    raise Refused(
        "attachment_infected",
        _("The virus scanner found “%(finding)s” in %(name)s; the file was not taken.")
        % {"finding": found["finding"], "name": name},
    )


def _version() -> str:
    """Program and signatures, as in ``ClamAV 1.0.7/27450/Tue Nov 5``; ``ValueError`` for anything else."""
    answer = _ask(b"VERSION")
    if not _VERSION.match(answer):
        raise ValueError(f"no version: {answer[:80]}")
    return answer[:100]


def _ask(command: bytes, content: bytes | None = None) -> str:
    """The answer to one command; a file goes after it in chunks with their lengths, ended by a length of zero."""
    with closing(_connect()) as connection:
        connection.settimeout(_ANSWER_SECONDS)
        try:
            connection.sendall(b"z" + command + b"\0")
            if content is not None:
                for start in range(0, len(content), _CHUNK_BYTES):
                    chunk = content[start : start + _CHUNK_BYTES]
                    connection.sendall(struct.pack("!L", len(chunk)) + chunk)
                connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # clamd says that a file is too large for it and closes before it has read all of it.
            logger.info("The virus scanner stopped reading early.")
        return _read(connection)


def _read(connection: socket.socket) -> str:
    """An answer up to its zero byte; ``ValueError`` where it ends before."""
    answer = b""
    while b"\0" not in answer:
        piece = connection.recv(_LONGEST_ANSWER)
        if not piece or len(answer) > _LONGEST_ANSWER:
            raise ValueError("the answer is incomplete")
        answer += piece
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connect() -> socket.socket:
    """A Unix socket for a path, TCP for ``host:port``."""
    address: str = settings.CLAMAV_SOCKET
    if not address.startswith("/"):
        host, _separator, port = address.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=_CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        connection.settimeout(_CONNECT_SECONDS)
        connection.connect(address)
    except OSError:
        connection.close()
        raise
    return connection
