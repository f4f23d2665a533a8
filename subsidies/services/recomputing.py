"""Recorded calculations checked: derived again from their inputs, and their inputs held against the records."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import now
from subsidies.enums import Stacking
from subsidies.models import Calculation, OtherReceipt, RegionalAward
from subsidies.rules.matching import NothingToMatch
from subsidies.rules.provenance import derive, fingerprint
from subsidies.selectors.balances import Problem
from subsidies.selectors.claims import receipt_input, standing_receipts
from subsidies.selectors.regional_awards import latest_correction

from .calculation import gather_inputs


@dataclass(frozen=True, slots=True)
class Difference:
    """An input by its path (``certificate.number``): as the calculation was given it, and as the records have it.

    ``None``: it is not there at all.
    """

    path: str
    stored: str | None
    recorded: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """A calculation done again.

    ``tampered`` are inputs that the records contradict as of the time of the calculation: there is no lawful way to
    one. ``amount`` is ``None`` where the inputs come to nothing.
    """

    amount: Decimal | None
    steps: tuple[str, ...]
    sha256: str
    same_hash: bool
    same_result: bool
    tampered: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        return self.same_hash and self.same_result and not self.tampered


def compare(calculation: Calculation) -> Comparison:
    """Derive the result again from the stored inputs, and hold these against the records as they were then."""
    stored = calculation.inputs
    expected = fingerprint(
        rule_set=calculation.rule_set, inputs=stored, steps=calculation.steps, amount=calculation.amount
    )
    amount, steps = _derived(stored)
    # What a person decided at the time has no other record; the hash covers it.
    given = {key: value for key, value in stored.items() if key != "override"}
    return Comparison(
        amount=amount,
        steps=steps,
        sha256=expected,
        same_hash=expected == calculation.sha256,
        same_result=amount == calculation.amount and list(steps) == calculation.steps,
        tampered=tuple(differences(given, _recorded_then(calculation))),
    )


def changes_since(calculation: Calculation) -> tuple[Difference, ...]:
    """What the records say otherwise now, lawfully: a corrected certificate, a later document of the region, money
    from elsewhere that was recorded or withdrawn."""
    row = _row_of(calculation.inputs["regional_award"])
    later = latest_correction(row) if row is not None else None
    current = _recorded(calculation, later or row, now()) | _receipts_now(calculation)
    return tuple(differences(_recorded_then(calculation), current))


def recompute_and_compare(calculation: Calculation) -> list[Problem]:
    """Do a calculation again: from its inputs, and its inputs from the records they were read from."""
    subject, found = calculation.award.number, compare(calculation)
    problems = []
    if not found.same_hash:
        problems.append(
            Problem("calculation_hash_differs", subject, _("The calculation is not the one that was hashed."))
        )
    if not found.same_result:
        problems.append(
            Problem(
                "calculation_differs", subject, _("The inputs do not give the recorded amount and steps.")
            )
        )
    if found.tampered:
        problems.append(
            Problem("inputs_differ", subject, _("The records no longer say what the calculation was given."))
        )
    return problems


def check_calculations() -> tuple[int, list[Problem]]:
    """Every calculation done again: how many, and what is wrong."""
    count, problems = 0, []
    calculations = Calculation.objects.select_related(
        "award__accreditation", "award__scheme", "version__basis"
    )
    for calculation in calculations.order_by("pk").iterator(chunk_size=500):
        count += 1
        problems += recompute_and_compare(calculation)
    return count, problems


def flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Nested inputs as paths and texts, in their order: ``certificate.number``, ``received.1.amount``."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from flat(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, inner in enumerate(value, start=1):
            yield from flat(inner, f"{path}.{number}")
    else:
        yield path, "" if value is None else str(value)


def differences(stored: Mapping[str, Any], recorded: Mapping[str, Any]) -> Iterator[Difference]:
    before, after = dict(flat(stored)), dict(flat(recorded))
    for path in [*before, *(path for path in after if path not in before)]:
        if before.get(path) != after.get(path):
            yield Difference(path, before.get(path), after.get(path))


def _derived(inputs: Mapping[str, Any]) -> tuple[Decimal | None, tuple[str, ...]]:
    try:
        matching = derive(inputs)
    except NothingToMatch:
        return None, ()
    return matching.amount, matching.steps


def _recorded(calculation: Calculation, row: RegionalAward | None, at: dt.datetime) -> dict[str, Any]:
    """The inputs, receipts apart, as the records have them; nothing where the region's row is gone."""
    if row is None:
        return {}
    return gather_inputs(
        calculation.award,
        calculation.version,
        row,
        calculation.inputs["reason"],
        rule_set=calculation.rule_set,
        at=at,
    )


def _recorded_then(calculation: Calculation) -> dict[str, Any]:
    row = _row_of(calculation.inputs["regional_award"])
    return _recorded(calculation, row, calculation.calculated_at) | _receipts_then(calculation)


def _receipts_then(calculation: Calculation) -> dict[str, Any]:
    """Those of the stored receipts that are on record and were confirmed; they may have been withdrawn since."""
    stored = calculation.inputs.get("received")
    if stored is None:
        return {}
    kept = OtherReceipt.objects.filter(
        accreditation_id=calculation.award.accreditation_id, confirmed_at__isnull=False
    )
    on_record = [receipt_input(receipt) for receipt in kept]
    return {"received": [receipt for receipt in stored if receipt in on_record]}


def _receipts_now(calculation: Calculation) -> dict[str, Any]:
    if calculation.version.stacking == Stacking.NONE:
        return {}
    standing = [receipt for receipt in standing_receipts(calculation.award) if receipt.confirmed_at]
    return {"received": [receipt_input(receipt) for receipt in standing]} if standing else {}


def _row_of(regional: Mapping[str, Any]) -> RegionalAward | None:
    return (
        RegionalAward.objects.select_related("document__policy")
        .filter(
            document__policy__issuer=regional["issuer"],
            document__policy__document_number=regional["document_number"],
            row=regional["row"],
            attempt=regional["attempt"],
        )
        .first()
    )
