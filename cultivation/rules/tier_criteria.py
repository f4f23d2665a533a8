"""Answers to the criteria of a tier. The criteria are data with a source; no number of theirs is known here."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .display import number_text

ACCREDITED = "accredited"
"""The criterion that the records answer themselves: a valid high-new-tech certificate."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion in force. ``least`` is ``None`` where the source gives no number."""

    key: str
    text: str
    least: Decimal | None
    unit: str
    source: str
    verification: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says of a criterion: met or not (``None``: not known), a figure, a remark."""

    met: bool | None = None
    measured: Decimal | None = None
    note: str = ""
    from_records: bool = False


@dataclass(frozen=True, slots=True)
class CriterionAnswer:
    criterion: Criterion
    said: Said

    @property
    def met(self) -> bool | None:
        """By the figure where the criterion has a number, else as said; ``None`` where it is not known."""
        if self.criterion.least is None:
            return self.said.met
        return None if self.said.measured is None else self.said.measured >= self.criterion.least

    def as_json(self) -> dict[str, Any]:
        """The answer with the criterion as it was, so that a later change of the criteria changes nothing here."""
        criterion, said = self.criterion, self.said
        return {
            "key": criterion.key,
            "text": criterion.text,
            "least": None if criterion.least is None else number_text(criterion.least),
            "unit": criterion.unit,
            "source": criterion.source,
            "verification": criterion.verification,
            "met": self.met,
            "measured": None if said.measured is None else number_text(said.measured),
            "note": said.note,
            "from_records": said.from_records,
        }


def summary(answers: Iterable[CriterionAnswer]) -> dict[str, int]:
    """How many are met, not met and not known."""
    met = [answer.met for answer in answers]
    return {"met": met.count(True), "not_met": met.count(False), "not_known": met.count(None)}
