"""Awards reviewed and approved by a second person, paid, and listed."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from config.common.clock import fixed
from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import RefusedAttempt
from subsidies.enums import AwardState, EntryKind
from subsidies.models import Award, LedgerEntry
from subsidies.rules.balances import Figures
from subsidies.selectors.award_filters import AwardFilter
from subsidies.selectors.awards import award_counts, award_page, awards_by_state
from subsidies.services import awards, calculation, disclosure, freezing
from subsidies.services.ledger import figures_of
from tests.factories import FirmFactory, division
from tests.people import person
from tests.subsidies.awarding import chain, propose, refused
from tests.subsidies.factories import (
    DISCLOSED_ON,
    accreditation,
    award_at,
    funding_line,
    grant,
    office,
    proposed,
    scheme_version,
)


class TestFourEyes:
    @pytest.fixture
    def both(self, db):
        """One person who is caseworker and reviewer at once."""
        return person("both", Role.CASEWORKER, Role.REVIEWER)

    def test_the_calculator_neither_reviews_nor_approves(self, both):
        line, people = funding_line(), office()
        award = award_at(AwardState.AWAITING_BASIS)
        grant(award.firm)
        award = calculation.calculate_award(award=award, actor=both)
        with pytest.raises(NotAllowed) as found:
            awards.review_award(award=award, actor=both)
        assert found.value.code == "second_person"
        award = awards.review_award(award=award, actor=people.reviewer)
        disclosure.disclose_awards(
            awards=[award], actor=people.caseworker, place="网", published_on=DISCLOSED_ON
        )
        approve = lambda: awards.approve_award(award=award, actor=both, funding_line=line)  # noqa: E731
        assert refused(approve) == "second_person"

    def test_reviewer_and_approver_may_be_one(self, db):
        award = award_at(AwardState.APPROVED)
        assert award.approved_by == award.reviewed_by != award.calculated_by

    @pytest.mark.parametrize("field", ["reviewed_by", "approved_by"])
    def test_the_database_holds_it_too(self, db, field):
        award = award_at(AwardState.APPROVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**{field: award.calculated_by_id})

    @pytest.mark.parametrize(
        "fields",
        [
            {"amount": None},
            {"amount": Decimal("0.00")},
            {"regional_award": None},
            {"calculation": None},
            {"reviewed_at": None},
            {"approved_at": None},
            {"funding_line": None},
        ],
    )
    def test_no_approved_award_without_amount_basis_people_and_line(self, db, fields):
        award = award_at(AwardState.APPROVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**fields)


class TestDisclosureAndApproval:
    def test_ten_working_days_with_the_holiday_then_the_next_day(self, db):
        """Published 2019-06-03 with 7 June (端午节) free: the tenth working day is 18 June (edge case 43)."""
        line, people = funding_line(), office()
        award = award_at(AwardState.DISCLOSED)
        assert award.disclosure.last_day == dt.date(2019, 6, 18)
        approve = lambda: awards.approve_award(award=award, actor=people.reviewer, funding_line=line)  # noqa: E731
        with fixed(dt.date(2019, 6, 18)):
            assert refused(approve) == "disclosure_running"
        with fixed(dt.date(2019, 6, 19)):
            assert approve().state == AwardState.APPROVED

    def test_without_disclosure_only_where_the_scheme_says_so(self, db):
        line, people = funding_line(), office()
        award = award_at(AwardState.REVIEWED)
        approve = lambda one: awards.approve_award(award=one, actor=people.reviewer, funding_line=line)  # noqa: E731
        assert refused(lambda: approve(award)) == "disclosure_missing"
        scheme_version(disclosure_required=False, disclosure_source="演示办法第九条")
        assert approve(award_at(AwardState.REVIEWED)).state == AwardState.APPROVED
        assert refused(lambda: approve(award)) == "disclosure_missing"

    def test_several_awards_share_a_period_all_or_none(self, db):
        people = office()
        found = [award_at(AwardState.REVIEWED), award_at(AwardState.REVIEWED)]
        early = award_at(AwardState.CALCULATED)
        disclose = lambda rows: disclosure.disclose_awards(  # noqa: E731
            awards=rows, actor=people.caseworker, place="演示公示网"
        )
        assert refused(lambda: disclose([*found, early])) == "wrong_state"
        assert refused(lambda: disclose([])) == "nothing_to_disclose"
        period = disclose(found)
        assert list(period.awards.order_by("pk")) == found

    def test_approval_commits_the_amount(self, db):
        line = funding_line("80000.00")
        award = award_at(AwardState.APPROVED, line=line)
        line.refresh_from_db()
        assert figures_of(line) == Figures(Decimal("80000.00"), Decimal("80000.00"), Decimal("0.00"))
        entry = LedgerEntry.objects.get(award=award)
        assert (entry.kind, entry.amount) == (EntryKind.COMMITTED, award.amount)

    def test_edge_case_31_an_overdraw_is_refused_whole(self, db):
        line = funding_line("79999.99")
        award = award_at(AwardState.DISCLOSED)
        with pytest.raises(Refused) as found:
            awards.approve_award(award=award, actor=office().reviewer, funding_line=line)
        assert found.value.details == {"available": "79999.99", "needed": "80000.00"}
        award.refresh_from_db()
        line.refresh_from_db()
        assert (award.state, award.approved_by, line.committed) == (AwardState.DISCLOSED, None, 0)
        assert RefusedAttempt.objects.get().code == "overdrawn"

    def test_a_revoked_certificate_stops_the_approval(self, db):
        line = funding_line()
        award = award_at(AwardState.DISCLOSED)
        certificate = award.accreditation
        certificate.revoked_on, certificate.revoked_act_year = dt.date(2019, 6, 1), 2018
        certificate.revocation_document, certificate.revoked_by = "演示撤〔2019〕2号", office().caseworker
        certificate.save()
        approve = lambda: awards.approve_award(  # noqa: E731
            award=award, actor=office().reviewer, funding_line=line
        )
        assert refused(approve) == "certificate_revoked"


class TestPaymentAndEnd:
    def test_money_from_approval_to_payment_and_back(self, db):
        line, people = funding_line("80000.00"), office()
        award = award_at(AwardState.LISTED, line=line)
        award = awards.take_award_off_list(award=award, actor=people.finance, reason="账户有误")
        award = awards.put_award_on_list(award=award, actor=people.finance, reason="ZF2019-002")
        award = awards.pay_award(award=award, actor=people.finance, key="paid:line:1")
        line.refresh_from_db()
        assert figures_of(line) == Figures(Decimal("80000.00"), Decimal("0.00"), Decimal("80000.00"))
        assert award.paid_on == dt.date(2019, 6, 30)
        award = awards.bounce_award(award=award, actor=people.finance, key="returned:1", reason="账号不存在")
        line.refresh_from_db()
        assert figures_of(line) == Figures(Decimal("80000.00"), Decimal("80000.00"), Decimal("0.00"))
        returned = LedgerEntry.objects.get(kind=EntryKind.RETURNED)
        assert returned.reverses.idempotency_key == "paid:line:1"
        award = awards.put_award_on_list(award=award, actor=people.finance)
        award = awards.pay_award(award=award, actor=people.finance, key="paid:line:2")
        assert award.state == AwardState.PAID

    def test_revocation_gives_the_committed_money_back(self, db):
        for state in (AwardState.APPROVED, AwardState.FROZEN):
            line = funding_line("80000.00")
            award = award_at(state, line=line)
            freezing.revoke_award(award=award, actor=office().reviewer, reason="证书撤销")
            line.refresh_from_db()
            assert figures_of(line).available == Decimal("80000.00")
            entry = LedgerEntry.objects.get(award=award, kind=EntryKind.DECOMMITTED)
            assert entry.reverses.kind == EntryKind.COMMITTED

    def test_revocation_before_approval_moves_no_money(self, db):
        award = award_at(AwardState.DISCLOSED)
        freezing.revoke_award(award=award, actor=office().reviewer, reason="企业放弃")
        assert not LedgerEntry.objects.filter(award=award).exists()

    @pytest.mark.parametrize(
        "state",
        [
            AwardState.AWAITING_BASIS,
            AwardState.CALCULATED,
            AwardState.REVIEWED,
            AwardState.DISCLOSED,
            AwardState.APPROVED,
        ],
    )
    def test_a_frozen_award_goes_on_from_where_it_was(self, db, state):
        award = award_at(AwardState.FROZEN, frozen_from=state)
        committed = LedgerEntry.objects.filter(kind=EntryKind.COMMITTED).count()
        award = freezing.unfreeze_award(award=award, actor=office().reviewer, reason="核实无误")
        assert award.state == state
        assert LedgerEntry.objects.filter(kind=EntryKind.COMMITTED).count() == committed

    def test_every_event_begins_where_the_last_one_ended(self, db):
        award = award_at(AwardState.RECOVERED)
        events = chain(award)
        assert [number for number, _from, _to in events] == list(range(1, len(events) + 1))
        assert [event[1] for event in events] == ["", *(event[2] for event in events[:-1])]
        assert events[-1][2] == award.state


class TestSelectors:
    def test_a_list_is_paged_by_key_in_one_query(self, db, django_assert_num_queries):
        scheme_version()
        for _ in range(5):
            accreditation()
        propose()
        reader = person("reader", Role.AUDITOR)
        reader.roles  # noqa: B018 - asked once a request
        seen, after = [], ""
        for _ in range(3):
            with django_assert_num_queries(1):
                page = award_page(reader, after=after, size=2)
                seen += [
                    (row.firm.name, row.accreditation.certificate_number, row.notice) for row in page.rows
                ]
            after = page.next
        assert len(set(seen)) == 5
        assert after == ""

    def test_an_unreadable_key_gives_the_first_page(self, db):
        award = award_at(AwardState.AWAITING_BASIS)
        for key in ("x", "_", "2019-06-30_1", f"{award.state_since.isoformat()}_{2**70}"):
            assert award_page(office().reviewer, after=key).rows == [award]

    def test_counts_by_state_in_one_query(self, db, django_assert_num_queries):
        award_at(AwardState.AWAITING_BASIS)
        award_at(AwardState.AWAITING_POLICY)
        reader = person("reader", Role.AUDITOR)
        reader.roles  # noqa: B018
        with django_assert_num_queries(1):
            counts = award_counts(reader)
        assert [row.state for row in counts] == list(AwardState)
        assert sum(row.count for row in counts) == 2
        assert awards_by_state() == {"awaiting_basis": 1, "awaiting_policy": 1}

    def test_each_sees_what_is_theirs(self, cast):
        scheme_version()
        own = proposed(accreditation(firm=cast.firm.firm))
        neighbour = proposed(accreditation(firm=FirmFactory(division=division("youjiang"))))
        far = proposed(accreditation(firm=FirmFactory(division=division("tianyang"))))
        seen = {role: set(award_page(cast.of_role(role)).rows) for role in Role}
        everything = {own, neighbour, far}
        assert seen == {
            Role.FIRM: {own},
            Role.COUNTY: {own, neighbour},
            Role.CASEWORKER: everything,
            Role.REVIEWER: everything,
            Role.FINANCE: everything,
            Role.AUDITOR: everything,
            Role.ADMINISTRATOR: set(),
        }
        assert [award_page(cast.auditor, AwardFilter(state=AwardState.PAID)).rows, awards_by_state()] == [
            [],
            {"awaiting_basis": 3},
        ]
