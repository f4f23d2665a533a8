"""Chains of award and list events: numbered 1…n, each from the state before, the last to the present state."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from subsidies.models import Award, AwardEvent, ListEvent, PaymentList

from .balances import Problem

# Subject, number, from, to; ordered by subject and number.
Step = tuple[int, int, str, str]


def check_award_events() -> tuple[int, list[Problem]]:
    """How many award events there are, and where a chain breaks."""
    events = AwardEvent.objects.order_by("award_id", "number").values_list(
        "award_id", "number", "from_state", "to_state"
    )
    states = dict(Award.objects.order_by("pk").values_list("pk", "state"))
    return _check(events.iterator(), states, "award")


def check_list_events() -> tuple[int, list[Problem]]:
    """How many list events there are, and where a chain breaks."""
    events = ListEvent.objects.order_by("payment_list_id", "number").values_list(
        "payment_list_id", "number", "from_state", "to_state"
    )
    states = dict(PaymentList.objects.order_by("pk").values_list("pk", "state"))
    return _check(events.iterator(), states, "payment_list")


def _check(steps: Iterable[Step], states: dict[int, str], kind: str) -> tuple[int, list[Problem]]:
    problems: list[Problem] = []
    last: dict[int, tuple[int, str]] = {}
    checked = 0
    for subject, number, came_from, went_to in steps:
        checked += 1
        before, state = last.get(subject, (0, ""))
        problems.extend(_step_problems(f"{kind}:{subject}", number, came_from, before, state))
        last[subject] = number, went_to
    for subject, state in states.items():
        if subject not in last:
            problems.append(Problem("event_missing", f"{kind}:{subject}", _("There is no event.")))
        elif last[subject][1] != state:
            problems.append(
                Problem(
                    "event_state",
                    f"{kind}:{subject}",
                    _("The last event leads to %(event)s, the record is in %(state)s.")
                    % {"event": last[subject][1], "state": state},
                )
            )
    return checked, problems


def _step_problems(record: str, number: int, came_from: str, before: int, state: str) -> Iterator[Problem]:
    if number != before + 1:
        yield Problem(
            "event_number",
            record,
            _("Event %(number)s follows event %(before)s.") % {"number": number, "before": before},
        )
    if came_from != state:
        yield Problem(
            "event_chain",
            record,
            _("Event %(number)s comes from “%(from)s”, not from “%(state)s”.")
            % {"number": number, "from": came_from, "state": state},
        )
