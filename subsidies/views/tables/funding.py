"""Lists of money: funding lines with their entries, and how banks want their files."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.api import User
from documents.api import QueryTable, TableMaker, one_of
from subsidies.forms.funding import DayForm
from subsidies.models import FundingLine, LedgerEntry
from subsidies.permissions import READERS
from subsidies.selectors.bank_formats import bank_formats, formats_in_force
from subsidies.selectors.funding import balances_on, entries_behind
from subsidies.selectors.openings import openings_of
from subsidies.views.bank_formats import READERS as FORMAT_READERS


class FundingLines(TableMaker):
    """Every line with its figures at the end of the day asked for."""

    roles = READERS
    stem = "funding-lines"

    def name(self) -> str:
        return _("Funds")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Year"), _("Fund"), _("Funding line"), _("Budget subject codes"), _("As of")),
            *(_("Appropriated"), _("Committed"), _("Paid"), _("Available")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return FundingLine.objects.count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        on = _day(parameters)
        for found in balances_on(on):
            yield (
                found.line.fiscal_year,
                found.line.fund,
                found.line.name,
                "; ".join(f"{kind}: {code}" for kind, code in found.line.subjects.items()),
                on,
                found.figures.appropriated,
                found.figures.committed,
                found.figures.paid,
                found.figures.available,
            )


class FundingEntries(QueryTable):
    """The entries of one ``line`` up to the day, those behind one ``figure`` where it is named."""

    roles = READERS

    def name(self) -> str:
        return _("Entries")

    def file_name(self, parameters: Mapping[str, Any]) -> str:
        line, on = line_of(parameters), _day(parameters)
        return f"{line.fiscal_year}-{line.name}-{on.isoformat()}-{today().isoformat()}.xlsx"

    def headers(self) -> Sequence[str]:
        return (
            *(_("Booked on"), _("Kind"), _("Amount (yuan)"), _("Award"), _("Document number")),
            *(_("Note"), _("Booked by")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[LedgerEntry]:
        figure = parameters.get("figure", "")
        return entries_behind(line_of(parameters), on=_day(parameters), figure=figure).order_by("pk")

    def cells(self, row: LedgerEntry) -> Sequence[Value]:
        return (
            row.on,
            str(row.get_kind_display()),
            row.amount * row.direction,
            row.award.number if row.award else "",
            row.document_number,
            row.note,
            str(row.actor),
        )


class Openings(TableMaker):
    """What one ``line`` had before this system, by which documents."""

    roles = READERS

    def name(self) -> str:
        return _("Opening balances")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Document number"), _("Date of the document"), _("Appropriated")),
            *(_("Committed before this system"), _("Paid before this system"), _("Note"), _("State")),
            *(_("Proposed by"), _("Proposed on"), _("Decided by"), _("Decided on")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return len(openings_of(line_of(parameters)))

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for row in openings_of(line_of(parameters)):
            yield (
                row.document_number,
                row.document_date,
                row.appropriated,
                row.committed,
                row.paid,
                row.note,
                str(row.get_state_display()),
                str(row.proposed_by),
                localdate(row.proposed_at),
                str(row.decided_by or ""),
                localdate(row.decided_at) if row.decided_at else None,
            )


def line_of(parameters: Mapping[str, Any]) -> FundingLine:
    """The line that the address names; ``Refused`` where there is none."""
    return one_of(FundingLine.objects.all(), parameters.get("line", ""))


def _day(parameters: Mapping[str, Any]) -> dt.date:
    return DayForm(parameters).day() or today()


class BankFormats(TableMaker):
    roles = FORMAT_READERS
    stem = "bank-formats"

    def name(self) -> str:
        return _("Bank formats")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Format"), _("Key"), _("In force"), _("Valid from"), _("Source"), _("Drafted by")),
            *(_("Drafted on"), _("Published by"), _("Published on")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return bank_formats().count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        in_force = {version.pk for version in formats_in_force(today()).values()}
        for version in bank_formats():
            yield (
                str(version),
                version.key,
                _("Yes") if version.pk in in_force else _("No"),
                version.valid_from,
                version.source,
                str(version.drafted_by or ""),
                localdate(version.drafted_at),
                str(version.published_by or ""),
                localdate(version.published_at) if version.published_at else None,
            )
