"""Attempts that were refused, for the auditor: who, when, what about, why."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from config.common.paging import Page, page_by_key
from cultivation.models import RefusedAttempt

_SAME = {
    "accreditation": ("accreditation", "certificate"),
    "funding_line": ("funding_line", "line", "source"),
}


@dataclass(frozen=True, slots=True)
class RefusalFilter:
    """What to narrow to; an empty value narrows nothing. Both days are included."""

    person: str = ""
    act: str = ""
    about: str = ""
    since: dt.date | None = None
    until: dt.date | None = None


def refused_attempts(wanted: RefusalFilter) -> QuerySet[RefusedAttempt]:
    """The refusals with their people."""
    rows = RefusedAttempt.objects.select_related("actor")
    if wanted.person:
        rows = rows.filter(
            Q(actor__username__icontains=wanted.person) | Q(actor__display_name__icontains=wanted.person)
        )
    if wanted.act:
        rows = rows.filter(action=wanted.act)
    if wanted.about:
        named = Q(subject_name__icontains=wanted.about) | Q(message__icontains=wanted.about)
        rows = rows.filter(Q(subject__in=_subjects(wanted.about)) | named)
    if wanted.since:
        rows = rows.filter(at__gte=_start_of(wanted.since))
    if wanted.until:
        rows = rows.filter(at__lt=_start_of(wanted.until + dt.timedelta(days=1)))
    return rows


def refusal_page(wanted: RefusalFilter, *, after: str = "", size: int = 50) -> Page[RefusedAttempt]:
    """The newest first, paged by key."""
    return page_by_key(refused_attempts(wanted), "at", after=after, size=size)


def _subjects(about: str) -> list[str]:
    """A record under every name that services give it."""
    kind, colon, pk = about.partition(":")
    return [f"{name}{colon}{pk}" for name in _SAME.get(kind, (kind,))]


def _start_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.min, tzinfo=get_current_timezone())
