"""Giving out document numbers."""

from django.db import transaction

from documents.models import NumberSeries, Organ


def next_sequence(*, organ: Organ, prefix: str, year: int) -> int:
    """The next number of a series, locked until the caller's transaction ends.

    The caller renders and stores inside the same transaction: when anything fails the number is free again, so that
    there is no gap; the lock keeps everybody else waiting meanwhile, so that there is no repeat.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a number is only given out inside the transaction that issues the notice")
    # Created outside the lock first, because a row that does not exist cannot be locked.
    NumberSeries.objects.get_or_create(organ=organ, prefix=prefix, year=year)
    series = NumberSeries.objects.select_for_update().get(organ=organ, prefix=prefix, year=year)
    series.last += 1
    series.save(update_fields=["last"])
    return series.last
