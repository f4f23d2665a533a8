"""``import_regional_awards FILE``: what the region's document grants, row by row."""

import datetime as dt
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from config.common.commands import JsonCommand
from config.common.workbooks import RowsRefused, write_marked
from cultivation.api import command_actor
from subsidies.services.regional_awards import import_regional_awards


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(f"not an ISO date: {text}") from error


class Command(JsonCommand):
    help = "Import an award document of the region (企业名称, 统一社会信用代码, 奖励金额) and reconcile its rows."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--document-number", required=True)
        parser.add_argument("--document-date", required=True, type=_date, metavar="DATE")
        parser.add_argument("--document-title", default="", help="without it no notice can cite the document")
        parser.add_argument("--issuer", default="", help="default: the region's science department")
        parser.add_argument("--demo", action="store_true", help="an invented document, for the demonstration")
        parser.add_argument("--dry-run", action="store_true")
        parser.add_argument(
            "--report", type=Path, metavar="OUT.xlsx", help="the input with faulty cells marked"
        )
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="in whose name; default: system"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        content = options["file"].read_bytes()
        try:
            report = import_regional_awards(
                content=content,
                original_name=options["file"].name,
                document_number=options["document_number"],
                document_date=options["document_date"],
                actor=command_actor(options["username"]),
                document_title=options["document_title"],
                issuer=options["issuer"],
                demo=options["demo"],
                dry_run=options["dry_run"],
            )
        except RowsRefused as refusal:
            if options["report"]:
                write_marked(options["report"], options["file"], refusal.errors)
            raise
        return report.as_json()
