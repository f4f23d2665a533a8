"""``export_payment_list NUMBER --format xlsx|csv|bank --out FILE``: the stored bytes of a released list."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from config.common.commands import JsonCommand, UsageError
from config.common.usage import file_problem
from subsidies.enums import ExportFormat
from subsidies.selectors.payment_lists import content_of, find_list
from subsidies.services.exports import export_payment_list


class Command(JsonCommand):
    help = "Write an export of a released payment list; the same bytes every time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", metavar="NUMBER", help="such as ZF2019-001")
        parser.add_argument("--format", required=True, choices=ExportFormat.values)
        parser.add_argument("--out", required=True, metavar="FILE")

    def answer(self, **options: Any) -> dict[str, Any]:
        payment_list = find_list(options["number"])
        file = export_payment_list(payment_list=payment_list, format=ExportFormat(options["format"]))
        try:
            Path(options["out"]).write_bytes(file.content)
        except OSError as error:
            raise UsageError("not_writable", file_problem(error)) from error
        content = content_of(payment_list)
        return {
            "number": content.number,
            "lines": content.count,
            "total": content.total_text,
            "sha256": file.sha256,
        }
