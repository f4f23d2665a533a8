"""The region's documents with their rows, and what stands behind a figure of the reconciliation report."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.workbooks import Value
from cultivation.api import User
from documents.api import TableMaker, one_of
from subsidies.enums import Reconciliation
from subsidies.forms.reconciliation import ReportForm
from subsidies.models import RegionalAwardDocument
from subsidies.permissions import READERS
from subsidies.selectors.regional_documents import documents, row_lines, rows_of, summaries
from subsidies.selectors.report_drill import Drill, drill, knows

from .funding import line_of
from .payments import READERS as MONEY_READERS


class RegionalDocuments(TableMaker):
    roles = READERS
    stem = "regional-documents"

    def name(self) -> str:
        return _("Regional documents")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Document number"), _("Date of the document"), _("Document"), _("Issued by"), _("Kind")),
            *(_("Rows"), _("Total (yuan)")),
            *(str(outcome.label) for outcome in Reconciliation),
            *(_("Source file"), "SHA-256", _("Imported by"), _("Imported on")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return documents().count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for summary in summaries(list(documents().order_by("-imported_at", "-pk"))):
            policy, amounts = summary.document.policy, {row.outcome: row.amount for row in summary.outcomes}
            yield (
                policy.document_number,
                policy.issued_on,
                policy.title,
                policy.issuer,
                summary.kind,
                summary.rows,
                summary.total,
                *(amounts.get(outcome) for outcome in Reconciliation),
                summary.document.source_file.original_name,
                summary.document.sha256,
                str(summary.document.imported_by),
                localdate(summary.document.imported_at),
            )


class RegionalRows(TableMaker):
    """The rows of one ``document``, those of one finding where it is asked for."""

    roles = READERS

    def name(self) -> str:
        return _("Rows")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        return f"regional-{_document(parameters).policy.document_number}-{today().isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Row"), _("Firm as named by the region"), _("Unified social credit code")),
            *(_("Amount (yuan)"), _("Reconciliation finding"), _("Note"), _("Firm")),
            *(_("Certificate number"), _("Award"), _("State"), _("Award amount (yuan)")),
            _("What has to be done"),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return rows_of(_document(parameters), outcome_asked(parameters)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in row_lines(list(rows_of(_document(parameters), outcome_asked(parameters)))):
            yield (
                line.row.row,
                line.row.firm_name,
                line.row.credit_code,
                line.row.amount,
                line.outcome,
                line.row.note,
                line.row.firm.name if line.row.firm else "",
                line.row.accreditation.certificate_number if line.row.accreditation else "",
                line.award.number if line.award else "",
                str(line.award.get_state_display()) if line.award else "",
                line.award.amount if line.award else None,
                line.to_do,
            )


def outcome_asked(parameters: Mapping[str, Any]) -> str:
    """The finding that the address asks for; empty for all."""
    outcome: str = parameters.get("outcome", "")
    return outcome if outcome in Reconciliation.values else ""


def _document(parameters: Mapping[str, Any]) -> RegionalAwardDocument:
    return one_of(documents(), parameters.get("document", ""))


class FigureEntries(TableMaker):
    """What one ``figure`` of one ``side`` of a ``line`` is made of at the end of a day; of one ``list`` where it is named."""

    roles = MONEY_READERS

    def name(self) -> str:
        return _("Entries")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        line, side, figure = line_of(parameters), parameters["side"], parameters["figure"]
        return f"{line.fiscal_year}-{side}-{figure}-{today().isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (_("Date"), _("What"), _("Number"), _("Firm"), _("Note"), _("Amount (yuan)"))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return _drill(parameters).records.count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for row in _drill(parameters).rows():
            yield row.day, row.what, row.number, row.firm, row.note, row.amount


def _drill(parameters: Mapping[str, Any]) -> Drill:
    side, figure = parameters.get("side", ""), parameters.get("figure", "")
    if not knows(side, figure):
        raise Refused("unknown_figure", _("What this list is about is not there."))
    on, _year = day_and_year(parameters)
    return drill(line_of(parameters), on, side, figure, number=parameters.get("list", ""))


def day_and_year(parameters: Mapping[str, Any]) -> tuple[dt.date, int | None]:
    """Of the report: today, and every year, where they are not given or cannot be read."""
    form = ReportForm(parameters)
    form.is_valid()
    return form.cleaned_data.get("on") or today(), form.cleaned_data.get("year")
