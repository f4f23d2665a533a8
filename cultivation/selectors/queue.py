"""The work queue: open cases, the most urgent first, whoever is waited for."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from cultivation.enums import OPEN_CASE_STATES, CaseState
from cultivation.models import CaseEvent, CultivationCase, Division, User
from cultivation.permissions import visible_cases
from cultivation.waiting import WAITING, WaitingFor

from .clocks import CaseClock, Standards
from .firm_search import matching_cases

# Ranks beside the working days left: what cannot be counted is looked at first, what has no limit last.
_UNCOUNTED, _UNLIMITED = -1_000_000, 1_000_000
Key = tuple[int, dt.date, int]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of the queue is asked for."""

    state: CaseState | None = None
    waiting_for: WaitingFor | None = None
    mine: bool = False
    overdue: bool = False
    stalled: bool = False
    division: Division | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class QueueRow:
    case: CultivationCase
    clock: CaseClock


@dataclass(frozen=True, slots=True)
class QueuePage:
    rows: list[QueueRow]
    next: str


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many open cases the person sees: all, overdue, handled by the person, and by who is waited for."""

    everything: int
    overdue: int
    mine: int
    waiting: dict[WaitingFor, int]


def work_queue(
    user: User, wanted: Wanted, standards: Standards, *, after: str = "", size: int = 50
) -> QueuePage:
    """A page of the queue in one query (two with a text), by key at any size.

    Each stage is ordered by its clock through an index, so a page takes the first of every stage and merges them by the
    working days left. What a text matches is looked up once and ranked as a whole. ``after`` is a page's ``next``; one
    that cannot be read gives the first page.
    """
    key, first = _read_key(after), size + 1
    chosen = _found(user, wanted, standards, key, first) if wanted.text else Q(pk__in=[])
    if not wanted.text:
        cases = queued_cases(user, wanted, standards)
        for state in _states(wanted):
            stage = cases.filter(_from_key(state, key, standards), state=state)
            chosen |= Q(pk__in=stage.order_by("clock_from", "pk").values("pk")[:first])
    found = CultivationCase.objects.filter(chosen).select_related("firm", "handler").order_by()
    ranked = sorted(((_key(case, standards), case) for case in found), key=lambda pair: pair[0])
    shown = ranked[:size]
    rows = [QueueRow(case, clock) for _key, case in shown if (clock := standards.clock(case)) is not None]
    return QueuePage(rows, _write_key(shown[-1][0]) if len(ranked) > size else "")


def queue_counts(user: User, standards: Standards) -> QueueCounts:
    """One query; the cases of the person's reach, whatever else is asked for."""
    rows = list(
        visible_cases(user)
        .filter(state__in=OPEN_CASE_STATES)
        .order_by()
        .values("state")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=standards.overdue()),
            own=Count("pk", filter=Q(handler=user)),
        )
    )
    waiting = dict.fromkeys(WaitingFor, 0)
    for row in rows:
        waiting[WAITING[row["state"]]] += row["n"]
    return QueueCounts(
        everything=sum(row["n"] for row in rows),
        overdue=sum(row["late"] for row in rows),
        mine=sum(row["own"] for row in rows),
        waiting=waiting,
    )


def queued_cases(user: User, wanted: Wanted, standards: Standards) -> QuerySet[CultivationCase]:
    """The open cases that are asked for, in no order."""
    cases = visible_cases(user).filter(state__in=_states(wanted))
    if wanted.mine:
        cases = cases.filter(handler=user)
    if wanted.overdue:
        cases = cases.filter(standards.overdue())
    if wanted.stalled:
        cases = cases.filter(_stalled(standards.stalled_before()))
    if wanted.division is not None:
        cases = cases.filter(firm__division=wanted.division)
    if wanted.text:
        cases = cases.filter(matching_cases(wanted.text))
    return cases


def _found(user: User, wanted: Wanted, standards: Standards, key: Key | None, first: int) -> Q:
    rows = queued_cases(user, wanted, standards).order_by().values_list("state", "clock_from", "pk")
    keys = sorted((_rank(state, start, standards), start, pk) for state, start, pk in rows)
    start = 0 if key is None else bisect_right(keys, key)
    return Q(pk__in=[pk for _rank, _start, pk in keys[start : start + first]])


def _stalled(before: dt.date | None) -> Q:
    if before is None:
        return Q(pk__in=[])
    since = dt.datetime.combine(before, dt.time.min, tzinfo=timezone.get_default_timezone())
    events = CaseEvent.objects.filter(case=OuterRef("pk"), at__gte=since)
    return Q(~Exists(events), state_since__lt=since)


def _states(wanted: Wanted) -> Iterable[str]:
    if wanted.state is not None:
        return [wanted.state] if wanted.state in WAITING else []
    return [s for s in OPEN_CASE_STATES if wanted.waiting_for in (None, WAITING[s])]


def _key(case: CultivationCase, standards: Standards) -> Key:
    return _rank(case.state, case.clock_from, standards), case.clock_from, case.pk


def _rank(state: str, start: dt.date, standards: Standards) -> int:
    limit = standards.limit(state)
    if limit is None:
        return _UNLIMITED
    used = standards.workdays.since(start)
    return _UNCOUNTED if used is None else limit - used


def _from_key(state: str, key: Key | None, standards: Standards) -> Q:
    """The cases of a stage that come after a key; ranks fall with the start of the clock, so that an index finds them."""
    if key is None:
        return Q()
    rank, start, pk = key
    tied = Q(clock_from__gt=start) | Q(clock_from=start, pk__gt=pk)
    return _at_least(state, rank, standards) & (_at_least(state, rank + 1, standards) | tied)


def _at_least(state: str, rank: int, standards: Standards) -> Q:
    """The cases of a stage whose rank is ``rank`` or more."""
    limit = standards.limit(state)
    everything, nothing = ~Q(pk__in=[]), Q(pk__in=[])
    if limit is None:
        return everything if rank <= _UNLIMITED else nothing
    if rank <= _UNCOUNTED:
        return everything
    if rank > limit or standards.workdays.first is None:
        return nothing
    start = standards.workdays.earliest_with(limit - rank) or standards.workdays.first
    return Q(clock_from__gte=start)


def _write_key(key: Key) -> str:
    rank, start, pk = key
    return f"{rank}_{start.isoformat()}_{pk}"


def _read_key(text: str) -> Key | None:
    parts = text.split("_")
    try:
        rank, start, pk = int(parts[0]), dt.date.fromisoformat(parts[1]), int(parts[2])
    except (ValueError, IndexError):
        return None
    return (rank, start, pk) if abs(rank) <= _UNLIMITED and 0 <= pk.bit_length() <= 63 else None
