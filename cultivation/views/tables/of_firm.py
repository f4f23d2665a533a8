"""What the pages of one firm list: accounts, self-checks, property and tiers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from config.common.clock import today
from config.common.workbooks import Value
from cultivation.models import Firm, SelfCheck, TierRecord, User
from cultivation.permissions import visible_firms
from cultivation.selectors.accounts import WORKERS, account_lines, accounts_of, waiting_accounts
from cultivation.selectors.firm_property import firm_property
from cultivation.selectors.self_checks import is_own
from cultivation.views.ip_uses import kind_label, use_lines
from cultivation.views.presenting import is_outsider
from cultivation.views.readers import READERS
from cultivation.views.self_check_page import maker_of
from cultivation.views.self_check_showing import state_name, verdict_for
from documents.api import QueryTable, TableMaker, one_of


def firm_of(parameters: Mapping[str, Any], owner: User) -> Firm:
    """The firm that the address names; ``Refused`` where the person does not see it."""
    return one_of(visible_firms(owner), parameters.get("firm", ""))


class Accounts(TableMaker):
    """Every account change that waits; numbers are text, masked as on the page."""

    roles = WORKERS
    stem = "accounts"

    def name(self) -> str:
        return _("Account changes")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Firm"), _("Unified social credit code"), _("Account holder"), _("Bank")),
            *(_("Clearing code"), _("Account number"), _("Confirmed account"), _("Proposed by")),
            _("Proposed on"),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return waiting_accounts().count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in account_lines(waiting_accounts(), owner):
            yield (
                line.account.firm.name,
                line.account.firm.credit_code,
                line.account.holder,
                line.account.bank_name,
                line.account.clearing_code,
                line.number,
                line.standing_number,
                str(line.account.proposed_by),
                localdate(line.account.proposed_at),
            )


class AccountsOfFirm(TableMaker):
    """Every account there was of one ``firm``, masked as on its page."""

    roles = READERS

    def name(self) -> str:
        return _("Bank accounts")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Account holder"), _("Bank"), _("Clearing code"), _("Account number"), _("State")),
            *(_("Proposed by"), _("Proposed on"), _("Decided by"), _("Decided on")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return accounts_of(firm_of(parameters, owner)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        outsider = is_outsider(owner)
        for line in account_lines(accounts_of(firm_of(parameters, owner)), owner):
            account = line.account
            yield (
                account.holder,
                account.bank_name,
                account.clearing_code,
                line.number,
                str(account.get_state_display()),
                "" if outsider else str(account.proposed_by),
                localdate(account.proposed_at),
                "" if outsider else str(account.decided_by or ""),
                localdate(account.decided_at) if account.decided_at else None,
            )


class SelfChecks(TableMaker):
    """Every self-check of one ``firm`` that is on record, with the verdict that its reader may know."""

    roles = READERS

    def name(self) -> str:
        return _("Self-checks")

    def headers(self) -> Sequence[str]:
        return (_("Number"), _("Saved on"), _("By whom"), _("Verdict"), _("Rules"))

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return SelfCheck.objects.filter(firm=firm_of(parameters, owner)).count()

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        outsider = is_outsider(owner)
        found = SelfCheck.objects.filter(firm=firm_of(parameters, owner)).select_related("made_by")
        for check in found.order_by("-made_at", "-pk").iterator(chunk_size=100):
            verdict = verdict_for(check.result, outsider=outsider, own=is_own(check))
            yield (
                check.pk,
                localdate(check.made_at),
                maker_of(check, outsider=outsider),
                state_name(verdict),
                check.rule_set,
            )


class Property(TableMaker):
    """The items of one ``firm``, each with the filings that made use of it, as far as the person may know them."""

    roles = READERS

    def name(self) -> str:
        return _("Intellectual property")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Number"), _("Title"), _("Kind"), _("Class"), _("Declared"), _("Filings with it")),
            *(_("For a next filing"), _("Why")),
        )

    def count(self, parameters: Mapping[str, Any], *, owner: User) -> int:
        return len(firm_property(firm_of(parameters, owner), today()).lines)

    def rows(self, parameters: Mapping[str, Any], *, owner: User) -> Iterator[Sequence[Value]]:
        for line in firm_property(firm_of(parameters, owner), today()).lines:
            uses = use_lines(line, owner)
            yield (
                line.number,
                line.title,
                kind_label(line),
                {1: "Ⅰ类", 2: "Ⅱ类"}.get(line.ip_class or 0, ""),
                _("Yes") if line.declared else _("No"),
                "；".join(f"{use.filed_on} {use.firm} {use.outcome} {use.proof}".strip() for use in uses),
                _("Usable") if line.usable else _("Not usable"),
                line.why,
            )


class Tiers(QueryTable):
    """Every document about the tiers of one ``firm``."""

    roles = READERS

    def name(self) -> str:
        return _("Tiers")

    def headers(self) -> Sequence[str]:
        return (
            *(_("Document number"), _("Date of the document"), _("Tier"), _("Outcome"), _("Year")),
            *(_("Valid until"), _("Remark")),
        )

    def found(self, parameters: Mapping[str, Any], *, owner: User) -> QuerySet[TierRecord]:
        return TierRecord.objects.filter(firm=firm_of(parameters, owner)).order_by("-document_date", "-pk")

    def cells(self, row: TierRecord) -> Sequence[Value]:
        return (
            row.document_number,
            row.document_date,
            str(row.get_tier_display()),
            str(row.get_outcome_display()),
            row.year,
            row.valid_until,
            row.remark,
        )
