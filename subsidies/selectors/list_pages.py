"""Payment lists as the pages show them: a page at a time, by key."""

import re
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum

from config.common.money import ZERO
from config.common.paging import Page, page_by_number
from subsidies.models import PaymentLine, PaymentList

from .payment_lists import lines_of, payment_lists


@dataclass(frozen=True, slots=True)
class ListPage:
    """``rows`` carry ``line_count`` and ``total``; ``next`` is the key to go on with, empty on the last page."""

    rows: list[PaymentList]
    next: str


@dataclass(frozen=True, slots=True)
class ControlTotals:
    """Number of lines and their sum in yuan, and how much of it the bank has answered for."""

    lines: int
    total: Decimal
    paid: int
    failed: int


def page_of_lists(*, after: str = "", size: int = 50) -> ListPage:
    """The newest lists first; one query, whatever the size. An ``after`` that cannot be read gives the first page."""
    lists = payment_lists().order_by("-year", "-sequence")
    if key := re.fullmatch(r"(\d{4})-(\d{1,9})", after, re.ASCII):
        year, sequence = int(key[1]), int(key[2])
        lists = lists.filter(Q(year__lt=year) | Q(year=year, sequence__lt=sequence))
    rows = list(lists[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    return ListPage(rows, f"{rows[-1].year}-{rows[-1].sequence}" if more else "")


def page_of_lines(payment_list: PaymentList, *, after: str = "", size: int = 100) -> Page[PaymentLine]:
    """The lines in order; one query."""
    return page_by_number(lines_of(payment_list), "number", after=after, size=size)


def control_totals(payment_list: PaymentList) -> ControlTotals:
    """Over all lines of the list; one query."""
    found = PaymentLine.objects.filter(payment_list=payment_list).aggregate(
        lines=Count("pk"),
        total=Sum("amount"),
        paid=Count("pk", filter=Q(state="paid")),
        failed=Count("pk", filter=Q(state="failed")),
    )
    return ControlTotals(found["lines"], found["total"] or ZERO, found["paid"], found["failed"])
