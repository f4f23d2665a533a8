"""What this app adds to the dossier of a firm or a case: the firm, its certificates, its cases with all that happened."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from cultivation.enums import CaseAction, Role
from cultivation.masking import mask_account, mask_phone
from cultivation.models import Attendance, CultivationCase, Division, Firm, User
from cultivation.permissions import visible_cases, visible_firms
from cultivation.selectors.targets import name_of
from documents.api import AttachmentState, DossierFile, Notice, Section

from .presenting import FINDING_LABELS, division_name

READERS = (Role.CASEWORKER, Role.AUDITOR)
_ACTIONS = dict(CaseAction.choices)


class CasesOfFirm:
    """``firm``: the firm with all its cases; ``case``: one case with the firm it is about."""

    def title(self, subject: str, pk: int, *, reader: User) -> str | None:
        if not reader.has_role(*READERS):
            return None
        if subject == "firm":
            firm = visible_firms(reader).filter(pk=pk).first()
            return _("Dossier %(name)s") % {"name": firm.name} if firm else None
        if subject == "case":
            case = visible_cases(reader).select_related("firm").filter(pk=pk).first()
            names = {"name": f"{case.number} {case.firm.name}"} if case else {}
            return _("Dossier %(name)s") % names if case else None
        return None

    def sections(self, subject: str, pk: int, *, reader: User) -> Iterator[Section]:
        cases = cases_of(subject, pk, reader)
        firm = _firm(subject, pk, reader)
        yield _about(firm)
        yield _history(firm)
        if subject == "firm":
            yield _certificates(firm)
            yield _changes(firm)
        yield _years(firm)
        yield _training(firm)
        for case in cases:
            yield from _about_case(case)

    def files(self, subject: str, pk: int, *, reader: User) -> Iterator[DossierFile]:
        for case in cases_of(subject, pk, reader):
            for document in case.documents.select_related("attachment"):
                attachment = document.attachment
                clean = attachment.state == AttachmentState.CLEAN
                yield DossierFile(
                    title=f"{case.number} {document.get_kind_display()} {attachment.original_name}",
                    file=attachment.file,
                    name=attachment.original_name,
                    sha256=attachment.sha256,
                    content_type=attachment.content_type,
                    remark="" if clean else str(attachment.get_state_display()),
                )
            subjects = [f"case:{case.pk}", *(f"return:{event.pk}" for event in case.events.all())]
            about = Q(subject__in=subjects) | Q(subject__startswith=f"status:{case.pk}:")
            for notice in Notice.objects.filter(about).order_by("issued_at", "pk"):
                yield notice_file(notice)


def notice_file(notice: Notice) -> DossierFile:
    """An issued notice as a file of a dossier."""
    return DossierFile(
        title=f"{notice.get_kind_display()} {notice.number}（{notice.get_state_display()}）",
        file=notice.file,
        name=f"{notice.number}.pdf",
        sha256=notice.pdf_sha256,
        content_type="application/pdf",
    )


def cases_of(subject: str, pk: int, reader: User) -> QuerySet[CultivationCase]:
    """The cases that the dossier is about, the earliest first."""
    cases = (
        visible_cases(reader).select_related("firm", "handler", "accreditation").order_by("opened_on", "pk")
    )
    return cases.filter(firm_id=pk) if subject == "firm" else cases.filter(pk=pk)


def _firm(subject: str, pk: int, reader: User) -> Firm:
    firms = visible_firms(reader).select_related("division", "industry_field", "zone")
    firms = firms.prefetch_related("division__names", "names", "places__division__names")
    return firms.get(pk=pk) if subject == "firm" else firms.get(cases__pk=pk)


def _text(value: Any) -> str:
    return "—" if value in (None, "") else str(value)


def _about(firm: Firm) -> Section:
    rows = [
        (_("Firm"), firm.name),
        (_("Unified social credit code"), firm.credit_code),
        (_("Division"), division_name(firm)),
        (_("Registered on"), _text(firm.registered_on)),
        (_("Industry field"), _text(firm.industry_field)),
        (_("High-tech zone"), _text(firm.zone)),
        (_("Registered capital (yuan)"), _text(firm.registered_capital)),
        (_("Employees"), _text(firm.employees)),
        (_("Address"), _text(firm.address)),
        (_("Tier"), f"{firm.get_tier_display()} {firm.tier_source}".strip()),
    ]
    rows += [(_("Contact"), f"{c.name} {mask_phone(c.phone)}".strip()) for c in firm.contacts.all()]
    rows += [
        (_("Bank account"), f"{a.bank_name} {mask_account(a.number)} {a.get_state_display()}")
        for a in firm.accounts.all()
    ]
    return Section(_("The firm"), rows)


def _history(firm: Firm) -> Section:
    rows = [(str(row.valid_from), _("Name"), row.name, _text(row.document)) for row in firm.names.all()]
    rows += [
        (
            str(row.valid_from),
            _("Division"),
            _place(row.division, row.valid_from),
            _text(row.document),
        )
        for row in firm.places.all()
    ]
    headers = (_("From"), _("What"), _("Value"), _("Document"))
    return Section(_("Names and places"), sorted(rows), headers)


def _place(division: Division | None, on: dt.date) -> str:
    """The county under its name of that day."""
    if division is None:
        return _("Outside Baise")
    name = name_of(division, on)
    return name.name if name else division.key


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
            _text(held.document_number),
            _text(held.revoked_on),
            _(", ").join(
                f"{report.year}: {_text(report.reported_on)}" for report in held.annual_reports.all()
            ),
        )
        for held in firm.accreditations.prefetch_related("annual_reports").order_by("issued_on", "pk")
    ]
    return Section(_("Certificates"), rows, headers)


def _changes(firm: Firm) -> Section:
    headers = (_("Happened on"), _("Kind"), _("Reported on"), _("Document"), _("Remark"))
    rows = [
        (
            str(change.happened_on),
            str(change.get_kind_display()),
            str(change.reported_on),
            change.document,
            _text(change.remark),
        )
        for change in firm.material_changes.order_by("happened_on", "pk")
    ]
    return Section(_("Material changes"), rows, headers)


def _years(firm: Firm) -> Section:
    headers = (
        *(_("Fiscal year"), _("Sales"), _("Total income"), _("High-tech income"), _("Net assets")),
        *(
            _("R&D inside the firm"),
            _("Other expenses"),
            _("Outsourced in the country"),
            _("Outsourced abroad"),
        ),
    )
    inside = ("personnel", "direct_input", "depreciation", "intangibles", "design", "commissioning")
    rows = [
        (
            str(year.year),
            str(year.sales),
            str(year.total_income),
            str(year.high_tech_income),
            str(year.net_assets_end),
            str(sum(getattr(year, name) for name in inside)),
            str(year.other),
            str(year.outsourced_domestic),
            str(year.outsourced_foreign),
        )
        for year in firm.expense_years.order_by("year")
    ]
    return Section(_("Yearly figures (yuan)"), rows, headers)


def _training(firm: Firm) -> Section:
    headers = (_("Day"), _("Subject"), _("Attendee"), _("Minutes"), _("Note"))
    rows = [
        (
            str(line.session.held_on),
            line.session.title,
            line.attendee,
            str(line.minutes),
            _("Struck out: %(reason)s") % {"reason": line.struck_reason} if line.struck_at else "",
        )
        for line in Attendance.objects.filter(firm=firm)
        .select_related("session")
        .order_by("session__held_on", "pk")
    ]
    return Section(_("Training"), rows, headers)


def _about_case(case: CultivationCase) -> Iterator[Section]:
    yield Section(
        _("Case %(number)s") % {"number": case.number},
        [
            (_("Kind"), str(case.get_kind_display())),
            (_("State"), str(case.get_state_display())),
            (_("Opened on"), _text(case.opened_on)),
            (_("Enrolled on"), _text(case.pooled_on)),
            (_("Filed on"), _text(case.filed_on)),
            (_("Handler"), _text(case.handler)),
            (_("Certificate"), _text(case.accreditation)),
        ],
    )
    yield Section(
        _("%(number)s, steps") % {"number": case.number},
        [
            (
                str(event.number),
                f"{localtime(event.at):%Y-%m-%d %H:%M}",
                str(event.actor),
                str(_ACTIONS.get(event.action, event.action)),
                str(event.get_to_state_display()),
                event.reason,
            )
            for event in case.events.select_related("actor").order_by("number")
        ],
        (_("No."), _("At"), _("Who"), _("Act"), _("State"), _("Reason")),
    )
    yield Section(
        _("%(number)s, checks") % {"number": case.number},
        [
            (
                str(check.get_kind_display()),
                _("Passed") if check.passed else _("Not passed"),
                f"{localtime(check.recorded_at):%Y-%m-%d}",
                str(check.recorded_by),
                _("Reset: %(reason)s") % {"reason": check.reset_reason} if check.reset_at else check.note,
            )
            for check in case.checks.select_related("recorded_by").order_by("recorded_at", "pk")
        ],
        (_("Check"), _("Outcome"), _("Recorded on"), _("Recorded by"), _("Note")),
    )
    for assessment in case.assessments.select_related("assessed_by").order_by("assessed_at", "pk"):
        day = f"{localtime(assessment.assessed_at):%Y-%m-%d}"
        yield Section(
            _("%(number)s, assessment of %(day)s: %(verdict)s")
            % {"number": case.number, "day": day, "verdict": assessment.get_verdict_display()},
            [
                (
                    FINDING_LABELS.get(row["code"], row["code"]),
                    row["status"],
                    _text(row["measured"]),
                    _text(row["limit"]),
                    _text(row["source"]),
                )
                for row in assessment.result["findings"]
            ],
            (_("Condition"), _("Status"), _("Measured"), _("Limit"), _("Source")),
        )
