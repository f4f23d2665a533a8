"""Yearly reports of certificates: what was filed, what was missed, and which certificates two misses flag."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable

from cultivation.enums import ParameterKey
from cultivation.models import Accreditation, AnnualReport
from cultivation.rules.after_accreditation import (
    MISSED_YEARS_LIMIT,
    ReportLine,
    judge_reports,
    report_deadline,
    reports_due,
    reports_flag,
)

from .parameters import parameter


@dataclass(frozen=True, slots=True)
class FlaggedCertificate:
    """A certificate in force whose firm missed the reports of too many years; ``flag`` says which (Chinese)."""

    certificate: Accreditation
    lines: tuple[ReportLine, ...]
    flag: str


def standing_reports(certificates: Iterable[Accreditation]) -> dict[int, dict[int, AnnualReport]]:
    """The entry that counts, corrections followed, by certificate and year reported on (one query)."""
    found: dict[int, dict[int, AnnualReport]] = defaultdict(dict)
    ids = [certificate.pk for certificate in certificates]
    entries = AnnualReport.objects.filter(accreditation__in=ids, corrected_by__isnull=True)
    for report in entries.select_related("corrects").order_by("year"):
        found[report.accreditation_id][report.year] = report
    return found


def report_lines(
    certificate: Accreditation, reports: Mapping[int, AnnualReport], on: dt.date
) -> tuple[ReportLine, ...]:
    """Every report that falls due in the term, judged on a day."""
    filed = {year: report.reported_on for year, report in reports.items() if report.reported_on is not None}
    due = reports_due(certificate.issued_on, certificate.last_day, certificate.revoked_on)
    return judge_reports(due, filed, on)


def with_missed_reports(on: dt.date, term_years: int) -> QuerySet[Accreditation]:
    """Certificates in force on a day that two missed years flag for revocation (edge case 24)."""
    in_force = Accreditation.objects.filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=on), issued_on__lte=on, last_day__gte=on
    )
    first = on.year - term_years - 1
    missed: Combinable = Value(0)
    for year in range(first, on.year):
        deadline = report_deadline(year)
        if deadline < on:
            missed += _missed(year, deadline)
    return in_force.annotate(missed=missed).filter(missed__gte=MISSED_YEARS_LIMIT)


def _missed(year: int, deadline: dt.date) -> Case:
    """1 where the deadline lies in the certificate's term and nothing was filed by then."""
    in_time = AnnualReport.objects.filter(
        accreditation=OuterRef("pk"), year=year, corrected_by__isnull=True, reported_on__lte=deadline
    )
    is_due = Q(issued_on__lte=deadline, last_day__gte=deadline)
    return Case(When(is_due & ~Exists(in_time), then=Value(1)), default=Value(0), output_field=IntegerField())


def report_flags(on: dt.date) -> list[FlaggedCertificate]:
    """All certificates that missed reports flag on a day, the first to end first; a fixed number of queries."""
    missed = with_missed_reports(on, parameter(ParameterKey.TERM_YEARS, on))
    certificates = list(missed.select_related("firm").order_by(F("last_day"), "pk"))
    reports = standing_reports(certificates)
    flagged = []
    for certificate in certificates:
        lines = report_lines(certificate, reports[certificate.pk], on)
        flagged.append(FlaggedCertificate(certificate, lines, reports_flag(lines)))
    return flagged
