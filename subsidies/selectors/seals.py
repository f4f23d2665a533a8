"""What a daily seal covers: case, award and list events and ledger entries of a day in the office's time zone."""

import datetime as dt
from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from cultivation.api import CaseEvent, events_on
from cultivation.rules.reading import sha256_of
from documents.api import format_money
from subsidies.models import AwardEvent, DailySeal, LedgerEntry, ListEvent

from .balances import Problem

T = TypeVar("T", bound=Model)
_SEALED: tuple[type[Model], ...] = (CaseEvent, AwardEvent, ListEvent, LedgerEntry)


def last_seal(*, locked: bool = False) -> DailySeal | None:
    """The end of the chain; ``locked`` until the transaction ends."""
    seals = DailySeal.objects.select_for_update() if locked else DailySeal.objects.all()
    return seals.order_by("-day").first()


def first_unsealed_day() -> dt.date:
    """The day after the last seal; the beginning of time where there is none."""
    last = last_seal()
    return last.day + dt.timedelta(days=1) if last else dt.date.min


def next_day_with_events(day: dt.date) -> dt.date | None:
    """The first day from ``day`` on with something to seal."""
    found = []
    for model in _SEALED:
        rows = model._default_manager.order_by("at")
        if day > dt.date.min:
            rows = rows.filter(at__gte=_start(day))
        at = rows.values_list("at", flat=True).first()
        if at is not None:
            found.append(timezone.localdate(at, _zone()))
    return min(found, default=None)


def seal_of(day: dt.date, previous: str) -> tuple[str, int]:
    """Hash and number of records of a day, onto the ``previous`` seal (empty for the first)."""
    hashes = [sha256_of(record) for record in _records(day)]
    return sha256_of({"day": day.isoformat(), "previous": previous, "records": hashes}), len(hashes)


def check_seals() -> tuple[int, list[Problem]]:
    """How many seals there are, and which no longer fit: a record changed, removed or put in afterwards."""
    problems = []
    previous, checked = "", 0
    for seal in DailySeal.objects.order_by("day").iterator():
        checked += 1
        record = f"seal:{seal.day.isoformat()}"
        if seal.previous != previous:
            problems.append(
                Problem("seal_chain", record, _("The seal does not stand on the seal before it."))
            )
        digest, events = seal_of(seal.day, seal.previous)
        if events != seal.events:
            problems.append(
                Problem(
                    "seal_count",
                    record,
                    _("%(sealed)s records were sealed, there are %(found)s now.")
                    % {"sealed": seal.events, "found": events},
                )
            )
        elif digest != seal.sha256:
            problems.append(
                Problem("seal_broken", record, _("A record of this day was changed after it was sealed."))
            )
        previous = seal.sha256
    problems.extend(_outside_seals())
    return checked, problems


def _outside_seals() -> Iterator[Problem]:
    """Records on days that were passed over because nothing had happened on them when they were sealed."""
    last = last_seal()
    if last is None:
        return
    sealed_days = set(DailySeal.objects.values_list("day", flat=True))
    counted = DailySeal.objects.aggregate(sum=Sum("events"))["sum"] or 0
    end = _start(last.day + dt.timedelta(days=1))
    if sum(model._default_manager.filter(at__lt=end).count() for model in _SEALED) <= counted:
        return
    day = next_day_with_events(dt.date.min)
    while day is not None and day <= last.day:
        if day not in sealed_days:
            yield Problem(
                "outside_seals",
                f"day:{day.isoformat()}",
                _("Records of this day were written after later days had been sealed."),
            )
        day = next_day_with_events(day + dt.timedelta(days=1))


def _records(day: dt.date) -> Iterator[dict[str, object]]:
    yield from events_on(day)
    for award_event in _of_day(AwardEvent.objects.all(), day):
        yield _event("award_event", award_event.award_id, award_event)
    for list_event in _of_day(ListEvent.objects.all(), day):
        yield _event("list_event", list_event.payment_list_id, list_event)
    for entry in _of_day(LedgerEntry.objects.all(), day):
        yield {
            "kind": "ledger_entry",
            "line": entry.line_id,
            "entry": entry.kind,
            "amount": format_money(entry.amount),
            "direction": entry.direction,
            "award": entry.award_id,
            "reverses": entry.reverses_id,
            "returns_to_line": entry.returns_to_line,
            "key": entry.idempotency_key,
            "document": entry.document_number,
            "note": entry.note,
            "on": entry.on.isoformat(),
            "at": _instant(entry.at),
            "actor": entry.actor_id,
        }


def _event(kind: str, subject: int, event: AwardEvent | ListEvent) -> dict[str, object]:
    return {
        "kind": kind,
        "subject": subject,
        "number": event.number,
        "at": _instant(event.at),
        "actor": event.actor_id,
        "action": event.action,
        "from": event.from_state,
        "to": event.to_state,
        "reason": event.reason,
    }


def _of_day(rows: QuerySet[T], day: dt.date) -> Iterator[T]:
    return (
        rows.filter(at__gte=_start(day), at__lt=_start(day + dt.timedelta(days=1))).order_by("pk").iterator()
    )


def _instant(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _start(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=_zone())


def _zone() -> dt.tzinfo:
    return timezone.get_default_timezone()
