"""What is thought before the history speaks: figures from the database, each with a weight and a source."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from .parts import RENEWAL
from .stages import OPEN_STAGES

PASSING = "passing"
NEXT_YEAR = "next_year"
LOSS = "loss"
NEWCOMERS = "newcomers"
LATER_NEWCOMERS = "later_newcomers"
GROUP_LIKENESS = "group_likeness"
COUNTY_LIKENESS = "county_likeness"
LONG_IN_STAGE = "long_in_stage"
# Shares between 0 and 1; the others are numbers a year, firms or days.
SHARES = (*OPEN_STAGES, RENEWAL, PASSING, NEXT_YEAR)
KEYS = (*SHARES, LOSS, NEWCOMERS, LATER_NEWCOMERS, GROUP_LIKENESS, COUNTY_LIKENESS, LONG_IN_STAGE)


class PriorsMissing(LookupError):
    """No figure is in force for the keys named."""

    def __init__(self, keys: Sequence[str]) -> None:
        super().__init__("、".join(keys))
        self.keys = tuple(keys)


@dataclass(frozen=True, slots=True)
class Prior:
    """``value`` worth ``weight`` observed firms (years, firm-years); what the value is, its key says.

    ``lead_days``: days the way to the certificate needs; with fewer left, the share falls in proportion.
    """

    key: str
    value: Decimal
    weight: Decimal
    lead_days: int
    valid_from: dt.date
    source: str

    def share_with(self, days_left: int) -> float:
        """The share with so many days left to the year's end."""
        if days_left >= self.lead_days:
            return float(self.value)
        return float(self.value) * max(days_left, 0) / self.lead_days

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key,
            "value": f"{self.value.normalize():f}",
            "weight": f"{self.weight.normalize():f}",
            "lead_days": self.lead_days,
            "valid_from": self.valid_from.isoformat(),
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Priors:
    """One prior for every key; ``PriorsMissing`` names those that have none."""

    rows: Mapping[str, Prior]

    def __post_init__(self) -> None:
        missing = [key for key in KEYS if key not in self.rows]
        if missing:
            raise PriorsMissing(missing)

    def __getitem__(self, key: str) -> Prior:
        return self.rows[key]

    def value(self, key: str) -> float:
        return float(self.rows[key].value)

    def weight(self, key: str) -> float:
        return float(self.rows[key].weight)

    def as_json(self) -> list[dict[str, Any]]:
        return [self.rows[key].as_json() for key in KEYS]
