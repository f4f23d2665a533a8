"""``import_opening_certificates FILE.xlsx``: certificates from before this system, by document."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from config.common.commands import JsonCommand
from config.common.errors import Refused
from config.common.workbooks import RowsRefused, write_marked
from cultivation.selectors.people import command_actor
from cultivation.services.opening_certificates import import_opening_certificates

_NOTHING: dict[str, Any] = {
    "rows": 0,
    "created": 0,
    "unchanged": 0,
    "warnings": [],
    "errors": [],
}


class Command(JsonCommand):
    help = "Import certificates from before this system; any faulty row refuses the whole file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="check and count, write nothing")
        parser.add_argument(
            "--report", type=Path, help="where to write the file with its faulty cells marked"
        )
        parser.add_argument("--as", dest="username", help="the user who imports (default: system)")

    def answer(self, **options: Any) -> dict[str, Any]:
        content = options["file"].read_bytes()
        actor = command_actor(options["username"])
        try:
            report = import_opening_certificates(
                content=content, actor=actor, original_name=options["file"].name, dry_run=options["dry_run"]
            )
        except Refused as refusal:
            if isinstance(refusal, RowsRefused) and options["report"]:
                write_marked(options["report"], options["file"], refusal.errors)
            refusal.details = {**_NOTHING, **refusal.details}
            raise
        return report.as_json()
