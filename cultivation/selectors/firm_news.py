"""What has been recorded about a firm since somebody opened its page: who, when, from what to what."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from config.common.clock import today
from cultivation.models import Division, Firm, MaterialChange

from .divisions import named_divisions

NOTHING_SEEN = "0.0"


@dataclass(frozen=True, slots=True)
class FirmNews:
    """One change; ``was`` and ``becomes`` are empty for a report, which only adds something."""

    at: dt.datetime
    actor: str
    what: str
    was: str = ""
    becomes: str = ""


def firm_version(firm: Firm) -> str:
    """How much is recorded about the firm: rows of its history and reported changes (two queries). Neither shrinks."""
    return f"{firm.history.count()}.{MaterialChange.objects.filter(firm=firm).count()}"


def firm_news(firm: Firm, seen: str) -> list[FirmNews]:
    """What came after the version ``seen``: edits, then reports, each oldest first; nothing where it cannot be read."""
    rows, _dot, reports = seen.partition(".")
    if not (rows.isdecimal() and reports.isdecimal() and len(seen) < 20) or seen == NOTHING_SEEN:
        return []
    changes = MaterialChange.objects.filter(firm=firm).select_related("recorded_by").order_by("pk")
    told = [
        FirmNews(row.recorded_at, str(row.recorded_by), f"{row.get_kind_display()} {row.document}")
        for row in changes[int(reports) :]
    ]
    return _edits(firm, int(rows)) + told


def _edits(firm: Firm, after: int) -> list[FirmNews]:
    versions = firm.history.select_related("history_user").order_by("history_id")[max(after - 1, 0) :]
    names = {division.pk: name for division, name in named_divisions(today())}
    return [
        FirmNews(
            at=version.history_date,
            actor=str(version.history_user or ""),
            what=str(getattr(Firm._meta.get_field(change.field), "verbose_name", change.field)),
            was=_shown(change.old, names),
            becomes=_shown(change.new, names),
        )
        for earlier, version in pairwise(versions)
        for change in version.diff_against(earlier, foreign_keys_are_objs=True).changes
    ]


def _shown(value: object, names: dict[int, str]) -> str:
    if isinstance(value, Division):
        return names.get(value.pk, value.key)
    return "—" if value in (None, "") else str(value)
