"""The sections of a dossier about the firm's R&D ledger: what it adds up to by year, and every line of it."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from cultivation.enums import RdCategory
from cultivation.models import Firm, RdLedger, RdLedgerFinding, RdLedgerLine
from cultivation.selectors.rd_ledger import standing_ledger
from cultivation.selectors.rd_ledger_page import LedgerYear, ledger_page
from documents.api import Section

# A table is set as a whole: lines go into sections of a size that a worker sets in seconds.
_PORTION = 500


def ledger_sections(firm: Firm) -> Iterator[Section]:
    """The standing ledger; one that says there is none, where there is none."""
    page = ledger_page(firm)
    yield _summary(page.years if page else ())
    ledger = standing_ledger(firm.pk)
    if ledger is None:
        return
    lines = RdLedgerLine.objects.filter(ledger=ledger).order_by("year", "row", "pk")
    found = _findings(ledger)
    for first in range(0, lines.count(), _PORTION):
        rows = [
            _line(line, found.get(line.pk, []))
            for line in lines.select_related("project")[first : first + _PORTION]
        ]
        places = {"first": first + 1, "last": first + len(rows)}
        headers = (
            *(_("Line"), _("Booked on"), _("Voucher, invoice"), _("Summary"), _("Category")),
            *(_("Project"), _("Amount (yuan)"), _("Findings")),
        )
        yield Section(_("R&D ledger, lines %(first)s to %(last)s") % places, rows, headers)


def _summary(years: Sequence[LedgerYear]) -> Section:
    """A column a year; amounts in yuan as they are counted."""

    def across(label: str, amounts: Sequence[Decimal | None]) -> list[str]:
        return [label, *("—" if amount is None else f"{amount:,.2f}" for amount in amounts)]

    rows = [
        across(str(label), [year.totals[index] for year in years])
        for index, label in enumerate(RdCategory.labels)
    ]
    rows += [
        across(_("Counted in total"), [year.total for year in years]),
        across(_("Not counted"), [year.left_out for year in years]),
        across(_("In the recorded figures"), [year.recorded for year in years]),
    ]
    headers = (_("Category"), *(str(year.year) for year in years))
    return Section(_("R&D ledger by year (yuan)"), rows if years else (), headers)


def _findings(ledger: RdLedger) -> dict[int, list[str]]:
    """What is said about a line and what was decided, by the line's key."""
    found: dict[int, list[str]] = {}
    for row in RdLedgerFinding.objects.filter(ledger=ledger).order_by("pk"):
        decision = _("Not counted") if row.excludes else str(row.get_decision_display())
        words = f"{row.get_code_display()} {decision} {row.reason}".strip()
        found.setdefault(row.line_id, []).append(words)
    return found


def _line(line: RdLedgerLine, findings: Sequence[str]) -> list[str]:
    return [
        f"{line.sheet} {line.row}",
        str(line.booked_on),
        f"{line.voucher} {line.invoice}".strip(),
        line.summary,
        line.category_text,
        line.project.code if line.project else "—",
        f"{line.amount:,.2f}",
        _("; ").join(findings),
    ]
