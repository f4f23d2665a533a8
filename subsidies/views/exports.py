"""The tables of the money pages as workbooks: as the page shows them, all pages of them, accounts masked likewise."""

import datetime as dt
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.api import Role, mask_account
from subsidies.forms.funding import DayForm
from subsidies.models import FundingLine
from subsidies.selectors.bank_formats import bank_formats, formats_in_force
from subsidies.selectors.funding import balances_on
from subsidies.selectors.payment_lists import lines_of, listable_awards, returns_of
from subsidies.selectors.payment_lists import payment_lists as all_lists
from subsidies.selectors.preflight import preflight
from subsidies.selectors.revocations import reached_awards

from .access import reader, require_roles
from .bank_formats import READERS as FORMAT_READERS
from .payment_lists import READERS as LIST_READERS
from .payment_lists import find
from .revocations import consequence_label
from .tables import table_file


@require_GET
def funding_lines_file(request: HttpRequest) -> HttpResponse:
    """Every line with its figures at the end of the day asked for."""
    reader(request)
    on = DayForm(request.GET).day() or today()
    headers = [
        *(_("Year"), _("Fund"), _("Funding line"), _("Budget subject codes"), _("As of")),
        *(_("Appropriated"), _("Committed"), _("Paid"), _("Available")),
    ]
    rows: Iterable[list[Value]] = (
        [
            found.line.fiscal_year,
            found.line.fund,
            found.line.name,
            "; ".join(f"{kind}: {code}" for kind, code in found.line.subjects.items()),
            on,
            found.figures.appropriated,
            found.figures.committed,
            found.figures.paid,
            found.figures.available,
        ]
        for found in balances_on(on)
    )
    return table_file("funding-lines", headers, rows, sheet=_("Funds"))


@require_GET
def payment_lists_file(request: HttpRequest) -> HttpResponse:
    require_roles(request, *LIST_READERS)
    headers = [
        *(_("Number"), _("Purpose"), _("Funding line"), _("State"), _("Lines"), _("Total (yuan)")),
        *(_("Paid"), _("Failed"), _("Drafted by"), _("Drafted on"), _("Checked by"), _("Released by")),
        *(_("Released on"), _("Settled on"), _("Content hash")),
    ]
    rows: list[list[Value]] = [
        [
            found.number,
            found.purpose,
            str(found.funding_line),
            str(found.get_state_display()),
            sums["line_count"],
            sums["total"],
            sums["paid_total"],
            sums["failed_count"],
            str(found.drafted_by),
            localdate(found.drafted_at),
            str(found.checked_by or ""),
            str(found.released_by or ""),
            _day(found.released_at),
            _day(found.settled_at),
            found.content_sha256,
        ]
        for found in all_lists()
        for sums in [vars(found)]
    ]
    return table_file("payment-lists", headers, rows, sheet=_("Payment lists"))


@require_GET
def payment_lines_file(request: HttpRequest, number: str) -> HttpResponse:
    """The lines of a list; only finance sees accounts in full."""
    user = require_roles(request, *LIST_READERS)
    found, in_full = find(number), user.has_role(Role.FINANCE)
    headers = [
        *(_("Line"), _("Payee"), _("Unified social credit code"), _("Bank"), _("Clearing code")),
        *(_("Account"), _("Amount (yuan)"), _("Purpose"), _("Award"), _("Answer of the bank"), _("Note")),
    ]
    rows = (
        [
            line.number,
            line.payee_name,
            line.credit_code,
            line.bank_name,
            line.clearing_code,
            line.account_number if in_full else mask_account(line.account_number),
            line.amount,
            line.purpose,
            line.award.number,
            str(line.get_state_display()),
            line.result_note,
        ]
        for line in lines_of(found).iterator(chunk_size=1000)
    )
    return table_file(f"{found.number}-lines", headers, rows, sheet=_("Lines"))


@require_GET
def payment_returns_file(request: HttpRequest, number: str) -> HttpResponse:
    """Every row of every return that was loaded for a list."""
    require_roles(request, *LIST_READERS)
    found = find(number)
    headers = [
        *(_("Loaded on"), _("Loaded by"), _("Row"), _("Line"), _("Amount (yuan)")),
        *(_("As the bank says it"), _("Outcome"), _("Note"), "SHA-256"),
    ]
    rows = (
        [
            localdate(bank_return.loaded_at),
            str(bank_return.loaded_by),
            row.row,
            row.line.number if row.line else None,
            row.amount,
            row.result,
            str(row.get_outcome_display()),
            row.note,
            bank_return.sha256,
        ]
        for bank_return in returns_of(found)
        for row in bank_return.rows.all()
    )
    return table_file(f"{found.number}-returns", headers, rows, sheet=_("Bank returns"))


@require_GET
def preflight_file(request: HttpRequest, pk: int) -> HttpResponse:
    """What a list would make of each approved award of a line."""
    require_roles(request, Role.FINANCE)
    line = get_object_or_404(FundingLine, pk=pk)
    headers = [
        *(_("Award"), _("Payee"), _("Account"), _("Amount (yuan)"), _("May be paid")),
        *(_("What stops it"), _("What to know")),
    ]
    rows = (
        [
            outcome.award.number,
            outcome.payee_name,
            outcome.account.number if outcome.account else "",
            outcome.award.amount,
            _("Yes") if outcome.ok else _("No"),
            "; ".join(problem.message for problem in outcome.problems),
            "; ".join(warning.message for warning in outcome.warnings),
        ]
        for outcome in preflight(awards=listable_awards(funding_line=line), funding_line=line)
    )
    return table_file(f"preflight-{line.fiscal_year}-{line.name}", headers, rows, sheet=_("Awards"))


@require_GET
def revocations_file(request: HttpRequest) -> HttpResponse:
    reader(request)
    headers = [
        *(_("Award"), _("Firm"), _("Unified social credit code"), _("Revoked certificate"), _("Revoked on")),
        *(_("Document number"), _("Amount (yuan)"), _("State"), _("What follows")),
    ]
    rows = (
        [
            found.award.number,
            found.award.firm.name,
            found.award.firm.credit_code,
            found.revocation.certificate_number,
            found.revocation.revoked_on,
            found.revocation.revocation_document,
            found.award.amount,
            str(found.award.get_state_display()),
            consequence_label(found.consequence),
        ]
        for found in reached_awards()
    )
    return table_file("revocations", headers, rows, sheet=_("Awards"))


@require_GET
def bank_formats_file(request: HttpRequest) -> HttpResponse:
    require_roles(request, *FORMAT_READERS)
    in_force = {version.pk for version in formats_in_force(today()).values()}
    headers = [
        *(_("Format"), _("Key"), _("In force"), _("Valid from"), _("Source"), _("Drafted by")),
        *(_("Drafted on"), _("Published by"), _("Published on")),
    ]
    rows = (
        [
            str(version),
            version.key,
            _("Yes") if version.pk in in_force else _("No"),
            version.valid_from,
            version.source,
            str(version.drafted_by or ""),
            _day(version.drafted_at),
            str(version.published_by or ""),
            _day(version.published_at),
        ]
        for version in bank_formats()
    )
    return table_file("bank-formats", headers, rows, sheet=_("Bank formats"))


def _day(at: dt.datetime | None) -> dt.date | None:
    return localdate(at) if at else None
