"""Firms that move to Baise (国科发火〔2016〕32号 第十八条; edge case 21). They come without a case."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import AccreditationKind, DeterminationOutcome, Role
from cultivation.models import Accreditation, Determination, Division, Firm, InboundRelocation, User
from cultivation.permissions import require_role

from .certificates import Term, make_certificate, normal_number, require_free_number, required_document
from .firms import place_firm
from .refusals import recorded


@recorded("record_inbound_relocation")
def record_inbound_relocation(
    *,
    firm: Firm,
    division: Division,
    moved_on: dt.date,
    from_place: str,
    is_whole: bool,
    document_number: str,
    document_date: dt.date,
    actor: User,
    certificate_number: str = "",
    certificate_issued_on: dt.date | None = None,
    name_on_certificate: str = "",
) -> InboundRelocation:
    """A firm recorded outside Baise comes to one of its counties.

    A whole move within the term keeps the certificate with its number and term, whatever area the number names; it
    rests on the document of the authority that took the firm over. After a partial move only a fresh accreditation
    counts. Refused: ``partial_move``, ``certificate_incomplete``, ``certificate_expired`` (before the move),
    ``certificate_revoked``, ``other_firms_certificate``, ``moved_before_issue``, ``already_decided``,
    ``document_missing``, ``place_missing``, and what :func:`~.firms.place_firm` refuses.
    """
    require_role(actor, Role.CASEWORKER)
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    document_number = required_document(document_number, document_date)
    if not from_place.strip():
        raise Refused("place_missing", _("Name the place the firm came from."))
    if firm.division_id is not None:
        raise Refused(
            "firm_not_outside",
            _("The firm is in Baise already; a change of county is no inbound relocation."),
        )
    if certificate_number and not is_whole:
        raise Refused(
            "partial_move",
            _("After a partial move the firm needs a fresh accreditation; the old one stays behind."),
        )
    accreditation = None
    if certificate_number:
        accreditation = _kept_certificate(
            firm=firm,
            number=certificate_number,
            issued_on=certificate_issued_on,
            name=name_on_certificate,
            moved_on=moved_on,
            document_number=document_number,
            document_date=document_date,
            actor=actor,
        )
    place_firm(firm=firm, division=division, moved_on=moved_on, document=document_number, actor=actor)
    return InboundRelocation.objects.create(
        firm=firm,
        moved_on=moved_on,
        from_place=from_place.strip(),
        is_whole=is_whole,
        accreditation=accreditation,
        document_number=document_number,
        document_date=document_date,
        recorded_by=actor,
    )


def _kept_certificate(
    *,
    firm: Firm,
    number: str,
    issued_on: dt.date | None,
    name: str,
    moved_on: dt.date,
    document_number: str,
    document_date: dt.date,
    actor: User,
) -> Accreditation:
    """The certificate as it was: the recorded one when the firm comes back, else a new row."""
    known = Accreditation.objects.filter(firm=firm, certificate_number=normal_number(number)).first()
    if known is not None:
        if known.revoked_on is not None:
            raise Refused("certificate_revoked", _("The certificate has been revoked."))
        _require_in_term(known.issued_on, known.last_day, moved_on)
        return known
    number = require_free_number(number)
    if issued_on is None:
        raise Refused("certificate_incomplete", _("Give the day on which the certificate was issued."))
    term = Term()
    _require_in_term(issued_on, term.last_day(issued_on), moved_on)
    if Determination.objects.filter(firm=firm, document_number=document_number).exists():
        raise Refused(
            "already_decided",
            _("Document %(number)s has decided about this firm already.") % {"number": document_number},
        )
    determination = Determination.objects.create(
        firm=firm,
        outcome=DeterminationOutcome.ACCREDITED,
        document_number=document_number,
        document_date=document_date,
        recorded_by=actor,
    )
    certificate = make_certificate(
        firm=firm,
        kind=AccreditationKind.INBOUND,
        number=number,
        issued_on=issued_on,
        name=name,
        document_number=document_number,
        document_date=document_date,
        actor=actor,
        term=term,
        determination=determination,
    )
    certificate.save()
    return certificate


def _require_in_term(issued_on: dt.date, last_day: dt.date, moved_on: dt.date) -> None:
    if moved_on < issued_on:
        raise Refused("moved_before_issue", _("The certificate was issued after the move."))
    if moved_on > last_day:
        raise Refused(
            "certificate_expired",
            _("The certificate ended on %(date)s, before the move; it cannot be kept.")
            % {"date": last_day.isoformat()},
        )
