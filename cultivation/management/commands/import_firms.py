"""``import_firms FILE.xlsx``: the roster of firms."""

from typing import Any

from config.common.imports import ImportCommand
from cultivation.selectors.people import command_actor
from cultivation.services.intake import FirmReport, import_firms


class Command(ImportCommand):
    help = "Import a roster of firms; any faulty row refuses the whole file."
    nothing = FirmReport()

    def take_over(self, content: bytes, **options: Any) -> FirmReport:
        actor = command_actor(options["username"])
        return import_firms(content=content, actor=actor, dry_run=options["dry_run"])
