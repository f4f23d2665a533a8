"""Funding lines for pages: figures at the end of a day, and the entries behind each of them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from config.common.paging import Page, page_by_number
from subsidies.enums import EntryKind
from subsidies.models import FundingLine, LedgerEntry
from subsidies.rules.balances import Figures

from .balances import figures_by_line

# The entries that make up each figure of a line, for the way from the figure to them.
BEHIND: dict[str, tuple[EntryKind, ...]] = {
    "appropriated": (EntryKind.APPROPRIATED, EntryKind.ADJUSTED, EntryKind.CARRIED_OVER),
    "committed": (
        *(EntryKind.COMMITTED, EntryKind.DECOMMITTED, EntryKind.PAID, EntryKind.RETURNED),
        EntryKind.OPENING_COMMITTED,
    ),
    "paid": (EntryKind.PAID, EntryKind.RETURNED, EntryKind.RECOVERED, EntryKind.OPENING_PAID),
}


@dataclass(frozen=True, slots=True)
class LineBalance:
    line: FundingLine
    figures: Figures


def balances_on(on: dt.date, lines: QuerySet[FundingLine] | None = None) -> list[LineBalance]:
    """Every line with its figures at the end of the day, from the entries; two queries."""
    chosen = list(
        (FundingLine.objects.all() if lines is None else lines).order_by("-fiscal_year", "fund", "name")
    )
    entries = LedgerEntry.objects.filter(line__in=chosen, on__lte=on)
    figures = figures_by_line(entries)
    return [LineBalance(line, figures[line.pk]) for line in chosen]


def sum_of(balances: Iterable[LineBalance]) -> Figures:
    return sum((balance.figures for balance in balances), Figures())


def entries_behind(line: FundingLine, *, on: dt.date, figure: str = "") -> QuerySet[LedgerEntry]:
    """The entries of a line up to a day, the newest first; of one figure alone where it is named."""
    entries = LedgerEntry.objects.filter(line=line, on__lte=on).select_related("award", "actor")
    if figure in BEHIND:
        entries = entries.filter(kind__in=BEHIND[figure])
    return entries.order_by("-pk")


def page_of_entries(entries: QuerySet[LedgerEntry], *, after: str = "", size: int = 50) -> Page[LedgerEntry]:
    """A page by primary key, the latest first."""
    return page_by_number(entries, "-pk", after=after, size=size)
