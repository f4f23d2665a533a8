"""The reconciliation report as a workbook of four sheets."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.workbooks import Book, Value

from .report_words import FIGURE_LABELS, SIDE_LABELS


def write_report(context: Mapping[str, Any]) -> bytes:
    """What the page shows, every figure a number; ``context`` is the page's."""
    with Book() as book:
        _table(
            book,
            _("Funding lines"),
            [
                *(_("Year"), _("Fund"), _("Funding line"), _("Figure")),
                *(str(label) for label in SIDE_LABELS.values()),
                _("Difference"),
            ],
            _line_rows(context),
        )
        shown = ("listed", "released", "paid", "failed", "returned")
        _table(
            book,
            _("Payment lists"),
            [
                *(_("Funding line"), _("Number"), _("State"), _("Total (yuan)")),
                *(str(FIGURE_LABELS[figure]) for figure in shown),
            ],
            (
                [
                    str(report.line),
                    found.payment_list.number,
                    str(found.payment_list.get_state_display()),
                    found.total,
                    *(found.sums[figure] for figure in shown),
                ]
                for report, _rows in context["reports"]
                for found in report.by_list
            ),
        )
        _table(
            book,
            _("Region and city"),
            [
                *(_("Document"), _("Date"), _("Granted by the region"), _("Matched"), _("Difference")),
                *(_("Amount (yuan)"), _("Calculated"), _("Approved"), _("Paid"), _("Unexplained")),
            ],
            _bridge_rows(context),
        )
        _table(
            book,
            _("Unmatched rows"),
            [
                *(_("Payment list"), _("Loaded on"), _("Row"), _("Amount (yuan)")),
                *(_("As the bank says it"), _("Note")),
            ],
            (
                [
                    row.bank_return.payment_list.number,
                    localdate(row.bank_return.loaded_at),
                    row.row,
                    row.amount,
                    row.result,
                    row.note,
                ]
                for row in context["unmatched"]
            ),
        )
    return book.content


def _line_rows(context: Mapping[str, Any]) -> Iterator[Sequence[Value]]:
    for report, rows in context["reports"]:
        for row in rows:
            amounts = [amount for _side, _label, amount in row.amounts]
            line = report.line
            yield [line.fiscal_year, line.fund, line.name, row.label, *amounts, row.spread]


def _bridge_rows(context: Mapping[str, Any]) -> Iterator[Sequence[Value]]:
    """A document in one row, each of its differences in a further one."""
    for bridge, reasons in context["bridges"]:
        policy = bridge.document.policy
        yield [
            *(policy.document_number, policy.issued_on, bridge.total, bridge.matched, "", None),
            *(bridge.calculated, bridge.approved, bridge.paid, bridge.unexplained),
        ]
        for _outcome, label, amount in reasons:
            yield [policy.document_number, None, None, None, label, amount]


def _table(book: Book, name: str, headers: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    out = book.add(name)
    out.sheet.set_column(0, len(headers) - 1, 20)
    out.sheet.freeze_panes(1, 0)
    for column, header in enumerate(headers):
        out.write(0, column, header, bold=True, bottom=1)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            out.write(number, column, value)
