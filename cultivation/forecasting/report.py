"""What a back-test says: past forecasts beside their outcomes, coverage, Brier scores, calibration.

Coverage is read from the randomised PIT: a place drawn evenly inside the step of the distribution at the outcome. Of a
right forecast four in five lie between 10 and 90 %, however coarse the counts; plain P10–P90 holds at least as many.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

MODEL, LAST_RATE, LINE = "model", "last_years_rate", "straight_line"
FORECASTERS = (MODEL, LAST_RATE, LINE)
_EDGES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


@dataclass(frozen=True, slots=True)
class Replay:
    """One past forecast with its outcome. ``chances``: of the target by forecaster; empty without a target."""

    as_of: dt.date
    year: int
    p10: int
    p50: int
    p90: int
    actual: int
    place: float
    target: int | None
    chances: Mapping[str, float]

    @property
    def is_covered(self) -> bool:
        """By the randomised PIT."""
        return 0.1 < self.place < 0.9

    @property
    def is_between(self) -> bool:
        """Plainly between P10 and P90."""
        return self.p10 <= self.actual <= self.p90

    @property
    def met(self) -> bool:
        return self.target is not None and self.actual >= self.target

    def as_json(self) -> dict[str, Any]:
        chances = {name: _text(chance) for name, chance in self.chances.items()}
        as_of, place = self.as_of.isoformat(), _text(self.place)
        return {**asdict(self), "as_of": as_of, "place": place, "chances": chances}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Replay":
        chances = {name: float(chance) for name, chance in row["chances"].items()}
        as_of, place = dt.date.fromisoformat(row["as_of"]), float(row["place"])
        return cls(**{**row, "as_of": as_of, "place": place, "chances": chances})


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts whose chance lay in a band: how many, their mean chance, and how often the target was met."""

    lowest: float
    highest: float
    count: int
    chance: float
    met: float

    @property
    def low(self) -> float:
        """Below which the true share lies with one chance in ten; nothing counted yet would be even (Jeffreys)."""
        return self._share_at(0.1)

    @property
    def high(self) -> float:
        """Above which it lies with one chance in ten."""
        return self._share_at(0.9)

    def _share_at(self, level: float) -> float:
        from scipy.special import betaincinv

        met = self.met * self.count
        return float(betaincinv(met + 0.5, self.count - met + 0.5, level))


@dataclass(frozen=True)
class Report:
    """All replays, and what they say together; figures are ``None`` where there is nothing to count."""

    replays: tuple[Replay, ...]

    @property
    def coverage(self) -> float | None:
        """Share within 10–90 % by the randomised PIT; 80 % is right."""
        return _share([replay.is_covered for replay in self.replays])

    @property
    def plain_coverage(self) -> float | None:
        """Share between P10 and P90, ends included; at least 80 % is right."""
        return _share([replay.is_between for replay in self.replays])

    @cached_property
    def with_target(self) -> tuple[Replay, ...]:
        return tuple(replay for replay in self.replays if replay.target is not None)

    def brier(self, forecaster: str = MODEL) -> float | None:
        """Mean square of (chance - outcome): 0 is perfect, a quarter is a coin's."""
        return _share([(replay.chances[forecaster] - replay.met) ** 2 for replay in self.with_target])

    def as_json(self) -> dict[str, Any]:
        """Every replay, and what they say together; shares and chances as decimal strings."""
        return {
            "coverage": _text(self.coverage),
            "plain_coverage": _text(self.plain_coverage),
            "brier": {name: _text(self.brier(name)) for name in FORECASTERS},
            "replays": [replay.as_json() for replay in self.replays],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Report":
        return cls(tuple(map(Replay.from_json, content["replays"])))

    @property
    def bins(self) -> tuple[Bin, ...]:
        """Calibration: targets given a chance of x should be met in a share x."""
        found = []
        for low, high in pairwise(_EDGES):
            rows = [
                r
                for r in self.with_target
                if low <= r.chances[MODEL] < high or (high == 1 == r.chances[MODEL])
            ]
            if rows:
                chance = sum(row.chances[MODEL] for row in rows) / len(rows)
                found.append(Bin(low, high, len(rows), chance, sum(row.met for row in rows) / len(rows)))
        return tuple(found)


def _share(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _text(value: float | None) -> str | None:
    return None if value is None else f"{value:.12f}"
