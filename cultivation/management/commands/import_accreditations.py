"""``import_accreditations FILE.xlsx --document-number … --document-date …``: the region's list."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from config.common.imports import ImportCommand
from cultivation.selectors.people import command_actor
from cultivation.services.certificate_list import AccreditationReport
from cultivation.services.determinations import import_accreditations


class Command(ImportCommand):
    help = "Import the region's list of accredited firms; any faulty row refuses the whole file."
    nothing = AccreditationReport()

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--document-number", required=True)
        parser.add_argument("--document-date", type=dt.date.fromisoformat, required=True)

    def take_over(self, content: bytes, **options: Any) -> AccreditationReport:
        return import_accreditations(
            content=content,
            document_number=options["document_number"],
            document_date=options["document_date"],
            actor=command_actor(options["username"]),
            original_name=options["file"].name,
            dry_run=options["dry_run"],
        )
