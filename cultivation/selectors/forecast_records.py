"""Forecasts and back-tests as they were put on record, and whether they still say what they said."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from cultivation.forecasting.report import Report
from cultivation.models import BacktestRecord, CaseEvent, ForecastSnapshot
from cultivation.rules.reading import sha256_of

from .events import Problem
from .stock_records import YearEnd, year_ends
from .targets import name_of


@dataclass(frozen=True)
class ForecastRow:
    """A recorded forecast beside what came; ``outcome`` is empty while its year runs."""

    snapshot: ForecastSnapshot
    place: str
    outcome: YearEnd | None

    @property
    def result(self) -> dict[str, Any]:
        found: dict[str, Any] = self.snapshot.result
        return found

    @property
    def chance(self) -> Decimal | None:
        text = self.result["probability_met"]
        return None if text is None else Decimal(text)

    @property
    def is_between(self) -> bool | None:
        """Whether the outcome lay between P10 and P90."""
        if self.outcome is None:
            return None
        found = self.result["distribution"]
        return bool(found["p10"] <= self.outcome.firms <= found["p90"])


def snapshots() -> QuerySet[ForecastSnapshot]:
    """Every recorded forecast, the newest first, with its place and person."""
    found = ForecastSnapshot.objects.select_related("division", "recorded_by")
    return found.prefetch_related("division__names")


def forecast_rows(snapshots: list[ForecastSnapshot], on: dt.date) -> list[ForecastRow]:
    """Each with its outcome as known on ``on``; the queries grow with the places and years, not with the rows."""
    over = {snapshot.year for snapshot in snapshots if snapshot.year < on.year}
    divisions = {snapshot.division_id: snapshot.division for snapshot in snapshots}
    outcomes = {
        key: year_ends(min(over), max(over), division) if over else {} for key, division in divisions.items()
    }
    return [
        ForecastRow(snapshot, _place(snapshot), outcomes[snapshot.division_id].get(snapshot.year))
        for snapshot in snapshots
    ]


def _place(snapshot: ForecastSnapshot) -> str:
    if snapshot.division is None:
        return ""
    name = name_of(snapshot.division, snapshot.as_of)
    return name.name if name else snapshot.division.key


def snapshot_digest(snapshot: ForecastSnapshot) -> str:
    """SHA-256 over everything a recorded forecast says."""
    return sha256_of(
        {
            "year": snapshot.year,
            "as_of": snapshot.as_of.isoformat(),
            "division": snapshot.division.key if snapshot.division else None,
            "inputs": snapshot.inputs,
            "priors": snapshot.priors,
            "result": snapshot.result,
        }
    )


@dataclass(frozen=True)
class RecordedBacktest:
    """The newest back-test with the report behind it."""

    record: BacktestRecord

    @cached_property
    def report(self) -> Report:
        return Report.from_json(self.record.content)


def latest_backtest() -> RecordedBacktest | None:
    record = BacktestRecord.objects.select_related("recorded_by").first()
    return None if record is None else RecordedBacktest(record)


def can_replay(on: dt.date) -> bool:
    """Whether a quarter's end with recorded cases lies in a year that is over."""
    first = CaseEvent.objects.order_by("at").values_list("at", flat=True).first()
    return first is not None and timezone.localdate(first) < dt.date(on.year - 1, 9, 30)


def check_forecasts() -> tuple[int, list[Problem]]:
    """How many forecasts and back-tests are on record, and which are not what their hash says."""
    checked, problems = 0, []
    snapshots = ForecastSnapshot.objects.select_related("division").order_by("pk")
    for snapshot in snapshots.iterator(chunk_size=200):
        checked += 1
        if snapshot_digest(snapshot) != snapshot.sha256:
            problems.append(_changed(f"forecast:{snapshot.pk}"))
    for record in BacktestRecord.objects.order_by("pk").iterator(chunk_size=50):
        checked += 1
        if sha256_of(record.content) != record.sha256:
            problems.append(_changed(f"backtest:{record.pk}"))
    return checked, problems


def _changed(subject: str) -> Problem:
    return Problem("forecast_changed", subject, "it does not say any more what its hash was made of")
