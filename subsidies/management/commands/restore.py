"""``restore FILE``: bring a backup back and hold its records against one another."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.common.backups.restoring import restore_backup
from config.common.commands import JsonCommand
from config.common.errors import Refused
from subsidies.services.verification import verify_records


class Command(JsonCommand):
    """Here, because ``verify_records`` speaks of awards and lists; the work itself knows no app."""

    help = "Restore a backup into an empty database, or in the place of the present one, then verify the records."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="an archive written by backup")
        parser.add_argument("--replace", action="store_true", help="take the place of a database with data")
        parser.add_argument("--confirm", default="", metavar="NAME", help="name of the database to replace")

    def answer(self, **options: Any) -> dict[str, Any]:
        restored = restore_backup(options["file"], replace=options["replace"], confirmed=options["confirm"])
        report = verify_records()
        answer = {"restored": restored, **report.as_json()}
        if report.problems:
            raise Refused(
                "problems_found",
                _("The backup was restored, and %(count)s problems were found in its records.")
                % {"count": len(report.problems)},
                **answer,
            )
        return answer
