"""What a bulletin says: the stock on record at the end of a period, what moved it, and the board as known on a day."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from cultivation.models import Bulletin, StockRecord

from .board import Board, Figures, flow_between
from .stock import stock_on, year_end
from .stock_records import field_names, kind_names, parts_of, quarter_ends, recorded_firms, year_ends
from .targets import counties, county_targets, stock_target

# The report of a whole year.
WHOLE_YEAR = 0


def last_day(year: int, quarter: int) -> dt.date:
    """The day whose stock a bulletin is about."""
    return _ends(year)[quarter - 1] if quarter else year_end(year)


def opening_day(year: int, quarter: int) -> dt.date:
    """The last day before the period."""
    return last_day(year, quarter - 1) if quarter > 1 else year_end(year - 1)


def _ends(year: int) -> list[dt.date]:
    return quarter_ends(dt.date(year, 1, 1), year_end(year))


def bulletins() -> QuerySet[Bulletin]:
    """The latest first."""
    return Bulletin.objects.select_related("drawn_up_by", "paper", "stock").order_by("-drawn_up_at", "-pk")


def bulletin_content(year: int, quarter: int, record: StockRecord, on: dt.date) -> Figures:
    """Everything the bulletin says, as plain values; texts in the language in force."""
    day, opened, last_year = record.day, opening_day(year, quarter), year_end(year - 1)
    before = year_ends(year - 1, year - 1)[year - 1]
    return {
        "year": year,
        "quarter": quarter,
        "day": day.isoformat(),
        "opened": opened.isoformat(),
        "stock": _stock(record),
        "target": stock_target(year),
        "last_year_end": {"firms": before.firms, "is_final": before.is_final},
        "a_year_before": stock_on(_a_year_before(day)).total,
        "flow_of_period": flow_between(opened, day),
        "flow_of_year": flow_between(last_year, day),
        "counties": _counties(record),
        "board": Board(on).figures(),
    }


def _a_year_before(day: dt.date) -> dt.date:
    """The same quarter's end a year earlier; none of them falls on 29 February."""
    return day.replace(year=day.year - 1)


def _stock(record: StockRecord) -> Figures:
    parts = parts_of(recorded_firms(record))
    fields, kinds = field_names(), kind_names()
    return {
        "total": record.total,
        "stage": record.stage,
        "stage_name": str(record.get_stage_display()),
        "version": record.number,
        "sha256": record.sha256,
        "by_field": [
            [fields.get(key, ""), firms]
            for key, firms in sorted(parts.by_field.items(), key=lambda item: (-item[1], item[0]))
        ],
        "by_kind": [[name, parts.by_kind.get(kind, 0)] for kind, name in kinds.items()],
    }


def _counties(record: StockRecord) -> list[Figures]:
    """County by county under the names of the day: stock on record, and what it was given for the year."""
    by_division = parts_of(recorded_firms(record)).by_division
    given = county_targets(record.day.year).by_division
    return [
        {"name": name, "stock": by_division.get(county.pk, 0), "target": given.get(county.pk)}
        for county, name in counties(record.day)
    ]


def content_digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of the content in one fixed spelling."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def is_unchanged(bulletin: Bulletin) -> bool:
    """Whether the content is still that which was drawn up."""
    return content_digest(bulletin.content) == bulletin.sha256
