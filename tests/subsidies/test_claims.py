"""What else bears on an award: exclusions, money from elsewhere, the window, the fund, the rounding."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from subsidies.enums import AwardState, Decision, OncePer, ReceiptKind, Rounding, Stacking
from subsidies.models import Award
from subsidies.selectors.preflight import preflight
from subsidies.services import awards, claims
from subsidies.services.recomputing import recompute_and_compare
from tests.factories import UserFactory
from tests.subsidies.awarding import calculate, propose, refused
from tests.subsidies.claiming import exclude, receive
from tests.subsidies.factories import (
    accreditation,
    award_at,
    funding_line,
    grant,
    office,
    proposed,
    scheme_version,
)

DATE = dt.date(2019, 6, 1)


def waiting(amount="80000.00", **terms) -> Award:
    """An award that lacks nothing but its calculation."""
    scheme_version(**terms)
    certificate = accreditation()
    grant(certificate.firm, amount)
    return proposed(certificate)


class TestExclusions:
    def test_stop_the_calculation_where_the_scheme_names_them(self, db):
        award = waiting(exclusions=["environment"])
        exclude(award.firm)
        assert refused(lambda: calculate(award)) == "excluded"

    def test_do_not_where_it_does_not(self, db):
        award = waiting(exclusions=["safety"])
        exclude(award.firm)
        assert calculate(award).state == AwardState.CALCULATED

    @pytest.mark.parametrize(("until", "stopped"), [(30, True), (29, False)])
    def test_end_on_their_day(self, db, until, stopped):
        award = waiting(exclusions=["environment"])
        exclude(award.firm, effective_until=dt.date(2019, 6, until))
        with clock.fixed(dt.date(2019, 6, 29)):
            if stopped:
                assert refused(lambda: calculate(award)) == "excluded"
            else:
                assert calculate(award).state == AwardState.CALCULATED

    def test_that_come_later_stop_approval_and_payment(self, db):
        scheme_version(exclusions=["environment"])
        disclosed = award_at(AwardState.DISCLOSED)
        exclude(disclosed.firm)
        line = funding_line()
        approve = {"actor": office().reviewer, "funding_line": line}
        assert refused(lambda: awards.approve_award(award=disclosed, **approve)) == "excluded"
        approved = award_at(AwardState.APPROVED)
        exclude(approved.firm)
        assert "excluded" in [finding.code for finding in preflight(awards=[approved])[0].problems]

    def test_are_ended_by_a_second_person(self, db):
        award = waiting(exclusions=["environment"])
        exclusion = exclude(award.firm)
        end = {"exclusion": exclusion, "until": dt.date(2019, 6, 2), "reason": "已整改，决定撤销"}
        with pytest.raises(NotAllowed):
            claims.end_exclusion(**end, actor=office().caseworker)
        claims.end_exclusion(**end, actor=office().reviewer)
        assert calculate(award).state == AwardState.CALCULATED
        with pytest.raises(Refused) as refusal:
            claims.end_exclusion(**end, actor=office().reviewer)
        assert refusal.value.code == "already_ended"

    def test_the_database_refuses_one_person(self, db):
        exclusion = exclude(accreditation().firm)
        exclusion.ended_by, exclusion.ended_at = exclusion.recorded_by, clock.now()
        exclusion.effective_until, exclusion.end_reason = dt.date(2019, 7, 1), "x"
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            exclusion.save()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"document_number": " "}, "document_missing"),
            ({"document_date": dt.date(2030, 1, 1)}, "date_in_future"),
            ({"authority": ""}, "authority_missing"),
            ({"effective_until": DATE}, "span_empty"),
        ],
    )
    def test_refuse_what_cannot_be(self, db, changes, code):
        with pytest.raises(Refused) as refusal:
            exclude(accreditation().firm, **changes)
        assert refusal.value.code == code


class TestStacking:
    def test_the_higher_one_is_paid_once(self, db):
        award = waiting(stacking=Stacking.HIGHER)
        receive(award, "30000.01")
        receive(award, "10000.00", payer="演示高新区管委会")
        found = calculate(award)
        assert found.amount == Decimal("49999.99")
        assert "从高不重复" in found.calculation.steps[-2]
        assert recompute_and_compare(found.calculation) == []

    @pytest.mark.parametrize("other", ["80000.00", "80000.01"])
    def test_nothing_is_paid_where_the_other_is_as_high(self, db, other):
        award = waiting(stacking=Stacking.HIGHER)
        receive(award, other)
        assert refused(lambda: calculate(award)) == "covered_elsewhere"

    def test_undecided_waits_for_the_policy(self, db):
        award = waiting(stacking=Stacking.UNDECIDED)
        receive(award)
        assert refused(lambda: calculate(award)) == "awaiting_policy"

    def test_without_a_rule_nothing_is_looked_at(self, db):
        award = waiting(stacking=Stacking.NONE)
        receive(award, confirm=False)
        assert calculate(award).amount == Decimal("80000.00")

    def test_what_nobody_confirmed_holds_the_calculation_up(self, db):
        award = waiting(stacking=Stacking.HIGHER)
        receipt = receive(award, confirm=False)
        assert refused(lambda: calculate(award)) == "receipt_unconfirmed"
        with pytest.raises(NotAllowed):
            claims.confirm_receipt(receipt=receipt, actor=office().caseworker)

    def test_a_withdrawn_one_no_longer_counts_and_the_old_calculation_stays_true(self, db):
        award = waiting(stacking=Stacking.HIGHER)
        receipt = receive(award)
        first = calculate(award).calculation
        with pytest.raises(NotAllowed):
            claims.withdraw_receipt(receipt=receipt, reason="录错", actor=office().reviewer)
        claims.withdraw_receipt(receipt=receipt, reason="录错", actor=office().caseworker)
        assert recompute_and_compare(first) == []
        award.refresh_from_db()
        awards.send_back_award(award=award, actor=office().reviewer, reason="重新计算")
        assert calculate(award).amount == Decimal("80000.00")

    def test_is_recorded_once(self, db):
        award = waiting()
        receive(award)
        with pytest.raises(Refused) as refusal:
            receive(award)
        assert refusal.value.code == "receipt_exists"


class TestPastAwards:
    def test_edge_case_49_an_award_before_this_system_counts_and_is_never_paid_again(self, db):
        version = scheme_version(once_per=OncePer.FIRM, renewal_eligible=Decision.YES)
        certificate = accreditation()
        grant(certificate.firm)
        receipt = claims.record_receipt(
            accreditation=certificate,
            kind=ReceiptKind.PAST_AWARD,
            scheme=version.scheme,
            payer="演示市财政局",
            amount=Decimal("50000.00"),
            document_number="演示财〔2016〕1号",
            document_date=dt.date(2016, 12, 1),
            actor=office().caseworker,
        )
        claims.confirm_receipt(receipt=receipt, actor=office().reviewer)
        assert propose()["created"] == 0
        assert not Award.objects.exists()

    def test_names_its_scheme(self, db):
        award = waiting()
        with pytest.raises(Refused) as refusal:
            receive(award, kind=ReceiptKind.PAST_AWARD, confirm=False)
        assert refusal.value.code == "scheme_missing"


class TestWindow:
    WINDOW = {"window_opens_on": dt.date(2019, 6, 1), "window_closes_on": dt.date(2019, 6, 30)}

    @pytest.mark.parametrize(
        ("applied", "code"),
        [
            (None, "application_missing"),
            (dt.date(2019, 5, 31), "outside_window"),
            (dt.date(2019, 6, 1), ""),
            (dt.date(2019, 6, 30), ""),
            (dt.date(2019, 7, 1), "outside_window"),
        ],
    )
    def test_the_application_falls_inside(self, db, applied, code):
        award = waiting(**self.WINDOW)
        with clock.fixed(dt.date(2019, 7, 2)):
            if applied:
                awards.record_application(
                    award=award, applied_on=applied, document="受理登记表第3号", actor=office().caseworker
                )
            if code:
                assert refused(lambda: calculate(award)) == code
            else:
                assert calculate(award).state == AwardState.CALCULATED

    def test_an_application_is_not_of_tomorrow(self, db):
        award = waiting(**self.WINDOW)
        with pytest.raises(Refused) as refusal:
            awards.record_application(
                award=award, applied_on=dt.date(2030, 1, 1), document="x", actor=office().caseworker
            )
        assert refusal.value.code == "date_in_future"


class TestTerms:
    def test_another_funds_line_is_refused(self, db):
        scheme_version(fund="演示市另一资金")
        award = award_at(AwardState.DISCLOSED)
        line = funding_line()
        approve = {"actor": office().reviewer, "funding_line": line}
        assert refused(lambda: awards.approve_award(award=award, **approve)) == "other_fund"

    @pytest.mark.parametrize(
        ("rounding", "amount"),
        [
            (Rounding.FEN_HALF_UP, "40000.13"),
            (Rounding.YUAN_HALF_UP, "40000.00"),
            (Rounding.YUAN_DOWN, "40000.00"),
        ],
    )
    def test_the_amount_is_rounded_as_the_scheme_says(self, db, rounding, amount):
        award = waiting("80000.25", rounding=rounding, ratio_denominator=2)
        found = calculate(award)
        assert found.amount == Decimal(amount)
        assert recompute_and_compare(found.calculation) == []

    @pytest.mark.parametrize(
        ("terms", "code"),
        [
            ({"exclusions": ["weather"]}, "exclusion_unknown"),
            ({"window_opens_on": DATE}, "window_wrong"),
            ({"window_opens_on": DATE, "window_closes_on": dt.date(2019, 5, 31)}, "window_wrong"),
        ],
    )
    def test_a_version_that_cannot_be_is_refused(self, db, terms, code):
        with pytest.raises(Refused) as refusal:
            scheme_version(**terms)
        assert refusal.value.code == code

    def test_a_stranger_records_nothing(self, db):
        with pytest.raises(NotAllowed):
            exclude(accreditation().firm, actor=UserFactory())
