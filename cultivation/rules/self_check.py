"""What a self-check says of the facts: the judgement of ``assess`` and the innovation scores left possible."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .assessment import AssessmentResult, assess
from .attainable import attainable
from .expenses import OtherCap
from .facts import Facts, parse_facts


@dataclass(frozen=True, slots=True)
class Judgement:
    facts: Facts
    result: AssessmentResult

    def as_json(self) -> dict[str, Any]:
        """The answer of ``assess``, with the hash of the rule set and the ``innovation_range``: low, high, known and
        note of each part.
        """
        parts = attainable(self.facts, self.result)
        return {
            **self.result.as_json(),
            "rule_set_sha256": self.result.rule_set.sha256,
            "innovation_range": {name: part.as_json() for name, part in parts.items()},
        }


def judge(inputs: Mapping[str, Any], other_cap: OtherCap = OtherCap.INTERNAL) -> Judgement:
    """Judge a FACTS object; raises ``MalformedFacts`` and ``NoRuleSet`` as ``assess`` does."""
    facts = parse_facts(inputs)
    return Judgement(facts, assess(facts, other_cap=other_cap))
