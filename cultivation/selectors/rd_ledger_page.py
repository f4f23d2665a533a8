"""Everything the page of a firm's R&D ledger shows, in a number of queries that does not grow with its lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.db.models import Count, Sum

from config.common.clock import today
from config.common.money import ZERO
from cultivation.enums import LedgerDecision, LedgerFindingCode
from cultivation.models import RD_CATEGORIES, ExpenseYear, Firm, RdLedger, RdLedgerFinding, RdLedgerLine
from cultivation.rules.expenses import OtherCap, YearAggregate
from cultivation.rules.rd_ledger_totals import Difference, YearTable, against_figures, against_table
from cultivation.rules.rulesets import rules_in_force

from .rd_ledger import is_adopted, ledger_tables, standing_ledger, stated_tables

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """One project of a year: amounts in the order of the categories."""

    code: str
    name: str
    amounts: Sequence[Decimal]
    total: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """What counts of a year under one reading of the cap on other expenses."""

    other_cap: OtherCap
    aggregate: YearAggregate

    @property
    def domestic_share(self) -> Fraction | None:
        return self.aggregate.domestic / self.aggregate.total if self.aggregate.total else None


@dataclass(frozen=True, slots=True)
class LedgerYear:
    """One year: the table, what a rule or a caseworker took out of it, and where statements differ.

    ``from_lines`` is false where the firm's own totals stand without lines behind them.
    """

    year: int
    from_lines: bool
    rows: Sequence[ProjectRow]
    totals: Sequence[Decimal]
    total: Decimal
    left_out: Decimal
    readings: Sequence[Reading]
    has_table: bool
    table_differences: Sequence[Difference]
    recorded: Decimal | None
    figure_differences: Sequence[Difference]
    adopted: bool


@dataclass(frozen=True, slots=True)
class FindingGroup:
    """The findings of one kind: lines and yuan, by what has become of them."""

    code: LedgerFindingCode
    excluded: int
    waiting: int
    counted: int
    struck: int
    amount: Decimal

    @property
    def count(self) -> int:
        return self.excluded + self.waiting + self.counted + self.struck


@dataclass(frozen=True, slots=True)
class LedgerPage:
    ledger: RdLedger
    lines: int
    years: Sequence[LedgerYear]
    groups: Sequence[FindingGroup]
    code: LedgerFindingCode | None
    findings: Sequence[RdLedgerFinding]
    next: int | None

    @property
    def group(self) -> FindingGroup | None:
        return next((group for group in self.groups if group.code == self.code), None)

    @property
    def to_adopt(self) -> list[LedgerYear]:
        return [year for year in self.years if year.from_lines and not year.adopted]


def ledger_page(firm: Firm, *, code: str = "", after: int = 0) -> LedgerPage | None:
    """The standing ledger of the firm; ``code`` chooses the findings shown, ``after`` goes on behind one of them."""
    ledger = standing_ledger(firm.pk)
    if ledger is None:
        return None
    groups = _groups(ledger)
    shown = next((group.code for group in groups if group.code.value == code), None)
    chosen = shown or (groups[0].code if groups else None)
    findings = RdLedgerFinding.objects.filter(ledger=ledger, code=chosen or "", pk__gt=after)
    rows = list(
        findings.select_related("line__project", "decided_by").order_by("pk")[: PAGE_SIZE + 1]
        if chosen
        else ()
    )
    return LedgerPage(
        ledger=ledger,
        lines=ledger.lines.count(),
        years=_years(firm, ledger),
        groups=groups,
        code=chosen,
        findings=rows[:PAGE_SIZE],
        next=rows[PAGE_SIZE - 1].pk if len(rows) > PAGE_SIZE else None,
    )


def _groups(ledger: RdLedger) -> list[FindingGroup]:
    rows = (
        RdLedgerFinding.objects.filter(ledger=ledger)
        .values_list("code", "excludes", "decision")
        .annotate(count=Count("pk"), amount=Sum("line__amount"))
        .order_by()
    )
    counts: dict[str, dict[str, int]] = {}
    amounts: dict[str, Decimal] = {}
    for code, excludes, decision, count, amount in rows:
        name = "excluded" if excludes else decision or "waiting"
        of_code = counts.setdefault(code, dict.fromkeys(("excluded", "waiting", *LedgerDecision.values), 0))
        of_code[name] += count
        amounts[code] = amounts.get(code, ZERO) + amount
    return [
        FindingGroup(code, amount=amounts[code], **counts[code])
        for code in LedgerFindingCode
        if code in counts
    ]


def _years(firm: Firm, ledger: RdLedger) -> list[LedgerYear]:
    tables, stated = ledger_tables(ledger), stated_tables(ledger)
    names = dict(ledger.projects.values_list("code", "name"))
    years = sorted({*tables.booked, *stated})
    recorded = {row.year: row for row in ExpenseYear.objects.filter(firm=firm, year__in=years)}
    rule_set = rules_in_force(today())
    found = []
    for year in years:
        from_lines = year in tables.counted
        table = tables.counted[year] if from_lines else stated[year]
        booked = tables.booked.get(year, table)
        row = recorded.get(year)
        figures = {key: getattr(row, key) for key in RD_CATEGORIES} if row is not None else None
        found.append(
            LedgerYear(
                year=year,
                from_lines=from_lines,
                rows=[_project(table, code, names.get(code, "")) for code in table.projects],
                totals=[table.of_category(category) for category in RD_CATEGORIES],
                total=table.total,
                left_out=booked.total - table.total,
                readings=[Reading(cap, table.aggregate(rule_set, cap)) for cap in OtherCap],
                has_table=year in stated,
                table_differences=against_table(table, booked, stated[year]) if year in stated else (),
                recorded=sum(figures.values(), ZERO) if figures is not None else None,
                figure_differences=against_figures(table, booked, figures) if figures is not None else (),
                adopted=is_adopted(row, table),
            )
        )
    return found


def _project(table: YearTable, code: str, name: str) -> ProjectRow:
    amounts = [table.of(code, category) for category in RD_CATEGORIES]
    return ProjectRow(code, name, amounts, table.of_project(code))


def firms_with_the_same_invoice(findings: Sequence[RdLedgerFinding]) -> dict[str, list[str]]:
    """For the office: by identity of a line, the other firms that booked it (one query)."""
    wanted = [row.line for row in findings if row.code == LedgerFindingCode.DUPLICATE_FIRM]
    if not wanted:
        return {}
    rows = (
        RdLedgerLine.objects.filter(
            identity__in={line.identity for line in wanted}, ledger__replaced_at__isnull=True
        )
        .exclude(ledger_id=wanted[0].ledger_id)
        .values_list("identity", "ledger__firm__name")
        .distinct()
        .order_by("identity", "ledger__firm__name")
    )
    firms: dict[str, list[str]] = {}
    for identity, name in rows:
        firms.setdefault(identity, []).append(name)
    return firms
