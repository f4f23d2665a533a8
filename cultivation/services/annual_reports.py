"""Yearly reports as the bureau records them: the firm files with the ministry, the bureau keeps when (第十三条)."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.errors import Refused
from config.common.workbooks import Headings, read_any_table
from cultivation.enums import Role
from cultivation.models import Accreditation, AnnualReport, Firm, User
from cultivation.permissions import require_role, require_second_person
from cultivation.workbooks import annual_report_columns

from .particulars import not_after_today
from .refusals import recorded
from .report_list import ReportList, ReportListReport, falls_due


@recorded("record_annual_report")
def record_annual_report(
    *, accreditation: Accreditation, year: int, reported_on: dt.date, actor: User, document: str = ""
) -> AnnualReport:
    """The firm filed its report on ``year`` on a day; where two terms overlap, it counts for both.

    A late one is kept as late. Refused: ``year_not_due`` (no report on it falls due in the term),
    ``already_reported``, ``future_date``, ``year_not_over``.
    """
    require_role(actor, Role.CASEWORKER)
    Firm.objects.select_for_update().get(pk=accreditation.firm_id)
    certificate = Accreditation.objects.get(pk=accreditation.pk)
    _require_day(year, reported_on)
    if not falls_due(certificate, year):
        raise Refused(
            "year_not_due",
            _("No report on %(year)s falls due in the term of certificate %(number)s.")
            % {"year": year, "number": certificate.certificate_number},
        )
    if AnnualReport.objects.filter(accreditation=certificate, year=year).exists():
        raise Refused(
            "already_reported",
            _("The report on %(year)s is recorded already; a second person can correct it.") % {"year": year},
        )
    others = Accreditation.objects.filter(firm_id=certificate.firm_id).exclude(annual_reports__year=year)
    reports = [
        AnnualReport(
            accreditation=held,
            year=year,
            reported_on=reported_on,
            document=document.strip(),
            recorded_by=actor,
        )
        for held in others
        if falls_due(held, year)
    ]
    AnnualReport.objects.bulk_create(reports)
    return AnnualReport.objects.get(accreditation=certificate, year=year)


@recorded("correct_annual_report")
def correct_annual_report(
    *, report: AnnualReport, reported_on: dt.date | None, reason: str, actor: User
) -> AnnualReport:
    """Another day for a wrongly recorded report, or none: there was no report; by a second person (edge case 50).

    Refused: ``reason_missing``, ``corrected_already``, ``unchanged``, ``future_date``, ``year_not_over``.
    """
    require_role(actor, Role.CASEWORKER)
    Firm.objects.select_for_update().get(accreditations=report.accreditation_id)
    report = AnnualReport.objects.get(pk=report.pk)
    require_second_person(actor, report.recorded_by_id, report.recorded_at)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason for the correction."))
    if AnnualReport.objects.filter(corrects=report).exists():
        raise Refused("corrected_already", _("This entry has been corrected already."))
    if reported_on == report.reported_on:
        raise Refused("unchanged", _("The entry says this already."))
    if reported_on is not None:
        _require_day(report.year, reported_on)
    return AnnualReport.objects.create(
        accreditation_id=report.accreditation_id,
        year=report.year,
        reported_on=reported_on,
        corrects=report,
        reason=reason.strip(),
        recorded_by=actor,
    )


@recorded("import_annual_reports")
def import_annual_reports(
    *, content: bytes, actor: User, dry_run: bool = False, headings: Headings | None = None
) -> ReportListReport:
    """Take over a list of reports (企业名称, 统一社会信用代码, 年度, 填报日期), all rows or none; again, it changes nothing.

    Credit codes of no firm here are answered under ``not_ours``. Raises ``RowsRefused`` with every faulty row.
    """
    require_role(actor, Role.CASEWORKER)
    table = read_any_table(content, annual_report_columns(), headings=headings)
    list_ = ReportList(table=table, actor=actor)
    list_.check()
    table.refuse_errors(not_ours=list_.report.not_ours)
    if not dry_run:
        list_.take_over()
    return list_.report


def _require_day(year: int, reported_on: dt.date) -> None:
    not_after_today(reported_on)
    if reported_on.year <= year:
        raise Refused(
            "year_not_over",
            _("The report on %(year)s can be filed from %(next)s on, when the year is over.")
            % {"year": year, "next": year + 1},
        )
