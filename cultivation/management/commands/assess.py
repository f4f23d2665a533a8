"""``assess``: one firm, or a batch of firms, against the accreditation conditions. Needs no database."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from cultivation.management.judging import JudgingCommand
from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import loads_facts, parse_facts


class Command(JudgingCommand):
    help = "Judge a firm against the accreditation conditions (no database needed)."
    date_key = "filed_on"
    judged_by = ("other_cap",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--other-cap",
            choices=[cap.value for cap in OtherCap],
            default=OtherCap.INTERNAL.value,
            help=_("How the cap on other expenses is read (both readings are always shown)."),
        )

    def judged(self, text: bytes, options: dict[str, Any]) -> dict[str, Any]:
        return assess(parse_facts(loads_facts(text)), other_cap=OtherCap(options["other_cap"])).as_json()
