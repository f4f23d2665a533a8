"""What the steps of a case ask for beside role and state, and the events they leave."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseKind, CaseState, CheckKind
from cultivation.models import CaseCheck, CaseEvent, CultivationCase, Determination, RefusedAttempt
from cultivation.selectors.events import check_case_events
from cultivation.services import assessments, case_flow, checks, corrections, filing
from tests.factories import (
    FIGURES,
    AccreditationFactory,
    ContactFactory,
    ExpenseYearFactory,
    FirmFactory,
    UserFactory,
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


class TestFiling:
    def test_is_dated_today(self) -> None:
        assert case_at(S.FILED).filed_on == clock.today()

    def test_a_check_reset_in_ready_has_to_be_passed_again(self) -> None:
        case = case_at(S.READY)
        checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="签到表有误", actor=staff().caseworker)
        with pytest.raises(Refused) as refusal:
            filing.file_case(case=case, actor=staff().caseworker)
        assert _code(refusal) == "check_missing"
        pass_check(case, CheckKind.TRAINING)
        assert filing.file_case(case=case, actor=staff().caseworker).state == S.FILED

    def test_an_assessment_for_last_year_does_not_do(self) -> None:
        case = case_at(S.READY)
        with clock.fixed(dt.date(2019, 12, 31)):
            assert not _file_refusal(case)
        with clock.fixed(dt.date(2020, 1, 1)):
            assert _file_refusal(case) == "assessment_outdated"

    def test_edge_23_no_new_filing_in_the_calendar_year_of_a_revocation(self) -> None:
        case = case_at(S.READY)
        revoked = AccreditationFactory(
            firm=case.firm,
            issued_on=dt.date(2017, 1, 1),
            last_day=dt.date(2019, 12, 31),
            revoked=True,
            revoked_on=dt.date(2019, 1, 1),
        )
        assert _file_refusal(case) == "revoked_this_year"
        revoked.revoked_on = dt.date(2018, 12, 31)
        revoked.save()
        assert not _file_refusal(case)

    def test_edge_23_the_year_of_the_act_does_not_matter_here(self) -> None:
        case = case_at(S.READY)
        AccreditationFactory(
            firm=case.firm, revoked=True, revoked_on=dt.date(2018, 6, 1), revoked_act_year=2019
        )
        assert not _file_refusal(case)


def _file_refusal(case: CultivationCase) -> str:
    """The code of the refusal, or nothing where the case could be filed; in both cases undone."""
    with transaction.atomic():
        try:
            filing.file_case(case=case, actor=staff().caseworker)
        except Refused as refusal:
            return refusal.code
        finally:
            transaction.set_rollback(True)
    return ""


class TestDisclosing:
    def test_one_period_serves_a_whole_list(self) -> None:
        first, second = case_at(S.DISCLOSED), case_at(S.DISCLOSED)
        assert first.disclosure == second.disclosure
        assert first.disclosure.working_days == 10

    def test_does_not_come_before_the_filing(self) -> None:
        case = case_at(S.FILED)
        with pytest.raises(Refused) as refusal:
            filing.disclose_case(
                case=case,
                actor=staff().caseworker,
                published_on=clock.today() - dt.timedelta(days=1),
                place="演示公示网",
            )
        assert _code(refusal) == "published_before_filing"


class TestAccrediting:
    def test_does_not_wait_for_the_end_of_the_disclosure(self) -> None:
        case = case_at(S.ACCREDITED)
        assert case.disclosure.last_day > clock.today()
        assert case.accreditation.determination is not None

    def test_another_firms_certificate_is_refused(self) -> None:
        _assert_certificate_refused(AccreditationFactory(determined=True), "other_firms_certificate")

    def test_opening_data_is_refused(self) -> None:
        case = case_at(S.FILED)
        _assert_certificate_refused(
            AccreditationFactory(firm=case.firm), "certificate_without_determination", case
        )

    def test_a_revoked_certificate_is_refused(self) -> None:
        case = case_at(S.FILED)
        revoked = AccreditationFactory(firm=case.firm, determined=True, revoked=True)
        _assert_certificate_refused(revoked, "certificate_revoked", case)


def _assert_certificate_refused(certificate, code: str, case: CultivationCase | None = None) -> None:
    with pytest.raises(Refused) as refusal:
        filing.accredit_case(
            case=case or case_at(S.FILED), accreditation=certificate, actor=staff().caseworker
        )
    assert _code(refusal) == code


class TestDeclining:
    def test_records_the_regions_document(self) -> None:
        case = case_at(S.DECLINED)
        decision = Determination.objects.get(case=case)
        assert (decision.outcome, decision.reason) == ("declined", "专家评审未通过")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"document_number": " "}, "document_missing"),
            ({"document_date": dt.date(2019, 7, 1)}, "document_in_future"),
            ({"reason": " "}, "reason_missing"),
        ],
    )
    def test_needs_document_and_reason(self, changes: dict[str, object], code: str) -> None:
        case = case_at(S.FILED)
        arguments = {
            "document_number": "演示〔2019〕5号",
            "document_date": dt.date(2019, 6, 30),
            "reason": "未通过",
            **changes,
        }
        with pytest.raises(Refused) as refusal:
            filing.decline_case(case=case, actor=staff().caseworker, **arguments)
        assert _code(refusal) == code
        assert not Determination.objects.exists()

    def test_a_document_decides_about_a_firm_once(self) -> None:
        case = case_at(S.FILED)
        AccreditationFactory(
            firm=case.firm, determined=True, determination__document_number="演示〔2019〕5号"
        )
        with pytest.raises(Refused) as refusal:
            filing.decline_case(
                case=case,
                actor=staff().caseworker,
                document_number="演示〔2019〕5号",
                document_date=clock.today(),
                reason="未通过",
            )
        assert _code(refusal) == "already_decided"

    def test_back_in_the_pool_expenses_and_attachments_are_checked_anew(self) -> None:
        case = case_at(S.DECLINED)
        enrolled = case.pooled_on
        with clock.fixed(dt.date(2019, 9, 1)):
            case = filing.return_case_to_pool(case=case, actor=staff().caseworker)
        standing = CaseCheck.objects.filter(case=case, reset_at__isnull=True)
        assert [check.kind for check in standing] == [CheckKind.TRAINING]
        assert (case.state, case.pooled_on) == (S.POOLED, enrolled)

    def test_the_second_way_to_the_region_is_open(self) -> None:
        case = case_at(S.DECLINED)
        caseworker = staff().caseworker
        case = filing.return_case_to_pool(case=case, actor=caseworker)
        case = case_flow.start_training(case=case, actor=caseworker)
        case = case_flow.start_expense_review(case=case, actor=caseworker)
        assessments.assess_case(case=case, actor=caseworker)
        for kind in (CheckKind.EXPENSES, CheckKind.ATTACHMENTS):
            checks.record_check(case=case, kind=kind, actor=caseworker)
        case = case_flow.clear_case(case=case, actor=caseworker)
        assert filing.file_case(case=case, actor=caseworker).state == S.FILED
        assert check_case_events()[1] == []


class TestAssigning:
    def test_only_a_city_caseworker_handles_a_case(self) -> None:
        case = case_at(S.SUBMITTED)
        with pytest.raises(Refused) as refusal:
            case_flow.assign_handler(case=case, handler=staff().county, actor=staff().caseworker)
        assert _code(refusal) == "not_a_caseworker"
        case = case_flow.assign_handler(case=case, handler=staff().caseworker, actor=staff().caseworker)
        assert case.handler == staff().caseworker
        assert case.state == S.SUBMITTED


class TestTraces:
    def test_a_refused_attempt_is_kept_after_the_rollback(self) -> None:
        case = case_at(S.DRAFT)
        stranger = UserFactory(username="stranger")
        with pytest.raises(NotAllowed):
            case_flow.submit_case(case=case, actor=stranger)
        attempt = RefusedAttempt.objects.get()
        assert (attempt.actor, attempt.action) == (stranger, "submit")
        assert (attempt.subject, attempt.code) == (f"case:{case.pk}", "not_allowed")

    def test_a_service_inside_a_service_leaves_one_trace(self) -> None:
        case = case_at(S.FILED)
        with pytest.raises(Refused):
            filing.disclose_case(case=case, actor=staff().caseworker, published_on=clock.today(), place=" ")
        assert [attempt.action for attempt in RefusedAttempt.objects.all()] == ["disclose"]

    def test_a_stale_copy_does_no_harm(self) -> None:
        """The row is read again under the lock, whatever the caller holds."""
        case = case_at(S.SUBMITTED)
        stale = CultivationCase.objects.get(pk=case.pk)
        case_flow.withdraw_case(case=case, actor=staff().caseworker, reason="撤回")
        with pytest.raises(Refused) as refusal:
            case_flow.recommend_case(case=stale, actor=staff().county)
        assert _code(refusal) == "wrong_state"
        assert CultivationCase.objects.get(pk=case.pk).state == S.WITHDRAWN

    def test_a_state_cannot_be_set_by_hand(self) -> None:
        case = case_at(S.DRAFT)
        with pytest.raises(AttributeError):
            case.state = S.ACCREDITED

    def test_events_cannot_be_changed_or_deleted(self) -> None:
        event = CaseEvent.objects.get(case=case_at(S.DRAFT))
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseEvent.objects.filter(pk=event.pk).update(reason="anders")
        with pytest.raises(IntegrityError), transaction.atomic():
            event.delete()


_STEPS = {
    "submit": lambda case: case_flow.submit_case(case=case, actor=staff().caseworker),
    "return": lambda case: corrections.return_case(case=case, actor=staff().caseworker, reason="补正"),
    "resubmit": lambda case: corrections.resubmit_case(case=case, actor=staff().caseworker),
    "recommend": lambda case: case_flow.recommend_case(case=case, actor=staff().county),
    "enrol": lambda case: case_flow.enrol_case(case=case, actor=staff().caseworker),
    "train": lambda case: case_flow.start_training(case=case, actor=staff().caseworker),
    "check": lambda case: pass_check(case, CheckKind.TRAINING),
    "reset": lambda case: checks.reset_check(
        case=case, kind=CheckKind.TRAINING, reason="重来", actor=staff().reviewer
    ),
    "review": lambda case: case_flow.start_expense_review(case=case, actor=staff().caseworker),
    "assign": lambda case: case_flow.assign_handler(
        case=case, handler=staff().caseworker, actor=staff().caseworker
    ),
    "withdraw": lambda case: case_flow.withdraw_case(case=case, actor=staff().caseworker, reason="撤回"),
}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(set(_STEPS) - {"withdraw"})), max_size=25), st.booleans())
def test_whatever_is_tried_the_events_make_a_chain(db: None, tries: list[str], withdraw: bool) -> None:
    """Numbers 1…n, each from the state before, the last to the present state; refused tries leave no event."""
    with transaction.atomic():
        case = case_at(S.DRAFT)
        done = 1
        for name in [*tries, *(["withdraw"] if withdraw else [])]:
            events = CaseEvent.objects.filter(case=case).count()
            try:
                with transaction.atomic():
                    _STEPS[name](case)
                done += 1
            except Refused:
                assert CaseEvent.objects.filter(case=case).count() == events
        count, problems = check_case_events()
        assert problems == []
        assert count == done
        transaction.set_rollback(True)


def test_a_broken_chain_is_found() -> None:
    case = case_at(S.SUBMITTED)
    common = {"case": case, "actor": staff().caseworker, "action": "x"}
    CaseEvent.objects.create(**common, number=4, from_state=S.DRAFT, to_state=S.POOLED)
    assert [problem.code for problem in check_case_events()[1]] == [
        "event_number",
        "event_chain",
        "event_state",
    ]


def test_a_case_without_events_is_found() -> None:
    by = staff().caseworker
    firm = ExpenseYearFactory().firm
    case = CultivationCase.objects.create(
        firm=firm, state_since=clock.now(), state_by=by, opened_on=clock.today(), opened_by=by
    )
    assert [problem.as_json()["subject"] for problem in check_case_events()[1]] == [f"case:{case.pk}"]
