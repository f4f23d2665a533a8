"""A calculation from its frozen inputs alone: the steps in words, the amount, and one hash over all of it.

The inputs are the JSON of a ``Calculation``; deriving from them again must give the same steps and amount.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .matching import Matching, Terms, match_amount


def derive(inputs: Mapping[str, Any]) -> Matching:
    """Amount and steps; raises ``NothingToMatch`` (see :mod:`.matching`)."""
    certificate, regional, scheme = inputs["certificate"], inputs["regional_award"], inputs["scheme"]
    cap = scheme["cap"]
    terms = Terms(
        int(scheme["ratio_numerator"]),
        int(scheme["ratio_denominator"]),
        None if cap is None else Decimal(cap),
    )
    matching = match_amount(Decimal(regional["amount"]), terms)
    of_certificate = (
        f"高新技术企业证书{certificate['number']}，发证日期{certificate['issued_on']}，"
        f"认定文件{certificate['document_number']}（{certificate['document_date']}）。"
    )
    of_document = (
        f"自治区文件{regional['document_number']}（{regional['document_date']}）第{regional['row']}行："
        f"{regional['firm_name']}（{regional['credit_code']}）。"
    )
    return Matching(matching.amount, (of_certificate, of_document, *matching.steps))


def fingerprint(*, rule_set: str, inputs: Mapping[str, Any], steps: Sequence[str], amount: Decimal) -> str:
    """SHA-256 over the canonical JSON of the whole calculation."""
    whole = {"rule_set": rule_set, "inputs": inputs, "steps": list(steps), "amount": f"{amount:.2f}"}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
