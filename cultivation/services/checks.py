"""The three checks of a case: recorded from what the records say, decided by hand only where the rules say so."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from cultivation.enums import CaseAction, CheckKind, Verdict
from cultivation.models import Assessment, CaseCheck, CultivationCase, User
from cultivation.permissions import require_second_person
from cultivation.selectors.facts import is_current, latest_assessment, planned_filing, years_before
from cultivation.selectors.rd_ledger import ledger_objections
from cultivation.selectors.readiness import missing_attachments
from cultivation.selectors.training import training_minutes, training_minutes_required

from .refusals import recorded
from .steps import begin, note_on_case, require_in_pool


@recorded(CaseAction.RECORD_CHECK)
def record_check(*, case: CultivationCase, kind: CheckKind, actor: User, note: str = "") -> CaseCheck:
    """Record the outcome of one check from the records themselves; nobody types it in.

    Training: the hours since enrolment against the parameter. Expenses: the latest assessment, which may also
    fail. Attachments: every required kind confirmed. Refused: ``wrong_state``, ``check_stands``, ``hours_missing``,
    ``assessment_missing``, ``facts_changed``, ``ledger_findings_open``, ``ledger_not_adopted``, ``verdict_manual``,
    ``attachments_missing``.
    """
    case = begin(case=case, action=CaseAction.RECORD_CHECK, actor=actor)
    require_in_pool(case)
    _require_open(case, kind)
    if kind is CheckKind.EXPENSES:
        return _record_expenses(case, actor, note)
    measured = _training_hours(case) if kind is CheckKind.TRAINING else _attachments(case)
    return _store(case, kind, passed=True, note=note or measured, actor=actor)


@recorded(CaseAction.DECIDE_MANUAL)
def decide_manual_check(*, case: CultivationCase, passed: bool, reason: str, actor: User) -> CaseCheck:
    """A reviewer decides what the rules leave to a person: the expenses check where the verdict is manual.

    Refused: ``verdict_not_manual``, ``assessment_missing``, ``facts_changed``, ``ledger_findings_open``,
    ``ledger_not_adopted``, ``check_stands``, ``wrong_state``;
    ``NotAllowed("second_person")`` to whoever made the assessment.
    """
    case = begin(case=case, action=CaseAction.DECIDE_MANUAL, actor=actor, reason=reason)
    require_in_pool(case)
    _require_open(case, CheckKind.EXPENSES)
    assessment = _current_assessment(case)
    if assessment.verdict != Verdict.MANUAL:
        raise Refused(
            "verdict_not_manual", _("The assessment has decided; there is nothing left to decide by hand.")
        )
    require_second_person(actor, assessment.assessed_by_id, assessment.assessed_at)
    return _store(
        case,
        CheckKind.EXPENSES,
        passed=passed,
        note=reason,
        actor=actor,
        assessment=assessment,
        action=CaseAction.DECIDE_MANUAL,
    )


@recorded(CaseAction.RESET_CHECK)
def reset_check(*, case: CultivationCase, kind: CheckKind, reason: str, actor: User) -> CaseCheck:
    """Close the standing outcome with a reason and make room for another; the state stays.

    Allowed in ``ready`` too: the case then cannot be filed before the check is passed again.
    Refused: ``check_missing``, ``wrong_state``.
    """
    case = begin(case=case, action=CaseAction.RESET_CHECK, actor=actor, reason=reason)
    require_in_pool(case)
    closed = close_checks(case=case, kinds=[kind], actor=actor, reason=reason.strip())
    if not closed:
        raise Refused(
            "check_missing", _("The check “%(kind)s” has not been recorded.") % {"kind": kind.label}
        )
    return closed[0]


def close_checks(
    *, case: CultivationCase, kinds: Collection[CheckKind], actor: User, reason: str
) -> list[CaseCheck]:
    """Close the standing outcomes of a locked case, with an event for each."""
    standing = list(
        CaseCheck.objects.select_for_update().filter(case=case, kind__in=kinds, reset_at__isnull=True)
    )
    for check in standing:
        check.reset_by, check.reset_at, check.reset_reason = actor, now(), reason
        check.save(update_fields=["reset_by", "reset_at", "reset_reason"])
        note_on_case(
            case=case, action=CaseAction.RESET_CHECK, actor=actor, reason=f"{check.kind}: {reason}"[:500]
        )
    return standing


def _require_open(case: CultivationCase, kind: CheckKind) -> None:
    if CaseCheck.objects.filter(case=case, kind=kind, reset_at__isnull=True).exists():
        raise Refused(
            "check_stands",
            _("The check “%(kind)s” has an outcome already; reset it first.") % {"kind": kind.label},
        )


def _record_expenses(case: CultivationCase, actor: User, note: str) -> CaseCheck:
    assessment = _current_assessment(case)
    if assessment.verdict == Verdict.MANUAL:
        raise Refused(
            "verdict_manual", _("The assessment leaves the verdict to a reviewer, who decides with a reason.")
        )
    return _store(
        case,
        CheckKind.EXPENSES,
        passed=assessment.verdict == Verdict.PASS,
        note=note,
        actor=actor,
        assessment=assessment,
    )


def _current_assessment(case: CultivationCase) -> Assessment:
    assessment = latest_assessment(case)
    if assessment is None:
        raise Refused("assessment_missing", _("The case has not been assessed."))
    if not is_current(assessment, case):
        raise Refused(
            "facts_changed", _("The figures have changed since the assessment; it has to be made again.")
        )
    if objections := ledger_objections(case.firm_id, years_before(planned_filing(assessment))):
        code, message = objections[0]
        raise Refused(code, message, missing=[message for _code, message in objections])
    return assessment


def _training_hours(case: CultivationCase) -> str:
    minutes, required = training_minutes(case), training_minutes_required(case)
    measured = _("%(minutes)s of %(required)s minutes of training") % {
        "minutes": minutes,
        "required": required,
    }
    if minutes < required:
        raise Refused("hours_missing", measured, minutes=minutes, required=required)
    return measured


def _attachments(case: CultivationCase) -> str:
    if missing := missing_attachments(case):
        names = _(", ").join(str(kind.label) for kind in missing)
        raise Refused(
            "attachments_missing",
            _("These confirmed attachments are missing: %(kinds)s.") % {"kinds": names},
            missing=[kind.value for kind in missing],
        )
    return ""


def _store(
    case: CultivationCase,
    kind: CheckKind,
    *,
    passed: bool,
    note: str,
    actor: User,
    assessment: Assessment | None = None,
    action: CaseAction = CaseAction.RECORD_CHECK,
) -> CaseCheck:
    note = note.strip()
    if len(note) > 500:
        raise Refused("note_too_long", _("The note is longer than %(most)s characters.") % {"most": 500})
    check = CaseCheck.objects.create(
        case=case,
        kind=kind,
        passed=passed,
        note=note,
        assessment=assessment,
        recorded_by=actor,
    )
    verdict = Verdict.PASS if passed else Verdict.FAIL
    note_on_case(case=case, action=action, actor=actor, reason=f"{kind.value}: {verdict.value} {note}"[:500])
    return check
