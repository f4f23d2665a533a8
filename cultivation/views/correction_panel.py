"""The corrections on the page of a certificate: what was corrected by whom, what waits, and what that would touch."""

from dataclasses import dataclass, field

from django.forms import Form

from cultivation.enums import CorrectionState, Role
from cultivation.forms.corrections import ConfirmCorrectionForm, CorrectionForm, RejectCorrectionForm
from cultivation.models import Accreditation, AccreditationCorrection, User
from cultivation.permissions import CITY_WIDE_ROLES, counts_as_actor
from cultivation.selectors.corrections import ChangedValue, changed_values, corrections_of
from cultivation.services.correction_reach import Reach, reach_of

PROPOSERS = (Role.CASEWORKER,)
DECIDERS = (Role.REVIEWER, Role.CASEWORKER)


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    correction: AccreditationCorrection
    changes: list[ChangedValue]


@dataclass(slots=True)
class CorrectionPanel:
    """``barred``: why this person cannot decide about the waiting one; ``stray``: an answer whose form is gone."""

    lines: list[CorrectionLine]
    waiting: CorrectionLine | None = None
    reach: Reach | None = None
    forms: dict[str, Form] = field(default_factory=dict)
    stray: Form | None = None
    barred: bool = False


def correction_panel(
    user: User, certificate: Accreditation, bound: tuple[str, Form] | None = None
) -> CorrectionPanel | None:
    """The panel as the city's staff reads it; nobody else is told."""
    if not user.has_role(*CITY_WIDE_ROLES):
        return None
    rows = corrections_of(certificate)
    lines = [CorrectionLine(row, changed_values(row)) for row in rows]
    panel = CorrectionPanel(lines)
    panel.waiting = next((line for line in lines if line.correction.state == CorrectionState.PROPOSED), None)
    if panel.waiting is not None:
        waiting = panel.waiting.correction
        panel.reach = reach_of(certificate, waiting.after)
        proposed = counts_as_actor(user, waiting.proposed_by_id, waiting.proposed_at)
        recorded = counts_as_actor(user, certificate.recorded_by_id, certificate.recorded_at)
        panel.barred = user.has_role(*DECIDERS) and (proposed or recorded)
        if user.has_role(*DECIDERS) and not proposed and certificate.revoked_on is None:
            if not recorded:
                panel.forms["confirm"] = ConfirmCorrectionForm(prefix="confirm")
            panel.forms["reject"] = RejectCorrectionForm(prefix="reject")
    elif user.has_role(*PROPOSERS) and certificate.revoked_on is None:
        panel.forms["propose"] = CorrectionForm(certificate=certificate, prefix="propose")
    if bound and bound[0] in panel.forms:
        panel.forms[bound[0]] = bound[1]
    elif bound and bound[0] in ("propose", "confirm", "reject"):
        panel.stray = bound[1]
    return panel
