"""Two people at one page: an act is done on the records as the person saw them, or the person is told what is new.

What happened to the subject of a page is kept as strands, one a kind of record, each oldest first. The forms of the page
carry how far every strand had gone ("3.0.12"); by that a later answer sees whether, and what, somebody else has done.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from .errors import Refused

M = TypeVar("M", bound=Model)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class News:
    """One thing that happened; ``mark`` grows along its strand. ``was`` and ``becomes`` where it changed a value."""

    mark: int
    at: dt.datetime | dt.date
    actor: str
    what: str
    was: str = ""
    becomes: str = ""

    @property
    def when(self) -> str:
        """The minute, or the day where no more is on record."""
        if isinstance(self.at, dt.datetime):
            return timezone.localtime(self.at).strftime("%Y-%m-%d %H:%M")
        return self.at.isoformat()


Strand = Sequence[News]


def happened(rows: QuerySet[M], what: Callable[[M], str], *, at: str, by: str) -> Strand:
    """What ``what`` says of each row whose column ``at`` is filled, by whom ``by`` names (one query)."""
    found = rows.filter(**{f"{at}__isnull": False}).select_related(by).order_by(at, "pk")
    return [
        News(number, getattr(row, at), str(getattr(row, by) or ""), what(row))
        for number, row in enumerate(found, start=1)
    ]


def version_of(strands: Sequence[Strand]) -> str:
    """How far every strand has gone: the marks of their last entries."""
    return ".".join(str(strand[-1].mark if strand else 0) for strand in strands)


def since(strands: Sequence[Strand], seen: str) -> list[News]:
    """What came after the version ``seen``, strand by strand; nothing where it cannot be read."""
    marks = seen.split(".") if len(seen) < _LONGEST else []
    if len(marks) != len(strands) or not all(mark.isdecimal() for mark in marks):
        return []
    return [
        news for strand, mark in zip(strands, marks, strict=True) for news in strand if news.mark > int(mark)
    ]


def require_unchanged(strands: Sequence[Strand], seen: str) -> None:
    """Refused: ``changed_meanwhile`` where anything came after the version ``seen``; without one nothing was seen."""
    if version_of(strands) != (seen or version_of([[] for _strand in strands])):
        raise Refused(
            "changed_meanwhile",
            _("Somebody was quicker: since you opened this page something was recorded. Nothing was done."),
        )


def seen_in(request: HttpRequest) -> str:
    """The version of the page that a form was sent from."""
    return request.POST.get("seen", "")


def told(request: HttpRequest, strands: Sequence[Strand], *, names: bool = True) -> dict[str, Any]:
    """For the page: ``seen``, which its forms carry, and ``meanwhile``, what the sender of a refused form is told.

    Without ``names`` it is not told who did it: a firm reads the office as one body.
    """
    news = since(strands, seen_in(request))
    return {
        "seen": version_of(strands),
        "meanwhile": news if names else [replace(one, actor="") for one in news],
    }
