"""``reconcile_payments FILE --list NUMBER``: apply the bank's return, line by line; again it changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from config.common.commands import JsonCommand
from cultivation.api import command_actor
from subsidies.selectors.payment_lists import find_list
from subsidies.services.returns import load_bank_return

# Made by a migration: a finance user without a password, for the interface to the bank.
_BANK_USER = "bank-return"


class Command(JsonCommand):
    help = "Load a bank's return file (.xlsx or .csv) for a released payment list."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE")
        parser.add_argument("--list", required=True, metavar="NUMBER", help="such as ZF2019-001")
        parser.add_argument("--as", metavar="USERNAME", default=_BANK_USER, help="a finance officer")

    def answer(self, **options: Any) -> dict[str, Any]:
        path = Path(options["file"])
        content = path.read_bytes()
        report = load_bank_return(
            payment_list=find_list(options["list"]),
            content=content,
            original_name=path.name,
            actor=command_actor(options["as"]),
        )
        return report.as_json()
