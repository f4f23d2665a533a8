"""What a pre-flight said, on its way through the person's browser and back: signed, so that nothing else is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core import signing

from subsidies.permissions import AwardAction
from subsidies.services.bulk import Outcome

_SALT = "subsidies.bulk"
# A pre-flight is confirmed the same day; the states seen are checked for each award in any case.
_VALID_SECONDS = 8 * 60 * 60


class UnreadablePlan(ValueError):
    """Not signed here, too old, another person's or another act's."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``answers`` are the texts the person typed; ``outcomes`` are what was told of each award."""

    by: int
    action: AwardAction
    answers: Mapping[str, str]
    outcomes: Sequence[Outcome]


def sign_plan(plan: Plan) -> str:
    content = {
        "by": plan.by,
        "action": plan.action.value,
        "answers": dict(plan.answers),
        "rows": [
            (row.award, row.seen, None if row.amount is None else str(row.amount), row.code, row.message)
            for row in plan.outcomes
        ],
    }
    return signing.dumps(content, salt=_SALT, compress=True)


def read_plan(text: str, *, by: int, action: AwardAction) -> Plan:
    """Raises :class:`UnreadablePlan`."""
    try:
        content = signing.loads(text, salt=_SALT, max_age=_VALID_SECONDS)
    except signing.BadSignature as bad:
        raise UnreadablePlan from bad
    if (content["by"], content["action"]) != (by, action.value):
        raise UnreadablePlan
    return Plan(
        by=by,
        action=action,
        answers=content["answers"],
        outcomes=[
            Outcome(key, seen, None if amount is None else Decimal(amount), code, message)
            for key, seen, amount, code, message in content["rows"]
        ],
    )
