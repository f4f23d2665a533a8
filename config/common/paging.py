"""Lists paged by key: the next page is found by an index, however far down it lies, and nothing is counted."""

import datetime as dt
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, Q, QuerySet

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """One page; ``next`` is the key to go on with, empty on the last page."""

    rows: list[M]
    next: str


def page_by_key(rows: QuerySet[M], field: str, *, after: str = "", size: int = 50) -> Page[M]:
    """The newest first by the instant in ``field``, equal ones by primary key.

    ``after`` is a page's ``next``; one that cannot be read gives the first page.
    """
    ordered = _go_on(rows.order_by(f"-{field}", "-pk"), field, after)
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(found, f"{getattr(found[-1], field).isoformat()}_{found[-1].pk}" if more else "")


def _go_on(rows: QuerySet[M], field: str, after: str) -> QuerySet[M]:
    since, _underscore, pk = after.rpartition("_")
    try:
        at, last = dt.datetime.fromisoformat(since), int(pk)
    except ValueError:
        return rows
    if at.tzinfo is None or last.bit_length() > 63:
        return rows
    # The first condition alone lets the index find the place; the second settles equal times.
    return rows.filter(Q(**{f"{field}__lte": at}), Q(**{f"{field}__lt": at}) | Q(pk__lt=last))


def page_by_day(rows: QuerySet[M], field: str, *, after: str = "", size: int = 50) -> Page[M]:
    """The earliest first by the date in ``field``, equal ones by primary key; ``after`` as with :func:`page_by_key`."""
    ordered = rows.order_by(field, "pk")
    day, _underscore, pk = after.rpartition("_")
    try:
        since, last = dt.date.fromisoformat(day), int(pk)
    except ValueError:
        pass
    else:
        if last.bit_length() <= 63:
            ordered = ordered.filter(
                Q(**{f"{field}__gte": since}), Q(**{f"{field}__gt": since}) | Q(pk__gt=last)
            )
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(found, f"{getattr(found[-1], field).isoformat()}_{found[-1].pk}" if more else "")


def page_by_number(rows: QuerySet[M], field: str, *, after: str = "", size: int = 50) -> Page[M]:
    """In the order of a whole number that is each row's own, the largest first where ``field`` begins with a minus.

    ``after`` is a page's ``next``; one that cannot be read gives the first page.
    """
    name = field.removeprefix("-")
    ordered = rows.order_by(field)
    if after.isascii() and after.isdecimal() and len(after) < 19:
        ordered = ordered.filter(**{f"{name}__{'lt' if field.startswith('-') else 'gt'}": int(after)})
    found = list(ordered[: size + 1])
    more, found = len(found) > size, found[:size]
    return Page(found, str(getattr(found[-1], name)) if more else "")
