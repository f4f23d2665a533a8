"""What a person could do with a case now, and what is still missing for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import can_proceed

from config.common.clock import today
from cultivation.enums import REASONED_CASE_ACTIONS, CaseAction, CheckKind, Verdict
from cultivation.models import CultivationCase, User
from cultivation.permissions import may

from .facts import latest_assessment
from .readiness import blockers, is_before_filing, is_in_pool, standing_checks


@dataclass(frozen=True, slots=True)
class Action:
    """One act that is the person's to do in this state; ``blocked_by`` tells what has to come first."""

    name: CaseAction
    label: str
    needs_reason: bool
    explanation: str
    blocked_by: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        return not self.blocked_by


# The acts that change the state, with the transition of ``CultivationCase`` behind each.
TRANSITIONS: Mapping[CaseAction, str] = {
    CaseAction.SUBMIT: "submit",
    CaseAction.RESUBMIT: "resubmit",
    CaseAction.RECOMMEND: "recommend",
    CaseAction.ENROL: "enrol",
    CaseAction.START_TRAINING: "start_training",
    CaseAction.START_EXPENSE_REVIEW: "start_expense_review",
    CaseAction.CLEAR: "clear_for_filing",
    CaseAction.FILE: "file",
    CaseAction.DISCLOSE: "disclose",
    CaseAction.ACCREDIT: "accredit",
    CaseAction.DECLINE: "decline",
    CaseAction.RETURN_TO_POOL: "return_to_pool",
    CaseAction.RETURN: "return_for_correction",
    CaseAction.WITHDRAW: "withdraw",
    CaseAction.REMOVE: "remove",
}

# Work on what goes to the region, from the first draft until it is filed.
_ON_THE_FILE = (
    CaseAction.DECLARE,
    CaseAction.RECORD_EXPENSES,
    CaseAction.ADD_DOCUMENT,
    CaseAction.CONFIRM_DOCUMENT,
    CaseAction.REJECT_DOCUMENT,
    CaseAction.IMPORT_LEDGER,
    CaseAction.DECIDE_LEDGER,
)

_EXPLANATIONS: Mapping[CaseAction, Promise] = {
    CaseAction.SUBMIT: _("Hands the application in to the county."),
    CaseAction.RESUBMIT: _("Hands the corrected case in again, to where it was returned from."),
    CaseAction.RECOMMEND: _("The county stands behind the application; the city decides on enrolment."),
    CaseAction.ENROL: _("Enters the firm in the reserve pool; two years of cultivation begin."),
    CaseAction.START_TRAINING: _("The firm goes to the training sessions."),
    CaseAction.START_EXPENSE_REVIEW: _("The hours are done; the R&D expenses are looked at."),
    CaseAction.CLEAR: _("All three checks are passed; the file can go to the region."),
    CaseAction.FILE: _("Records that the file goes to the region today."),
    CaseAction.DISCLOSE: _("Records the region's public disclosure; ten working days by the calendar."),
    CaseAction.ACCREDIT: _("Comes with the import of the region's list."),
    CaseAction.DECLINE: _("Records the region's refusal with its document."),
    CaseAction.RETURN_TO_POOL: _("The firm goes on in the pool; expenses and attachments are checked anew."),
    CaseAction.RETURN: _("Sends the case back to the applicant and says what to correct."),
    CaseAction.WITHDRAW: _("Takes the application back; the case is closed."),
    CaseAction.REMOVE: _("Takes the firm out of the pool; the case is closed."),
    CaseAction.ASSIGN: _("Names the city caseworker in charge."),
    CaseAction.DECLARE: _("Head counts, intellectual property, field and conversions of the firm."),
    CaseAction.RECORD_EXPENSES: _("Income, net assets and the R&D expenses of one fiscal year."),
    CaseAction.ADD_DOCUMENT: _("The file waits in quarantine until a caseworker confirms it."),
    CaseAction.CONFIRM_DOCUMENT: _("Says that a file of the case has been looked at and counts."),
    CaseAction.REJECT_DOCUMENT: _("Says why a file of the case does not count; it stays stored."),
    CaseAction.IMPORT_LEDGER: _("Takes over the firm's R&D ledger workbook and judges its lines."),
    CaseAction.DECIDE_LEDGER: _("Counts or strikes the ledger lines that the rules put to a person."),
    CaseAction.ASSESS: _("Judges the recorded facts by the accreditation rules as if filed today."),
    CaseAction.RECORD_SHEET: _("Keeps an expert's points, each inside the range the figures allow."),
    CaseAction.WITHDRAW_SHEET: _(
        "Takes an expert's sheet out of the panel with a reason; it stays on record."
    ),
    CaseAction.RECORD_CHECK: _("Records the outcome of a check from what the records say."),
    CaseAction.DECIDE_MANUAL: _("Decides, with a reason, what the rules leave to a person."),
    CaseAction.RESET_CHECK: _("Closes the outcome of a check with a reason; the check is made again."),
}


def allowed_actions(case: CultivationCase, user: User) -> list[Action]:
    """The acts open to the person in the present state, in the order of the case's way."""
    names = [action for action in _EXPLANATIONS if may(user, action, case) and _fits_state(case, action)]
    dropped = _pointless(case, user) if is_in_pool(case) else set()
    return [
        Action(
            name=name,
            label=str(name.label),
            needs_reason=name in REASONED_CASE_ACTIONS,
            explanation=str(_EXPLANATIONS[name]),
            blocked_by=tuple(blocker.message for blocker in blockers(case, name, today())),
        )
        for name in names
        if name not in dropped
    ]


def _fits_state(case: CultivationCase, action: CaseAction) -> bool:
    if action in TRANSITIONS:
        return bool(can_proceed(getattr(case, TRANSITIONS[action])))
    if action is CaseAction.ASSIGN:
        return case.is_open
    if action in _ON_THE_FILE:
        return is_before_filing(case)
    return is_in_pool(case)


def _pointless(case: CultivationCase, user: User) -> set[CaseAction]:
    """Acts on checks that would change nothing: all recorded, none to reset, no verdict left to this person."""
    standing = standing_checks(case)
    dropped = set()
    if len(standing) == len(CheckKind):
        dropped.add(CaseAction.RECORD_CHECK)
    if not standing:
        dropped.add(CaseAction.RESET_CHECK)
    assessment = latest_assessment(case)
    undecided = assessment is not None and assessment.verdict == Verdict.MANUAL
    if (
        CheckKind.EXPENSES in standing
        or not undecided
        or (assessment is not None and assessment.assessed_by_id == user.pk)
    ):
        dropped.add(CaseAction.DECIDE_MANUAL)
    return dropped
