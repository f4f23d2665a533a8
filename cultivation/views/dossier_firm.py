"""The sections of a dossier about the firm itself: identity, history, figures, certificates, accounts, self-checks."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cultivation.enums import PropertyKind
from cultivation.masking import mask_phone
from cultivation.models import (
    RD_CATEGORIES,
    AccreditationCorrection,
    Attendance,
    DeterminationCorrection,
    Division,
    Firm,
    IpUse,
    SelfCheck,
    User,
)
from cultivation.selectors.accounts import account_lines, accounts_of
from cultivation.selectors.field_history import changes_of_record
from cultivation.selectors.messages import Thread, messages_of
from cultivation.selectors.targets import name_of
from cultivation.selectors.tiers import tier_records
from documents.api import Section

from .dossier_ledger import ledger_sections
from .presenting import division_name, finding_lines

_OUTSIDE = ("other", "outsourced_domestic", "outsourced_foreign")


def firm_sections(firm: Firm, reader: User, *, whole: bool) -> Iterator[Section]:
    """What every dossier says of a firm; ``whole``: also what is not about a case."""
    yield _about(firm)
    yield _history(firm)
    if whole:
        yield _field_changes(firm)
        yield _accounts(firm, reader)
        yield _certificates(firm)
        yield _determinations(firm)
        yield _corrections(firm)
        yield _changes(firm)
        yield _tiers(firm)
        yield _self_checks(firm, reader)
        yield messages_section(_("Messages apart from cases"), firm, reader)
    yield _property(firm)
    yield _years(firm)
    yield from ledger_sections(firm)
    yield _training(firm)


def text(value: Any) -> str:
    """A value for a table cell; a dash where there is none."""
    return "—" if value in (None, "") else str(value)


def moment(at: dt.datetime | None) -> str:
    return "—" if at is None else f"{localtime(at):%Y-%m-%d %H:%M}"


def _about(firm: Firm) -> Section:
    rows = [
        (_("Firm"), firm.name),
        (_("Unified social credit code"), firm.credit_code),
        (_("Division"), division_name(firm)),
        (_("Registered on"), text(firm.registered_on)),
        (_("Industry field"), text(firm.industry_field)),
        (_("High-tech zone"), text(firm.zone)),
        (_("Registered capital (yuan)"), text(firm.registered_capital)),
        (_("Employees"), text(firm.employees)),
        (_("Address"), text(firm.address)),
        (_("Tier"), f"{firm.get_tier_display()} {firm.tier_source}".strip()),
    ]
    rows += [(_("Contact"), f"{c.name} {mask_phone(c.phone)}".strip()) for c in firm.contacts.all()]
    return Section(_("The firm"), rows)


def _history(firm: Firm) -> Section:
    rows = [(str(row.valid_from), _("Name"), row.name, text(row.document)) for row in firm.names.all()]
    rows += [
        (str(row.valid_from), _("Division"), _place(row.division, row.valid_from), text(row.document))
        for row in firm.places.all()
    ]
    rows += [
        (str(row.moved_on), _("Moved in from"), row.from_place, row.document_number)
        for row in firm.inbound_relocations.all()
    ]
    headers = (_("From"), _("What"), _("Value"), _("Document"))
    return Section(_("Names and places"), sorted(rows), headers)


def _place(division: Division | None, on: dt.date) -> str:
    """The county under its name of that day."""
    if division is None:
        return _("Outside Baise")
    name = name_of(division, on)
    return name.name if name else division.key


def _field_changes(firm: Firm) -> Section:
    rows = [
        (moment(row.at), text(row.by), change.field, text(change.before), text(change.after))
        for row in changes_of_record(firm).every()
        for change in row.changes
    ]
    headers = (_("At"), _("Who"), _("Field"), _("Before"), _("After"))
    return Section(_("Changes of the record"), rows, headers)


def _accounts(firm: Firm, reader: User) -> Section:
    rows = [
        (
            f"{line.account.bank_name} {line.number}",
            str(line.account.get_state_display()),
            f"{line.account.proposed_by} {moment(line.account.proposed_at)}",
            f"{text(line.account.decided_by)} {moment(line.account.decided_at)}",
            text(line.account.reason),
        )
        for line in account_lines(accounts_of(firm), reader)
    ]
    headers = (_("Bank account"), _("State"), _("Proposed"), _("Decided"), _("Reason"))
    return Section(_("Bank accounts and their changes"), rows, headers)


def _certificates(firm: Firm) -> Section:
    headers = (
        *(_("Certificate number"), _("Kind"), _("Issued on"), _("Valid until"), _("Document number")),
        *(_("Revoked on"), _("Annual reports")),
    )
    rows = [
        (
            held.certificate_number,
            str(held.get_kind_display()),
            str(held.issued_on),
            str(held.last_day),
            text(held.document_number),
            text(held.revoked_on),
            _(", ").join(
                f"{report.year}: {text(report.reported_on)}" for report in held.annual_reports.all()
            ),
        )
        for held in firm.accreditations.prefetch_related("annual_reports").order_by("issued_on", "pk")
    ]
    return Section(_("Certificates"), rows, headers)


def _determinations(firm: Firm) -> Section:
    rows = [
        (
            str(row.document_date),
            row.document_number,
            str(row.get_outcome_display()),
            text(row.reason),
            f"{row.recorded_by} {moment(row.recorded_at)}",
        )
        for row in firm.determinations.select_related("recorded_by")
    ]
    headers = (_("Date"), _("Document"), _("Outcome"), _("Reason"), _("Recorded"))
    return Section(_("Determinations"), rows, headers)


def _corrections(firm: Firm) -> Section:
    certificates = AccreditationCorrection.objects.filter(accreditation__firm=firm)
    liftings = DeterminationCorrection.objects.filter(determination__firm=firm)
    people = ("proposed_by", "decided_by")
    rows = [
        *(
            _correction(
                row, row.accreditation.certificate_number, f"{_said(row.before)} → {_said(row.after)}"
            )
            for row in certificates.select_related("accreditation", *people)
        ),
        *(
            _correction(row, row.determination.document_number, _("lifted"))
            for row in liftings.select_related("determination", *people)
        ),
    ]
    headers = (_("Record"), _("What"), _("Reason and document"), _("State"), _("Proposed"), _("Decided"))
    return Section(_("Corrections"), rows, headers)


def _correction(row: AccreditationCorrection | DeterminationCorrection, record: str, what: str) -> list[str]:
    return [
        record,
        what,
        f"{row.reason} {row.document}",
        str(row.get_state_display()),
        f"{row.proposed_by} {moment(row.proposed_at)}",
        f"{text(row.decided_by)} {moment(row.decided_at)} {row.decision_reason}".strip(),
    ]


def _said(values: dict[str, str]) -> str:
    return _(", ").join(values.values())


def _changes(firm: Firm) -> Section:
    headers = (_("Happened on"), _("Kind"), _("Reported on"), _("Document"), _("Remark"))
    rows = [
        (
            str(change.happened_on),
            str(change.get_kind_display()),
            str(change.reported_on),
            change.document,
            text(change.remark),
        )
        for change in firm.material_changes.order_by("happened_on", "pk")
    ]
    return Section(_("Material changes"), rows, headers)


def _tiers(firm: Firm) -> Section:
    rows = [
        (
            str(row.document_date),
            row.document_number,
            str(row.get_tier_display()),
            str(row.get_outcome_display()),
            text(row.valid_until),
            f"{row.recorded_by} {row.remark}".strip(),
        )
        for row in tier_records(firm)
    ]
    headers = (_("Date"), _("Document"), _("Tier"), _("Outcome"), _("Valid until"), _("Remark"))
    return Section(_("Technology SME and gazelle"), rows, headers)


def _property(firm: Firm) -> Section:
    rows = [
        (
            use.number,
            str(PropertyKind(use.kind).label) if use.kind in PropertyKind.values else use.kind,
            str(use.filed_on),
            use.case.number if use.case else use.document,
        )
        for use in IpUse.objects.filter(firm=firm).select_related("case").order_by("filed_on", "number", "pk")
    ]
    headers = (_("Number"), _("Kind"), _("Filed on"), _("Case or document"))
    return Section(_("Intellectual property used in filings"), rows, headers)


def _self_checks(firm: Firm, reader: User) -> Section:
    rows = [
        (
            f"{moment(check.made_at)} {check.made_by}",
            line.label,
            line.status,
            text(line.measured),
            text(line.limit),
        )
        for check in SelfCheck.objects.filter(firm=firm).select_related("made_by").order_by("made_at", "pk")
        for line in finding_lines(check, reader)
    ]
    headers = (_("Made"), _("Condition"), _("Status"), _("Measured"), _("Limit"))
    return Section(_("Self-checks"), rows, headers)


def _years(firm: Firm) -> Section:
    headers = (
        *(_("Fiscal year"), _("Sales"), _("Total income"), _("High-tech income"), _("Net assets")),
        *(_("R&D inside the firm"), _("Other expenses")),
        *(_("Outsourced in the country"), _("Outsourced abroad")),
    )
    inside = [name for name in RD_CATEGORIES if name not in _OUTSIDE]
    rows = [
        (
            str(year.year),
            str(year.sales),
            str(year.total_income),
            str(year.high_tech_income),
            str(year.net_assets_end),
            str(sum(getattr(year, name) for name in inside)),
            *(str(getattr(year, name)) for name in _OUTSIDE),
        )
        for year in firm.expense_years.order_by("year")
    ]
    return Section(_("Yearly figures (yuan)"), rows, headers)


def _training(firm: Firm) -> Section:
    headers = (_("Day"), _("Subject"), _("Attendee"), _("Minutes"), _("Recorded"), _("Note"))
    rows = [
        (
            str(line.session.held_on),
            line.session.title,
            line.attendee,
            str(line.minutes),
            f"{line.recorded_by} {moment(line.recorded_at)}",
            _("Struck out: %(reason)s") % {"reason": line.struck_reason} if line.struck_at else "",
        )
        for line in Attendance.objects.filter(firm=firm)
        .select_related("session", "recorded_by")
        .order_by("session__held_on", "pk")
    ]
    return Section(_("Training"), rows, headers)


def messages_section(title: str, thread: Thread, reader: User) -> Section:
    """The thread as far as the reader may read it; notes of the bureau only for the bureau."""
    rows = [
        (moment(message.at), str(message.get_kind_display()), str(message.author), message.text)
        for message in messages_of(thread, reader)
    ]
    return Section(title, rows, (_("At"), _("For whom"), _("Who"), _("Message")))
