"""Firms that move to Baise (国科发火〔2016〕32号 第十八条; edge case 21). They come without a case."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import AccreditationKind, DeterminationOutcome, Role
from cultivation.models import Accreditation, Determination, Division, Firm, InboundRelocation, User
from cultivation.permissions import require_role
from cultivation.selectors.determinations import Decided

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
    is_inside_guangxi: bool = False,
) -> InboundRelocation:
    """A firm recorded outside Baise comes to one of its counties.

    From another area, a whole move within the term keeps the certificate with its number and term, whatever area the
    number names; it rests on the document of the authority that took the firm over. After a partial move only a fresh
    accreditation counts. From another place in Guangxi, whose certificates are all the same authority's, the county
    alone changes: whole or partial, the certificate stays as it is, nobody decides about it again, and no award is
    matched to it. Refused: ``partial_move``, ``certificate_incomplete``, ``certificate_expired`` (before the move),
    ``certificate_revoked``, ``certificate_taken``, ``moved_before_issue``, ``already_decided``, ``document_missing``,
    ``place_missing``, ``firm_not_outside``, and what :func:`~.firms.place_firm` refuses.
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
    if not is_whole and not is_inside_guangxi:
        _require_nothing_kept(firm, certificate_number, moved_on)
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
            is_taken_over=not is_inside_guangxi,
        )
    place_firm(firm=firm, division=division, moved_on=moved_on, document=document_number, actor=actor)
    return InboundRelocation.objects.create(
        firm=firm,
        moved_on=moved_on,
        from_place=from_place.strip(),
        is_whole=is_whole,
        is_inside_guangxi=is_inside_guangxi,
        accreditation=accreditation,
        document_number=document_number,
        document_date=document_date,
        recorded_by=actor,
    )


def _require_nothing_kept(firm: Firm, number: str, moved_on: dt.date) -> None:
    """After a partial move from another area no certificate counts here, nor one recorded before the firm left."""
    in_term = Accreditation.objects.filter(
        Q(revoked_on__isnull=True) | Q(revoked_on__gt=moved_on),
        firm=firm,
        issued_on__lte=moved_on,
        last_day__gte=moved_on,
    )
    if number or in_term.exists():
        raise Refused(
            "partial_move",
            _("After a partial move the firm needs a fresh accreditation; the old one stays behind."),
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
    is_taken_over: bool,
) -> Accreditation:
    """The certificate as it was: the recorded one when the firm comes back, else a new row.

    ``is_taken_over``: another area's certificate, on which the authority here has decided.
    """
    standing = Accreditation.objects.rightly_recorded()
    known = standing.filter(firm=firm, certificate_number=normal_number(number)).first()
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
        determination=(_take_over(firm, document_number, document_date, actor) if is_taken_over else None),
    )
    certificate.save()
    return certificate


def _take_over(firm: Firm, document_number: str, document_date: dt.date, actor: User) -> Determination:
    decided = Decided([firm.pk], document_number)
    if decided.stands(firm.pk, None):
        raise Refused(
            "already_decided",
            _("Document %(number)s has decided about this firm already.") % {"number": document_number},
        )
    return Determination.objects.create(
        firm=firm,
        outcome=DeterminationOutcome.ACCREDITED,
        document_number=document_number,
        document_date=document_date,
        corrects=decided.replaced_by_next(firm.pk, None),
        recorded_by=actor,
    )


def _require_in_term(issued_on: dt.date, last_day: dt.date, moved_on: dt.date) -> None:
    if moved_on < issued_on:
        raise Refused("moved_before_issue", _("The certificate was issued after the move."))
    if moved_on > last_day:
        raise Refused(
            "certificate_expired",
            _("The certificate ended on %(date)s, before the move; it cannot be kept.")
            % {"date": last_day.isoformat()},
        )
