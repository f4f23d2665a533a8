"""Rows of bank returns that fitted no line, until somebody has dealt with them."""

import datetime as dt

from django.db.models import Q, QuerySet

from config.common.paging import Page, page_by_number
from subsidies.enums import ReturnOutcome
from subsidies.models import BankReturnRow


def unmatched_rows(
    *, settled: bool | None = None, before: dt.datetime | None = None
) -> QuerySet[BankReturnRow]:
    """The rows with list, file and, where it was dealt with, what was noted; the latest first.

    ``settled``: only those dealt with, or only the others; ``before``: as it stood at that instant.
    """
    rows = BankReturnRow.objects.filter(outcome=ReturnOutcome.UNMATCHED).select_related(
        "bank_return__payment_list", "bank_return__source_file", "settlement__settled_by"
    )
    done = Q(settlement__isnull=False)
    if before is not None:
        rows = rows.filter(bank_return__loaded_at__lt=before)
        done = Q(settlement__settled_at__lt=before)
    if settled is not None:
        rows = rows.filter(done) if settled else rows.exclude(done)
    return rows.order_by("-pk")


def page_of_unmatched(
    rows: QuerySet[BankReturnRow], *, after: str = "", size: int = 50
) -> Page[BankReturnRow]:
    """A page by primary key, the latest first."""
    return page_by_number(rows, "-pk", after=after, size=size)
