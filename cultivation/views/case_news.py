"""What happened to a case as its reader may know it, for pages beside the case's own where two people may meet."""

from collections.abc import Sequence

from config.common.overtaking import News, Strand
from cultivation.models import CaseEvent, CultivationCase, User

from .portal_words import firm_timeline
from .presenting import is_outsider, timeline


def case_strands(case: CultivationCase | None, reader: User) -> Sequence[Strand]:
    """The events of the case that the reader is told of; of no case there are none."""
    if case is None:
        return [[]]
    events = list(CaseEvent.objects.filter(case=case).select_related("actor").order_by("number"))
    lines = firm_timeline(events, case) if is_outsider(reader) else timeline(events, reader)
    return [
        [
            News(
                line.number,
                line.at,
                line.actor,
                f"{line.label} {line.reason}".strip(),
                line.came_from,
                line.state,
            )
            for line in reversed(lines)
        ]
    ]
