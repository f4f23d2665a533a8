"""A determination on its page: what rests on it, what lifting it moves, and the forms that are open to the person."""

from dataclasses import dataclass, field

from django.forms import Form

from cultivation.enums import CorrectionState
from cultivation.forms.corrections import ConfirmCorrectionForm, LiftingForm, RejectCorrectionForm
from cultivation.models import Determination, DeterminationCorrection, User
from cultivation.permissions import counts_as_actor
from cultivation.selectors.determinations import DeterminationLine, Resting, lines_of, resting_on
from cultivation.services.correction_reach import YearEnd, reach_of_lifting

from .correction_panel import DECIDERS, PROPOSERS


@dataclass(slots=True)
class DeterminationPanel:
    """``barred``: why this person cannot confirm the waiting one; ``stray``: an answer whose form is gone."""

    line: DeterminationLine
    resting: Resting
    corrections: list[DeterminationCorrection]
    waiting: DeterminationCorrection | None
    year_ends: list[YearEnd] = field(default_factory=list)
    forms: dict[str, Form] = field(default_factory=dict)
    stray: Form | None = None
    barred: bool = False

    @property
    def may_be_lifted(self) -> bool:
        """Whether nothing has been done about it: neither lifted, nor its certificate revoked by the region."""
        certificate = self.resting.certificate
        return not self.line.is_lifted and (certificate is None or certificate.revoked_on is None)


def determination_panel(
    user: User, determination: Determination, bound: tuple[str, Form] | None = None
) -> DeterminationPanel:
    rows = list(determination.corrections.select_related("proposed_by", "decided_by", "case").order_by("-pk"))
    (line,) = lines_of([determination])
    panel = DeterminationPanel(
        line=line,
        resting=resting_on(determination),
        corrections=rows,
        waiting=next((row for row in rows if row.state == CorrectionState.PROPOSED), None),
    )
    if panel.may_be_lifted and panel.resting.certificate is not None:
        panel.year_ends = reach_of_lifting(panel.resting.certificate)
    _offer(panel, user)
    if bound and bound[0] in panel.forms:
        panel.forms[bound[0]] = bound[1]
    elif bound:
        panel.stray = bound[1]
    return panel


def _offer(panel: DeterminationPanel, user: User) -> None:
    if panel.waiting is None:
        if panel.may_be_lifted and user.has_role(*PROPOSERS):
            panel.forms["propose"] = LiftingForm(prefix="propose")
        return
    if not user.has_role(*DECIDERS):
        return
    determination = panel.line.determination
    proposed = counts_as_actor(user, panel.waiting.proposed_by_id, panel.waiting.proposed_at)
    recorded = counts_as_actor(user, determination.recorded_by_id, determination.recorded_at)
    panel.barred = proposed or recorded
    if panel.may_be_lifted and not panel.barred:
        panel.forms["confirm"] = ConfirmCorrectionForm(prefix="confirm")
    if not proposed:
        panel.forms["reject"] = RejectCorrectionForm(prefix="reject")
