"""A calculation from its frozen inputs alone: the steps in words, the amount, and one hash over all of it.

The inputs are the JSON of a ``Calculation``; deriving from them again must give the same steps and amount.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .matching import Matching, Rounding, Terms, match_amount


def derive(inputs: Mapping[str, Any]) -> Matching:
    """Amount and steps, an amount set by hand after all others; raises ``NothingToMatch`` (see :mod:`.matching`).

    ``rounding`` and ``received`` are missing from the inputs of the first rule set, which knew neither.
    """
    certificate, regional = inputs["certificate"], inputs["regional_award"]
    received = [Decimal(receipt["amount"]) for receipt in inputs.get("received", ())]
    matching = match_amount(Decimal(regional["amount"]), terms_of(inputs), received)
    of_certificate = (
        f"高新技术企业证书{certificate['number']}，发证日期{certificate['issued_on']}，"
        f"认定文件{certificate['document_number']}（{certificate['document_date']}）。"
    )
    of_document = (
        f"自治区文件{regional['document_number']}（{regional['document_date']}）第{regional['row']}行："
        f"{regional['firm_name']}（{regional['credit_code']}）。"
    )
    steps = (of_certificate, of_document, *matching.steps)
    if override := inputs.get("override"):
        return Matching(Decimal(override["amount"]), (*steps, _of_override(override)))
    return Matching(matching.amount, steps)


def terms_of(inputs: Mapping[str, Any]) -> Terms:
    """The terms of the scheme that the inputs froze."""
    scheme = inputs["scheme"]
    return Terms(
        int(scheme["ratio_numerator"]),
        int(scheme["ratio_denominator"]),
        None if scheme["cap"] is None else Decimal(scheme["cap"]),
        Rounding(scheme.get("rounding", Rounding.FEN_HALF_UP)),
    )


def _of_override(override: Mapping[str, Any]) -> str:
    return (
        f"依据{override['document_number']}，由{override['proposed_by']}提出、{override['confirmed_by']}确认，"
        f"金额核定为{override['amount']}元（上限{override['cap']}元）。理由：{override['reason']}"
    )


def fingerprint(*, rule_set: str, inputs: Mapping[str, Any], steps: Sequence[str], amount: Decimal) -> str:
    """SHA-256 over the canonical JSON of the whole calculation."""
    whole = {"rule_set": rule_set, "inputs": inputs, "steps": list(steps), "amount": f"{amount:.2f}"}
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
