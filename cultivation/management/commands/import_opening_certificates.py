"""``import_opening_certificates FILE.xlsx``: certificates from before this system, by document."""

from typing import Any

from config.common.imports import ImportCommand
from config.common.workbooks import TableReport
from cultivation.selectors.people import command_actor
from cultivation.services.opening_certificates import import_opening_certificates


class Command(ImportCommand):
    help = "Import certificates from before this system; any faulty row refuses the whole file."
    nothing = TableReport()

    def take_over(self, content: bytes, **options: Any) -> TableReport:
        return import_opening_certificates(
            content=content,
            actor=command_actor(options["username"]),
            original_name=options["file"].name,
            dry_run=options["dry_run"],
        )
