"""The region's decisions: its lists of certificates, opening data, and revocations."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from config.common.workbooks import Headings, read_table
from cultivation.enums import AccreditationKind, RevocationCause, Role
from cultivation.models import Accreditation, Firm, User
from cultivation.permissions import require_role
from cultivation.workbooks import certificate_columns
from documents.api import confirm_attachment, store_attachment

from .certificate_list import AccreditationReport, CertificateList
from .certificates import Term, make_certificate, require_free_number, required_document
from .refusals import recorded

# The first measures on accreditation were made in 2008 (国科发火〔2008〕172号).
EARLIEST_ACT_YEAR = 2008


@recorded("import_accreditations")
def import_accreditations(
    *,
    content: bytes,
    document_number: str,
    document_date: dt.date,
    actor: User,
    original_name: str = "",
    dry_run: bool = False,
    headings: Headings | None = None,
) -> AccreditationReport:
    """Take over the region's list, which is authoritative, all rows or none; again, it changes nothing.

    A certificate is recorded with or without a case. A case in ``filed`` or ``disclosed`` becomes ``accredited``;
    in any other state it stays, with a warning. Credit codes of no firm here are answered under ``not_ours``. The
    file is kept as the source. Raises ``RowsRefused`` with every faulty row, ``Refused("document_missing")`` and
    ``Refused("document_in_future")``.
    """
    require_role(actor, Role.CASEWORKER)
    number = required_document(document_number, document_date)
    table = read_table(content, certificate_columns(), headings=headings)
    table.refuse_duplicates("credit_code")
    table.refuse_duplicates("certificate_number", "duplicate_certificate")
    list_ = CertificateList(table=table, document_number=number, document_date=document_date, actor=actor)
    list_.check()
    table.refuse_errors(not_ours=list_.report.not_ours)
    if not dry_run and list_.has_news:
        source = store_attachment(
            content=content, original_name=original_name or "list.xlsx", uploaded_by=actor
        )
        list_.take_over(source=confirm_attachment(attachment=source, actor=actor))
    return list_.report


@recorded("record_opening_accreditation")
def record_opening_accreditation(
    *,
    firm: Firm,
    kind: AccreditationKind,
    certificate_number: str,
    issued_on: dt.date,
    document_number: str,
    document_date: dt.date,
    actor: User,
    name_on_certificate: str = "",
) -> Accreditation:
    """A certificate from before this system, by its document; it is never matched by an award (edge case 49).

    Refused: ``document_missing``, ``document_in_future``, ``certificate_missing``, ``certificate_taken``,
    ``issued_in_future``.
    """
    require_role(actor, Role.CASEWORKER)
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    document_number = required_document(document_number, document_date)
    if issued_on > today():
        raise Refused("issued_in_future", _("The certificate was not issued yet."))
    certificate = make_certificate(
        firm=firm,
        kind=kind,
        number=require_free_number(certificate_number),
        issued_on=issued_on,
        name=name_on_certificate,
        document_number=document_number,
        document_date=document_date,
        actor=actor,
        term=Term(),
    )
    certificate.save()
    return certificate


@recorded("revoke_accreditation")
def revoke_accreditation(
    *,
    accreditation: Accreditation,
    revoked_on: dt.date,
    act_year: int,
    cause: RevocationCause,
    document: str,
    actor: User,
) -> Accreditation:
    """The region takes a certificate back for a ``cause`` (国科发火〔2016〕32号 第十六条, 第十九条; edge case 23).

    ``revoked_on`` is the day of the decision, from which the firm is out of the stock and, in that calendar year, files
    no more; ``act_year`` the year of the act, from which on awards are frozen or recovered (``subsidies`` looks at the
    revocations and does so). Refused: ``already_revoked``, ``document_missing``, ``document_in_future``,
    ``revoked_before_issue``, ``act_after_decision``, ``act_too_early``, ``cause_unknown``.
    """
    require_role(actor, Role.CASEWORKER)
    if cause == RevocationCause.RECORDED_WRONGLY:
        raise Refused(
            "cause_unknown", _("What was recorded wrongly is corrected by two people, not revoked.")
        )
    document = required_document(document, revoked_on)
    certificate = Accreditation.objects.select_for_update(of=("self",)).get(pk=accreditation.pk)
    if certificate.revoked_on is not None:
        raise Refused(
            "already_revoked",
            _("The certificate was revoked on %(date)s.") % {"date": certificate.revoked_on.isoformat()},
        )
    if revoked_on < certificate.issued_on:
        raise Refused("revoked_before_issue", _("A certificate cannot be revoked before its issue."))
    if act_year > revoked_on.year:
        raise Refused("act_after_decision", _("The act cannot come after the decision about it."))
    if act_year < EARLIEST_ACT_YEAR:
        raise Refused(
            "act_too_early",
            _("The year of the act lies before %(year)s.") % {"year": EARLIEST_ACT_YEAR},
        )
    certificate.revoked_on = revoked_on
    certificate.revocation_cause = cause
    certificate.revoked_act_year = act_year
    certificate.revocation_document = document
    certificate.revoked_by = actor
    certificate.save(
        update_fields=[
            "revoked_on",
            "revoked_act_year",
            "revocation_cause",
            "revocation_document",
            "revoked_by",
        ]
    )
    return certificate
