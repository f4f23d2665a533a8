"""``assess_sme``: one firm, or a batch, against the conditions of a technology SME. Needs no database."""

from typing import Any

from cultivation.management.judging import JudgingCommand
from cultivation.rules.reading import loads_facts
from cultivation.rules.sme_facts import parse_sme_facts
from cultivation.rules.technology_sme import evaluate_sme


class Command(JudgingCommand):
    help = "Judge a firm against the conditions of a technology SME (no database needed)."
    date_key = "filled_on"

    def judged(self, text: bytes, options: dict[str, Any]) -> dict[str, Any]:
        return evaluate_sme(parse_sme_facts(loads_facts(text))).as_json()
