"""The recorded versions of the stock, what has changed since, and the year-ends people are shown."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from cultivation.enums import AccreditationKind, StockStage
from cultivation.models import Division, Firm, IndustryField, StockRecord

from .stock import CountedFirm, counted_firms, is_city, stock_on, year_end

_QUARTER_ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


@dataclass(frozen=True, slots=True)
class StockParts:
    """A stock by division, industry field and kind of certificate; keys are primary keys, 0 for no field."""

    total: int
    by_division: dict[int, int]
    by_field: dict[int, int]
    by_kind: dict[str, int]


def parts_of(firms: Iterable[CountedFirm]) -> StockParts:
    """The same firms added up three ways."""
    firms = list(firms)
    return StockParts(
        len(firms),
        dict(Counter(firm.division_id for firm in firms)),
        dict(Counter(firm.field_id or 0 for firm in firms)),
        dict(Counter(firm.kind for firm in firms)),
    )


def recorded_firms(record: StockRecord, division: Division | None = None) -> list[CountedFirm]:
    """The firms of a recorded version."""
    lines = record.lines.all() if is_city(division) else record.lines.filter(division=division)
    columns = ("firm", "division", "industry_field", "kind", "accreditation")
    return [CountedFirm(*row) for row in lines.order_by("firm").values_list(*columns)]


def digest(firms: Iterable[CountedFirm]) -> str:
    """SHA-256 over the firms in the order of their keys, so that a changed line shows."""
    text = "\n".join(
        f"{firm.firm_id} {firm.division_id} {firm.field_id or 0} {firm.kind} {firm.accreditation_id}"
        for firm in sorted(firms, key=lambda firm: firm.firm_id)
    )
    return hashlib.sha256(text.encode()).hexdigest()


def quarter_ends(first: dt.date, last: dt.date) -> list[dt.date]:
    """The last days of quarters from ``first`` through ``last``."""
    days = (
        dt.date(year, month, day) for year in range(first.year, last.year + 1) for month, day in _QUARTER_ENDS
    )
    return [day for day in days if first <= day <= last]


def latest_record(day: dt.date) -> StockRecord | None:
    """The newest version of a day's stock."""
    return StockRecord.objects.filter(day=day).order_by("-number").first()


def standing_record(day: dt.date) -> StockRecord | None:
    """The version that is quoted: the newest final one, else the newest preliminary one."""
    final = StockRecord.objects.filter(day=day, stage=StockStage.FINAL).order_by("-number").first()
    return final or latest_record(day)


def is_intact(record: StockRecord) -> bool:
    """Whether the lines are still those the version was drawn up with."""
    firms = recorded_firms(record)
    return record.total == len(firms) and record.sha256 == digest(firms)


@dataclass(frozen=True, slots=True)
class StockDifference:
    """One firm in which a recorded version and the same day counted afresh differ; ``None``: it did not count."""

    firm: Firm
    recorded: CountedFirm | None
    now: CountedFirm | None

    @property
    def what(self) -> str:
        """``added``, ``dropped`` or ``moved`` (to another division, field or certificate)."""
        if self.recorded is None:
            return "added"
        return "dropped" if self.now is None else "moved"


def changes_since(record: StockRecord) -> list[StockDifference]:
    """What would be different if the day were counted today: later entries about earlier days (edge case 44)."""
    before = {firm.firm_id: firm for firm in recorded_firms(record)}
    now = {firm.firm_id: firm for firm in counted_firms(record.day)}
    differing = [key for key in before.keys() | now.keys() if before.get(key) != now.get(key)]
    firms = Firm.objects.in_bulk(differing)
    found = [StockDifference(firms[key], before.get(key), now.get(key)) for key in differing]
    return sorted(found, key=lambda row: row.firm.credit_code)


@dataclass(frozen=True, slots=True)
class YearEnd:
    """The stock on 31 December: from the final version where there is one, else as counted now."""

    year: int
    firms: int
    record: StockRecord | None

    @property
    def is_final(self) -> bool:
        return self.record is not None and self.record.stage == StockStage.FINAL


def year_ends(first: int, last: int, division: Division | None = None) -> dict[int, YearEnd]:
    """Year-ends that are over; what is locked does not move when a certificate is entered or revoked later."""
    days = {year: year_end(year) for year in range(first, last + 1)}
    inside = Q() if division is None or is_city(division) else Q(lines__division=division)
    finals = {
        record.day: record
        for record in StockRecord.objects.filter(day__in=days.values(), stage=StockStage.FINAL)
        .annotate(firms=Count("lines", filter=inside))
        .order_by("number")
    }
    return {
        year: YearEnd(year, finals[day].firms, finals[day])
        if day in finals
        else YearEnd(year, stock_on(day, division).total, latest_record(day))
        for year, day in days.items()
    }


def field_names() -> dict[int, str]:
    return dict(IndustryField.objects.values_list("pk", "name"))


def kind_names() -> dict[str, str]:
    return {kind.value: str(kind.label) for kind in AccreditationKind}
