"""What happens between the bureau and the region: filing, disclosure, the region's decision, and the way back."""

import datetime as dt

from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.errors import Refused
from cultivation.enums import CaseAction, CheckKind, DeterminationOutcome, DisclosureKind
from cultivation.models import Accreditation, CultivationCase, Determination, User
from cultivation.selectors.determinations import Decided
from cultivation.selectors.expert_sheets import standing_sheets

from .certificates import required_document
from .checks import close_checks
from .disclosure import open_disclosure
from .expert_sheets import close_sheets
from .ip_uses import hold_declared_property, record_uses_of_filing
from .refusals import recorded
from .steps import begin, finish, refuse_blocked


@recorded(CaseAction.FILE)
def file_case(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """File with the region today. The checks have to stand still, for they may be reset in ``ready`` as well.

    Every numbered item of property that counts goes into the ledger of uses; of two firms that file one item at
    once the second is refused. Refused: ``check_missing``, ``property_taken`` (by another firm since the
    assessment), ``property_without_class``, ``facts_changed``, ``assessment_outdated`` (judged for another year's
    filing) and ``revoked_this_year``: no new filing in the calendar year of a revocation (edge case 23; 国科发火〔2016〕32号
    第十九条 and 195号).
    """
    case = begin(case=case, action=CaseAction.FILE, actor=actor, reason=reason)
    from_state = case.state
    case.file(by=actor, on=today())
    hold_declared_property(case=case)
    refuse_blocked(case, CaseAction.FILE)
    record_uses_of_filing(case=case, filed_on=today(), actor=actor)
    return finish(case=case, action=CaseAction.FILE, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.DISCLOSE)
def disclose_case(
    *,
    case: CultivationCase,
    actor: User,
    published_on: dt.date,
    place: str,
    last_day: dt.date | None = None,
    reason: str = "",
) -> CultivationCase:
    """Record that the region discloses the firm; one period serves all firms of a published list.

    Refused: ``published_before_filing`` and what :func:`~.disclosure.open_disclosure` refuses.
    """
    case = begin(case=case, action=CaseAction.DISCLOSE, actor=actor, reason=reason)
    from_state = case.state
    if case.filed_on is not None and published_on < case.filed_on:
        raise Refused(
            "published_before_filing",
            _("The disclosure cannot come before the filing of %(date)s.")
            % {"date": case.filed_on.isoformat()},
        )
    period = open_disclosure(
        kind=DisclosureKind.ACCREDITATION,
        published_on=published_on,
        place=place,
        actor=actor,
        last_day=last_day,
        reason=reason,
    )
    case.disclose(by=actor, period=period)
    return finish(case=case, action=CaseAction.DISCLOSE, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.ACCREDIT)
def accredit_case(
    *, case: CultivationCase, accreditation: Accreditation, actor: User, reason: str = ""
) -> CultivationCase:
    """Close the case with the certificate that the region's list brought.

    The list is authoritative: a disclosure that is still open does not hold it up. Refused:
    ``other_firms_certificate``, ``certificate_without_determination``, ``certificate_revoked``.
    """
    case = begin(case=case, action=CaseAction.ACCREDIT, actor=actor, reason=reason)
    from_state = case.state
    if accreditation.firm_id != case.firm_id:
        raise Refused("other_firms_certificate", _("The certificate belongs to another firm."))
    if accreditation.is_opening or accreditation.determination_id is None:
        raise Refused(
            "certificate_without_determination",
            _("Only a certificate from a determination of the region closes a case."),
        )
    if accreditation.revoked_on is not None:
        raise Refused("certificate_revoked", _("The certificate has been revoked."))
    case.accredit(by=actor, accreditation=accreditation)
    return finish(case=case, action=CaseAction.ACCREDIT, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.DECLINE)
def decline_case(
    *, case: CultivationCase, actor: User, document_number: str, document_date: dt.date, reason: str
) -> CultivationCase:
    """Record the region's refusal by its document. Refused: ``document_missing``, ``document_in_future``,
    ``already_decided`` (the same document has decided about this firm before)."""
    case = begin(case=case, action=CaseAction.DECLINE, actor=actor, reason=reason)
    from_state = case.state
    case.decline(by=actor)
    number = required_document(document_number, document_date)
    decided = Decided([case.firm_id], number)
    if decided.stands(case.firm_id, case):
        raise Refused(
            "already_decided",
            _("Document %(number)s has decided about this firm already.") % {"number": number},
        )
    Determination.objects.create(
        firm_id=case.firm_id,
        case=case,
        outcome=DeterminationOutcome.DECLINED,
        document_number=number,
        document_date=document_date,
        reason=reason.strip(),
        corrects=decided.replaced_by_next(case.firm_id, case),
        recorded_by=actor,
    )
    return finish(case=case, action=CaseAction.DECLINE, actor=actor, from_state=from_state, reason=reason)


@recorded(CaseAction.RETURN_TO_POOL)
def return_case_to_pool(*, case: CultivationCase, actor: User, reason: str = "") -> CultivationCase:
    """A declined firm goes on in the pool. Its expenses and attachments are checked anew for the next filing, for
    which another panel sits; the hours of training stay, and so does the day of enrolment."""
    case = begin(case=case, action=CaseAction.RETURN_TO_POOL, actor=actor, reason=reason)
    from_state = case.state
    case.return_to_pool(by=actor)
    finish(case=case, action=CaseAction.RETURN_TO_POOL, actor=actor, from_state=from_state, reason=reason)
    why = reason.strip() or _("Returned to the pool after a decline")
    close_checks(case=case, kinds=[CheckKind.EXPENSES, CheckKind.ATTACHMENTS], actor=actor, reason=why)
    close_sheets(sheets=standing_sheets(case), actor=actor, reason=why)
    return case
