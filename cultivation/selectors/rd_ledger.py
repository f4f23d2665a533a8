"""What a firm's standing ledger adds up to, and what of it stands in the way of a case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from cultivation.enums import LedgerDecision
from cultivation.models import RD_CATEGORIES, ExpenseYear, RdLedger, RdLedgerFinding, RdLedgerLine
from cultivation.rules.rd_ledger_totals import Amount, YearTable, year_tables


@dataclass(frozen=True, slots=True)
class LedgerTables:
    """The years of a ledger that have lines: as booked, and what of it counts."""

    booked: dict[int, YearTable]
    counted: dict[int, YearTable]


def standing_ledger(firm_id: int) -> RdLedger | None:
    return RdLedger.objects.filter(firm_id=firm_id, replaced_at__isnull=True).first()


def counted_lines(ledger: RdLedger) -> QuerySet[RdLedgerLine]:
    """The lines that neither a rule nor a caseworker has taken out."""
    against = RdLedgerFinding.objects.filter(line=OuterRef("pk")).filter(
        Q(excludes=True) | Q(decision=LedgerDecision.STRUCK)
    )
    return RdLedgerLine.objects.filter(~Exists(against), ledger=ledger)


def ledger_tables(ledger: RdLedger) -> LedgerTables:
    """Totals by year, project and category (two queries, however many lines)."""
    booked = year_tables(_amounts(RdLedgerLine.objects.filter(ledger=ledger)))
    counted = year_tables(_amounts(counted_lines(ledger)))
    return LedgerTables(booked, {year: counted.get(year, YearTable(year)) for year in booked})


def stated_tables(ledger: RdLedger) -> dict[int, YearTable]:
    """The firm's own tables of its years."""
    rows = ledger.stated.values_list("year", "project__code", "category", "amount").order_by("pk")
    return year_tables(rows)


def _amounts(lines: QuerySet[RdLedgerLine]) -> Iterator[Amount]:
    rows = lines.values_list("year", "project__code", "category").annotate(total=Sum("amount")).order_by()
    for year, project, category, total in rows:
        yield year, project or "", category, total


def open_findings(ledger: RdLedger) -> QuerySet[RdLedgerFinding]:
    """Findings that wait for a caseworker's decision."""
    return RdLedgerFinding.objects.filter(ledger=ledger, decision="", excludes=False)


def is_adopted(row: ExpenseYear | None, table: YearTable) -> bool:
    """Whether the year's recorded categories are those of the ledger, to the fen."""
    return row is not None and all(
        getattr(row, category) == table.of_category(category) for category in RD_CATEGORIES
    )


def ledger_objections(firm_id: int, years: Iterable[int]) -> list[tuple[str, str]]:
    """Why the firm's ledger does not yet bear the figures of ``years``: codes with their messages.

    ``ledger_findings_open``, ``ledger_not_adopted``. A firm without a ledger, or with stated totals alone, has
    none (one query, else four or five).
    """
    ledger = standing_ledger(firm_id)
    if ledger is None:
        return []
    counting = set(years)
    objections = []
    if waiting := open_findings(ledger).filter(line__year__in=counting).count():
        message = _("%(count)s findings in the R&D ledger wait for a caseworker's decision.")
        objections.append(("ledger_findings_open", message % {"count": waiting}))
    tables = {year: table for year, table in ledger_tables(ledger).counted.items() if year in counting}
    rows = {row.year: row for row in ExpenseYear.objects.filter(firm_id=firm_id, year__in=tables)}
    for year, table in tables.items():
        if not is_adopted(rows.get(year), table):
            message = _(
                "The R&D expenses recorded for %(year)s are not those of the ledger; adopt the ledger."
            )
            objections.append(("ledger_not_adopted", message % {"year": year}))
    return objections
