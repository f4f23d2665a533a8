"""``import_annual_reports FILE.xlsx``: when firms filed their yearly reports with the ministry."""

from typing import Any

from config.common.imports import ImportCommand
from cultivation.selectors.people import command_actor
from cultivation.services.annual_reports import import_annual_reports
from cultivation.services.report_list import ReportListReport


class Command(ImportCommand):
    help = "Import a list of filed annual reports; any faulty row refuses the whole file."
    nothing = ReportListReport()

    def take_over(self, content: bytes, **options: Any) -> ReportListReport:
        actor = command_actor(options["username"])
        return import_annual_reports(content=content, actor=actor, dry_run=options["dry_run"])
