"""A list of annual reports against what is recorded here: checked as a whole, then taken over as a whole."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from config.common.text import fold
from config.common.workbooks import Row, Table, TableReport
from cultivation.models import Accreditation, AnnualReport, Firm, User
from cultivation.rules.after_accreditation import reports_due

# Keys asked for together: below the 999 parameters of a statement on SQLite.
_BATCH = 500


@dataclass
class ReportListReport(TableReport):
    not_ours: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "not_ours": self.not_ours}


class ReportList:
    """Check first, then take over; ``report`` tells what happens."""

    def __init__(self, *, table: Table, actor: User) -> None:
        self.table, self.actor = table, actor
        self.report = ReportListReport.of(table)
        self._new: list[AnnualReport] = []
        self._first_rows: dict[tuple[str, int], int] = {}

    def check(self) -> None:
        """Sort the rows; faults go to the table's errors, oddities to its warnings."""
        rows = [
            row
            for row in self.table.rows
            if all(row.get(key) is not None for key in ("credit_code", "year", "reported_on"))
        ]
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            known = _Known(batch)
            for row in batch:
                self._sort(row, known)

    def take_over(self) -> None:
        AnnualReport.objects.bulk_create(self._new, batch_size=_BATCH)

    def _error(self, row: Row, key: str, code: str, message: str) -> None:
        self.table.errors.append(self.table.error(row, key, code, message))

    def _sort(self, row: Row, known: "_Known") -> None:
        code, year, day = row.get("credit_code"), row.get("year"), row.get("reported_on")
        if self._is_repeated(row, code, year):
            return
        firm = known.firms.get(code)
        if firm is None:
            self.report.not_ours.append(
                {"row": row.number, "name": row.get("name") or "", "credit_code": code, "year": year}
            )
            return
        self._warn_of_name(row, firm)
        if day.year <= year:
            message = _("The report on %(year)s can be filed from %(next)s on, when the year is over.")
            self._error(row, "reported_on", "year_not_over", message % {"year": year, "next": year + 1})
            return
        due = [held for held in known.certificates[firm.pk] if falls_due(held, year)]
        if not due:
            message = _("No certificate of the firm has a term in which the report on %(year)s falls due.")
            self._error(row, "year", "year_not_due", message % {"year": year})
            return
        missing = [held for held in due if year not in known.reports[held.pk]]
        standing = [known.reports[held.pk][year] for held in due if year in known.reports[held.pk]]
        differing = [report for report in standing if report.reported_on != day]
        if differing:
            recorded = differing[0].reported_on
            message = _("The report is recorded as filed on %(date)s; a second person can correct that.")
            shown = {"date": recorded.isoformat() if recorded else "—"}
            self._error(row, "reported_on", "report_differs", message % shown)
            return
        if not missing:
            self.report.unchanged += 1
            return
        self.report.created += 1
        self._new += [
            AnnualReport(
                accreditation=held,
                year=year,
                reported_on=day,
                document=row.get("document") or "",
                recorded_by=self.actor,
            )
            for held in missing
        ]

    def _is_repeated(self, row: Row, code: str, year: int) -> bool:
        first = self._first_rows.setdefault((code, year), row.number)
        if first == row.number:
            return False
        message = _("The firm's report on %(year)s stands in row %(row)s already.")
        self._error(row, "year", "duplicate_row", message % {"year": year, "row": first})
        return True

    def _warn_of_name(self, row: Row, firm: Firm) -> None:
        name = row.get("name")
        if name and fold(name) not in {fold(firm.name), *(fold(old.name) for old in firm.names.all())}:
            message = _("The firm is recorded as %(name)s.") % {"name": firm.name}
            self.table.warnings.append(self.table.error(row, "name", "name_differs", message))


def falls_due(certificate: Accreditation, year: int) -> bool:
    """Whether the report on a year falls due in the certificate's term."""
    due = reports_due(certificate.issued_on, certificate.last_day, certificate.revoked_on)
    return any(item.year == year for item in due)


class _Known:
    """Firms, certificates and standing reports of some rows, the firms locked; a fixed number of queries."""

    def __init__(self, rows: Sequence[Row]) -> None:
        firms = Firm.objects.filter(credit_code__in={row.get("credit_code") for row in rows}).order_by("pk")
        locked = firms.select_for_update(of=("self",)).prefetch_related("names")
        self.firms = {firm.credit_code: firm for firm in locked}
        ids = [firm.pk for firm in self.firms.values()]
        self.certificates: dict[int, list[Accreditation]] = defaultdict(list)
        for certificate in Accreditation.objects.filter(firm_id__in=ids).order_by("issued_on", "pk"):
            self.certificates[certificate.firm_id].append(certificate)
        self.reports: dict[int, dict[int, AnnualReport]] = defaultdict(dict)
        for report in AnnualReport.objects.filter(accreditation__firm_id__in=ids, corrected_by__isnull=True):
            self.reports[report.accreditation_id][report.year] = report
