"""The trace of a case: events that make a chain, and attempts that were refused."""

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, CheckKind
from cultivation.models import CaseEvent, CultivationCase, RefusedAttempt
from cultivation.selectors.events import check_case_events
from cultivation.services import case_flow, checks, corrections, filing
from tests.factories import (
    ExpenseYearFactory,
    UserFactory,
    case_at,
    pass_check,
    staff,
)

pytestmark = pytest.mark.django_db
S = CaseState


def _code(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


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
