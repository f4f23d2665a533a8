"""The records behind one figure of one side of the reconciliation report."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from config.common.money import ZERO
from subsidies.models import Award, AwardEvent, FundingLine, LedgerEntry, PaymentLine
from subsidies.rules.balances import Kind, Movement
from subsidies.rules.reporting import LEDGER_FIGURES, contribution

from .report_sides import (
    AWARD_FIGURES,
    FIGURES,
    LIST_FIGURES,
    awards_on,
    bounces_on,
    entries_on,
    line_reports,
    lines_on,
)

SIDES: dict[str, frozenset[str]] = {
    "ledger": frozenset(LEDGER_FIGURES),
    "awards": frozenset({*AWARD_FIGURES, "returned"}),
    "lists": frozenset(LIST_FIGURES),
}


@dataclass(frozen=True, slots=True)
class DrillRow:
    """One record: its day, what it is, its number, firm and note, and what it adds to the figure in yuan."""

    day: dt.date | None
    what: str
    number: str
    firm: str
    note: str
    amount: Decimal
    award: Award | None = None
    list_number: str = ""


@dataclass(frozen=True, slots=True)
class Drill:
    """The records of a figure, newest first; ``total`` is the figure as the report has it."""

    records: QuerySet[Any]
    row_of: Callable[[Any], DrillRow]
    total: Decimal

    def rows(self) -> Iterator[DrillRow]:
        """Every record that adds something."""
        found = (self.row_of(record) for record in self.records.iterator(chunk_size=1000))
        return (row for row in found if row.amount)

    def page(self, after: str = "", size: int = 100) -> tuple[list[DrillRow], str]:
        """A page by primary key, and the key to go on with; one query."""
        records = self.records
        if after.isascii() and after.isdecimal() and len(after) < 19:
            records = records.filter(pk__lt=int(after))
        found = list(records[: size + 1])
        rows = [self.row_of(record) for record in found[:size]]
        return [row for row in rows if row.amount], str(found[size - 1].pk) if len(found) > size else ""


def knows(side: str, figure: str) -> bool:
    """Whether a side knows a figure."""
    return figure in FIGURES and figure in SIDES.get(side, ())


def drill(line: FundingLine, on: dt.date, side: str, figure: str, *, number: str = "") -> Drill:
    """What stands behind a figure of a line at the end of a day; ``side`` and ``figure`` are known ones.

    On the side of the lists ``number`` leaves the lines of one list.
    """
    reports = line_reports(on, line.fiscal_year)
    report = next(found for found in reports if found.line.pk == line.pk)
    total = {"ledger": report.ledger, "awards": report.awards, "lists": report.lists}[side].get(figure, ZERO)
    if side == "ledger":
        return Drill(entries_on(line, on, figure), lambda entry: _entry(entry, figure), total)
    if side == "lists":
        lines = _lines(line, on, LIST_FIGURES[figure])
        if number:
            lines = lines.filter(payment_list__number=number)
            by_number = {found.payment_list.number: found.sums[figure] for found in report.by_list}
            total = by_number.get(number, ZERO)
        return Drill(lines, _line, total)
    if figure == "returned":
        return Drill(bounces_on(on).filter(award__funding_line=line), _bounce, total)
    awards = awards_on(on).filter(AWARD_FIGURES[figure], funding_line=line).select_related("firm")
    return Drill(awards.order_by("-pk"), _award, total)


def _lines(line: FundingLine, on: dt.date, condition: Q) -> QuerySet[PaymentLine]:
    found = lines_on(on).filter(condition, payment_list__funding_line=line)
    return found.select_related("payment_list", "award").order_by("-pk")


def _entry(entry: LedgerEntry, figure: str) -> DrillRow:
    movement = Movement(Kind(entry.kind), entry.amount, entry.direction, entry.returns_to_line)
    return DrillRow(
        entry.on,
        str(entry.get_kind_display()),
        entry.document_number,
        entry.award.firm.name if entry.award else "",
        entry.note,
        contribution(figure, movement),
        award=entry.award,
    )


def _award(award: Award) -> DrillRow:
    return DrillRow(
        localdate(award.approved_at) if award.approved_at else None,
        str(award.get_state_display()),
        award.number,
        award.firm.name,
        "",
        award.amount or ZERO,
        award=award,
    )


def _bounce(event: AwardEvent) -> DrillRow:
    award = event.award
    return DrillRow(
        localdate(event.at),
        "",
        award.number,
        award.firm.name,
        event.reason,
        award.amount or ZERO,
        award=award,
    )


def _line(line: PaymentLine) -> DrillRow:
    return DrillRow(
        localdate(line.payment_list.drafted_at),
        str(line.get_state_display()),
        f"{line.payment_list.number}/{line.number}",
        line.payee_name,
        line.result_note,
        line.amount,
        award=line.award,
        list_number=line.payment_list.number,
    )
