"""The grant notice of an approved award: its facts gathered, issued by documents, tied to the award."""

import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.api import AccreditationKind, User, name_on, recorded
from documents.api import (
    DeliveryKind,
    Notice,
    NoticeDelivery,
    NoticeFacts,
    NoticeKind,
    Organ,
    PolicyDocument,
    issue_notice,
    record_delivery,
)
from subsidies.models import Award, FundingLine, RegionalAward, SchemeVersion
from subsidies.permissions import AwardAction, require
from subsidies.selectors.notices import NOTICE_STATES
from subsidies.selectors.schemes import terms_of

from .events import lock_award, lock_award_keys, record_award_event

# The words of an official document; Chinese in place.
_KINDS = {
    AccreditationKind.FIRST: "首次认定",
    AccreditationKind.RENEWAL: "重新认定",
    AccreditationKind.INBOUND: "整体迁入",
}


def subject_of(award: Award) -> str:
    """How notices name the award they are about."""
    return f"award:{award.pk}"


@recorded("issue grant notice")
def issue_grant_notice(
    *,
    award: Award,
    organ: Organ,
    actor: User,
    issued_on: dt.date | None = None,
    replace_reason: str = "",
) -> Notice:
    """Issue the one standing grant notice of an award, from its approval on; with a reason in place of the standing one.

    Raises ``Refused``: wrong_state, and those of ``documents.api.issue_notice``: notice_exists,
    basis_without_number and basis_unverified (edge case 41), missing_glyph and others.
    """
    award = lock_award(award)
    _require_issuable(award, actor)
    day = issued_on or today()
    notice = issue_notice(
        kind=NoticeKind.GRANT,
        organ=organ,
        subject=subject_of(award),
        recipient=name_on(award.firm, day),
        context=grant_context(award, day),
        bases=grant_bases(award),
        issued_by=actor,
        issued_on=day,
        replace_reason=replace_reason,
    )
    _tie(award, notice, actor)
    return notice


class GrantNotices:
    """Grant notices for a batch of ``documents``: the same facts and the same ties as for one alone."""

    def facts(self, subject: str, *, actor: User, issued_on: dt.date) -> NoticeFacts:
        award = _settled_awards().get(pk=_award_pk(subject))
        _require_issuable(award, actor)
        return NoticeFacts(
            recipient=name_on(award.firm, issued_on),
            context=grant_context(award, issued_on),
            bases=grant_bases(award),
        )

    def lock(self, subjects: Sequence[str]) -> None:
        lock_award_keys(map(_award_pk, subjects))

    def settle(self, notice: Notice, *, actor: User) -> None:
        award = lock_award(Award(pk=_award_pk(notice.subject)))
        _require_issuable(award, actor)
        _tie(award, notice, actor)


def _settled_awards() -> QuerySet[Award]:
    return Award.objects.select_related(
        "firm", "accreditation", "version__basis", "regional_award__document__policy", "funding_line"
    )


def _award_pk(subject: str) -> int:
    return int(subject.removeprefix("award:"))


def _require_issuable(award: Award, actor: User) -> None:
    require(actor, AwardAction.ISSUE_NOTICE)
    if award.state not in NOTICE_STATES:
        raise Refused(
            "wrong_state",
            _("A grant notice is issued from the approval on; the award is “%(state)s”.")
            % {"state": award.get_state_display()},
            state=award.state,
        )


def _tie(award: Award, notice: Notice, actor: User) -> None:
    award.notice = notice
    award.save(update_fields=["notice"])
    record_award_event(
        award=award,
        action=AwardAction.ISSUE_NOTICE,
        actor=actor,
        from_state=award.state,
        reason=notice.number,
    )


def grant_bases(award: Award) -> list[PolicyDocument]:
    """What the notice rests on: the scheme's document and the region's."""
    version, regional, _funding = _settled(award)
    return [version.basis, regional.document.policy]


def grant_context(award: Award, issued_on: dt.date) -> dict[str, object]:
    """The variables of the grant template, as of the day of the notice."""
    version, regional, line = _settled(award)
    certificate, policy = award.accreditation, regional.document.policy
    return {
        "firm_name": name_on(award.firm, issued_on),
        "credit_code": award.firm.credit_code,
        "certificate_number": certificate.certificate_number,
        "certificate_issued_on": certificate.issued_on,
        "accreditation_kind": _KINDS[AccreditationKind(certificate.kind)],
        "scheme_document_title": version.basis.title,
        "scheme_document_number": version.basis.document_number,
        "regional_document_title": policy.title,
        "regional_document_number": policy.document_number,
        "regional_amount": regional.amount,
        "matching_ratio": terms_of(version).ratio,
        "amount": award.amount,
        "fiscal_year": line.fiscal_year,
        "fund_name": line.fund,
    }


def _settled(award: Award) -> tuple[SchemeVersion, RegionalAward, FundingLine]:
    """What an approved award has by constraint; told to the type checker, and to a caller that came too early."""
    if award.version is None or award.regional_award is None or award.funding_line is None:
        raise Refused("wrong_state", _("The award has not been approved."), state=award.state)
    return award.version, award.regional_award, award.funding_line


@recorded("deliver notice")
def deliver_notice(
    *, award: Award, kind: DeliveryKind, delivered_on: dt.date, receiver: str, actor: User, proof: str = ""
) -> NoticeDelivery:
    """Record that the award's notice was handed over or sent. ``Refused``: notice_missing, and those of
    ``documents.api.record_delivery``."""
    award = lock_award(award)
    require(actor, AwardAction.DELIVER_NOTICE)
    if award.notice is None:
        raise Refused("notice_missing", _("No grant notice has been issued yet."))
    delivery = record_delivery(
        notice=award.notice,
        kind=kind,
        delivered_on=delivered_on,
        receiver=receiver,
        actor=actor,
        proof=proof,
    )
    record_award_event(
        award=award,
        action=AwardAction.DELIVER_NOTICE,
        actor=actor,
        from_state=award.state,
        reason=f"{kind.value} {delivered_on.isoformat()}",
    )
    return delivery
