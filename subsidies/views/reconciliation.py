"""The reconciliation report of finance: each figure from three sides, and the region's money against the city's."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from config.common.downloads import download
from config.common.money import ZERO
from cultivation.api import Role, User
from subsidies.enums import Reconciliation
from subsidies.forms.reconciliation import ReportForm
from subsidies.models import FundingLine
from subsidies.selectors.regional_bridge import Bridge, bridges
from subsidies.selectors.report_drill import SIDES, drill, knows
from subsidies.selectors.report_sides import FIGURES, LineReport, end_of, line_reports
from subsidies.selectors.unmatched_rows import unmatched_rows

from .access import require_roles
from .report_file import write_report
from .report_words import FIGURE_LABELS, REASON_LABELS, SIDE_LABELS
from .tables.regional import day_and_year

READERS = (Role.FINANCE, Role.AUDITOR, Role.REVIEWER)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure with the amount of each side, ``None`` where a side does not know it."""

    figure: str
    label: str
    amounts: tuple[tuple[str, str, Decimal | None], ...]

    @property
    def spread(self) -> Decimal:
        """How far the sides are apart; zero where they agree, and where only one of them knows the figure."""
        known = [amount for _side, _label, amount in self.amounts if amount is not None]
        return max(known) - min(known)


def figure_rows(report: LineReport) -> list[FigureRow]:
    sides = {"ledger": report.ledger, "awards": report.awards, "lists": report.lists}
    return [
        FigureRow(
            figure,
            str(FIGURE_LABELS[figure]),
            tuple((side, str(SIDE_LABELS[side]), sides[side].get(figure)) for side in SIDES),
        )
        for figure in FIGURES
    ]


def reason_rows(bridge: Bridge) -> list[tuple[str, str, Decimal]]:
    """The differences of a document: the finding of its rows where it is one, words, yuan; in one order."""
    return [
        (key if key in Reconciliation.values else "", str(label), bridge.reasons[key])
        for key, label in REASON_LABELS.items()
        if bridge.reasons[key]
    ]


@require_GET
def reconciliation(request: HttpRequest) -> HttpResponse:
    """The report at the end of a day."""
    _reader(request)
    on, year = day_and_year(request.GET.dict())
    return render(request, "subsidies/reconciliation.html", _context(on, year))


@require_GET
def reconciliation_file(request: HttpRequest) -> HttpResponse:
    """The report as a workbook: lines, lists, documents, rows that are not dealt with."""
    _reader(request)
    on, year = day_and_year(request.GET.dict())
    context = _context(on, year) | {"unmatched": unmatched_rows(settled=False, before=end_of(on))}
    content = write_report(context)
    return download(content, name=f"reconciliation-{on.isoformat()}.xlsx")


@require_GET
def reconciliation_figure(request: HttpRequest, pk: int, side: str, figure: str) -> HttpResponse:
    """What a figure of one side is made of, a page at a time."""
    _reader(request)
    line, on = get_object_or_404(FundingLine, pk=pk), day_and_year(request.GET.dict())[0]
    if not knows(side, figure):
        raise Http404
    after = request.GET.get("after", "")
    found = drill(line, on, side, figure, number=request.GET.get("list", ""))
    rows, following = found.page(after)
    context = {
        "line": line,
        "number": request.GET.get("list", ""),
        "on": on,
        "side": SIDE_LABELS[side],
        "figure": FIGURE_LABELS[figure],
        "rows": rows,
        "total": found.total,
        "next": following,
        "after": after,
        "keys": {"side": side, "figure": figure},
    }
    return render(request, "subsidies/reconciliation_figure.html", context)


def _context(on: dt.date, year: int | None) -> dict[str, Any]:
    reports = [(report, figure_rows(report)) for report in line_reports(on, year)]
    found = bridges(on, year)
    return {
        "on": on,
        "year": year,
        "form": ReportForm(initial={"on": on, "year": year}),
        "reports": reports,
        "differences": sum(bool(row.spread) for _report, rows in reports for row in rows)
        + sum(bool(bridge.unexplained) for bridge in found),
        "bridges": [(bridge, reason_rows(bridge)) for bridge in found],
        "bridge_total": _totals(found),
        "unmatched": list(unmatched_rows(settled=False, before=end_of(on))[:_MOST_UNMATCHED]),
    }


_MOST_UNMATCHED = 200


def _totals(found: list[Bridge]) -> dict[str, Decimal]:
    names = ("total", "matched", "calculated", "approved", "paid")
    return {name: sum((getattr(bridge, name) for bridge in found), ZERO) for name in names}


def _reader(request: HttpRequest) -> User:
    return require_roles(request, *READERS)
