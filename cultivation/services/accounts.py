"""Bank accounts of firms: proposed by one person, confirmed by another (edge case 36)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from config.common.clock import now
from config.common.errors import Refused
from config.common.text import compact, fold, normalise
from config.common.workbooks import ACCOUNT_NUMBER
from cultivation.enums import AccountState
from cultivation.models import BankAccount, Firm, User
from cultivation.permissions import require_firm_work, require_role, require_second_person
from cultivation.rules import clearing_code as clearing
from cultivation.selectors.accounts import CONFIRMERS, PROPOSERS

from .refusals import recorded


@recorded("propose_account")
def propose_account(
    *, firm: Firm, bank_name: str, clearing_code: str, number: str, actor: User, holder: str = ""
) -> BankAccount:
    """An account to wait for its confirmation; money goes to the confirmed one until then.

    ``holder`` is the firm's present name unless given. Refused: ``bank_missing``, ``clearing_code``,
    ``account_number``, ``holder_is_not_the_firm`` (all that is wrong stands by field in the details),
    ``account_waiting``, ``account_unchanged``.
    """
    firm = Firm.objects.select_for_update().get(pk=firm.pk)
    require_firm_work(actor, firm, *PROPOSERS)
    account = BankAccount(
        firm=firm,
        holder=normalise(holder) or firm.name,
        bank_name=normalise(bank_name),
        clearing_code=clearing.normalise(clearing_code),
        number=compact(number),
        proposed_by=actor,
    )
    _require_sound(account, firm)
    for standing in BankAccount.objects.filter(
        firm=firm, state__in=[AccountState.PROPOSED, AccountState.CONFIRMED]
    ):
        if standing.state == AccountState.PROPOSED:
            raise Refused("account_waiting", _("Another account of this firm waits for its confirmation."))
        if is_same_account(standing, account):
            raise Refused("account_unchanged", _("This account is the confirmed one already."))
    account.save()
    return account


def is_same_account(one: BankAccount, other: BankAccount) -> bool:
    """Whether money would go to the same place under the same name."""
    return (one.number, one.clearing_code, fold(one.bank_name), fold(one.holder)) == (
        other.number,
        other.clearing_code,
        fold(other.bank_name),
        fold(other.holder),
    )


def _require_sound(account: BankAccount, firm: Firm) -> None:
    """``Refused`` with the first thing that is wrong; the details say all of them by field."""
    faults = dict(_faults(account, firm))
    if faults:
        code, message = next(iter(faults.values()))
        raise Refused(code, message, fields={name: message for name, (_code, message) in faults.items()})


def _faults(account: BankAccount, firm: Firm) -> Iterator[tuple[str, tuple[str, str]]]:
    if not account.bank_name:
        yield "bank_name", ("bank_missing", _("Name the bank."))
    if not clearing.is_valid(account.clearing_code):
        message = _(
            "%(code)s is not a clearing code: twelve digits with a check digit by ISO 7064 MOD 11,10."
        )
        yield "clearing_code", ("clearing_code", message % {"code": account.clearing_code})
    if not ACCOUNT_NUMBER.fullmatch(account.number):
        message = _("An account number is 6 to 40 digits, with hyphens at most.")
        yield "number", ("account_number", message)
    if fold(account.holder) != fold(firm.name):
        message = _("The account is held by %(holder)s; payments go to the firm's present name, %(name)s.")
        yield (
            "holder",
            ("holder_is_not_the_firm", message % {"holder": account.holder, "name": firm.name}),
        )


def _waiting(account: BankAccount) -> BankAccount:
    """The account, its firm's row locked first, as every change of accounts does."""
    Firm.objects.select_for_update().get(pk=account.firm_id)
    account = BankAccount.objects.select_related("firm").get(pk=account.pk)
    if account.state != AccountState.PROPOSED:
        raise Refused("account_decided", _("This account has been decided about already."))
    return account


@recorded("confirm_account")
def confirm_account(*, account: BankAccount, actor: User, number: str | None = None) -> BankAccount:
    """A second person stands for the account; it takes the place of the one confirmed before.

    ``number``: the account number as this person reads it in the firm's document, to be held against the proposed one.
    Refused: ``account_decided``; ``number_differs``; ``holder_is_not_the_firm`` when the firm was renamed since;
    ``NotAllowed`` to the proposer.
    """
    require_role(actor, *CONFIRMERS)
    account = _waiting(account)
    require_second_person(actor, account.proposed_by_id, account.proposed_at)
    if number is not None and compact(number) != account.number:
        raise Refused(
            "number_differs", _("The number is not the one proposed: look at the firm's document again.")
        )
    _require_sound(account, account.firm)
    BankAccount.objects.filter(firm=account.firm, state=AccountState.CONFIRMED).update(
        state=AccountState.REPLACED
    )
    account.state = AccountState.CONFIRMED
    account.decided_by, account.decided_at = actor, now()
    account.save(update_fields=["state", "decided_by", "decided_at"])
    return account


@recorded("reject_account")
def reject_account(*, account: BankAccount, reason: str, actor: User) -> BankAccount:
    """The proposal is turned down; the confirmed account stays. Refused: ``account_decided``, ``reason_missing``."""
    require_role(actor, *CONFIRMERS)
    account = _waiting(account)
    require_second_person(actor, account.proposed_by_id, account.proposed_at)
    if not reason.strip():
        raise Refused("reason_missing", _("Give a reason."))
    account.state, account.reason = AccountState.REJECTED, reason.strip()
    account.decided_by, account.decided_at = actor, now()
    account.save(update_fields=["state", "reason", "decided_by", "decided_at"])
    return account
