"""Giving out document numbers: one at a time under a lock, or many in the order of tickets."""

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F, Max

from config.common.clock import machine_now
from documents.models import NumberSeries, NumberTicket, Organ

# How long the holder of a ticket may render before the others stop waiting for it, and how often they look.
_TICKET_LIFE = dt.timedelta(minutes=2)
_LOOK_AGAIN = dt.timedelta(milliseconds=20)


def next_sequence(*, organ: Organ, prefix: str, year: int) -> int:
    """The next number of a series, locked until the caller's transaction ends.

    The caller renders and stores inside the same transaction: when anything fails the number is free again, so that
    there is no gap; the lock keeps everybody else waiting meanwhile, so that there is no repeat.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is only given out inside the transaction that issues the notice")
    series = _lock_series(organ=organ, prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last


def _lock_series(*, organ: Organ, prefix: str, year: int) -> NumberSeries:
    # Created outside the lock first, because a row that does not exist cannot be locked.
    NumberSeries.objects.get_or_create(organ=organ, prefix=prefix, year=year)
    return NumberSeries.objects.select_for_update().get(organ=organ, prefix=prefix, year=year)


@transaction.atomic
def take_ticket(*, organ: Organ, prefix: str, year: int, count: int) -> NumberTicket:
    """A place in the queue for ``count`` numbers, with the first number to expect; then render, then :func:`in_turn`.

    The lock is held for this moment alone, so that many workers render at once.
    """
    series = _lock_series(organ=organ, prefix=prefix, year=year)
    waiting = series.tickets.filter(expires_at__gt=machine_now()).aggregate(
        last=Max(F("first") + F("count") - 1)
    )
    return NumberTicket.objects.create(
        series=series,
        first=max(series.last, waiting["last"] or 0) + 1,
        count=count,
        expires_at=machine_now() + _TICKET_LIFE,
    )


@contextmanager
def in_turn(ticket: NumberTicket, lock_first: Callable[[], None]) -> Iterator[NumberSeries]:
    """One transaction with the series locked, once the earlier tickets are redeemed or have run out.

    ``lock_first`` takes the locks that come before the series: what a notice is about is always locked before its number.

    Whoever stores moves ``last`` up, one for each notice; it begins where it stands, which is not ``ticket.first`` when
    somebody before failed or came in between.
    """
    while True:
        with transaction.atomic():
            lock_first()
            series = NumberSeries.objects.select_for_update().get(pk=ticket.series_id)
            if series.last + 1 >= ticket.first or not _live_before(ticket):
                yield series
                series.save(update_fields=["last"])
                ticket.delete()
                return
        time.sleep(_LOOK_AGAIN.total_seconds())


def _live_before(ticket: NumberTicket) -> bool:
    others = NumberTicket.objects.filter(series=ticket.series_id, expires_at__gt=machine_now())
    return others.filter(first__lt=ticket.first).exists()
