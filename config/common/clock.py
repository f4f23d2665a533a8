"""The one clock of the services: today, now, and a way to set it for the demonstration and tests."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.utils import timezone

_fixed: ContextVar[dt.date | None] = ContextVar("miaopu_fixed_date", default=None)
_OFFICE_OPENS = dt.time(9, 0)


def today() -> dt.date:
    """The business date in the office's time zone; ``MIAOPU_TODAY`` or :func:`fixed` override it."""
    fixed_date = _fixed.get()
    if fixed_date is not None:
        return fixed_date
    if settings.MIAOPU_TODAY:
        return dt.date.fromisoformat(settings.MIAOPU_TODAY)
    return timezone.localdate()


def now() -> dt.datetime:
    """An aware instant on :func:`today`; inside :func:`fixed` always nine o'clock, so that runs repeat."""
    if _fixed.get() is None and not settings.MIAOPU_TODAY:
        return timezone.now()
    time = _OFFICE_OPENS if _fixed.get() is not None else timezone.localtime().time()
    return dt.datetime.combine(today(), time, tzinfo=timezone.get_current_timezone())


def machine_now() -> dt.datetime:
    """The machine's own time, whatever the business date: for leases between processes, never for a record."""
    return timezone.now()


@contextmanager
def fixed(date: dt.date) -> Iterator[None]:
    """Let :func:`today` be ``date`` inside the block (demonstration history and tests only)."""
    token = _fixed.set(date)
    try:
        yield
    finally:
        _fixed.reset(token)
