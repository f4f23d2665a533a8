"""``backtest``: replay the forecasts of past quarters, hold them against what came, and put the report on record."""

from argparse import ArgumentParser
from typing import Any

from config.common.commands import JsonCommand
from cultivation.selectors.people import command_actor
from cultivation.services.forecasts import record_backtest


class Command(JsonCommand):
    help = (
        "Make the forecasts of past quarters again from what was known then, and record how good they were."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--as", dest="username", metavar="USERNAME", help="in whose name; default: system"
        )

    def answer(self, **options: Any) -> dict[str, Any]:
        record = record_backtest(actor=command_actor(options["username"]))
        return {"until": record.until.isoformat(), "sha256": record.sha256, **record.content}
