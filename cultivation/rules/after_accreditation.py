"""Duties and standing of a firm while its certificate runs (国科发火〔2016〕32号 第九条, 第十三条, 第十六条至第十九条).

The rules name dates, what was kept and what was missed. Whether a certificate is taken back is the region's decision.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from .duties import DUTIES_OF_2016

REPORT_SOURCE = "国科发火〔2016〕32号 第十三条"
MISSED_SOURCE = "国科发火〔2016〕32号 第十九条（三）、195号"
CHANGE_SOURCE = "国科发火〔2016〕32号 第十七条"
MISSED_YEARS_LIMIT = int(DUTIES_OF_2016.missed_years.value)
REPORTING_MONTHS = int(DUTIES_OF_2016.reporting_months.value)
# By the values of ``cultivation.enums.RevocationCause``.
REVOCATION_SOURCES: Mapping[str, str] = {
    "not_qualified": "国科发火〔2016〕32号 第十六条、第十七条",
    "fraud": "国科发火〔2016〕32号 第十九条（一）",
    "incident": "国科发火〔2016〕32号 第十九条（二）",
    "change_unreported": "国科发火〔2016〕32号 第十九条（三）",
    "reports_missed": "国科发火〔2016〕32号 第十九条（三）",
}


class Duty(StrEnum):
    """How a yearly report stands on a day."""

    PENDING = "pending"
    ON_TIME = "on_time"
    LATE = "late"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class DueReport:
    """The report on ``year``, to be filed by the end of ``due_on``."""

    year: int
    due_on: date


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A due report beside what was filed; ``note`` is Chinese."""

    year: int
    due_on: date
    reported_on: date | None
    duty: Duty
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.duty in (Duty.LATE, Duty.MISSING)


class Standing(StrEnum):
    """Where a certificate stands on a day."""

    NOT_YET = "not_yet"
    VALID = "valid"
    WINDOW_OPEN = "window_open"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    RENEWED = "renewed"
    REVOKED = "revoked"
    RECORDED_WRONGLY = "recorded_wrongly"


IN_FORCE = (Standing.VALID, Standing.WINDOW_OPEN, Standing.EXPIRING)


def report_deadline(year: int) -> date:
    """每年5月底前填报上一年度: the last day for the report on ``year``."""
    month = DUTIES_OF_2016.report_month
    return date(year + 1, month, monthrange(year + 1, month)[1])


def reports_due(issued_on: date, last_day: date, revoked_on: date | None = None) -> tuple[DueReport, ...]:
    """Every deadline that lies in the term, each for the year before; none from a revocation on."""
    end = last_day if revoked_on is None else min(last_day, revoked_on - timedelta(days=1))
    deadlines = (report_deadline(year) for year in range(issued_on.year - 1, end.year))
    return tuple(DueReport(day.year - 1, day) for day in deadlines if issued_on <= day <= end)


def judge_reports(due: Iterable[DueReport], filed: Mapping[int, date], on: date) -> tuple[ReportLine, ...]:
    """What became of each due report by ``on``; ``filed`` gives the day of filing by the year reported on.

    A report that came late does not undo the miss: the duty is to file by the end of May, and what counts towards a
    revocation is not having filed in time (195号: 累计两年未按时). It is shown, so that a person can look.
    """
    return tuple(_judged(item, filed.get(item.year), on) for item in due)


def _judged(due: DueReport, filed_on: date | None, on: date) -> ReportLine:
    known = filed_on if filed_on is not None and filed_on <= on else None
    if known is not None and known <= due.due_on:
        return ReportLine(due.year, due.due_on, known, Duty.ON_TIME)
    if known is not None:
        note = f"晚于 {due.due_on.isoformat()}，按未按时填报计（{REPORT_SOURCE}），由经办人核实"
        return ReportLine(due.year, due.due_on, known, Duty.LATE, note)
    if on <= due.due_on:
        return ReportLine(due.year, due.due_on, None, Duty.PENDING)
    note = f"截至 {due.due_on.isoformat()} 没有填报记录（{REPORT_SOURCE}）"
    return ReportLine(due.year, due.due_on, None, Duty.MISSING, note)


def missed_years(lines: Iterable[ReportLine]) -> tuple[int, ...]:
    return tuple(line.year for line in lines if line.missed)


def reports_flag(lines: Iterable[ReportLine]) -> str:
    """Why a revocation is to be looked at: two missed years of one term, consecutive or not (edge case 24)."""
    missed = missed_years(lines)
    if len(missed) < MISSED_YEARS_LIMIT:
        return ""
    years = "、".join(str(year) for year in missed)
    return (
        f"有效期内 {years} 年度年报未按时填报，累计 {len(missed)} 年，达到取消资格的情形（{MISSED_SOURCE}）"
    )


def add_months(day: date, months: int) -> date:
    """The corresponding day so many months later (earlier if negative), else the last day of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def change_deadline(happened_on: date) -> date:
    """三个月内: the last day on which a change is reported in time."""
    return add_months(happened_on, REPORTING_MONTHS)


def change_flag(happened_on: date, reported_on: date, due_on: date) -> str:
    """Why a revocation is to be looked at: the change was reported after ``due_on``."""
    if reported_on <= due_on:
        return ""
    return (
        f"{happened_on.isoformat()} 发生的变化应于 {due_on.isoformat()} 前报告（{CHANGE_SOURCE}），"
        f"实际 {reported_on.isoformat()} 报告，属未按期报告（{REVOCATION_SOURCES['change_unreported']}）"
    )


def holds_on(day: date, issued_on: date, last_day: date, revoked_on: date | None = None) -> bool:
    """Whether a certificate is in force on a day."""
    return issued_on <= day <= last_day and (revoked_on is None or day < revoked_on)


def standing_on(
    day: date,
    *,
    issued_on: date,
    last_day: date,
    revoked_on: date | None,
    renewed_on: date | None,
    window_months: int,
    is_recorded_wrongly: bool = False,
) -> Standing:
    """Where a certificate stands; ``renewed_on`` is the issue of the one that follows it, in or before its last year.

    期满当年须提出重新认定: a certificate that ends this year is told apart from one whose window is only open.
    """
    if is_recorded_wrongly:
        return Standing.RECORDED_WRONGLY
    if day < issued_on:
        return Standing.NOT_YET
    if revoked_on is not None and revoked_on <= day:
        return Standing.REVOKED
    if renewed_on is not None and renewed_on <= day:
        return Standing.RENEWED
    if last_day < day:
        return Standing.EXPIRED
    if last_day.year == day.year:
        return Standing.EXPIRING
    return Standing.WINDOW_OPEN if last_day <= add_months(day, window_months) else Standing.VALID
