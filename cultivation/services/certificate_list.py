"""One list of the region against what is recorded here: checked as a whole, then taken over as a whole."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.text import fold
from config.common.workbooks import Row, Table, TableReport
from cultivation.enums import (
    OPEN_CASE_STATES,
    AccreditationKind,
    CaseState,
    DeterminationOutcome,
    RevocationCause,
)
from cultivation.models import Accreditation, CultivationCase, Determination, Firm, User
from cultivation.selectors.calendar import disclosure_is_over
from cultivation.selectors.determinations import Decided
from documents.api import Attachment

from .certificates import Term, has_usual_form, make_certificate, normal_number
from .filing import accredit_case

# Keys asked for together: below the 999 parameters of a statement on SQLite.
_BATCH = 500
_DECIDABLE = (CaseState.FILED, CaseState.DISCLOSED)


@dataclass
class AccreditationReport(TableReport):
    """``updated``: certificates recorded before that now close a case."""

    updated: int = 0
    cases_accredited: int = 0
    not_ours: list[dict[str, Any]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            **super().as_json(),
            "updated": self.updated,
            "cases_accredited": self.cases_accredited,
            "not_ours": self.not_ours,
        }


@dataclass(slots=True)
class _Decision:
    """One row to take over: a new certificate, or a recorded one, and the case it closes."""

    row: Row
    firm: Firm
    certificate: Accreditation | None
    case: CultivationCase | None
    replaced: Determination | None


class CertificateList:
    """Check first, then take over; ``report`` tells what happens."""

    def __init__(self, *, table: Table, document_number: str, document_date: dt.date, actor: User) -> None:
        self.table, self.actor = table, actor
        self.document_number, self.document_date = document_number, document_date
        self.report = AccreditationReport.of(table)
        self.decisions: list[_Decision] = []

    @property
    def has_news(self) -> bool:
        return bool(self.decisions)

    def check(self) -> None:
        """Sort the rows; faults go to the table's errors, oddities to its warnings."""
        rows = [row for row in self.table.rows if row.get("credit_code")]
        for start in range(0, len(rows), _BATCH):
            batch = rows[start : start + _BATCH]
            known = _Known(batch, self.document_number)
            for row in batch:
                firm = known.firms.get(row.get("credit_code"))
                if firm is None:
                    self._not_ours(row)
                elif all(row.get(key) is not None for key in ("certificate_number", "issued_on", "kind")):
                    self._sort(row, firm, known)

    def _not_ours(self, row: Row) -> None:
        self.report.not_ours.append(
            {
                "row": row.number,
                "name": row.get("name") or "",
                "credit_code": row.get("credit_code"),
                "certificate_number": row.get("certificate_number") or "",
            }
        )

    def _error(self, row: Row, key: str, code: str, message: str) -> None:
        self.table.errors.append(self.table.error(row, key, code, message))

    def _warn(self, row: Row, key: str, code: str, message: str) -> None:
        self.table.warnings.append(self.table.error(row, key, code, message))

    def _sort(self, row: Row, firm: Firm, known: "_Known") -> None:
        number, issued_on = normal_number(row.get("certificate_number")), row.get("issued_on")
        recorded = known.certificates.get(number)
        if (firm.pk, number) in known.taken_out:
            message = _(
                "Certificate %(number)s was recorded for the firm by this document and undone by two people; it stays "
                "so until another document says it again."
            )
            self._warn(row, "certificate_number", "recorded_wrongly", message % {"number": number})
            self.report.unchanged += 1
            return
        if recorded is not None and recorded.firm_id != firm.pk:
            message = _("Certificate %(number)s is recorded for another firm, %(name)s.")
            names = {"number": number, "name": recorded.firm.name}
            self._error(row, "certificate_number", "certificate_taken", message % names)
            return
        if recorded is not None and recorded.issued_on != issued_on:
            message = _("Certificate %(number)s is recorded with %(date)s as its day of issue.")
            names = {"number": number, "date": recorded.issued_on.isoformat()}
            self._error(row, "issued_on", "certificate_differs", message % names)
            return
        open_case = known.cases.get(firm.pk)
        if recorded is None and known.decided.stands(firm.pk, open_case):
            message = _(
                "This document has decided about the firm already, with another certificate or a decline."
            )
            self._error(row, "credit_code", "already_decided", message)
            return
        self._warn_of_row(row, firm, number, known, is_new=recorded is None)
        case = self._case_to_close(row, open_case, recorded)
        if recorded is None:
            self.report.created += 1
        elif case is not None:
            self.report.updated += 1
        else:
            self.report.unchanged += 1
        if recorded is None or case is not None:
            replaced = known.decided.replaced_by_next(firm.pk, open_case)
            self.decisions.append(_Decision(row, firm, recorded, case, replaced))
            self.report.cases_accredited += case is not None

    def _warn_of_row(self, row: Row, firm: Firm, number: str, known: "_Known", *, is_new: bool) -> None:
        if not has_usual_form(number):
            message = _("The number does not have the usual form: GR or GF and twelve digits.")
            self._warn(row, "certificate_number", "certificate_form", message)
        name = row.get("name")
        if name and fold(name) not in {fold(firm.name), fold(firm.name_on(row.get("issued_on")))}:
            message = _("The firm is recorded as %(name)s.") % {"name": firm.name}
            self._warn(row, "name", "name_differs", message)
        if not is_new:
            return
        earlier = firm.pk in known.holders
        if row.get("kind") == AccreditationKind.FIRST and earlier:
            message = _("The firm holds an earlier certificate; the list calls this its first.")
            self._warn(row, "kind", "earlier_certificate", message)
        elif row.get("kind") == AccreditationKind.RENEWAL and not earlier:
            message = _("No earlier certificate of the firm is recorded; the list calls this a renewal.")
            self._warn(row, "kind", "no_earlier_certificate", message)

    def _case_to_close(
        self, row: Row, case: CultivationCase | None, recorded: Accreditation | None
    ) -> CultivationCase | None:
        """The open case that this certificate decides; warnings where it does not, or where that is early."""
        if case is None or (
            recorded is not None and (recorded.is_opening or recorded.revoked_on is not None)
        ):
            return None
        if case.state not in _DECIDABLE:
            if recorded is None:
                message = _("Case %(number)s is in the state “%(state)s” and stays there.")
                names = {"number": case.number, "state": case.get_state_display()}
                self._warn(row, "credit_code", "case_state", message % names)
            return None
        if case.filed_on is not None and row.get("issued_on").year < case.filed_on.year:
            message = _(
                "The certificate is of an earlier year than the filing of case %(number)s, which stays open."
            )
            self._warn(row, "issued_on", "certificate_before_filing", message % {"number": case.number})
            return None
        if case.disclosure is not None and not disclosure_is_over(case.disclosure, today()):
            message = _("The public disclosure is open until %(date)s.")
            self._warn(
                row,
                "credit_code",
                "disclosure_open",
                message % {"date": case.disclosure.last_day.isoformat()},
            )
        if str(case.kind) != str(row.get("kind")):
            message = _("Case %(number)s was opened as “%(kind)s”.")
            self._warn(
                row,
                "kind",
                "kind_differs",
                message % {"number": case.number, "kind": case.get_kind_display()},
            )
        return case

    def take_over(self, *, source: Attachment) -> None:
        """Write what :meth:`check` has sorted; there are no errors by then."""
        new = [decision for decision in self.decisions if decision.certificate is None]
        determinations = Determination.objects.bulk_create(
            [
                Determination(
                    firm=decision.firm,
                    case=decision.case,
                    outcome=DeterminationOutcome.ACCREDITED,
                    document_number=self.document_number,
                    document_date=self.document_date,
                    corrects=decision.replaced,
                    source_file=source,
                    recorded_by=self.actor,
                )
                for decision in new
            ],
            batch_size=_BATCH,
        )
        term = Term()
        certificates = Accreditation.objects.bulk_create(
            [
                make_certificate(
                    firm=decision.firm,
                    kind=decision.row.get("kind"),
                    number=decision.row.get("certificate_number"),
                    issued_on=decision.row.get("issued_on"),
                    name=decision.row.get("name"),
                    document_number=self.document_number,
                    document_date=self.document_date,
                    actor=self.actor,
                    term=term,
                    determination=determination,
                )
                for decision, determination in zip(new, determinations, strict=True)
            ],
            batch_size=_BATCH,
        )
        for decision, certificate in zip(new, certificates, strict=True):
            decision.certificate = certificate
        for decision in self.decisions:
            if decision.case is not None and decision.certificate is not None:
                accredit_case(case=decision.case, accreditation=decision.certificate, actor=self.actor)


class _Known:
    """What is recorded about the firms and certificates of some rows; a fixed number of queries."""

    def __init__(self, rows: Sequence[Row], document_number: str) -> None:
        codes = [row.get("credit_code") for row in rows]
        numbers = [normal_number(number) for row in rows if (number := row.get("certificate_number"))]
        firms = Firm.objects.filter(credit_code__in=codes).order_by("pk")
        self.firms = {
            firm.credit_code: firm for firm in firms.select_for_update(of=("self",)).prefetch_related("names")
        }
        ids = [firm.pk for firm in self.firms.values()]
        recorded = Accreditation.objects.rightly_recorded()
        self.certificates = {
            certificate.certificate_number: certificate
            for certificate in recorded.filter(certificate_number__in=numbers).select_related("firm")
        }
        # By this very document: what the same list brings once more.
        self.taken_out = set(
            Accreditation.objects.filter(
                firm_id__in=ids,
                certificate_number__in=numbers,
                revocation_cause=RevocationCause.RECORDED_WRONGLY,
                determination__document_number=document_number,
            ).values_list("firm_id", "certificate_number")
        )
        self.holders = set(recorded.filter(firm_id__in=ids).values_list("firm_id", flat=True))
        self.decided = Decided(ids, document_number)
        cases = CultivationCase.objects.filter(firm_id__in=ids, state__in=OPEN_CASE_STATES)
        self.cases = {case.firm_id: case for case in cases.select_related("disclosure")}
