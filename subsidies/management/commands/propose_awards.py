"""``propose_awards``: an award for each final determination that a published scheme covers."""

from argparse import ArgumentParser
from typing import Any

from config.common.commands import JsonCommand
from cultivation.api import command_actor
from subsidies.services.proposals import propose_awards


class Command(JsonCommand):
    help = "Make the missing awards and look again at the waiting ones; running it again creates nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="in whose name; default: system"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        return propose_awards(actor=command_actor(options["username"]))
