"""The register of certificates: where each stands on a day, and what about it wants to be looked at."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum, Value, When

from config.common.paging import Page, page_by_day
from cultivation.enums import OPEN_CASE_STATES, CertificateFilter, ParameterKey, RevocationCause
from cultivation.models import (
    Accreditation,
    AnnualReport,
    CultivationCase,
    Division,
    FirmName,
    MaterialChange,
    User,
)
from cultivation.permissions import visible_firms
from cultivation.rules.after_accreditation import (
    ReportLine,
    Standing,
    add_months,
    change_flag,
    holds_on,
    reports_flag,
    standing_on,
)

from .annual_reports import report_lines, standing_reports, with_missed_reports
from .parameters import parameter, parameter_rows

_BATCH = 500
_HAS_OPEN_CASE = Exists(CultivationCase.objects.filter(firm=OuterRef("firm"), state__in=OPEN_CASE_STATES))


@dataclass(frozen=True, slots=True)
class Terms:
    """Figures of procedure by which certificates are judged on a day: months of the renewal window, years of a term."""

    window_months: int
    years: int


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate on a day. The flags are Chinese words for a person to look into; empty where there is nothing.

    ``unprepared`` says that a renewal is due and the firm has no open case.
    """

    certificate: Accreditation
    standing: Standing
    reports: tuple[ReportLine, ...]
    entries: Mapping[int, AnnualReport]
    report_flag: str
    change_flags: tuple[str, ...]
    has_open_case: bool

    @property
    def label(self) -> str:
        return str(CertificateFilter(self.standing.value).label)

    @property
    def report_rows(self) -> list[tuple[ReportLine, AnnualReport | None]]:
        """Each due report beside the entry behind it."""
        return [(row, self.entries.get(row.year)) for row in self.reports]

    @property
    def unprepared(self) -> bool:
        return self.standing in (Standing.WINDOW_OPEN, Standing.EXPIRING) and not self.has_open_case

    @property
    def flags(self) -> tuple[str, ...]:
        return (*([self.report_flag] if self.report_flag else []), *self.change_flags)


def visible_certificates(user: User | AnonymousUser) -> QuerySet[Accreditation]:
    return Accreditation.objects.filter(firm__in=visible_firms(user))


def terms_on(on: dt.date) -> Terms:
    """The figures in force on a day (one query); ``Refused`` as ``parameter`` is."""
    keys = (ParameterKey.RENEWAL_WINDOW_MONTHS, ParameterKey.TERM_YEARS)
    rows = parameter_rows(keys, on)
    return Terms(*(rows[key].value if key in rows else parameter(key, on) for key in keys))


def certificate_page(
    user: User | AnonymousUser,
    on: dt.date,
    *,
    shown: CertificateFilter = CertificateFilter.CURRENT,
    division: Division | None = None,
    text: str = "",
    after: str = "",
    size: int = 50,
    terms: Terms | None = None,
) -> Page[Accreditation]:
    """The certificates the person may see, the first to end first; ``text`` finds numbers, codes, names old and new."""
    found = _found(user, on, terms or terms_on(on), shown=shown, division=division, text=text)
    return page_by_day(found.select_related("firm__division"), "last_day", after=after, size=size)


def all_lines(
    user: User | AnonymousUser,
    on: dt.date,
    *,
    shown: CertificateFilter,
    division: Division | None = None,
    text: str = "",
) -> Iterator[CertificateLine]:
    """Every line of the register as the filters show it, read in batches."""
    after = ""
    while True:
        page = certificate_page(user, on, shown=shown, division=division, text=text, after=after, size=_BATCH)
        yield from certificate_lines(page.rows, on)
        if not (after := page.next):
            return


def certificate_counts(
    user: User | AnonymousUser, on: dt.date, *, terms: Terms | None = None
) -> dict[CertificateFilter, int]:
    """How many certificates each filter shows to the person (one query beside that of the terms)."""
    conditions = _conditions(on, terms or terms_on(on))
    marks = {
        f"is_{key.value}": Case(When(condition, then=Value(1)), default=Value(0))
        for key, condition in conditions.items()
        if key is not CertificateFilter.ALL
    }
    marked = visible_certificates(user).annotate(**marks).order_by()
    counted = marked.aggregate(
        sum_is_all=Count("pk"), **{f"sum_{mark}": Sum(mark, default=0) for mark in marks}
    )
    return {key: counted[f"sum_is_{key.value}"] for key in conditions}


def with_standing(certificates: QuerySet[Accreditation], on: dt.date) -> QuerySet[Accreditation]:
    """With ``renewed_on``, the issue of the next certificate in or before the last year of this one; and ``has_open_case``."""
    issues = _later(on).order_by("issued_on").values("issued_on")
    return certificates.annotate(renewed_on=Subquery(issues[:1]), has_open_case=_HAS_OPEN_CASE)


def certificate_lines(
    certificates: Sequence[Accreditation], on: dt.date, *, terms: Terms | None = None
) -> list[CertificateLine]:
    """Certificates read :func:`with_standing` of the day, with reports and flags, in a fixed number of queries; in order."""
    firms = {certificate.firm_id for certificate in certificates}
    reports = standing_reports(certificates)
    changes: dict[int, list[MaterialChange]] = defaultdict(list)
    for change in MaterialChange.objects.filter(firm_id__in=firms).order_by("happened_on", "pk"):
        changes[change.firm_id].append(change)
    window = (terms or terms_on(on)).window_months
    lines = []
    for certificate in certificates:
        entries = reports[certificate.pk]
        carried = vars(certificate)
        judged = report_lines(certificate, entries, on)
        standing = standing_on(
            on,
            issued_on=certificate.issued_on,
            last_day=certificate.last_day,
            revoked_on=certificate.revoked_on,
            renewed_on=carried["renewed_on"],
            window_months=window,
            is_recorded_wrongly=certificate.is_recorded_wrongly,
        )
        in_force = holds_on(on, certificate.issued_on, certificate.last_day, certificate.revoked_on)
        lines.append(
            CertificateLine(
                certificate=certificate,
                standing=standing,
                reports=judged,
                entries=entries,
                report_flag=reports_flag(judged) if in_force else "",
                change_flags=_late_changes(certificate, changes[certificate.firm_id]) if in_force else (),
                has_open_case=carried["has_open_case"],
            )
        )
    return lines


def _late_changes(certificate: Accreditation, changes: Sequence[MaterialChange]) -> tuple[str, ...]:
    """Changes of the term that were reported late."""
    flags = (
        change_flag(change.happened_on, change.reported_on, change.due_on)
        for change in changes
        if holds_on(change.happened_on, certificate.issued_on, certificate.last_day, certificate.revoked_on)
    )
    return tuple(flag for flag in flags if flag)


def _later(on: dt.date) -> QuerySet[Accreditation]:
    """The certificates that renew the one of the outer query."""
    return Accreditation.objects.filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=on),
        firm=OuterRef("firm"),
        issued_on__gt=OuterRef("issued_on"),
        issued_on__lte=on,
        issued_on__year__lte=OuterRef("last_day__year"),
    )


def _conditions(on: dt.date, terms: Terms) -> dict[CertificateFilter, Q]:
    """What each filter shows; as ``standing_on`` tells them apart.

    Whether there is a later certificate is asked last, of those alone that the days leave.
    """
    limit = add_months(on, terms.window_months)
    year_end = dt.date(on.year, 12, 31)
    wrong = Q(revocation_cause=RevocationCause.RECORDED_WRONGLY)
    revoked = Q(revoked_on__isnull=False, revoked_on__lte=on)
    begun = Q(issued_on__lte=on) & ~revoked
    renewed = Q(Exists(_later(on)))
    in_force = begun & Q(last_day__gte=on)
    expiring = in_force & Q(last_day__lte=year_end) & ~renewed
    window = in_force & Q(last_day__gt=year_end, last_day__lte=limit) & ~renewed
    late = MaterialChange.objects.filter(
        firm=OuterRef("firm"),
        happened_on__gte=OuterRef("issued_on"),
        happened_on__lte=OuterRef("last_day"),
        reported_on__gt=F("due_on"),
    )
    return {
        CertificateFilter.CURRENT: in_force & ~renewed,
        CertificateFilter.VALID: in_force & Q(last_day__gt=max(year_end, limit)) & ~renewed,
        CertificateFilter.WINDOW_OPEN: window,
        CertificateFilter.EXPIRING: expiring,
        CertificateFilter.UNPREPARED: (window | expiring) & ~Q(_HAS_OPEN_CASE),
        CertificateFilter.REPORTS: Q(pk__in=with_missed_reports(on, terms.years).values("pk")),
        CertificateFilter.CHANGES: in_force & Q(Exists(late)),
        CertificateFilter.EXPIRED: begun & Q(last_day__lt=on) & ~renewed,
        CertificateFilter.RENEWED: begun & renewed,
        CertificateFilter.REVOKED: revoked & ~wrong,
        CertificateFilter.RECORDED_WRONGLY: wrong,
        CertificateFilter.NOT_YET: Q(issued_on__gt=on) & ~revoked & ~wrong,
        CertificateFilter.ALL: Q(),
    }


def _found(
    user: User | AnonymousUser,
    on: dt.date,
    terms: Terms,
    *,
    shown: CertificateFilter,
    division: Division | None,
    text: str,
) -> QuerySet[Accreditation]:
    found = with_standing(visible_certificates(user), on).filter(_conditions(on, terms)[shown])
    if division is not None:
        found = found.filter(firm__division=division)
    if text := text.strip():
        named = FirmName.objects.filter(name__icontains=text).values("firm_id")
        found = found.filter(
            Q(certificate_number__startswith=text.upper())
            | Q(firm__credit_code__startswith=text.upper())
            | Q(firm__name__icontains=text)
            | Q(name_on_certificate__icontains=text)
            | Q(firm_id__in=named)
        )
    return found
