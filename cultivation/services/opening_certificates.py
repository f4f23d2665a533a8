"""Certificates from before this system as a workbook: by document, all rows or none, never matched (edge case 49)."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from config.common.text import fold
from config.common.workbooks import Headings, Row, Table, TableReport, read_any_table
from cultivation.enums import Role
from cultivation.models import Accreditation, Firm, User
from cultivation.permissions import require_role
from cultivation.workbooks import opening_certificate_columns
from documents.api import confirm_attachment, store_attachment

from .certificates import Term, has_usual_form, make_certificate, normal_number
from .refusals import recorded

# Keys asked for together: below the 999 parameters of a statement on SQLite.
_BATCH = 500


@recorded("import_opening_certificates")
def import_opening_certificates(
    *,
    content: bytes,
    actor: User,
    original_name: str = "",
    dry_run: bool = False,
    headings: Headings | None = None,
) -> TableReport:
    """Take over existing certificates, each with its document; the same list again changes nothing.

    The file is kept with them. Raises ``RowsRefused`` with every faulty row: ``unknown_firm``, ``certificate_taken``,
    ``certificate_differs`` (corrected on its own page, by two people), ``not_opening``, ``duplicate_certificate``.
    """
    require_role(actor, Role.CASEWORKER)
    table = read_any_table(content, opening_certificate_columns(), headings=headings)
    table.refuse_duplicates("certificate_number", "duplicate_certificate")
    report = TableReport.of(table)
    found = _judge(table, report, actor)
    table.refuse_errors()
    if found and not dry_run:
        stored = store_attachment(
            content=content, original_name=original_name or "certificates.xlsx", uploaded_by=actor
        )
        source = confirm_attachment(attachment=stored, actor=actor)
        for certificate in found:
            certificate.source_file = source
        Accreditation.objects.bulk_create(found, batch_size=_BATCH)
    return report


def _judge(table: Table, report: TableReport, actor: User) -> list[Accreditation]:
    faulty = {error.row for error in table.errors}
    rows = [row for row in table.rows if row.number not in faulty]
    term = Term()
    found: list[Accreditation] = []
    for start in range(0, len(rows), _BATCH):
        known = _Known(rows[start : start + _BATCH])
        for row in rows[start : start + _BATCH]:
            firm = known.firms.get(row.get("credit_code"))
            if firm is None:
                message = _("No firm with this credit code is recorded here; import the roster first.")
                table.errors.append(table.error(row, "credit_code", "unknown_firm", message))
                continue
            certificate = _certificate(row, firm, actor, term)
            standing = known.certificates.get(certificate.certificate_number)
            if standing is None:
                _warn(table, row, certificate)
                report.created += 1
                found.append(certificate)
            elif not _refuse_differing(table, row, standing, certificate):
                report.unchanged += 1
    return found


def _certificate(row: Row, firm: Firm, actor: User, term: Term) -> Accreditation:
    return make_certificate(
        firm=firm,
        kind=row.get("kind"),
        number=row.get("certificate_number"),
        issued_on=row.get("issued_on"),
        name=row.get("name"),
        document_number=row.get("document_number"),
        document_date=row.get("document_date"),
        actor=actor,
        term=term,
    )


def _refuse_differing(table: Table, row: Row, standing: Accreditation, wanted: Accreditation) -> bool:
    """Whether the recorded certificate says something else than the row, which is an error then."""
    number = standing.certificate_number
    if standing.firm_id != wanted.firm_id:
        message = _("Certificate %(number)s is recorded for another firm, %(name)s.")
        fault = ("certificate_number", "certificate_taken", {"number": number, "name": standing.firm.name})
    elif not standing.is_opening:
        message = _("Certificate %(number)s rests on a determination recorded here; it is no opening data.")
        fault = ("certificate_number", "not_opening", {"number": number})
    else:
        differing = next((name for name in _COMPARED if getattr(standing, name) != getattr(wanted, name)), "")
        if not differing:
            return False
        message = _("Certificate %(number)s is recorded with “%(value)s” here; correct it on its page.")
        fault = (
            differing,
            "certificate_differs",
            {"number": number, "value": str(getattr(standing, differing))},
        )
    key, code, values = fault
    table.errors.append(table.error(row, key, code, message % values))
    return True


_COMPARED = ("kind", "issued_on", "document_number", "document_date")


def _warn(table: Table, row: Row, certificate: Accreditation) -> None:
    if not has_usual_form(certificate.certificate_number):
        message = _("The number does not have the usual form: GR or GF and twelve digits.")
        table.warnings.append(table.error(row, "certificate_number", "certificate_form", message))
    firm, name = certificate.firm, row.get("name")
    if name and fold(name) not in {fold(firm.name), fold(firm.name_on(certificate.issued_on))}:
        message = _("The firm is recorded as %(name)s.") % {"name": firm.name}
        table.warnings.append(table.error(row, "name", "name_differs", message))


class _Known:
    """Firms and certificates of some rows, the firms locked; a fixed number of queries."""

    def __init__(self, rows: Sequence[Row]) -> None:
        firms = Firm.objects.filter(credit_code__in={row.get("credit_code") for row in rows}).order_by("pk")
        locked = firms.select_for_update(of=("self",)).prefetch_related("names")
        self.firms = {firm.credit_code: firm for firm in locked}
        numbers = {normal_number(row.get("certificate_number")) for row in rows}
        standing = Accreditation.objects.rightly_recorded().select_related("firm")
        held = standing.filter(certificate_number__in=numbers)
        self.certificates = {certificate.certificate_number: certificate for certificate in held}
