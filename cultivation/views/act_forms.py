"""The acts open to a person, each with its form: empty, or as it was sent and refused."""

from collections.abc import Sequence

from cultivation.enums import CaseAction
from cultivation.forms import ActForm, form_for
from cultivation.selectors.actions import Action
from cultivation.services.acting import SERVICES

BoundAct = tuple[CaseAction, ActForm]


def acts_with_forms(actions: Sequence[Action], bound: BoundAct | None) -> list[tuple[Action, ActForm]]:
    """The acts that are done on the page of a case; ``bound`` is the form that was sent, shown again in its place."""
    return [
        (action, bound[1] if bound and bound[0] == action.name else form_for(action.name)(prefix=action.name))
        for action in actions
        if action.name in SERVICES
    ]
