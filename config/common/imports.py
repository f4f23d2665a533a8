"""The frame of every command that takes a list over: the whole of it or nothing, its faulty cells marked on request."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from .commands import JsonCommand
from .errors import Refused
from .workbooks import RowsRefused, TableReport, write_marked


class ImportCommand(JsonCommand):
    """Subclasses implement :meth:`take_over`; ``nothing`` is the report of a file of which nothing was taken over."""

    nothing: TableReport

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--report", type=Path, help="where to write the file with its faulty cells marked"
        )
        parser.add_argument("--as", dest="username", help="the user who imports (default: system)")

    def take_over(self, content: bytes, **options: Any) -> TableReport:
        """Import the file's ``content``; raises ``Refused``, of faulty rows ``RowsRefused``."""
        raise NotImplementedError

    def answer(self, **options: Any) -> dict[str, Any]:
        content = options["file"].read_bytes()
        try:
            return self.take_over(content, **options).as_json()
        except Refused as refusal:
            if isinstance(refusal, RowsRefused) and options["report"]:
                write_marked(options["report"], options["file"], refusal.errors)
            refusal.details = {**self.nothing.as_json(), **refusal.details}
            raise
