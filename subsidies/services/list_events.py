"""Events of payment lists: written in the transaction of the step they tell of."""

from cultivation.api import User
from subsidies.enums import ListAction
from subsidies.models import ListEvent, PaymentList


def record_list_event(
    *, payment_list: PaymentList, action: ListAction, actor: User, from_state: str, reason: str = ""
) -> ListEvent:
    """Append the next event of a locked list; ``from_state`` is the state before the step."""
    last = (
        ListEvent.objects.filter(payment_list=payment_list)
        .order_by("-number")
        .values_list("number", flat=True)
        .first()
    )
    return ListEvent.objects.create(
        payment_list=payment_list,
        number=(last or 0) + 1,
        actor=actor,
        action=action,
        from_state=from_state if last else "",
        to_state=payment_list.state,
        reason=reason,
    )
