"""An approved award that has to be calculated afresh before it is paid: the commitment goes back, and comes anew."""

from decimal import Decimal

import pytest

from cultivation.enums import Role
from documents.services.issuing import void_notice
from subsidies.enums import AwardState, EntryKind, Stacking
from subsidies.models import FundingLine, LedgerEntry
from subsidies.services import awards, freezing, notices
from subsidies.services.calculation import calculate_award
from subsidies.services.verification import verify_records
from tests.people import person
from tests.subsidies.awarding import calculate, chain, refused
from tests.subsidies.claiming import receive
from tests.subsidies.factories import (
    award_at,
    disclosed,
    funding_line,
    grant,
    notice_organ,
    office,
    scheme_version,
)
from tests.subsidies.paying import answer, desk, region_grants


def sent_back(award, actor=None):
    return awards.send_back_award(award=award, actor=actor or office().reviewer, reason="自治区文件调整金额")


def figures(line):
    found = FundingLine.objects.get(pk=line.pk)
    return found.committed, found.paid


def approved_again(award, line):
    award = calculate(award, reason="以后文为准")
    award = disclosed(awards.review_award(award=award, actor=office().reviewer))
    return awards.approve_award(award=award, actor=office().reviewer, funding_line=line)


@pytest.fixture
def approved(db):
    return award_at(AwardState.APPROVED)


class TestAmountChangedAfterApproval:
    def test_it_cannot_be_listed_and_is_approved_once_more_for_the_right_amount(self, approved):
        line = approved.funding_line
        grant(approved.firm, "60000.00")
        listing = {"award": approved, "actor": office().finance}
        assert refused(lambda: awards.put_award_on_list(**listing)) == "basis_changed"
        award = sent_back(approved)
        assert (award.state, award.amount, award.funding_line, award.approved_by) == (
            AwardState.AWAITING_BASIS,
            None,
            None,
            None,
        )
        assert figures(line) == (Decimal("0.00"), Decimal("0.00"))
        award = approved_again(award, line)
        assert figures(line) == (Decimal("60000.00"), Decimal("0.00"))
        entries = LedgerEntry.objects.filter(award=award).order_by("pk").values_list("kind", "amount")
        assert list(entries) == [
            (EntryKind.COMMITTED, Decimal("80000.00")),
            (EntryKind.DECOMMITTED, Decimal("80000.00")),
            (EntryKind.COMMITTED, Decimal("60000.00")),
        ]
        assert awards.put_award_on_list(**listing).state == AwardState.LISTED

    def test_the_same_amount_is_committed_again_and_not_taken_for_the_first_time(self, approved):
        line = approved.funding_line
        award = approved_again(sent_back(approved), line)
        assert figures(line) == (Decimal("80000.00"), Decimal("0.00"))
        freezing.revoke_award(award=award, actor=office().reviewer, reason="企业放弃")
        assert figures(line) == (Decimal("0.00"), Decimal("0.00"))
        assert verify_records().problems == []

    def test_the_other_line_may_pay_it_then(self, approved):
        first, second = approved.funding_line, funding_line()
        approved_again(sent_back(approved), second)
        assert (figures(first)[0], figures(second)[0]) == (Decimal("0.00"), Decimal("80000.00"))
        assert verify_records().problems == []

    def test_the_chain_of_events_tells_it(self, approved):
        award = sent_back(approved)
        assert chain(award)[-1][1:] == (AwardState.APPROVED, AwardState.AWAITING_BASIS)

    def test_a_notice_that_told_the_firm_the_amount_is_voided_first(self, approved):
        notice = notices.issue_grant_notice(award=approved, actor=office().reviewer, organ=notice_organ())
        assert refused(lambda: sent_back(approved)) == "notice_stands"
        void_notice(notice=notice, actor=office().reviewer, reason="金额调整")
        award = sent_back(approved)
        assert award.notice is None

    def test_on_a_list_it_stays_until_finance_takes_it_off(self, db):
        award = award_at(AwardState.LISTED)
        assert refused(lambda: sent_back(award)) == "wrong_state"


def test_sent_back_by_the_bank_then_by_the_office_it_is_paid_once_and_rightly(cast):
    """Paid, returned, cut by the region, calculated afresh, listed and paid: every fen is where the records say."""
    paying = desk(cast)
    released = paying.released(paying.awards[:1])
    line = released.lines.get()
    paying.load(released, answer(line), answer(line, "退汇"))
    region_grants(cast, [paying.awards[0].accreditation], [Decimal("50000.00")], number=2)
    award = sent_back(paying.again()[0], cast.reviewer)
    award = awards.review_award(
        award=calculate_award(award=award, actor=cast.caseworker, reason="以后文为准"), actor=cast.reviewer
    )
    awards.approve_award(award=award, actor=cast.reviewer, funding_line=paying.line)
    others = sum(row.amount for row in paying.awards[1:])
    assert paying.figures() == (Decimal("50000.00") + others, Decimal("0.00"))
    paying.settled(paying.again()[:1])
    assert paying.figures() == (others, Decimal("50000.00"))
    assert verify_records().problems == []


class TestMoneyFromElsewhereAfterTheCalculation:
    """从高不重复: what came in since stops every later step until the award is calculated afresh."""

    @pytest.fixture
    def version(self, db):
        return scheme_version(stacking=Stacking.HIGHER)

    def test_stops_review_and_approval(self, version):
        award = award_at(AwardState.DISCLOSED)
        receipt = receive(award, confirm=False)
        approving = {"award": award, "actor": office().reviewer, "funding_line": funding_line()}
        assert refused(lambda: awards.approve_award(**approving)) == "receipts_changed"
        assert receipt.confirmed_at is None

    def test_stops_an_approved_award_which_is_then_cut(self, version):
        award = award_at(AwardState.APPROVED)
        line = award.funding_line
        receive(award, "30000.00")
        assert (
            refused(lambda: awards.put_award_on_list(award=award, actor=office().finance))
            == "receipts_changed"
        )
        assert approved_again(sent_back(award), line).amount == Decimal("50000.00")
        assert figures(line)[0] == Decimal("50000.00")
        assert verify_records().problems == []

    def test_means_nothing_where_the_scheme_does_not_look_at_it(self, db):
        scheme_version(stacking=Stacking.NONE)
        award = award_at(AwardState.APPROVED)
        receive(award)
        assert awards.put_award_on_list(award=award, actor=office().finance).state == AwardState.LISTED


def test_whoever_calculated_sends_back_but_does_not_approve_anew(db):
    both = person("both", Role.CASEWORKER, Role.REVIEWER)
    award = sent_back(award_at(AwardState.APPROVED), both)
    award = calculate_award(award=award, actor=both)
    assert refused(lambda: awards.review_award(award=award, actor=both)) == "second_person"
