"""The roster: many firms at once, all of them or none.

A roster says how firms are today. It fills in and corrects what it may, but a new name or county needs a document
and a day, so those are only pointed out.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from config.common.credit_codes import is_made_up
from config.common.errors import RowError
from config.common.text import fold
from config.common.workbooks import Headings, Row, Table, TableReport, read_table
from cultivation.enums import AccountState, Role
from cultivation.models import BankAccount, Contact, Firm, FirmDivision, FirmName, User
from cultivation.permissions import require_role
from cultivation.workbooks import roster_columns

from .accounts import is_same_account
from .refusals import recorded

# Rows handled together: few enough for the 999 parameters of a statement on SQLite.
_BATCH = 500
_FIRM_FIELDS = ("registered_on", "industry_field", "zone", "address", "registered_capital", "employees")
_ACCOUNT_KEYS = ("bank", "clearing_code", "account")


@dataclass
class FirmReport(TableReport):
    updated: int = 0

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "updated": self.updated}


@recorded("import_firms")
def import_firms(
    *, content: bytes, actor: User, dry_run: bool = False, headings: Headings | None = None
) -> FirmReport:
    """Take over a roster workbook; ``dry_run`` changes nothing and answers the same.

    New firms get their first name and place from the day of registration. Empty cells change nothing. Accounts
    are proposed and wait for a second person. A county caseworker brings in firms of the own division alone.
    Raises ``RowsRefused`` with every fault, and then nothing is written. Queries grow with batches of 500 rows.
    """
    require_role(actor, Role.CASEWORKER, Role.COUNTY)
    table = read_table(content, roster_columns(), headings=headings)
    table.refuse_duplicates("credit_code")
    for row in table.rows:
        table.errors.extend(_faults_of_row(table, row))
    _warn_of_same_names(table)
    # What is asked of the stored firms comes on top, so that one run shows every fault.
    sound = [row for row in table.rows if row.get("credit_code")]
    report = FirmReport.of(table)
    for batch in _batches(sound):
        _Batch(table, batch, actor, report).take_over(write=not dry_run and not table.errors)
    table.refuse_errors()
    return report


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rows = iter(rows)
    while batch := list(islice(rows, _BATCH)):
        yield batch


def _faults_of_row(table: Table, row: Row) -> Iterator[RowError]:
    """Cells that only make sense together."""
    given = [key for key in _ACCOUNT_KEYS if row.texts.get(key)]
    if given and len(given) < len(_ACCOUNT_KEYS):
        missing = next(key for key in _ACCOUNT_KEYS if key not in given)
        message = _("Bank, clearing code and account number are given together or not at all.")
        yield table.error(row, missing, "account_incomplete", message)
    if (row.texts.get("phone") or row.texts.get("email")) and not row.texts.get("contact"):
        message = _("A phone number or an e-mail address needs the contact's name.")
        yield table.error(row, "contact", "contact_incomplete", message)


def _warn_of_same_names(table: Table) -> None:
    first: dict[str, int] = {}
    for row in table.rows:
        if name := row.get("name"):
            earlier = first.setdefault(fold(name), row.number)
            if earlier != row.number:
                message = _("Row %(row)s has the same name under another credit code.") % {"row": earlier}
                table.warnings.append(table.error(row, "name", "same_name", message))


class _Batch:
    """Some hundred rows against the firms they are about."""

    def __init__(self, table: Table, rows: Sequence[Row], actor: User, report: FirmReport) -> None:
        self.table, self.rows, self.actor, self.report = table, rows, actor, report
        codes = [row.get("credit_code") for row in rows]
        locked = Firm.objects.select_for_update(of=("self",)).order_by("pk").filter(credit_code__in=codes)
        self.firms = {firm.credit_code: firm for firm in locked}
        ids = [firm.pk for firm in self.firms.values()]
        self.contacts = {c.firm_id: c for c in Contact.objects.filter(firm_id__in=ids, is_primary=True)}
        self.accounts: dict[int, dict[str, BankAccount]] = {}
        standing = (AccountState.PROPOSED, AccountState.CONFIRMED)
        for account in BankAccount.objects.filter(firm_id__in=ids, state__in=standing):
            self.accounts.setdefault(account.firm_id, {})[account.state] = account
        self.new: list[tuple[Row, Firm]] = []
        self.changed: list[Firm] = []
        self.new_contacts: list[Contact] = []
        self.changed_contacts: list[Contact] = []
        self.new_accounts: list[BankAccount] = []

    def take_over(self, *, write: bool) -> None:
        for row in self.rows:
            firm = self.firms.get(row.get("credit_code"))
            self._refuse_other_division(row, firm)
            if firm is None:
                self._add(row)
            elif self._update(row, firm):
                self.report.updated += 1
            else:
                self.report.unchanged += 1
        self._warn_of_names()
        self.report.created += len(self.new)
        if write and not self.table.errors:
            self._write()

    def _refuse_other_division(self, row: Row, firm: Firm | None) -> None:
        """A county's own division alone; the city's caseworkers take any."""
        if self.actor.has_role(Role.CASEWORKER):
            return
        county = row.get("county")
        divisions = {county.pk} if county else set()
        if firm is not None:
            divisions.add(firm.division_id)
        if divisions - {self.actor.division_id}:
            message = _("A county caseworker brings in firms of the own division only.")
            self.table.errors.append(self.table.error(row, "county", "other_division", message))

    def _warn(self, row: Row, key: str, code: str, message: str) -> None:
        self.table.warnings.append(self.table.error(row, key, code, message))

    def _add(self, row: Row) -> None:
        zone = row.get("zone")
        firm = Firm(
            credit_code=row.get("credit_code"),
            name=row.get("name") or "",
            division=row.get("county"),
            registered_on=row.get("registered_on"),
            industry_field=row.get("industry"),
            zone=zone or None,
            address=row.get("address") or "",
            registered_capital=row.get("registered_capital"),
            employees=row.get("employees"),
            is_demo=is_made_up(row.get("credit_code") or ""),
        )
        self.new.append((row, firm))
        self._set_contact(row, firm)
        self._propose_account(row, firm)

    def _update(self, row: Row, firm: Firm) -> bool:
        """Whether the row brings anything new."""
        given = {
            "registered_on": row.get("registered_on"),
            "industry_field": row.get("industry"),
            "zone": row.get("zone"),
            "address": row.get("address"),
            "registered_capital": row.get("registered_capital"),
            "employees": row.get("employees"),
        }
        changed = False
        for name, value in given.items():
            if value is None:
                continue
            # 否 in the column of the zone takes the firm out of it.
            value = None if value is False else value
            if getattr(firm, name) != value:
                setattr(firm, name, value)
                changed = True
        if changed:
            self.changed.append(firm)
        county = row.get("county")
        if county is not None and county.pk != firm.division_id:
            message = _("The firm is recorded elsewhere; record its move by a document. The county stays.")
            self._warn(row, "county", "county_differs", message)
        contact, account = self._set_contact(row, firm), self._propose_account(row, firm)
        return changed or contact or account

    def _set_contact(self, row: Row, firm: Firm) -> bool:
        given = {"name": row.get("contact"), "phone": row.get("phone"), "email": row.get("email")}
        given = {name: value for name, value in given.items() if value}
        if "name" not in given:
            return False
        contact = self.contacts.get(firm.pk) if firm.pk else None
        if contact is None:
            self.new_contacts.append(Contact(firm=firm, **given))
            return True
        if all(getattr(contact, name) == value for name, value in given.items()):
            return False
        for name, value in given.items():
            setattr(contact, name, value)
        self.changed_contacts.append(contact)
        return True

    def _propose_account(self, row: Row, firm: Firm) -> bool:
        if not all(row.get(key) for key in _ACCOUNT_KEYS):
            return False
        account = BankAccount(
            firm=firm,
            holder=firm.name,
            bank_name=row.get("bank"),
            clearing_code=row.get("clearing_code"),
            number=row.get("account"),
            proposed_by=self.actor,
        )
        standing = self.accounts.get(firm.pk, {}) if firm.pk else {}
        if any(is_same_account(account, other) for other in standing.values()):
            return False
        if AccountState.PROPOSED in standing:
            message = _("Another account of this firm waits for its confirmation; this one was not proposed.")
            self._warn(row, "account", "account_waiting", message)
            return False
        self.new_accounts.append(account)
        return True

    def _warn_of_names(self) -> None:
        """Names that differ from the recorded one, and new firms under a name that is in use."""
        differing = {
            firm.pk: (row, firm)
            for row in self.rows
            if (firm := self.firms.get(row.get("credit_code"))) is not None
            and row.get("name")
            and fold(row.get("name")) != fold(firm.name)
        }
        old = set(FirmName.objects.filter(firm_id__in=list(differing)).values_list("firm_id", "name"))
        for pk, (row, firm) in differing.items():
            names = {"name": firm.name}
            if any(firm_id == pk and fold(name) == fold(row.get("name")) for firm_id, name in old):
                message = _("This is a former name; the firm is now called %(name)s.") % names
                self._warn(row, "name", "former_name", message)
            else:
                message = _("The firm is recorded as %(name)s; record a new name by its document.") % names
                self._warn(row, "name", "name_differs", message)
        taken = dict(
            Firm.objects.filter(name__in=[firm.name for _row, firm in self.new]).values_list(
                "name", "credit_code"
            )
        )
        for row, firm in self.new:
            if firm.name in taken:
                message = _("%(code)s is recorded under the same name.") % {"code": taken[firm.name]}
                self._warn(row, "name", "same_name", message)

    def _write(self) -> None:
        firms = [firm for _row, firm in self.new]
        bulk_create_with_history(firms, Firm, batch_size=_BATCH, default_user=self.actor)
        bulk_update_with_history(self.changed, Firm, _FIRM_FIELDS, batch_size=_BATCH, default_user=self.actor)
        beginnings = [(firm, {"valid_from": firm.registered_on, "recorded_by": self.actor}) for firm in firms]
        _create(FirmName, (FirmName(firm=firm, name=firm.name, **begin) for firm, begin in beginnings))
        _create(
            FirmDivision,
            (FirmDivision(firm=firm, division=firm.division, **begin) for firm, begin in beginnings),
        )
        _create(Contact, self.new_contacts)
        Contact.objects.bulk_update(self.changed_contacts, ["name", "phone", "email"], batch_size=100)
        _create(BankAccount, self.new_accounts)


def _create(model: type[models.Model], rows: Iterable[models.Model]) -> None:
    model._default_manager.bulk_create(rows, batch_size=_BATCH)
