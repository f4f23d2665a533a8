"""Case events: written in the transaction of the step they tell of, by services alone."""

from cultivation.models import CaseEvent, CultivationCase, User


def record_case_event(
    *, case: CultivationCase, action: str, actor: User, from_state: str, reason: str = ""
) -> CaseEvent:
    """Append the next event of a locked case; ``from_state`` is the state before the step."""
    last = CaseEvent.objects.filter(case=case).order_by("-number").values_list("number", flat=True).first()
    return CaseEvent.objects.create(
        case=case,
        number=(last or 0) + 1,
        actor=actor,
        action=action,
        from_state=from_state if last else "",
        to_state=case.state,
        reason=reason,
    )
