"""Totals of a ledger by year, project and category, and where they part from what the firm states."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .expenses import OtherCap, YearAggregate, aggregate_year
from .facts import EXPENSE_KEYS, RdExpenses
from .rd_ledger import Line
from .thresholds import RuleSet

INTERNAL_KEYS = EXPENSE_KEYS[:7]
OUTSOURCED_KEYS = EXPENSE_KEYS[7:]
_NOTHING = Decimal("0.00")
# The form is filled in 万元 with two decimals: half of 0.01 万元, in yuan, and what such a figure is a multiple of.
_HALF_A_STEP, _STEP = Decimal(50), Decimal(100)

Amount = tuple[int, str, str, Decimal]
"""Year, project, category, yuan."""


@dataclass
class YearTable:
    """One year in the form of 国科发火〔2016〕195号 附件2 五: yuan by project and category, outsourced before its 80 %."""

    year: int
    cells: dict[tuple[str, str], Decimal] = field(default_factory=dict)

    def add(self, project: str, category: str, amount: Decimal) -> None:
        self.cells[project, category] = self.of(project, category) + amount

    def of(self, project: str, category: str) -> Decimal:
        return self.cells.get((project, category), _NOTHING)

    @property
    def projects(self) -> tuple[str, ...]:
        return tuple(sorted({project for project, _category in self.cells}))

    def of_project(self, project: str, categories: Iterable[str] = EXPENSE_KEYS) -> Decimal:
        return sum((self.of(project, category) for category in categories), _NOTHING)

    def of_category(self, category: str) -> Decimal:
        return sum((amount for (_p, key), amount in self.cells.items() if key == category), _NOTHING)

    def of_categories(self, categories: Iterable[str] = EXPENSE_KEYS) -> Decimal:
        return sum((self.of_category(category) for category in categories), _NOTHING)

    @property
    def total(self) -> Decimal:
        """As booked, before the cap on other expenses and the 80 % of outsourced spending."""
        return sum(self.cells.values(), _NOTHING)

    def aggregate(self, rule_set: RuleSet, other_cap: OtherCap) -> YearAggregate:
        """What of it counts for accreditation, by the rules for the expenses of a year."""
        expenses = RdExpenses(*(self.of_category(category) for category in EXPENSE_KEYS))
        return aggregate_year(expenses, rule_set, other_cap)


def year_tables(amounts: Iterable[Amount]) -> dict[int, YearTable]:
    """The tables of the years that have an amount, ascending; the order of the amounts makes no difference."""
    tables: dict[int, YearTable] = {}
    for year, project, category, amount in amounts:
        tables.setdefault(year, YearTable(year)).add(project, category, amount)
    return dict(sorted(tables.items()))


def tables_of_lines(lines: Iterable[Line]) -> dict[int, YearTable]:
    return year_tables((line.year, line.project, line.category, line.amount) for line in lines)


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the ledger and a statement part, in yuan; no ``project``: the year's total of the category.

    ``booked`` are all lines, also those that do not count.
    """

    year: int
    project: str
    category: str
    counted: Decimal
    booked: Decimal
    stated: Decimal

    @property
    def amount(self) -> Decimal:
        """What the statement has more (below zero: less) than counts."""
        return self.stated - self.counted

    @property
    def is_excluded_lines(self) -> bool:
        """Whether the statement is the ledger as booked, so that the lines that do not count explain it all."""
        return self.stated == self.booked

    @property
    def is_rounding(self) -> bool:
        """Whether a figure in 万元 with two decimals can differ like this."""
        return (
            self.stated % _STEP == 0 and min(abs(self.amount), abs(self.stated - self.booked)) <= _HALF_A_STEP
        )


def against_table(counted: YearTable, booked: YearTable, stated: YearTable) -> list[Difference]:
    """The lines against the firm's own table of the year, by project and category."""
    projects = sorted({*counted.projects, *booked.projects, *stated.projects} - {""})
    return [
        Difference(
            counted.year,
            project,
            category,
            counted.of(project, category),
            booked.of(project, category),
            stated.of(project, category),
        )
        for project in projects
        for category in EXPENSE_KEYS
        if counted.of(project, category) != stated.of(project, category)
    ]


def against_figures(counted: YearTable, booked: YearTable, stated: Mapping[str, Decimal]) -> list[Difference]:
    """The lines against the year's recorded figures, by category."""
    return [
        Difference(
            counted.year,
            "",
            category,
            counted.of_category(category),
            booked.of_category(category),
            stated[category],
        )
        for category in EXPENSE_KEYS
        if counted.of_category(category) != stated[category]
    ]
