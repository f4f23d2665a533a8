"""Accounts of firms as people look at them: numbers masked except to finance and the firm itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from config.common.paging import Page, page_by_key
from cultivation.enums import AccountState, Role
from cultivation.masking import mask_account
from cultivation.models import BankAccount, Firm, User
from cultivation.permissions import counts_as_actor, may_see_private

from .firms import confirmed_accounts

PROPOSERS = (Role.FIRM, Role.CASEWORKER, Role.FINANCE)
CONFIRMERS = (Role.FINANCE, Role.REVIEWER)
# Who looks through the changes of all firms.
WORKERS = (*CONFIRMERS, Role.AUDITOR)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account with its number as the reader may see it, and the firm's standing one beside it."""

    account: BankAccount
    number: str
    standing: BankAccount | None = None
    standing_number: str = ""
    may_decide: bool = False


def account_lines(accounts: Iterable[BankAccount], reader: User) -> list[AccountLine]:
    """The accounts, their firms loaded, beside what is confirmed for each firm; one query more."""
    accounts = list(accounts)
    standing = confirmed_accounts({account.firm_id for account in accounts})
    decides = reader.has_role(*CONFIRMERS)
    return [
        AccountLine(
            account=account,
            number=shown_number(account, reader),
            standing=(held := standing.get(account.firm_id)),
            standing_number=shown_number(held, reader, account.firm) if held else "",
            may_decide=decides
            and account.state == AccountState.PROPOSED
            and not counts_as_actor(reader, account.proposed_by_id, account.proposed_at),
        )
        for account in accounts
    ]


def shown_number(account: BankAccount, reader: User, firm: Firm | None = None) -> str:
    return account.number if may_see_private(reader, firm or account.firm) else mask_account(account.number)


def accounts_of(firm: Firm) -> QuerySet[BankAccount]:
    """Every account there was, the newest first."""
    found = BankAccount.objects.filter(firm=firm).select_related("firm", "proposed_by", "decided_by")
    return found.order_by("-proposed_at", "-pk")


def waiting_accounts() -> QuerySet[BankAccount]:
    """Account changes that a second person has to look at, of all firms, the newest first."""
    waiting = BankAccount.objects.filter(state=AccountState.PROPOSED)
    return waiting.select_related("firm", "proposed_by").order_by("-proposed_at", "-pk")


def waiting_page(*, after: str = "", size: int = 50) -> Page[BankAccount]:
    return page_by_key(waiting_accounts(), "proposed_at", after=after, size=size)
