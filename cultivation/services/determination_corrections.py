"""A determination recorded with the wrong outcome or for the wrong firm is lifted by two people (edge case 50).

It stays on record. Its certificate is taken out as of its issue, its case goes back to where it was decided, and the
right decision is then recorded like any other: by the region's list, or as a decline.
"""

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.enums import OPEN_CASE_STATES, CaseAction, CorrectionState, RevocationCause, Role
from cultivation.models import (
    Accreditation,
    AccreditationCorrection,
    CultivationCase,
    Determination,
    DeterminationCorrection,
    Firm,
    User,
)
from cultivation.permissions import require_role, require_second_person
from cultivation.selectors.determinations import Resting, resting_on

from .refusals import recorded
from .steps import begin, finish

_LONGEST_REASON = 400


@recorded("propose_determination_correction")
def propose_determination_correction(
    *, determination: Determination, reason: str, document: str, actor: User
) -> DeterminationCorrection:
    """Say that a determination was recorded wrongly; nothing changes until a second person confirms it.

    Refused: ``reason_missing``, ``reason_too_long``, ``document_missing``, ``correction_waiting``, ``already_lifted``,
    ``certificate_revoked``, ``certificate_correction_waiting``, ``case_open``.
    """
    require_role(actor, Role.CASEWORKER)
    determination = _locked(determination)
    reason, document = _reason(reason), document.strip()
    if not document:
        raise Refused("document_missing", _("Name the document behind this."))
    standing = determination.corrections.exclude(state=CorrectionState.REJECTED).first()
    if standing is not None and standing.state == CorrectionState.CONFIRMED:
        raise Refused("already_lifted", _("This determination has been lifted already."))
    if standing is not None:
        raise Refused(
            "correction_waiting", _("A correction of this determination waits for its confirmation.")
        )
    return DeterminationCorrection.objects.create(
        determination=determination,
        case=_checked(determination).case,
        reason=reason,
        document=document,
        proposed_by=actor,
    )


@recorded("confirm_determination_correction")
def confirm_determination_correction(
    *, correction: DeterminationCorrection, actor: User
) -> DeterminationCorrection:
    """A second person lifts it, who did not record it either.

    Refused: ``correction_decided``, ``changed_meanwhile``, ``certificate_revoked``, ``certificate_correction_waiting``,
    ``case_open``.
    """
    require_role(actor, Role.REVIEWER, Role.CASEWORKER)
    correction = _waiting(correction)
    determination = correction.determination
    require_second_person(actor, correction.proposed_by_id, correction.proposed_at)
    # Whoever recorded the determination made the mistake, or did not: no judge of that.
    require_second_person(actor, determination.recorded_by_id, determination.recorded_at)
    resting = _checked(determination)
    if (resting.case.pk if resting.case else None) != correction.case_id:
        raise Refused(
            "changed_meanwhile", _("The case has gone on since; reject the correction and propose it afresh.")
        )
    _decide(correction, CorrectionState.CONFIRMED, actor)
    if resting.case is not None and resting.back_to is not None:
        _reopen(resting.case, resting.back_to, correction, actor)
    if resting.certificate is not None:
        _take_out(resting.certificate, correction, actor)
    return correction


@recorded("reject_determination_correction")
def reject_determination_correction(
    *, correction: DeterminationCorrection, reason: str, actor: User
) -> DeterminationCorrection:
    """A second person turns it down: the determination stands. Refused: ``correction_decided``, ``reason_missing``,
    ``reason_too_long``."""
    require_role(actor, Role.REVIEWER, Role.CASEWORKER)
    correction = _waiting(correction)
    require_second_person(actor, correction.proposed_by_id, correction.proposed_at)
    return _decide(correction, CorrectionState.REJECTED, actor, _reason(reason))


def _locked(determination: Determination) -> Determination:
    """The determination under the lock of its firm, as lists, declines and corrections of certificates take it."""
    Firm.objects.select_for_update().get(pk=determination.firm_id)
    return Determination.objects.get(pk=determination.pk)


def _waiting(correction: DeterminationCorrection) -> DeterminationCorrection:
    _locked(correction.determination)
    found = DeterminationCorrection.objects.select_for_update(of=("self",)).select_related("determination")
    correction = found.get(pk=correction.pk)
    if correction.state != CorrectionState.PROPOSED:
        raise Refused("correction_decided", _("This correction has been decided about already."))
    return correction


def _checked(determination: Determination) -> Resting:
    """What rests on the determination, once nothing else stands in the way of lifting it."""
    resting = resting_on(determination)
    certificate = resting.certificate
    if certificate is not None:
        certificate = Accreditation.objects.select_for_update(of=("self",)).get(pk=certificate.pk)
        if certificate.revoked_on is not None:
            raise Refused("certificate_revoked", _("The certificate has been revoked."))
        waiting = AccreditationCorrection.objects.filter(
            accreditation=certificate, state=CorrectionState.PROPOSED
        )
        if waiting.exists():
            raise Refused(
                "certificate_correction_waiting",
                _("A correction of the certificate waits; it is to be rejected first."),
            )
    if resting.case is not None:
        others = CultivationCase.objects.filter(firm_id=determination.firm_id, state__in=OPEN_CASE_STATES)
        if other := others.exclude(pk=resting.case.pk).first():
            raise Refused(
                "case_open",
                _("The firm already has an open case: %(number)s.") % {"number": other.number},
                case=other.number,
            )
    return Resting(certificate, resting.case, resting.back_to)


def _reopen(case: CultivationCase, back_to: str, correction: DeterminationCorrection, actor: User) -> None:
    reason = _("%(reason)s (%(document)s)") % {"reason": correction.reason, "document": correction.document}
    case = begin(case=case, action=CaseAction.REOPEN, actor=actor, reason=reason)
    from_state = case.state
    case.reopen(by=actor, back_to=back_to)
    finish(case=case, action=CaseAction.REOPEN, actor=actor, from_state=from_state, reason=reason)


def _take_out(certificate: Accreditation, correction: DeterminationCorrection, actor: User) -> None:
    """As of its issue: it counts on no day, blocks no filing, and gives its number free."""
    certificate.revoked_on = certificate.issued_on
    certificate.revoked_act_year = certificate.issued_on.year
    certificate.revocation_cause = RevocationCause.RECORDED_WRONGLY
    certificate.revocation_document = correction.document
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


def _decide(
    correction: DeterminationCorrection, state: CorrectionState, actor: User, reason: str = ""
) -> DeterminationCorrection:
    correction.state, correction.decision_reason = state, reason
    correction.decided_by, correction.decided_at = actor, now()
    correction.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    return correction


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise Refused("reason_missing", _("Give a reason."))
    if len(reason) > _LONGEST_REASON:
        raise Refused(
            "reason_too_long", _("The reason is longer than %(most)s characters.") % {"most": _LONGEST_REASON}
        )
    return reason
