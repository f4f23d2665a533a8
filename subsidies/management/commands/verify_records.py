"""``verify_records``: ledger against awards and lists, calculations, event chains, seals, files and notices."""

from typing import Any

from django.utils.translation import gettext as _

from config.common.commands import JsonCommand
from config.common.errors import Refused
from subsidies.services.verification import verify_records


class Command(JsonCommand):
    help = "Hold all records against one another; exit status 1 when something does not agree."

    def answer(self, **options: Any) -> dict[str, Any]:
        report = verify_records()
        if report.problems:
            raise Refused(
                "problems_found",
                _("%(count)s problems were found in the records.") % {"count": len(report.problems)},
                **report.as_json(),
            )
        return report.as_json()
