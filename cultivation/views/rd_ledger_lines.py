"""The years of a ledger as the page puts them: amounts with their labels, exact shares as text, remarks in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from cultivation.enums import RdCategory
from cultivation.rules.display import money_text, percent_text
from cultivation.rules.expenses import OtherCap
from cultivation.rules.rd_ledger_totals import Difference
from cultivation.selectors.rd_ledger_page import LedgerYear, ProjectRow, Reading

Labelled = Sequence[tuple[str, Decimal]]


@dataclass(frozen=True, slots=True)
class YearLines:
    """One year of the page; ``reconciliations`` are a title, whether anything is stated, and the differences."""

    year: int
    from_lines: bool
    adopted: bool
    rows: Sequence[tuple[ProjectRow, Labelled]]
    totals: Labelled
    total: Decimal
    left_out: Decimal
    readings: Sequence[dict[str, str]]
    reconciliations: Sequence[tuple[str, bool, Sequence[dict[str, Any]]]]


def year_lines(year: LedgerYear) -> YearLines:
    labels = [str(label) for label in RdCategory.labels]
    return YearLines(
        year=year.year,
        from_lines=year.from_lines,
        adopted=year.adopted,
        rows=[(row, list(zip(labels, row.amounts, strict=True))) for row in year.rows],
        totals=list(zip(labels, year.totals, strict=True)),
        total=year.total,
        left_out=year.left_out,
        readings=[_reading(reading) for reading in year.readings],
        reconciliations=[
            (_("Against the firm's own table"), year.has_table, _differences(year.table_differences)),
            (
                _("Against the recorded figures of the year"),
                year.recorded is not None,
                _differences(year.figure_differences),
            ),
        ],
    )


def _reading(reading: Reading) -> dict[str, str]:
    share, aggregate = reading.domestic_share, reading.aggregate
    internal = reading.other_cap is OtherCap.INTERNAL
    return {
        "label": _("Internal expenses alone are the base (default)")
        if internal
        else _("Outsourced spending belongs to the base"),
        "other_allowed": _grouped(money_text(aggregate.other_allowed)),
        "outsourced": _grouped(money_text(aggregate.outsourced_counted)),
        "total": _grouped(money_text(aggregate.total)),
        "share": "—" if share is None else percent_text(share),
    }


def _grouped(amount: str) -> str:
    """Thousands separators, as amounts are shown elsewhere."""
    return f"{Decimal(amount):,.2f}"


def _differences(differences: Sequence[Difference]) -> list[dict[str, Any]]:
    return [
        {
            "project": row.project or _("All projects"),
            "category": RdCategory(row.category).label,
            "counted": row.counted,
            "stated": row.stated,
            "amount": row.amount,
            "remark": _remark(row),
        }
        for row in differences
    ]


def _remark(row: Difference) -> str:
    if row.is_excluded_lines:
        return _("The lines that do not count explain it.")
    if row.is_rounding:
        return _("Within the rounding of a figure in 万元.")
    return ""
