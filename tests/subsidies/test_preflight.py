"""The preflight: every line's outcome before anything happens, and again at release."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.models import BankAccount
from cultivation.services.accounts import confirm_account
from cultivation.services.accreditation_corrections import confirm_correction, propose_correction
from subsidies.enums import AwardState, ListState
from subsidies.models import Award, FundingLine, PaymentList, ReleasedFile
from subsidies.selectors.preflight import preflight
from subsidies.services.freezing import freeze_award
from subsidies.services.payment_lists import release_payment_list
from subsidies.services.proposals import propose_awards
from tests.factories import AccreditationFactory, rename
from tests.subsidies.paying import approved, change_account, desk, region_grants, scheme


def codes(outcome) -> set[str]:
    return {finding.code for finding in outcome.problems}


def warnings(outcome) -> set[str]:
    return {finding.code for finding in outcome.warnings}


@pytest.fixture
def paying(cast):
    return desk(cast)


class TestPreflight:
    def test_a_sound_award_passes_and_nothing_happens(self, paying):
        outcomes = preflight(awards=paying.awards, funding_line=paying.line)
        assert [outcome.ok for outcome in outcomes] == [True] * 3
        assert warnings(outcomes[0]) == {"notice_missing"}
        assert paying.states() == [AwardState.APPROVED] * 3

    def test_edge_case_32_a_second_payment_to_a_payee_for_the_same_year_is_refused(self, paying):
        first = paying.awards[0]
        scheme(paying.cast, "another", number=2)
        propose_awards(actor=paying.cast.caseworker)
        second = Award.objects.get(scheme__key="another", firm=first.firm)
        second = approved(paying.cast, second, paying.line)
        outcomes = preflight(awards=[first, second], funding_line=paying.line)
        assert [codes(outcome) for outcome in outcomes] == [{"duplicate_payee"}] * 2
        with pytest.raises(Refused):
            paying.draft([first, second])
        assert paying.draft([first]).number == "ZF2019-001"
        assert paying.draft([second]).number == "ZF2019-002"

    def test_edge_case_32_the_database_refuses_it_too(self, paying):
        payment_list = paying.draft(paying.awards[:1])
        line = payment_list.lines.get()
        line.pk, line.number, line.award = None, 2, paying.awards[1]
        with (
            pytest.raises(IntegrityError, match=r"list_pays_a_firm_once_a_year|payment_list_id"),
            transaction.atomic(),
        ):
            line.save(force_insert=True)

    @pytest.mark.parametrize("amount", ["0.00", "-1.00"])
    def test_edge_case_32_zero_or_less_never_makes_a_line(self, paying, amount):
        payment_list = paying.draft(paying.awards[:1])
        with pytest.raises(IntegrityError), transaction.atomic():
            payment_list.lines.update(amount=Decimal(amount))

    def test_edge_case_36_a_changed_account_stops_the_line_until_a_second_person_confirms(self, paying):
        firm = paying.awards[0].firm
        account = change_account(
            firm, "6222000000000000001", proposed_by=paying.cast.caseworker, confirmed_by=None
        )
        assert codes(preflight(awards=paying.awards)[0]) == {"account_unconfirmed"}
        with pytest.raises(Refused, match="1"):
            paying.draft()
        with pytest.raises(NotAllowed):
            confirm_account(account=account, actor=paying.cast.caseworker)
        confirm_account(account=account, actor=paying.cast.reviewer)
        outcome = preflight(awards=paying.awards)[0]
        assert outcome.ok
        assert outcome.account == account
        assert paying.draft().lines.get(number=1).account_number == "6222000000000000001"

    def test_edge_case_36_a_change_after_the_draft_stops_the_release(self, paying):
        payment_list = paying.checked()
        firm = paying.awards[1].firm
        change_account(firm, "6222000000000000002", proposed_by=paying.cast.caseworker, confirmed_by=None)
        with pytest.raises(Refused) as waiting:
            release_payment_list(payment_list=payment_list, actor=paying.third)
        confirm_account(
            account=BankAccount.objects.get(number="6222000000000000002"), actor=paying.cast.reviewer
        )
        with pytest.raises(Refused) as changed:
            release_payment_list(payment_list=payment_list, actor=paying.third)
        assert [stopped["problems"][0]["code"] for stopped in waiting.value.details["lines"]] == [
            "account_unconfirmed"
        ]
        assert [stopped["problems"][0]["code"] for stopped in changed.value.details["lines"]] == [
            "account_changed"
        ]
        assert not ReleasedFile.objects.exists()
        assert PaymentList.objects.get().state == ListState.CHECKED

    def test_edge_case_22_the_payment_goes_to_the_present_name(self, paying):
        firm = paying.awards[0].firm
        rename(firm, "演示更名科技有限公司", dt.date(2019, 4, 1))
        outcome = preflight(awards=paying.again())[0]
        assert outcome.ok
        assert {"firm_renamed", "holder_differs"} <= warnings(outcome)
        assert paying.draft().lines.get(number=1).payee_name == "演示更名科技有限公司"

    def test_a_firm_renamed_after_the_draft_stops_the_release(self, paying):
        payment_list = paying.checked()
        rename(paying.awards[0].firm, "演示更名科技有限公司", dt.date(2019, 4, 1))
        with pytest.raises(Refused) as caught:
            release_payment_list(payment_list=payment_list, actor=paying.third)
        assert caught.value.details["lines"][0]["problems"][0]["code"] == "payee_renamed"

    def test_a_revoked_certificate_stops_the_line(self, paying):
        certificate = paying.awards[0].accreditation
        certificate.revoked_on, certificate.revoked_act_year = dt.date(2019, 4, 1), 2018
        certificate.revocation_document, certificate.revoked_by = "演示撤〔2019〕1号", paying.cast.caseworker
        certificate.save()
        assert codes(preflight(awards=paying.again())[0]) == {"certificate_revoked"}

    def test_a_later_document_of_the_region_stops_the_line(self, paying):
        region_grants(paying.cast, [paying.awards[0].accreditation], [Decimal("70000.00")], number=2)
        assert codes(preflight(awards=paying.awards)[0]) == {"basis_changed"}

    def test_an_award_of_another_line_or_not_approved_is_stopped(self, paying):
        freeze_award(award=paying.awards[0], actor=paying.cast.reviewer, reason="核查")
        other = FundingLine.objects.create(name="其他", fund="其他", fiscal_year=2019)
        outcomes = preflight(awards=paying.awards, funding_line=other)
        assert codes(outcomes[0]) == {"not_approved", "other_funding_line"}
        assert codes(outcomes[1]) == {"other_funding_line"}

    def test_a_firm_without_account_is_stopped(self, paying):
        BankAccount.objects.filter(firm=paying.awards[0].firm).delete()
        assert codes(preflight(awards=paying.awards)[0]) == {"account_missing"}

    def test_asks_no_more_for_many_awards_than_for_one(self, paying, django_assert_num_queries):
        with django_assert_num_queries(8):
            preflight(awards=paying.awards[:1], funding_line=paying.line)
        with django_assert_num_queries(8):
            preflight(awards=paying.awards, funding_line=paying.line)


class TestCertificateAfterTheCheck:
    def test_edge_case_23_a_revocation_of_another_certificate_of_the_firm_stops_the_release(self, paying):
        payment_list = paying.checked()
        AccreditationFactory(firm=paying.awards[0].firm, revoked=True)
        assert stopped_by(paying, payment_list) == "certificate_revoked"

    def test_edge_case_50_a_corrected_certificate_stops_the_release(self, paying):
        payment_list = paying.checked()
        with clock.fixed(dt.date(2019, 7, 1)):
            correction = propose_correction(
                accreditation=paying.awards[0].accreditation,
                changes={"document_number": "演示桂科〔2018〕9号"},
                reason="文号录错",
                document="原件",
                actor=paying.cast.caseworker,
            )
            confirm_correction(correction=correction, actor=paying.cast.reviewer)
            assert stopped_by(paying, payment_list) == "certificate_corrected"


def stopped_by(paying, payment_list) -> str:
    """The one problem for which the list is not released."""
    with pytest.raises(Refused) as caught:
        release_payment_list(payment_list=payment_list, actor=paying.third)
    assert PaymentList.objects.get(pk=payment_list.pk).state == ListState.CHECKED
    (line,) = caught.value.details["lines"]
    (problem,) = line["problems"]
    return problem["code"]
