"""Acts on many cases: told beforehand one by one, then done one by one.

The pre-flight is a rehearsal: the single services themselves, run in order inside a transaction that is always rolled
back, so there is no second copy of their rules; refused attempts go with it, for to ask is no attempt. The act itself
runs each case in a transaction of its own, on the state the person was shown: a case that has moved since is left alone,
and one that this very act has moved is told as done before, so sending it twice does nothing twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from config.common.errors import Refused
from cultivation.enums import OPEN_CASE_STATES, CaseAction
from cultivation.models import CaseEvent, CultivationCase, Firm, User
from cultivation.permissions import CASE_ROLES, require_role, visible_cases
from cultivation.selectors.actions import TRANSITIONS

from .acting import act_on_case

MOST = 100
DONE_BEFORE = "done_before"
BULK_ACTIONS = (
    CaseAction.RECOMMEND,
    CaseAction.ENROL,
    CaseAction.START_TRAINING,
    CaseAction.START_EXPENSE_REVIEW,
    CaseAction.CLEAR,
    CaseAction.FILE,
    CaseAction.RETURN,
    CaseAction.ASSIGN,
)
"""The acts that are done on many cases, each by the service of the single act."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the act makes of one case, or has made of it. ``code`` and ``message`` are of a refusal; none: done.

    ``seen`` is the number of the last event before the act.
    """

    case: int
    seen: int
    code: str = ""
    message: str = ""

    @property
    def done(self) -> bool:
        return not self.code

    @property
    def done_before(self) -> bool:
        return self.code == DONE_BEFORE


def rehearse(*, cases: Iterable[int], action: CaseAction, actor: User, **answers: Any) -> list[Outcome]:
    """What ``action`` would do with the cases of these keys, oldest first; changes nothing.

    Raises ``NotAllowed`` where the person may not do it at all, ``Refused``: nothing_chosen, too_many.
    """
    require_role(actor, *CASE_ROLES[action])
    keys = sorted(set(cases))
    _require_bounded(keys)
    with transaction.atomic():
        found = _locked(keys, actor)
        outcomes = [_tell(case, _last_event(case), action, actor, answers) for case in found]
        transaction.set_rollback(True)
    return outcomes


def run(
    *, cases: Iterable[tuple[int, int]], action: CaseAction, actor: User, **answers: Any
) -> list[Outcome]:
    """Do ``action`` with each case, given as its key and the number of the last event the person saw; oldest first.

    Raises as :func:`rehearse`; what is refused for one case is told in its outcome and stops no other.
    """
    require_role(actor, *CASE_ROLES[action])
    seen = dict(cases)
    _require_bounded(list(seen))
    found = visible_cases(actor).filter(pk__in=seen).select_related("firm").order_by("pk")
    return [_tell(case, seen[case.pk], action, actor, answers) for case in found]


def source_states(action: CaseAction) -> list[str]:
    """The states from which the state machine knows the act."""
    if action not in TRANSITIONS:
        return [state.value for state in OPEN_CASE_STATES]
    transitions = CultivationCase._meta.get_field("state").get_all_transitions(CultivationCase)
    return sorted(str(found.source) for found in transitions if found.name == TRANSITIONS[action])


def _require_bounded(keys: Sequence[int]) -> None:
    if not keys:
        raise Refused("nothing_chosen", _("Choose at least one case."))
    if len(keys) > MOST:
        raise Refused(
            "too_many",
            _("At most %(most)s cases at once; %(count)s are chosen.") % {"most": MOST, "count": len(keys)},
        )


def _locked(keys: Sequence[int], actor: User) -> list[CultivationCase]:
    """Firms before their cases, each in the order of their keys, as everywhere: nobody waits in a circle."""
    cases = visible_cases(actor).filter(pk__in=keys)
    firms = Firm.objects.filter(pk__in=cases.values("firm_id"))
    list(firms.select_for_update(no_key=True).order_by("pk").only("pk"))
    return list(cases.select_for_update(of=("self",)).select_related("firm").order_by("pk"))


def _tell(
    case: CultivationCase, seen: int, action: CaseAction, actor: User, answers: Mapping[str, Any]
) -> Outcome:
    try:
        act_on_case(case=case, action=action, actor=actor, seen=seen, **answers)
    except Refused as refusal:
        if refusal.code == "changed_meanwhile" and _did(case, seen + 1, action, actor):
            return Outcome(
                case.pk, seen, DONE_BEFORE, _("Done before, by the same act; nothing was done twice.")
            )
        return Outcome(case.pk, seen, refusal.code, refusal.message)
    return Outcome(case.pk, seen)


def _last_event(case: CultivationCase) -> int:
    numbers = CaseEvent.objects.filter(case=case).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 0


def _did(case: CultivationCase, number: int, action: CaseAction, actor: User) -> bool:
    return CaseEvent.objects.filter(case=case, number=number, action=action.value, actor=actor).exists()
