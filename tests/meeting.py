"""Two people at one page, told as data: who opened it, what the other did meanwhile, what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.urls import reverse

from cultivation.models import User


@dataclass(frozen=True)
class Meeting:
    """``typed`` is sent from the page at ``page`` to ``act``; before it comes, ``first`` has done ``meanwhile``.

    ``told`` is of the news; ``kept`` are the typed words that have to be in the page again; ``written`` is the table that
    ``typed`` would have changed.
    """

    page: str
    act: str
    typed: dict[str, Any]
    second: User
    first: User
    meanwhile: Callable[[], object]
    told: str
    kept: tuple[str, ...]
    written: type[Model]


def url(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)
