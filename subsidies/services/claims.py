"""Exclusions and money from elsewhere: recorded by document, confirmed or ended by a second person."""

import datetime as dt
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from cultivation.api import Accreditation, Firm, Role, User, recorded, require_role, require_second_person
from subsidies.enums import AwardState, ExclusionKind, OncePer, ReceiptKind
from subsidies.models import Award, Exclusion, OtherReceipt, Scheme
from subsidies.models.awards import WAITING_AWARD_STATES

EXCLUSION_KEEPERS = (Role.CASEWORKER, Role.REVIEWER)
RECEIPT_RECORDERS = (Role.CASEWORKER, Role.FINANCE)
RECEIPT_DECIDERS = (Role.CASEWORKER, Role.REVIEWER, Role.FINANCE)


@recorded("record exclusion")
def record_exclusion(
    *,
    firm: Firm,
    kind: ExclusionKind,
    authority: str,
    document_number: str,
    document_date: dt.date,
    effective_from: dt.date,
    actor: User,
    effective_until: dt.date | None = None,
    remark: str = "",
) -> Exclusion:
    """What an authority found; it counts at once. ``Refused``: document_missing, date_in_future, authority_missing,
    span_empty, exclusion_exists."""
    require_role(actor, *EXCLUSION_KEEPERS)
    Firm.objects.select_for_update().get(pk=firm.pk)
    number = _document(document_number, document_date)
    if not authority.strip():
        raise Refused("authority_missing", _("Name the authority."))
    if effective_until is not None and effective_until <= effective_from:
        raise Refused("span_empty", _("An exclusion ends after it begins."))
    same = Exclusion.objects.filter(firm=firm, kind=kind, authority=authority.strip(), document_number=number)
    if same.exists():
        raise Refused("exclusion_exists", _("This exclusion is recorded already."))
    return Exclusion.objects.create(
        firm=firm,
        kind=kind,
        authority=authority.strip(),
        document_number=number,
        document_date=document_date,
        effective_from=effective_from,
        effective_until=effective_until,
        remark=remark.strip(),
        recorded_by=actor,
    )


@recorded("end exclusion")
def end_exclusion(*, exclusion: Exclusion, until: dt.date, reason: str, actor: User) -> Exclusion:
    """A second person ends it from ``until`` on, with a reason. ``Refused``: already_ended, reason_missing, span_empty."""
    require_role(actor, *EXCLUSION_KEEPERS)
    exclusion = Exclusion.objects.select_for_update().get(pk=exclusion.pk)
    require_second_person(actor, exclusion.recorded_by_id, exclusion.recorded_at)
    if exclusion.ended_at is not None:
        raise Refused("already_ended", _("This exclusion has been ended already."))
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason for this step."))
    if until <= exclusion.effective_from:
        raise Refused("span_empty", _("An exclusion ends after it begins."))
    exclusion.effective_until, exclusion.end_reason = until, reason.strip()
    exclusion.ended_by, exclusion.ended_at = actor, now()
    exclusion.save(update_fields=["effective_until", "end_reason", "ended_by", "ended_at"])
    return exclusion


@recorded("record other receipt")
def record_receipt(
    *,
    accreditation: Accreditation,
    kind: ReceiptKind,
    payer: str,
    amount: Decimal,
    document_number: str,
    document_date: dt.date,
    actor: User,
    scheme: Scheme | None = None,
    paid_on: dt.date | None = None,
) -> OtherReceipt:
    """Money (yuan) for the same matter from elsewhere, or a city award before this system (then with its scheme).

    ``Refused``: document_missing, date_in_future, payer_missing, amount_not_positive, scheme_missing, receipt_exists,
    already_awarded (edge case 29: an award here is on its way for the same certificate, or for a firm paid once).
    """
    require_role(actor, *RECEIPT_RECORDERS)
    Firm.objects.select_for_update().get(pk=accreditation.firm_id)
    number = _document(document_number, document_date)
    if not payer.strip():
        raise Refused("payer_missing", _("Name who paid."))
    if amount <= 0:
        raise Refused("amount_not_positive", _("Zero or less is never paid."))
    if kind is ReceiptKind.PAST_AWARD and scheme is None:
        raise Refused("scheme_missing", _("Name the scheme of the earlier award."))
    same = OtherReceipt.objects.filter(
        accreditation=accreditation,
        payer=payer.strip(),
        document_number=number,
        withdrawn_at__isnull=True,
    )
    if same.exists():
        raise Refused("receipt_exists", _("This receipt is recorded already."))
    if paid_on is not None and paid_on > today():
        raise Refused("date_in_future", _("The day of the payment lies in the future."))
    if kind is ReceiptKind.PAST_AWARD and scheme is not None:
        award = award_in_the_way(accreditation=accreditation, scheme=scheme)
        if award is not None:
            raise Refused("already_awarded", in_the_way(award=award), earlier=award.number)
    return OtherReceipt.objects.create(
        firm_id=accreditation.firm_id,
        accreditation=accreditation,
        kind=kind,
        scheme=scheme if kind is ReceiptKind.PAST_AWARD else None,
        payer=payer.strip(),
        amount=amount,
        paid_on=paid_on,
        document_number=number,
        document_date=document_date,
        recorded_by=actor,
    )


@recorded("confirm other receipt")
def confirm_receipt(*, receipt: OtherReceipt, actor: User) -> OtherReceipt:
    """A second person has seen the document; from now on it counts. ``Refused``: receipt_decided."""
    require_role(actor, *RECEIPT_DECIDERS)
    receipt = _standing(receipt)
    require_second_person(actor, receipt.recorded_by_id, receipt.recorded_at)
    if receipt.confirmed_at is not None:
        raise Refused("receipt_decided", _("This receipt has been decided about already."))
    receipt.confirmed_by, receipt.confirmed_at = actor, now()
    receipt.save(update_fields=["confirmed_by", "confirmed_at"])
    return receipt


@recorded("withdraw other receipt")
def withdraw_receipt(*, receipt: OtherReceipt, reason: str, actor: User) -> OtherReceipt:
    """It was recorded wrongly: it stays on record and counts no more. A confirmed one needs another person than the
    one who confirmed it. ``Refused``: receipt_decided, reason_missing."""
    require_role(actor, *RECEIPT_DECIDERS)
    receipt = _standing(receipt)
    require_second_person(actor, receipt.confirmed_by_id, receipt.confirmed_at)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason for this step."))
    receipt.withdrawn_by, receipt.withdrawn_at = actor, now()
    receipt.withdrawn_reason = reason.strip()
    receipt.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    return receipt


def award_in_the_way(*, accreditation: Accreditation, scheme: Scheme) -> Award | None:
    """The award here that a past award of the scheme would pay a second time (one query)."""
    awards = (
        Award.objects.filter(scheme=scheme, firm_id=accreditation.firm_id)
        .exclude(state__in=(*WAITING_AWARD_STATES, AwardState.REVOKED))
        .select_related("version")
        .order_by("pk")
    )
    return next((award for award in awards if pays_for(award=award, accreditation=accreditation)), None)


def pays_for(*, award: Award, accreditation: Accreditation) -> bool:
    """Whether the award settles the accreditation: its own, or any of a firm that is paid once."""
    if award.accreditation_id == accreditation.pk:
        return True
    return award.version is not None and award.version.once_per == OncePer.FIRM


def in_the_way(*, award: Award) -> str:
    return _(
        "The award %(number)s (%(state)s) is for the same matter; it is to be sent back or revoked first."
    ) % {
        "number": award.number,
        "state": award.get_state_display(),
    }


def _standing(receipt: OtherReceipt) -> OtherReceipt:
    """The receipt, with its firm locked before it as in a calculation."""
    Firm.objects.select_for_update().get(pk=receipt.firm_id)
    receipt = OtherReceipt.objects.select_for_update().get(pk=receipt.pk)
    if receipt.withdrawn_at is not None:
        raise Refused("receipt_decided", _("This receipt has been decided about already."))
    return receipt


def _document(number: str, date: dt.date) -> str:
    if not number.strip():
        raise Refused("document_missing", _("Name the document."))
    if date > today():
        raise Refused("date_in_future", _("The date of the document lies in the future."))
    return number.strip()
