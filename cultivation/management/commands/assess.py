"""``assess``: one firm, or a batch of firms, against the accreditation conditions. Needs no database."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from config.common.commands import JsonCommand, UsageError
from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import MalformedFacts, loads_facts, parse_facts
from cultivation.rules.rulesets import NoRuleSet


class Command(JsonCommand):
    help = "Judge a firm against the accreditation conditions (no database needed)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("facts", nargs="?", metavar="FACTS.json", help=_("The facts of one firm."))
        parser.add_argument(
            "--batch", metavar="FILE.jsonl", help=_("One FACTS object a line; one answer a line.")
        )
        parser.add_argument(
            "--other-cap",
            choices=[cap.value for cap in OtherCap],
            default=OtherCap.INTERNAL.value,
            help=_("How the cap on other expenses is read (both readings are always shown)."),
        )

    def answer(self, **options: Any) -> dict[str, Any] | None:
        cap = OtherCap(options["other_cap"])
        facts, batch = options["facts"], options["batch"]
        if (facts is None) == (batch is None):
            raise UsageError("usage", _("Give either FACTS.json or --batch FILE.jsonl."))
        try:
            if batch is None:
                return _judged(Path(facts).read_bytes(), cap)
            self._judge_batch(Path(batch), cap)
        except MalformedFacts as error:
            raise UsageError("malformed", str(error)) from error
        except NoRuleSet as error:
            raise UsageError("no_rule_set", _no_rule_set(error)) from error
        return None

    def _judge_batch(self, path: Path, cap: OtherCap) -> None:
        with path.open("rb") as lines:
            for line in _numbered_lines(lines):
                sys.stdout.write(json.dumps(_judged_line(*line, cap), ensure_ascii=False) + "\n")
        sys.stdout.flush()


def _judged(text: bytes, cap: OtherCap) -> dict[str, Any]:
    return assess(parse_facts(loads_facts(text)), other_cap=cap).as_json()


def _judged_line(number: int, text: bytes, cap: OtherCap) -> dict[str, Any]:
    """The answer to one line; a line that cannot be judged answers with its error and the batch goes on."""
    try:
        return _judged(text, cap)
    except MalformedFacts as error:
        return {"line": number, "error": {"code": "malformed", "message": str(error)}}
    except NoRuleSet as error:
        return {"line": number, "error": {"code": "no_rule_set", "message": _no_rule_set(error)}}


def _numbered_lines(lines: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Lines from 1; blank ones at the end are no lines, blank ones in between keep their place."""
    blank: list[tuple[int, bytes]] = []
    for number, line in enumerate(lines, start=1):
        text = line.rstrip(b"\r\n")
        if not text.strip():
            blank.append((number, text))
            continue
        yield from blank
        blank.clear()
        yield number, text


def _no_rule_set(error: NoRuleSet) -> str:
    return f"filed_on: {error}"
