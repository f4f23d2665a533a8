"""``verify_notice FILE.pdf``: is this file the notice that was issued?"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.common.commands import JsonCommand, UsageError
from documents.services.verification import verify_pdf


class Command(JsonCommand):
    help = "Compares a PDF with the issued notices; exit status 0 whatever the answer."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.pdf")

    def answer(self, **options: Any) -> dict[str, Any]:
        file: Path = options["file"]
        if not file.is_file():
            raise UsageError("file_not_found", _("There is no file %(file)s.") % {"file": file})
        return verify_pdf(file.read_bytes()).as_json()
