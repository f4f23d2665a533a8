"""Firms as people look for them, and the account money may go to."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from cultivation.enums import AccountState
from cultivation.models import BankAccount, Firm, User
from cultivation.permissions import visible_firms

from .firm_search import matching_firms


@dataclass(frozen=True, slots=True)
class FirmPage:
    """``next`` is the key to go on with; empty on the last page."""

    rows: list[Firm]
    next: str


def firm_list(user: User | AnonymousUser, *, text: str = "", after: str = "", size: int = 50) -> FirmPage:
    """Firms the person may see, by credit code; ``text`` is what :mod:`.firm_search` finds."""
    firms = visible_firms(user).order_by("credit_code").select_related("division", "industry_field", "zone")
    if text := text.strip():
        firms = firms.filter(matching_firms(text))
    if after:
        firms = firms.filter(credit_code__gt=after)
    rows = list(firms.prefetch_related("division__names")[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    return FirmPage(rows=rows, next=rows[-1].credit_code if more else "")


def confirmed_accounts(firm_ids: Iterable[int]) -> dict[int, BankAccount]:
    """The account a second person has confirmed, by firm (one query)."""
    accounts = BankAccount.objects.filter(firm_id__in=list(firm_ids), state=AccountState.CONFIRMED)
    return {account.firm_id: account for account in accounts}


def confirmed_account(firm: Firm) -> BankAccount | None:
    return confirmed_accounts([firm.pk]).get(firm.pk)


def name_on(firm: Firm, on: dt.date) -> str:
    """The firm's name in force on a day."""
    return firm.name_on(on)
