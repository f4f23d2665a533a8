"""Case events for the daily seal and the check of the records, and what was refused."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.utils import timezone

from cultivation.models import CaseEvent, CultivationCase


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the records contradict themselves about; ``subject`` as in ``case:12``."""

    code: str
    subject: str
    message: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def events_on(day: dt.date) -> Iterator[dict[str, object]]:
    """Every case event of a day in the office's time zone, in a form whose JSON never changes."""
    zone = timezone.get_default_timezone()
    start = dt.datetime.combine(day, dt.time.min, tzinfo=zone)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.min, tzinfo=zone)
    events = CaseEvent.objects.filter(at__gte=start, at__lt=end).order_by("pk")
    for event in events.iterator():
        yield {
            "kind": "case_event",
            "case": event.case_id,
            "number": event.number,
            "at": event.at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            "actor": event.actor_id,
            "action": event.action,
            "from": event.from_state,
            "to": event.to_state,
            "reason": event.reason,
        }


def check_case_events() -> tuple[int, list[Problem]]:
    """How many events there are, and where a chain breaks: numbers 1…n, from = previous to, last to = state."""
    problems: list[Problem] = []
    checked = 0
    last: dict[int, tuple[int, str]] = {}
    events = CaseEvent.objects.order_by("case_id", "number")
    for case_id, number, came_from, went_to in events.values_list(
        "case_id", "number", "from_state", "to_state"
    ).iterator():
        checked += 1
        previous_number, previous_state = last.get(case_id, (0, ""))
        if number != previous_number + 1:
            problems.append(_problem("event_number", case_id, f"event {number} follows {previous_number}"))
        if came_from != previous_state:
            problems.append(
                _problem(
                    "event_chain", case_id, f"event {number} comes from {came_from}, not {previous_state}"
                )
            )
        last[case_id] = (number, went_to)
    for case_id, state in CultivationCase.objects.order_by("pk").values_list("pk", "state").iterator():
        if case_id not in last:
            problems.append(_problem("event_missing", case_id, "the case has no event"))
        elif last[case_id][1] != state:
            problems.append(
                _problem(
                    "event_state", case_id, f"the last event leads to {last[case_id][1]}, the case is {state}"
                )
            )
    return checked, problems


def _problem(code: str, case_id: int, message: str) -> Problem:
    return Problem(code=code, subject=f"case:{case_id}", message=message)
