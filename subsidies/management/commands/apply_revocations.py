"""``apply_revocations``: stop or ask back the awards that revoked certificates reach."""

from argparse import ArgumentParser
from typing import Any

from config.common.commands import JsonCommand
from cultivation.api import command_actor
from subsidies.services.revocations import apply_revocations


class Command(JsonCommand):
    help = "Freeze unpaid awards of revoked certificates and open recoveries for paid ones; running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="in whose name; default: system"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        report = apply_revocations(actor=command_actor(options["username"]), dry_run=options["dry_run"])
        return report.as_json()
