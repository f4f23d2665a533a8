"""Accounts: proposed by one, confirmed by another; no checksum is made up for their numbers."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common.errors import NotAllowed, Refused
from cultivation.enums import AccountState, Role
from cultivation.models import BankAccount
from cultivation.selectors.firms import confirmed_account
from cultivation.services.accounts import confirm_account, propose_account, reject_account
from cultivation.services.firms import rename_firm
from tests.factories import FirmFactory, UserFactory

pytestmark = pytest.mark.django_db


def propose(cast, actor=None, **changes):
    values = {
        "firm": cast.firm.firm,
        "bank_name": "中国工商银行百色分行营业厅",
        "clearing_code": "102626160056",
        "number": "2103450009300012345",
    }
    return propose_account(actor=actor or cast.caseworker, **(values | changes))


def refused(service, **arguments):
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    return refusal.value.code


class TestProposing:
    def test_waits_and_no_money_goes_there(self, cast):
        account = propose(cast)
        assert (account.state, account.holder) == (AccountState.PROPOSED, cast.firm.firm.name)
        assert confirmed_account(cast.firm.firm) is None

    def test_edge_case_37_full_width_digits_blanks_and_leading_zeros(self, cast):
        account = propose(
            cast, number="００12 ３４５6 7890 1234 567　", clearing_code="１０２６２６１６００５６　"
        )
        account.refresh_from_db()
        assert (account.number, account.clearing_code) == ("0012345678901234567", "102626160056")

    def test_edge_case_37_an_account_number_has_no_checksum(self, cast):
        # 6222020000000000001 fails the Luhn formula.
        assert propose(cast, number="6222020000000000001").pk

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"clearing_code": "102626160057"}, "clearing_code"),
            ({"clearing_code": ""}, "clearing_code"),
            ({"number": "12345"}, "account_number"),
            ({"number": "6.2E+18"}, "account_number"),
            ({"bank_name": " "}, "bank_missing"),
            ({"holder": "别家公司"}, "holder_is_not_the_firm"),
        ],
    )
    def test_refuses(self, cast, changes, code):
        assert refused(propose, cast=cast, **changes) == code

    def test_one_account_waits_at_a_time(self, cast):
        propose(cast)
        assert refused(propose, cast=cast, number="999999999") == "account_waiting"

    def test_the_confirmed_one_is_not_proposed_again(self, cast):
        confirm_account(account=propose(cast), actor=cast.finance)
        assert refused(propose, cast=cast) == "account_unchanged"

    @pytest.mark.parametrize("person", ["firm", "caseworker", "finance"])
    def test_the_firm_the_caseworker_and_finance_may(self, cast, person):
        assert propose(cast, actor=getattr(cast, person)).pk

    @pytest.mark.parametrize("person", ["county", "reviewer", "auditor", "administrator"])
    def test_nobody_else_may(self, cast, person):
        with pytest.raises(NotAllowed):
            propose(cast, actor=getattr(cast, person))

    def test_nor_another_firm(self, cast):
        with pytest.raises(NotAllowed):
            propose(cast, actor=UserFactory(role=Role.FIRM, firm=FirmFactory()))


class TestCase36ASecondPerson:
    def test_confirms_and_the_old_account_is_replaced(self, cast):
        first = confirm_account(account=propose(cast), actor=cast.finance)
        second = propose(cast, number="0099999999")
        assert confirmed_account(cast.firm.firm) == first
        second = confirm_account(account=second, actor=cast.reviewer)
        first.refresh_from_db()
        assert (first.state, first.decided_by) == (AccountState.REPLACED, cast.finance)
        assert confirmed_account(cast.firm.firm) == second

    def test_is_another_than_the_proposer(self, cast):
        account = propose(cast, actor=cast.finance)
        with pytest.raises(NotAllowed) as refusal:
            confirm_account(account=account, actor=cast.finance)
        assert refusal.value.code == "second_person"
        assert confirm_account(account=account, actor=cast.finance2).state == AccountState.CONFIRMED

    def test_the_database_holds_the_rule_too(self, cast):
        account = propose(cast, actor=cast.finance)
        with pytest.raises(IntegrityError), transaction.atomic():
            BankAccount.objects.filter(pk=account.pk).update(decided_by=cast.finance)

    @pytest.mark.parametrize("person", ["firm", "county", "caseworker2", "auditor", "administrator"])
    def test_is_of_finance_or_a_reviewer(self, cast, person):
        account = propose(cast)
        for service, extra in ((confirm_account, {}), (reject_account, {"reason": "x"})):
            with pytest.raises(NotAllowed):
                service(account=account, actor=getattr(cast, person), **extra)

    def test_turns_it_down_with_a_reason(self, cast):
        first = confirm_account(account=propose(cast), actor=cast.finance)
        second = propose(cast, number="0099999999")
        assert refused(reject_account, account=second, reason=" ", actor=cast.finance) == "reason_missing"
        second = reject_account(account=second, reason="户名不符", actor=cast.finance)
        assert (second.state, second.reason) == (AccountState.REJECTED, "户名不符")
        assert confirmed_account(cast.firm.firm) == first
        assert propose(cast, number="0088888888").pk

    def test_decides_once(self, cast):
        account = confirm_account(account=propose(cast), actor=cast.finance)
        assert refused(confirm_account, account=account, actor=cast.reviewer) == "account_decided"
        assert refused(reject_account, account=account, reason="x", actor=cast.reviewer) == "account_decided"

    def test_edge_case_22_does_not_confirm_an_account_under_a_former_name(self, cast):
        account = propose(cast)
        rename_firm(
            firm=cast.firm.firm,
            name="演示新名有限公司",
            valid_from=dt.date(2019, 6, 3),
            document="演示变更〔2019〕1号",
            actor=cast.caseworker,
        )
        assert refused(confirm_account, account=account, actor=cast.finance) == "holder_is_not_the_firm"
