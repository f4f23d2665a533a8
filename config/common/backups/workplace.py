"""A private directory for work that must leave nothing behind, also when it is interrupted."""

import hashlib
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType


@contextmanager
def workplace(parent: Path) -> Iterator[Path]:
    """A directory below ``parent`` that only its owner may enter, gone afterwards whatever happens short of a SIGKILL."""
    folder = Path(tempfile.mkdtemp(prefix=".miaopu-", dir=parent))
    try:
        with _ending_in_order():
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _ending_in_order() -> Iterator[None]:
    """Let a request to end the process unwind it like an exception; only the main thread may arrange that."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    former = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(128 + number)


def sync(path: Path) -> None:
    """Make the file or the entries of the directory ``path`` last through a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
