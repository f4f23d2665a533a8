"""Recoveries: the exact difference comes back, and what was paid is never edited."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from subsidies.enums import AwardState, EntryKind
from subsidies.models import Award, LedgerEntry, SchemeVersion
from subsidies.selectors.recovery import recovery_of
from subsidies.services.recovery import close_recovery, open_recovery, record_repayment
from subsidies.services.revocations import apply_revocations
from subsidies.services.verification import verify_records
from tests.people import person
from tests.subsidies.paying import Desk, desk, region_grants


@pytest.fixture
def paying(cast):
    found = desk(cast)
    found.settled()
    return found


def cut(paying: Desk, amount: str, number: int = 2) -> Award:
    """The region grants the first firm less by a later document."""
    region_grants(paying.cast, [paying.awards[0].accreditation], [Decimal(amount)], number=number)
    return paying.again()[0]


class TestDifference:
    def test_nothing_is_due_while_the_basis_stands(self, paying):
        assert recovery_of(paying.again()[0]).due == Decimal("0.00")

    def test_edge_case_34_an_upstream_cut_is_due_to_the_fen(self, paying):
        recovery = recovery_of(cut(paying, "79999.99"))
        assert recovery.due == recovery.outstanding == Decimal("0.01")
        assert "演示科发〔2019〕2号" in recovery.cause

    def test_of_several_later_documents_the_last_counts(self, paying):
        cut(paying, "70000.00")
        assert recovery_of(cut(paying, "60000.00", number=3)).due == Decimal("20000.00")

    def test_a_raise_makes_nothing_due(self, paying):
        assert recovery_of(cut(paying, "90000.00")).due == Decimal("0.00")

    def test_edge_case_23_a_revocation_takes_all_when_the_act_was_in_the_certificates_year(self, paying):
        assert recovery_of(revoked(paying, act_year=2018)).due == Decimal("80000.00")

    def test_edge_case_23_a_later_act_leaves_an_earlier_award_alone(self, paying):
        assert recovery_of(revoked(paying, act_year=2019)).due == Decimal("0.00")


class TestWay:
    def test_edge_case_34_a_cut_after_payment_opens_a_recovery_and_edits_nothing(self, paying):
        award = cut(paying, "60000.00")
        before = list(LedgerEntry.objects.order_by("pk").values())
        award = open_recovery(award=award, actor=paying.cast.caseworker)
        assert award.state == AwardState.RECOVERING
        assert award.amount == Decimal("80000.00")
        assert "20000.00" in award.events.order_by("-number").first().reason
        assert list(LedgerEntry.objects.order_by("pk").values()) == before

    def test_it_closes_when_all_is_back(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        repay(paying, award, "15000.00", "收据1")
        assert paying.states()[0] == AwardState.RECOVERING
        repay(paying, award, "5000.00", "收据2")
        assert paying.states()[0] == AwardState.RECOVERED
        told = award.events.filter(action="record_repayment").values_list("reason", flat=True)
        assert list(told) == ["15000.00 收据1", "5000.00 收据2"]
        assert verify_records().problems == []

    def test_edge_case_34_a_second_cut_asks_the_rest_back_by_a_second_recovery(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        repay(paying, award, "20000.00", "收据1")
        award = open_recovery(award=cut(paying, "50000.00", number=3), actor=paying.cast.caseworker)
        assert award.state == AwardState.RECOVERING
        assert "10000.00" in award.events.order_by("-number").first().reason
        repay(paying, award, "10000.00", "收据2")
        assert paying.states()[0] == AwardState.RECOVERED
        assert verify_records().problems == []

    def test_edge_case_23_a_revocation_after_a_recovery_takes_the_rest(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        repay(paying, award, "20000.00", "收据1")
        revoked(paying, act_year=2018)
        assert [problem.code for problem in verify_records().problems] == ["revocation_not_applied"]
        assert apply_revocations(actor=paying.cast.caseworker).recovering == (award.number,)
        assert recovery_of(paying.again()[0]).outstanding == Decimal("60000.00")
        repay(paying, award, "60000.00", "收据2")
        assert apply_revocations(actor=paying.cast.caseworker).done_before == (award.number,)
        assert verify_records().problems == []

    def test_it_is_closed_by_hand_only_once_nothing_is_due(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        closing = {"award": award, "actor": paying.cast.caseworker, "reason": "自治区恢复原金额"}
        with pytest.raises(Refused) as caught:
            close_recovery(**closing)
        assert caught.value.code == "still_outstanding"
        cut(paying, "80000.00", number=3)
        assert close_recovery(**closing).state == AwardState.RECOVERED
        assert verify_records().problems == []

    def test_by_default_the_money_does_not_return_to_the_line(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        before = paying.figures()
        repay(paying, award, "20000.00", "收据1")
        assert paying.figures() == before

    def test_where_the_scheme_says_so_it_does(self, paying):
        SchemeVersion.objects.update(recovery_returns_to_line=True)
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        repay(paying, award, "20000.00", "收据1")
        assert paying.figures() == (Decimal("0.00"), Decimal("140000.55"))

    def test_the_same_receipt_is_booked_once(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        assert repay(paying, award, "1.00", "收据1") == repay(paying, award, "1.00", "收据1")
        assert LedgerEntry.objects.filter(kind=EntryKind.RECOVERED).count() == 1
        assert recovery_of(award).outstanding == Decimal("19999.00")

    def test_no_more_than_outstanding_comes_back(self, paying):
        award = open_recovery(award=cut(paying, "60000.00"), actor=paying.cast.caseworker)
        with pytest.raises(Refused) as caught:
            repay(paying, award, "20000.01", "收据1")
        assert caught.value.code == "more_than_outstanding"

    def test_without_a_difference_there_is_nothing_to_open(self, paying):
        with pytest.raises(Refused) as caught:
            open_recovery(award=paying.awards[0], actor=paying.cast.caseworker)
        assert caught.value.code == "nothing_to_recover"

    def test_before_payment_nothing_is_recovered(self, paying):
        with pytest.raises(Refused) as caught:
            repay(paying, paying.awards[0], "1.00", "收据1")
        assert caught.value.code == "not_recovering"

    @pytest.mark.parametrize("role", [Role.FIRM, Role.COUNTY, Role.AUDITOR, Role.ADMINISTRATOR])
    def test_outsiders_open_nothing(self, paying, role):
        with pytest.raises(NotAllowed):
            open_recovery(award=cut(paying, "60000.00"), actor=person(f"only-{role.value}", role))


def revoked(paying: Desk, act_year: int) -> Award:
    certificate = paying.awards[0].accreditation
    certificate.revoked_on, certificate.revoked_act_year = dt.date(2019, 6, 1), act_year
    certificate.revocation_document, certificate.revoked_by = "演示撤〔2019〕1号", paying.cast.caseworker
    certificate.save()
    return paying.again()[0]


def repay(paying: Desk, award: Award, amount: str, reference: str) -> LedgerEntry:
    return record_repayment(award=award, amount=Decimal(amount), reference=reference, actor=paying.first)
