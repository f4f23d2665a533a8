"""A certificate recorded wrongly is put right by two people; what it said before stays on record (edge case 50)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from config.common.text import normalise
from cultivation.enums import AccreditationKind, CorrectionState, Role
from cultivation.models import Accreditation, AccreditationCorrection, Firm, User
from cultivation.permissions import require_role, require_second_person
from cultivation.selectors.corrections import CORRECTABLE, recorded_values

from .certificates import Term, normal_number, require_free_number
from .refusals import recorded


@recorded("propose_correction")
def propose_correction(
    *, accreditation: Accreditation, changes: Mapping[str, Any], reason: str, document: str, actor: User
) -> AccreditationCorrection:
    """Say what the certificate should have said; nothing changes until a second person confirms it.

    Refused: ``field_unknown``, ``value_wrong``, ``nothing_changes``, ``certificate_taken``, ``certificate_revoked``,
    ``reason_missing``, ``document_missing``, ``correction_waiting``.
    """
    require_role(actor, Role.CASEWORKER)
    certificate = _locked(accreditation)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    if not document.strip():
        raise Refused("document_missing", _("Name the document behind this."))
    before = recorded_values(certificate)
    wanted = {name: _value(certificate, name, value) for name, value in changes.items()}
    after = {name: value for name, value in wanted.items() if value != before[name]}
    if not after:
        raise Refused("nothing_changes", _("The certificate says so already."))
    if AccreditationCorrection.objects.filter(
        accreditation=certificate, state=CorrectionState.PROPOSED
    ).exists():
        raise Refused("correction_waiting", _("A correction of this certificate waits for its confirmation."))
    return AccreditationCorrection.objects.create(
        accreditation=certificate,
        before={name: before[name] for name in after},
        after=after,
        reason=reason.strip(),
        document=document.strip(),
        proposed_by=actor,
    )


@recorded("confirm_correction")
def confirm_correction(*, correction: AccreditationCorrection, actor: User) -> Accreditation:
    """A second person puts it in force; the term follows the day of issue.

    Refused: ``correction_decided``, ``changed_meanwhile``, ``certificate_taken``, ``certificate_revoked``.
    """
    require_role(actor, Role.REVIEWER, Role.CASEWORKER)
    certificate, correction = _waiting(correction)
    require_second_person(actor, correction.proposed_by_id, correction.proposed_at)
    # Whoever recorded the certificate put the wrong value there: no judge of what is right.
    require_second_person(actor, certificate.recorded_by_id, certificate.recorded_at)
    before = recorded_values(certificate)
    if any(before[name] != value for name, value in correction.before.items()):
        raise Refused("changed_meanwhile", _("The certificate has been changed since; propose it afresh."))
    if "certificate_number" in correction.after:
        require_free_number(correction.after["certificate_number"])
    for name, value in correction.after.items():
        setattr(certificate, name, CORRECTABLE[name](value))
    certificate.last_day = Term().last_day(certificate.issued_on)
    certificate.save()
    _decide(correction, CorrectionState.CONFIRMED, actor)
    return certificate


@recorded("reject_correction")
def reject_correction(
    *, correction: AccreditationCorrection, reason: str, actor: User
) -> AccreditationCorrection:
    """It is turned down, or taken back by its proposer. Refused: ``correction_decided``, ``reason_missing``."""
    require_role(actor, Role.REVIEWER, Role.CASEWORKER)
    _certificate, correction = _waiting(correction)
    require_second_person(actor, correction.proposed_by_id, correction.proposed_at)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    return _decide(correction, CorrectionState.REJECTED, actor, reason.strip())


def _locked(accreditation: Accreditation) -> Accreditation:
    """The certificate under the lock of its firm, as everything that changes it takes it."""
    Firm.objects.select_for_update().get(pk=accreditation.firm_id)
    certificate = Accreditation.objects.select_for_update().get(pk=accreditation.pk)
    if certificate.revoked_on is not None:
        raise Refused("certificate_revoked", _("The certificate has been revoked."))
    return certificate


def _waiting(correction: AccreditationCorrection) -> tuple[Accreditation, AccreditationCorrection]:
    certificate = _locked(correction.accreditation)
    correction = AccreditationCorrection.objects.select_for_update().get(pk=correction.pk)
    if correction.state != CorrectionState.PROPOSED:
        raise Refused("correction_decided", _("This correction has been decided about already."))
    return certificate, correction


def _decide(
    correction: AccreditationCorrection, state: CorrectionState, actor: User, reason: str = ""
) -> AccreditationCorrection:
    correction.state, correction.decision_reason = state, reason
    correction.decided_by, correction.decided_at = actor, now()
    correction.save(update_fields=["state", "decision_reason", "decided_by", "decided_at"])
    return correction


def _value(certificate: Accreditation, name: str, value: Any) -> str:
    """The wanted value as text, checked as when a certificate is recorded."""
    if name not in CORRECTABLE:
        raise Refused("field_unknown", _("This cannot be corrected: %(name)s.") % {"name": name}, key=name)
    if isinstance(value, dt.date):
        if value > today():
            raise Refused("future_date", _("%(date)s lies in the future.") % {"date": value.isoformat()})
        return value.isoformat()
    text = normalise(str(value))
    if name == "certificate_number":
        text = normal_number(text)
        if text != certificate.certificate_number:
            text = require_free_number(text)
    if not text or (name == "kind" and text not in AccreditationKind.values):
        label = Accreditation._meta.get_field(name).verbose_name  # type: ignore[union-attr]
        raise Refused(
            "value_wrong", _("%(field)s: “%(value)s”.") % {"field": label, "value": value}, key=name
        )
    return text
