"""Score sheets of the experts: recorded as they come in, withdrawn with a reason, never edited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from config.common.clock import now, today
from config.common.errors import Refused
from config.common.text import normalise
from cultivation.enums import CaseAction, ExpertKind
from cultivation.models import CultivationCase, ExpertSheet, User
from cultivation.rules.facts import MalformedFacts, parse_facts
from cultivation.rules.rulesets import NoRuleSet
from cultivation.rules.score_ranges import ScoreRanges
from cultivation.rules.score_sheets import ScoreSheet, SheetProblem, sheet_problems
from cultivation.selectors.expert_sheets import ranges_of
from cultivation.selectors.facts import gather_facts

from .refusals import recorded
from .steps import begin, note_on_case, require_in_pool

_LONGEST_NAME = 60
_LONGEST_REMARK = 500


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet as it was handed in: points by item, without the items that are left open."""

    expert: str
    kind: ExpertKind
    is_leader: bool
    scores: Mapping[str, int]
    remark: str = ""


@recorded(CaseAction.RECORD_SHEET)
def record_expert_sheet(*, case: CultivationCase, sheet: NewSheet, actor: User) -> ExpertSheet:
    """Record one expert's sheet for a case in the pool, every item inside the range of the case's facts.

    Refused: ``wrong_state``; ``sheet_wrong`` with ``errors`` (item, code, message; an empty item is the sheet
    itself); ``facts_malformed``, ``no_rule_set`` where no range can be found.
    """
    case = begin(case=case, action=CaseAction.RECORD_SHEET, actor=actor)
    require_in_pool(case)
    standing = list(ExpertSheet.objects.filter(case=case, withdrawn_at__isnull=True))
    problems = problems_of(sheet=sheet, standing=standing, ranges=present_ranges(case=case))
    if problems:
        raise Refused(
            "sheet_wrong",
            _("The sheet is not in order; nothing was recorded."),
            errors=[
                {"item": problem.item, "code": problem.code, "message": problem.message}
                for problem in problems
            ],
        )
    return save_sheet(case=case, sheet=sheet, actor=actor)


@recorded(CaseAction.WITHDRAW_SHEET)
def withdraw_expert_sheet(*, sheet: ExpertSheet, reason: str, actor: User) -> ExpertSheet:
    """Take a sheet out of the panel; it stays on record. Refused: ``reason_missing``, ``wrong_state``,
    ``sheet_withdrawn``."""
    case = begin(case=sheet.case, action=CaseAction.WITHDRAW_SHEET, actor=actor, reason=reason)
    require_in_pool(case)
    sheet = ExpertSheet.objects.select_for_update().get(pk=sheet.pk)
    if sheet.withdrawn_at is not None:
        raise Refused("sheet_withdrawn", _("The sheet has been withdrawn already."))
    close_sheets(sheets=[sheet], reason=reason.strip(), actor=actor)
    note_on_case(
        case=case,
        action=CaseAction.WITHDRAW_SHEET,
        actor=actor,
        reason=f"{sheet.expert}: {reason.strip()}"[:_LONGEST_REMARK],
    )
    return sheet


def close_sheets(*, sheets: Sequence[ExpertSheet], reason: str, actor: User) -> None:
    """Withdraw sheets of a locked case."""
    for sheet in sheets:
        sheet.withdrawn_by, sheet.withdrawn_at, sheet.withdrawn_reason = actor, now(), reason
        sheet.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])


def present_ranges(*, case: CultivationCase) -> ScoreRanges:
    """The ranges of the case's facts as if it were filed today; refuses facts that cannot be read."""
    try:
        return ranges_of(parse_facts(gather_facts(case, today())))[0]
    except MalformedFacts as error:
        raise Refused("facts_malformed", str(error), key=error.key) from error
    except NoRuleSet as error:
        raise Refused("no_rule_set", str(error)) from error


def problems_of(
    *, sheet: NewSheet, standing: Sequence[ExpertSheet | NewSheet], ranges: ScoreRanges
) -> list[SheetProblem]:
    """What is wrong with a sheet beside those that stand already, whole sheet first."""
    found = []
    name = normalise(sheet.expert)
    if not name:
        found.append(SheetProblem("expert", "expert_missing", _("Name the expert.")))
    elif len(name) > _LONGEST_NAME:
        message = _("The name is longer than %(most)s characters.") % {"most": _LONGEST_NAME}
        found.append(SheetProblem("expert", "expert_too_long", message))
    elif any(normalise(other.expert) == name for other in standing):
        message = _("%(expert)s has a sheet already; withdraw it first.") % {"expert": name}
        found.append(SheetProblem("expert", "expert_known", message))
    if sheet.is_leader and sheet.kind != ExpertKind.TECHNICAL:
        message = _("The leader of the panel is a technical expert (195号 一（四）2).")
        found.append(SheetProblem("is_leader", "leader_not_technical", message))
    elif sheet.is_leader and any(other.is_leader for other in standing):
        message = _("The panel has a leader already.")
        found.append(SheetProblem("is_leader", "leader_known", message))
    if len(sheet.remark) > _LONGEST_REMARK:
        message = _("The remark is longer than %(most)s characters.") % {"most": _LONGEST_REMARK}
        found.append(SheetProblem("remark", "remark_too_long", message))
    scores = {key: Decimal(points) for key, points in sheet.scores.items()}
    seen = ScoreSheet(kind=sheet.kind.value, leader=sheet.is_leader, scores=scores)
    return [*found, *sheet_problems(seen, ranges.items)]


def save_sheet(*, case: CultivationCase, sheet: NewSheet, actor: User) -> ExpertSheet:
    """Keep a sheet that is in order, and its event."""
    row = ExpertSheet.objects.create(
        case=case,
        expert=normalise(sheet.expert),
        kind=sheet.kind,
        is_leader=sheet.is_leader,
        scores=dict(sheet.scores),
        remark=sheet.remark.strip(),
        recorded_by=actor,
    )
    note_on_case(case=case, action=CaseAction.RECORD_SHEET, actor=actor, reason=row.expert)
    return row
