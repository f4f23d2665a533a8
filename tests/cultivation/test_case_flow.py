"""What the steps of a case ask for beside role and state, and the events they leave."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import CaseKind, CaseState, CheckKind
from cultivation.models import CaseEvent, CultivationCase
from cultivation.services import assessments, case_flow, checks, corrections
from tests.factories import (
    FIGURES,
    AccreditationFactory,
    ContactFactory,
    FirmFactory,
    case_at,
    give_facts,
    pass_check,
    staff,
)

pytestmark = pytest.mark.django_db
S = CaseState


def _code(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


class TestOpening:
    def test_a_firm_has_one_open_case(self) -> None:
        first = case_at(S.DRAFT)
        with pytest.raises(Refused) as refusal:
            case_flow.open_case(firm=first.firm, actor=staff().caseworker)
        assert _code(refusal) == "case_open"
        assert first.number in refusal.value.message

    def test_the_database_holds_one_open_case_a_firm_too(self) -> None:
        first = case_at(S.DRAFT)
        by = staff().caseworker
        with pytest.raises(IntegrityError, match="firm"), transaction.atomic():
            CultivationCase.objects.create(
                firm=first.firm,
                state_since=clock.now(),
                state_by=by,
                opened_on=clock.today(),
                opened_by=by,
            )

    def test_a_firm_outside_baise_has_no_case(self) -> None:
        with pytest.raises(Refused) as refusal:
            case_flow.open_case(firm=FirmFactory(outside=True), actor=staff().caseworker)
        assert _code(refusal) == "firm_outside"

    def test_a_renewal_needs_a_certificate(self) -> None:
        with pytest.raises(Refused) as refusal:
            case_flow.open_case(firm=FirmFactory(), kind=CaseKind.RENEWAL, actor=staff().caseworker)
        assert _code(refusal) == "certificate_missing"

    def test_a_revoked_certificate_cannot_be_renewed(self) -> None:
        firm = AccreditationFactory(revoked=True).firm
        with pytest.raises(Refused) as refusal:
            case_flow.open_case(firm=firm, kind=CaseKind.RENEWAL, actor=staff().caseworker)
        assert _code(refusal) == "certificate_missing"

    def test_the_holder_of_a_valid_certificate_renews(self) -> None:
        firm = AccreditationFactory().firm
        with pytest.raises(Refused) as refusal:
            case_flow.open_case(firm=firm, actor=staff().caseworker)
        assert _code(refusal) == "certificate_valid"
        case = case_flow.open_case(firm=firm, kind=CaseKind.RENEWAL, actor=staff().caseworker)
        assert case.kind == CaseKind.RENEWAL

    @pytest.mark.parametrize(("last_day", "refused"), [("2019-06-30", True), ("2019-06-29", False)])
    def test_a_first_case_is_open_again_the_day_after_the_last(self, last_day: str, refused: bool) -> None:
        firm = AccreditationFactory(
            issued_on=dt.date(2016, 6, 30), last_day=dt.date.fromisoformat(last_day)
        ).firm
        if refused:
            with pytest.raises(Refused):
                case_flow.open_case(firm=firm, actor=staff().caseworker)
        else:
            assert case_flow.open_case(firm=firm, actor=staff().caseworker).state == S.DRAFT


class TestSubmitting:
    def test_needs_somebody_who_can_be_reached(self) -> None:
        firm = FirmFactory(without_contact=True)
        case = case_at(S.DRAFT, firm=firm)
        contact = ContactFactory(firm=firm, phone="")
        with pytest.raises(Refused) as refusal:
            case_flow.submit_case(case=case, actor=staff().caseworker)
        assert _code(refusal) == "contact_missing"
        contact.email = "demo@example.com"
        contact.save()
        assert case_flow.submit_case(case=case, actor=staff().caseworker).state == S.SUBMITTED


class TestReasons:
    @pytest.mark.parametrize("reason", ["", "  \n"])
    @pytest.mark.parametrize(
        ("state", "service"),
        [
            (S.SUBMITTED, corrections.return_case),
            (S.POOLED, case_flow.remove_case),
            (S.POOLED, case_flow.withdraw_case),
        ],
    )
    def test_nothing_is_held_against_a_firm_without_one(self, state, service, reason) -> None:
        case = case_at(state)
        with pytest.raises(Refused) as refusal:
            service(case=case, actor=staff().caseworker, reason=reason)
        assert _code(refusal) == "reason_missing"

    def test_one_that_does_not_fit_is_refused(self) -> None:
        case = case_at(S.SUBMITTED)
        with pytest.raises(Refused) as refusal:
            corrections.return_case(case=case, actor=staff().caseworker, reason="长" * 501)
        assert _code(refusal) == "reason_too_long"
        returned = corrections.return_case(case=case, actor=staff().caseworker, reason="长" * 500)
        assert returned.state == S.RETURNED

    def test_the_database_asks_for_it_too(self) -> None:
        case = case_at(S.SUBMITTED)
        with pytest.raises(IntegrityError, match="reason"):
            CaseEvent.objects.create(
                case=case,
                number=99,
                actor=staff().caseworker,
                action="return",
                from_state=S.SUBMITTED,
                to_state=S.RETURNED,
            )


class TestReturning:
    @pytest.mark.parametrize("desk", [S.SUBMITTED, S.EXPENSE_REVIEW])
    def test_a_case_comes_back_to_where_it_lay(self, desk: CaseState) -> None:
        case = case_at(S.RETURNED, returned_from=desk)
        assert case.returned_from == desk
        case = corrections.resubmit_case(case=case, actor=staff().caseworker)
        assert (case.state, case.returned_from) == (desk, "")

    def test_may_happen_more_than_once(self) -> None:
        case = case_at(S.RETURNED, returned_from=S.EXPENSE_REVIEW)
        case = corrections.resubmit_case(case=case, actor=staff().caseworker)
        case = corrections.return_case(case=case, actor=staff().reviewer, reason="仍缺辅助账")
        assert corrections.resubmit_case(case=case, actor=staff().caseworker).state == S.EXPENSE_REVIEW


class TestExpenseReview:
    def test_needs_the_hours(self) -> None:
        case = case_at(S.TRAINING)
        with pytest.raises(Refused) as refusal:
            case_flow.start_expense_review(case=case, actor=staff().caseworker)
        assert _code(refusal) == "check_missing"
        pass_check(case, CheckKind.TRAINING)
        case = case_flow.start_expense_review(case=case, actor=staff().caseworker)
        assert case.state == S.EXPENSE_REVIEW


class TestClearing:
    @pytest.mark.parametrize("missing", [CheckKind.EXPENSES, CheckKind.ATTACHMENTS])
    def test_needs_all_three_checks(self, missing: CheckKind) -> None:
        case = case_at(S.EXPENSE_REVIEW)
        for kind in {CheckKind.EXPENSES, CheckKind.ATTACHMENTS} - {missing}:
            pass_check(case, kind)
        with pytest.raises(Refused) as refusal:
            case_flow.clear_case(case=case, actor=staff().caseworker)
        assert _code(refusal) == "check_missing"
        assert len(refusal.value.details["missing"]) == 1

    def test_a_failed_check_does_not_do(self) -> None:
        case = case_at(S.EXPENSE_REVIEW)
        pass_check(case, CheckKind.ATTACHMENTS)
        give_facts(case, technical_average="1")
        assessments.assess_case(case=case, actor=staff().caseworker)
        outcome = checks.record_check(case=case, kind=CheckKind.EXPENSES, actor=staff().caseworker)
        assert not outcome.passed
        with pytest.raises(Refused) as refusal:
            case_flow.clear_case(case=case, actor=staff().caseworker)
        assert _code(refusal) == "check_missing"

    def test_figures_changed_after_the_check_have_to_be_judged_again(self) -> None:
        case = case_at(S.EXPENSE_REVIEW)
        pass_check(case, CheckKind.EXPENSES)
        pass_check(case, CheckKind.ATTACHMENTS)
        row = case.firm.expense_years.get(year=2018)
        row.other += FIGURES["personnel"]
        row.save()
        with pytest.raises(Refused) as refusal:
            case_flow.clear_case(case=case, actor=staff().caseworker)
        assert _code(refusal) == "facts_changed"


class TestAssigning:
    def test_only_a_city_caseworker_handles_a_case(self) -> None:
        case = case_at(S.SUBMITTED)
        with pytest.raises(Refused) as refusal:
            case_flow.assign_handler(case=case, handler=staff().county, actor=staff().caseworker)
        assert _code(refusal) == "not_a_caseworker"
        case = case_flow.assign_handler(case=case, handler=staff().caseworker, actor=staff().caseworker)
        assert case.handler == staff().caseworker
        assert case.state == S.SUBMITTED
