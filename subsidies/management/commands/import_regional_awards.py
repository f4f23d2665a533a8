"""``import_regional_awards FILE``: what the region's document grants, row by row."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from config.common.imports import ImportCommand
from cultivation.api import command_actor
from subsidies.services.regional_awards import RegionalReport, import_regional_awards


class Command(ImportCommand):
    help = "Import an award document of the region (企业名称, 统一社会信用代码, 奖励金额) and reconcile its rows."
    nothing = RegionalReport()

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--document-number", required=True)
        parser.add_argument("--document-date", type=dt.date.fromisoformat, required=True)
        parser.add_argument("--document-title", default="", help="without it no notice can cite the document")
        parser.add_argument("--issuer", default="", help="default: the region's science department")
        parser.add_argument("--demo", action="store_true", help="an invented document, for the demonstration")

    def take_over(self, content: bytes, **options: Any) -> RegionalReport:
        return import_regional_awards(
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
