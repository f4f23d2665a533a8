"""ClamAV's protocol against a small clamd of our own on a real socket."""

import socket
import struct
import threading
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.files.storage import default_storage
from pytest_django import Settings

from config.common.errors import Refused
from documents.api import Attachment, confirm_attachment, store_attachment
from documents.services import scanning
from tests.people import Cast

PDF = b"%PDF-1.4 made up"
VERSION = b"ClamAV 1.0.7/27450/Tue Nov  5 09:33:07 2019\0"


class Clamd:
    """Reads commands as clamd does and gives the answers it was told to; ``None``: says nothing."""

    def __init__(self, server: socket.socket) -> None:
        self.server = server
        self.answer: bytes | None = b"stream: OK\0"
        self.version = VERSION
        self.received: list[bytes] = []
        self.released = threading.Event()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                if command == b"zVERSION\0":
                    connection.sendall(self.version)
                    continue
                content = b""
                while size := struct.unpack("!L", stream.read(4))[0]:
                    content += stream.read(size)
                self.received.append(content)
                if self.answer is None:
                    self.released.wait(10)
                else:
                    connection.sendall(self.answer)

    def stop(self) -> None:
        self.released.set()
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(10)


@pytest.fixture(params=["unix", "tcp"])
def clamd(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Clamd]:
    with TemporaryDirectory() as directory:
        if request.param == "unix":
            server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            settings.CLAMAV_SOCKET = str(Path(directory) / "clamd.ctl")
            server.bind(settings.CLAMAV_SOCKET)
            server.listen()
        else:
            server = socket.create_server(("127.0.0.1", 0))
            settings.CLAMAV_SOCKET = f"127.0.0.1:{server.getsockname()[1]}"
        running = Clamd(server)
        yield running
        running.stop()


def test_a_clean_file_names_scanner_and_signatures(cast: Cast, clamd: Clamd) -> None:
    content = PDF + b"." * 200_000  # several chunks
    attachment = store_attachment(content=content, original_name="a.pdf", uploaded_by=cast.firm)
    assert clamd.received == [content]
    assert (attachment.state, attachment.decided_by) == ("clean", None)
    assert attachment.scanner == VERSION.decode().rstrip("\0")
    assert attachment.decided_at == attachment.uploaded_at
    assert confirm_attachment(attachment=attachment, actor=cast.caseworker).decided_by is None


def test_an_infected_file_is_refused_and_not_stored(cast: Cast, clamd: Clamd) -> None:
    clamd.answer = b"stream: Eicar-Signature FOUND\0"
    with pytest.raises(Refused, match="Eicar-Signature") as refusal:
        store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    assert refusal.value.code == "attachment_infected"
    assert not Attachment.objects.exists()
    assert not default_storage.exists("attachments")


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: OK",
        b"",
        b"stream: OK and more\0",
        b"\xff\xfe\0",
        b"x" * 10_000,
        None,
    ],
)
def test_what_the_scanner_does_not_judge_waits(
    cast: Cast, clamd: Clamd, answer: bytes | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_ANSWER_SECONDS", 1)
    clamd.answer = answer
    attachment = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    assert (attachment.state, attachment.scanner, attachment.decided_at) == ("quarantined", "", None)


def test_a_scanner_that_cannot_name_its_signatures_is_not_believed(cast: Cast, clamd: Clamd) -> None:
    clamd.version = b"UNKNOWN COMMAND\0"
    attachment = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    assert attachment.state == "quarantined"


@pytest.mark.parametrize("address", ["/nowhere/clamd.ctl", "127.0.0.1:1", "127.0.0.1:clamd", "nonsense"])
def test_an_unreachable_scanner_leaves_files_in_quarantine(
    cast: Cast, settings: Settings, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    settings.CLAMAV_SOCKET = address
    attachment = store_attachment(content=PDF, original_name="a.pdf", uploaded_by=cast.firm)
    assert attachment.state == "quarantined"
    assert "virus scanner" in caplog.text
