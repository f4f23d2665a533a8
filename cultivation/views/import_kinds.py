"""The lists about firms that people hand in: what each is called, its columns, and the service that takes it over."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.common.clock import today
from config.common.workbooks import Column, TableReport
from cultivation.enums import CaseAction, Role
from cultivation.forms.imports import AttendanceListForm, ExpertSheetsForm, LedgerFirmForm, RegionsListForm
from cultivation.models import User
from cultivation.permissions import CASE_ROLES
from cultivation.selectors.strands import ledger_strands
from cultivation.services.annual_reports import import_annual_reports
from cultivation.services.attendance_list import import_attendance
from cultivation.services.certificate_list import AccreditationReport
from cultivation.services.determinations import import_accreditations
from cultivation.services.expert_sheet_import import (
    expert_sheet_columns,
    import_expert_sheets,
    write_expert_sheet_template,
)
from cultivation.services.intake import FirmReport, import_firms
from cultivation.services.opening_certificates import import_opening_certificates
from cultivation.services.programme_lists import import_achievements, import_targets
from cultivation.services.rd_ledger import LedgerReport, judge_ledger_file, take_over_ledger
from cultivation.services.refusals import as_seen
from cultivation.services.report_list import ReportListReport
from cultivation.workbooks import (
    MOST_YEARS,
    achievement_columns,
    annual_report_columns,
    attendance_columns,
    certificate_columns,
    opening_certificate_columns,
    roster_columns,
    target_columns,
    write_achievement_template,
    write_annual_report_template,
    write_attendance_template,
    write_certificate_template,
    write_ledger_template,
    write_opening_certificate_template,
    write_roster_template,
    write_target_template,
)
from documents.api import HandIn


class _Plain:
    """A list with nothing to fill in beside the file."""

    roles: tuple[str, ...] = (Role.CASEWORKER,)
    back: str

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return None

    def back_url(self, answers: Mapping[str, Any]) -> str:
        return reverse(self.back)


class Roster(_Plain):
    title = _("Roster of firms")
    text = _(
        "Firms new and known: name, credit code, county, day of registration; contact, account and others where there "
        "are. Empty cells change nothing; accounts wait for a second person."
    )
    back = "cultivation:cases"
    roles = (Role.CASEWORKER, Role.COUNTY)

    def columns(self) -> Sequence[Column]:
        return roster_columns()

    def template(self) -> bytes:
        return write_roster_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> FirmReport:
        return import_firms(content=hand_in.content, actor=actor, dry_run=dry_run, headings=hand_in.headings)


class RegionsList(_Plain):
    title = _("The region's list of accredited firms")
    text = _(
        "Certificates by the region's document, with or without a case; cases that wait for the region's decision become "
        "accredited."
    )
    back = "cultivation:certificates"

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return RegionsListForm(data, initial=dict(initial))

    def columns(self) -> Sequence[Column]:
        return certificate_columns()

    def template(self) -> bytes:
        return write_certificate_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> AccreditationReport:
        number: str = hand_in.answers["document_number"]
        date: dt.date = hand_in.answers["document_date"]
        return import_accreditations(
            content=hand_in.content,
            original_name=hand_in.original_name,
            document_number=number,
            document_date=date,
            actor=actor,
            dry_run=dry_run,
            headings=hand_in.headings,
        )


class OpeningCertificates(_Plain):
    title = _("Certificates from before this system")
    text = _(
        "One a row, with the document of each. They count for the stock and are never matched with an award."
    )
    back = "cultivation:certificates"

    def columns(self) -> Sequence[Column]:
        return opening_certificate_columns()

    def template(self) -> bytes:
        return write_opening_certificate_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_opening_certificates(
            content=hand_in.content,
            original_name=hand_in.original_name,
            actor=actor,
            dry_run=dry_run,
            headings=hand_in.headings,
        )


class AnnualReports(_Plain):
    title = _("Annual reports")
    text = _(
        "When firms filed their yearly reports in the ministry's system: name, credit code, year, day of filing."
    )
    back = "cultivation:certificates"

    def columns(self) -> Sequence[Column]:
        return annual_report_columns()

    def template(self) -> bytes:
        return write_annual_report_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> ReportListReport:
        return import_annual_reports(
            content=hand_in.content, actor=actor, dry_run=dry_run, headings=hand_in.headings
        )


class AttendanceList(_Plain):
    title = _("Attendance of a training session")
    text = _("Who came, by the credit code of the firm; without minutes a person was there to the end.")
    back = "cultivation:training"

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return AttendanceListForm(data, initial=dict(initial))

    def columns(self) -> Sequence[Column]:
        return attendance_columns()

    def template(self) -> bytes:
        return write_attendance_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_attendance(
            session=hand_in.answers["session"],
            content=hand_in.content,
            actor=actor,
            dry_run=dry_run,
            headings=hand_in.headings,
        )

    def back_url(self, answers: Mapping[str, Any]) -> str:
        session = answers.get("session")
        return reverse("cultivation:session", args=[session.pk]) if session else reverse(self.back)


class Targets(_Plain):
    title = _("Targets and quotas")
    text = _(
        "Measure, county, year, figure and source. An empty county is the whole city. A target recorded with another "
        "figure is corrected on its page, never overwritten by a list."
    )
    back = "cultivation:targets"

    def columns(self) -> Sequence[Column]:
        return target_columns()

    def template(self) -> bytes:
        return write_target_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_targets(
            content=hand_in.content, actor=actor, dry_run=dry_run, headings=hand_in.headings
        )


class Achievements(_Plain):
    title = _("Achievements of the programme")
    text = _(
        "Measure, name, organisation, county, day and document. What is recorded otherwise is corrected on its page by a "
        "second person, never overwritten by a list."
    )
    back = "cultivation:achievements"

    def columns(self) -> Sequence[Column]:
        return achievement_columns()

    def template(self) -> bytes:
        return write_achievement_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_achievements(
            content=hand_in.content, actor=actor, dry_run=dry_run, headings=hand_in.headings
        )


class ExpertSheets(_Plain):
    title = _("Score sheets of the experts")
    text = _("The panel of one case: a row an expert; the items of the other sheet stay empty.")
    back = "cultivation:queue"
    roles = tuple(CASE_ROLES[CaseAction.RECORD_SHEET])

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return ExpertSheetsForm(data, initial=dict(initial))

    def columns(self) -> Sequence[Column]:
        return expert_sheet_columns()

    def template(self) -> bytes:
        return write_expert_sheet_template()

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> TableReport:
        return import_expert_sheets(
            case=hand_in.answers["case"],
            content=hand_in.content,
            actor=actor,
            dry_run=dry_run,
            headings=hand_in.headings,
        )

    def back_url(self, answers: Mapping[str, Any]) -> str:
        return reverse("cultivation:expert_sheets", args=[answers["case"].pk])


class RdLedger(_Plain):
    title = _("R&D ledger")
    text = _(
        "The ledger of one firm with its projects and people. It takes the place of the one that stands, and decisions about "
        "its lines begin anew."
    )
    back = "cultivation:ledger"
    roles = tuple(CASE_ROLES[CaseAction.IMPORT_LEDGER])

    def form(
        self, data: Mapping[str, Any] | None, initial: Mapping[str, Any], *, actor: User
    ) -> forms.Form | None:
        return LedgerFirmForm(data, initial=dict(initial), actor=actor)

    def columns(self) -> Sequence[Column]:
        return ()

    def template(self) -> bytes:
        """For the years that count for a filing this year."""
        year = today().year
        return write_ledger_template(range(year - MOST_YEARS, year))

    def take_over(self, hand_in: HandIn, *, actor: User, dry_run: bool) -> LedgerReport:
        """What was judged for the confirmation is taken over if nothing came to the firm's ledgers since."""
        firm = hand_in.answers["firm"]
        if dry_run:
            return judge_ledger_file(firm=firm, content=hand_in.content, actor=actor)
        assert isinstance(hand_in.agreed, LedgerReport)  # noqa: S101 (narrows the type)
        judged = hand_in.agreed.judged
        with as_seen(judged.seen, lambda: ledger_strands(firm), hold=firm):
            return take_over_ledger(
                firm=firm, judged=judged, original_name=hand_in.original_name, actor=actor
            )

    def back_url(self, answers: Mapping[str, Any]) -> str:
        return reverse(self.back, args=[answers["firm"].pk])
