"""``backup FILE``: the database and the stored files together, in one archive."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from config.common.backups.making import make_backup
from config.common.commands import JsonCommand


class Command(JsonCommand):
    help = "Write a backup of the database and the stored files; work may go on meanwhile."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="the archive to write; must not exist")

    def answer(self, **options: Any) -> dict[str, Any]:
        return make_backup(options["file"])
