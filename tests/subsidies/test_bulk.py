"""Bulk acts: what the pre-flight says is what happens, award by award, in order, and nothing twice."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.common.clock import fixed
from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import DisclosurePeriod, RefusedAttempt
from subsidies.enums import AwardState, ObjectionOutcome
from subsidies.models import Award, AwardEvent, Calculation, FundingLine, LedgerEntry
from subsidies.permissions import AwardAction
from subsidies.services import awards, disclosure, objections, overrides
from subsidies.services.bulk import MOST, Outcome, Rehearsal, rehearse, run, source_states
from tests.factories import UserFactory
from tests.subsidies.awarding import calculate
from tests.subsidies.factories import award_at, funding_line, grant, office

A = AwardState
DAY = dt.date(2019, 6, 30)


def everything() -> list[Any]:
    """All that an act on awards could leave behind."""
    tables = (Award, AwardEvent, Calculation, LedgerEntry, FundingLine, DisclosurePeriod, RefusedAttempt)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def reviewer_who_calculates() -> Any:
    """Holds both roles, so that four eyes are asked of the award and not of the role."""
    user = UserFactory(username="both", role=Role.CASEWORKER)
    user.groups.add(office().reviewer.groups.get())
    return user


def told(rehearsal: Rehearsal) -> list[tuple[int, str, str, Decimal | None]]:
    return [(row.award, row.code, row.message, row.available) for row in rehearsal.outcomes]


def became(outcomes: list[Outcome]) -> list[tuple[int, str, str, Decimal | None]]:
    return [(row.award, row.code, row.message, row.available) for row in outcomes]


def as_seen(rehearsal: Rehearsal) -> list[tuple[int, int]]:
    return [(row.award, row.seen) for row in rehearsal.outcomes]


@pytest.fixture
def today():
    with fixed(DAY):
        yield DAY


class TestRehearsal:
    def test_says_what_would_happen_and_changes_nothing(self, db, today):
        line = funding_line("100000.00")
        chosen = [award_at(A.DISCLOSED, amount="60000.00") for _ in range(2)]
        before = everything()
        told = rehearse(
            awards=[award.pk for award in chosen],
            action=AwardAction.APPROVE,
            actor=office().reviewer,
            funding_line=line,
        )
        assert everything() == before
        assert [row.code for row in told.outcomes] == ["", "overdrawn"]
        assert (told.available_before, told.available_after) == (Decimal("100000.00"), Decimal("40000.00"))
        assert line.committed == 0

    def test_the_line_runs_out_in_the_middle_and_a_smaller_award_still_fits(self, db, today):
        line = funding_line("100000.00")
        amounts = ("60000.00", "50000.00", "40000.00", "0.01")
        keys = [award_at(A.DISCLOSED, amount=amount).pk for amount in amounts]
        found = rehearse(
            awards=reversed(keys), action=AwardAction.APPROVE, actor=office().reviewer, funding_line=line
        )
        assert [row.award for row in found.outcomes] == keys
        assert [row.code for row in found.outcomes] == ["", "overdrawn", "", "overdrawn"]
        assert [row.available for row in found.outcomes] == [
            *(Decimal("40000.00"), None, Decimal("0.00"), None)
        ]
        assert "40000.00" in found.outcomes[1].message
        outcomes = run(
            awards=as_seen(found), action=AwardAction.APPROVE, actor=office().reviewer, funding_line=line
        )
        assert became(outcomes) == told(found)
        assert list(Award.objects.order_by("pk").values_list("state", flat=True)) == [
            *(A.APPROVED, A.DISCLOSED, A.APPROVED, A.DISCLOSED)
        ]
        line.refresh_from_db()
        assert line.committed == Decimal("100000.00")

    def test_four_eyes_are_asked_award_by_award(self, db, today):
        both = reviewer_who_calculates()
        own, other = award_at(A.AWAITING_BASIS), award_at(A.CALCULATED)
        grant(own.firm)
        awards_of_both = [own.pk, other.pk]
        run(awards=[(own.pk, 1)], action=AwardAction.CALCULATE, actor=both)
        found = rehearse(awards=awards_of_both, action=AwardAction.REVIEW, actor=both)
        assert [row.code for row in found.outcomes] == ["second_person", ""]
        assert became(run(awards=as_seen(found), action=AwardAction.REVIEW, actor=both)) == told(found)
        own.refresh_from_db()
        assert own.state == A.CALCULATED

    def test_names_what_stops_an_approval(self, db, today):
        line = funding_line()
        running, objected = award_at(A.REVIEWED), award_at(A.DISCLOSED)
        disclosure.disclose_awards(awards=[running], actor=office().caseworker, place="公示栏")
        objections.record_objection(
            award=objected, raised_by="李某", raised_on=DAY, text="有异议", actor=office().caseworker
        )
        undisclosed = award_at(A.REVIEWED)
        found = rehearse(
            awards=[running.pk, objected.pk, undisclosed.pk],
            action=AwardAction.APPROVE,
            actor=office().reviewer,
            funding_line=line,
        )
        assert [row.code for row in found.outcomes] == [
            *("disclosure_running", "objection_open", "disclosure_missing")
        ]
        running.refresh_from_db()
        assert running.disclosure.last_day.isoformat() in found.outcomes[0].message

    def test_shows_the_amount_a_calculation_would_give(self, db, today):
        award, waiting = award_at(A.AWAITING_BASIS), award_at(A.AWAITING_BASIS)
        grant(award.firm, "81234.56")
        found = rehearse(
            awards=[award.pk, waiting.pk], action=AwardAction.CALCULATE, actor=office().caseworker
        )
        assert [(row.code, row.amount) for row in found.outcomes] == [
            ("", Decimal("81234.56")),
            ("awaiting_basis", None),
        ]
        assert not Calculation.objects.exists()

    @pytest.mark.parametrize(
        ("action", "role"),
        [
            (AwardAction.CALCULATE, Role.REVIEWER),
            (AwardAction.REVIEW, Role.CASEWORKER),
            (AwardAction.APPROVE, Role.FINANCE),
            (AwardAction.DISCLOSE, Role.AUDITOR),
            (AwardAction.SEND_BACK, Role.ADMINISTRATOR),
        ],
    )
    def test_is_closed_to_other_roles(self, cast, action, role):
        for act in (rehearse, run):
            with pytest.raises(NotAllowed):
                act(awards=[], action=action, actor=cast.of_role(role))

    def test_is_bounded(self, cast):
        for keys, code in (([], "nothing_chosen"), (range(1, MOST + 2), "too_many")):
            with pytest.raises(Refused) as refusal:
                rehearse(awards=keys, action=AwardAction.REVIEW, actor=cast.reviewer)
            assert refusal.value.code == code
            with pytest.raises(Refused):
                run(awards=[(key, 1) for key in keys], action=AwardAction.REVIEW, actor=cast.reviewer)


class TestRun:
    def test_one_refusal_stops_no_other_and_is_recorded(self, db, today):
        good, waiting = award_at(A.CALCULATED), award_at(A.AWAITING_BASIS)
        last = award_at(A.CALCULATED)
        found = [(good.pk, 2), (waiting.pk, 1), (last.pk, 2)]
        outcomes = run(awards=found, action=AwardAction.REVIEW, actor=office().reviewer)
        assert [row.code for row in outcomes] == ["", "wrong_state", ""]
        assert [Award.objects.get(pk=key).state for key, _seen in found] == [
            *(A.REVIEWED, A.AWAITING_BASIS, A.REVIEWED)
        ]
        assert RefusedAttempt.objects.filter(code="wrong_state", subject=f"award:{waiting.pk}").count() == 1

    def test_twice_does_nothing_twice(self, db, today):
        chosen = [award_at(A.CALCULATED) for _ in range(2)]
        seen = [(award.pk, 2) for award in chosen]
        run(awards=seen, action=AwardAction.REVIEW, actor=office().reviewer)
        events = AwardEvent.objects.count()
        again = run(awards=seen, action=AwardAction.REVIEW, actor=office().reviewer)
        assert [row.done_before for row in again] == [True, True]
        assert AwardEvent.objects.count() == events

    def test_twice_sent_back_does_not_take_a_later_step_along(self, db, today):
        award = award_at(A.CALCULATED)
        act = {"awards": [(award.pk, 2)], "action": AwardAction.SEND_BACK, "actor": office().reviewer}
        run(**act, reason="核对金额")
        calculate(award)
        assert run(**act, reason="核对金额")[0].done_before
        award.refresh_from_db()
        assert award.state == A.CALCULATED

    def test_an_award_that_moved_since_is_left_alone(self, db, today):
        moved, still = award_at(A.CALCULATED), award_at(A.CALCULATED)
        found = rehearse(awards=[moved.pk, still.pk], action=AwardAction.REVIEW, actor=office().reviewer)
        awards.send_back_award(award=moved, actor=office().caseworker, reason="重算")
        calculate(moved)
        outcomes = run(awards=as_seen(found), action=AwardAction.REVIEW, actor=office().reviewer)
        assert [row.code for row in outcomes] == ["changed_meanwhile", ""]
        moved.refresh_from_db()
        assert moved.state == A.CALCULATED

    def test_a_disclosure_round_is_shared_by_its_awards(self, db, today):
        chosen = [award_at(A.REVIEWED) for _ in range(3)]
        round_ = {"place": "门户网站", "published_on": DAY, "last_day": None, "reason": ""}
        found = rehearse(
            awards=[award.pk for award in chosen],
            action=AwardAction.DISCLOSE,
            actor=office().caseworker,
            **round_,
        )
        assert not DisclosurePeriod.objects.exists()
        run(awards=as_seen(found), action=AwardAction.DISCLOSE, actor=office().caseworker, **round_)
        period = DisclosurePeriod.objects.get()
        assert period.awards.count() == 3
        assert {row.last_day for row in found.outcomes} == {period.last_day}

    def test_the_states_for_an_act_are_those_of_the_state_machine(self):
        assert source_states(AwardAction.REVIEW) == [A.CALCULATED]
        sent_back_from = [A.CALCULATED, A.REVIEWED, A.DISCLOSED, A.APPROVED]
        assert source_states(AwardAction.SEND_BACK) == sorted(sent_back_from)


# What may stand in a selection: a state, whose calculation it is, and what else bears on it.
_KINDS = st.sampled_from(
    [
        *("awaiting", "basis", "calculated", "own", "overridden", "reviewed", "disclosed", "own_disclosed"),
        *("running", "objected", "upheld", "approved", "frozen", "revoked"),
    ]
)
_ACTS = st.sampled_from(
    [
        AwardAction.CALCULATE,
        AwardAction.REVIEW,
        AwardAction.DISCLOSE,
        AwardAction.APPROVE,
        AwardAction.SEND_BACK,
    ]
)


def make(kind: str, amount: str, both: Any) -> Award:
    people = office()
    simple = {
        "awaiting": A.AWAITING_BASIS,
        "calculated": A.CALCULATED,
        "reviewed": A.REVIEWED,
        "disclosed": A.DISCLOSED,
        "approved": A.APPROVED,
        "frozen": A.FROZEN,
        "revoked": A.REVOKED,
    }
    if kind in simple:
        return award_at(simple[kind], amount=amount)
    if kind == "running":
        award = award_at(A.REVIEWED, amount=amount)
        disclosure.disclose_awards(awards=[award], actor=people.caseworker, place="公示栏")
        return award
    if kind in ("objected", "upheld"):
        award = award_at(A.DISCLOSED, amount=amount)
        found = objections.record_objection(
            award=award, raised_by="王某", raised_on=DAY, text="异议", actor=people.caseworker
        )
        if kind == "upheld":
            objections.answer_objection(
                objection=found, outcome=ObjectionOutcome.UPHELD, answer="属实", actor=people.reviewer
            )
        return award
    if kind == "overridden":
        award = award_at(A.CALCULATED, amount=amount)
        overrides.propose_override(
            award=award,
            amount=Decimal("1.00"),
            reason="核减",
            document_number="演示函〔2019〕1号",
            actor=people.caseworker,
        )
        return award
    award = award_at(A.AWAITING_BASIS)
    grant(award.firm, amount)
    if kind == "basis":
        return award
    run(awards=[(award.pk, 1)], action=AwardAction.CALCULATE, actor=both)
    if kind == "own_disclosed":
        award.refresh_from_db()
        awards.review_award(award=award, actor=people.reviewer)
        disclosure.disclose_awards(
            awards=[award], actor=people.caseworker, place="公示栏", published_on=dt.date(2019, 6, 3)
        )
    return award


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    selection=st.lists(st.tuples(_KINDS, st.integers(1, 90_000)), min_size=1, max_size=6),
    action=_ACTS,
    appropriated=st.integers(0, 200_000),
)
def test_what_the_preflight_said_is_what_happened(db, selection, action, appropriated):
    """Over mixed selections, amounts and lines that may run out; and the rehearsal leaves no trace."""
    with fixed(DAY):
        both = UserFactory(role=Role.CASEWORKER)
        both.groups.add(office().reviewer.groups.get())
        line = funding_line(f"{appropriated}.00")
        chosen = [make(kind, f"{yuan}.37", both) for kind, yuan in selection]
        answers: dict[str, Any] = {
            AwardAction.APPROVE: {"funding_line": line},
            AwardAction.DISCLOSE: {"place": "门户网站"},
            AwardAction.SEND_BACK: {"reason": "核对"},
        }.get(action, {})
        before = everything()
        found = rehearse(awards=[award.pk for award in chosen], action=action, actor=both, **answers)
        assert everything() == before
        states = dict(Award.objects.values_list("pk", "state"))
        outcomes = run(awards=as_seen(found), action=action, actor=both, **answers)
        assert outcomes == list(found.outcomes)
        line.refresh_from_db()
        if action is AwardAction.APPROVE:
            assert found.available_after == line.appropriated - line.committed - line.paid
        for row in outcomes:
            moved = Award.objects.get(pk=row.award).state != states[row.award]
            assert moved is row.done


def test_an_award_of_nobody_the_person_sees_is_not_in_the_way(db, today):
    """Keys without an award are passed over: the pages choose among what the person may see."""
    award = award_at(A.AWAITING_BASIS)
    assert run(awards=[(award.pk + 1, 1)], action=AwardAction.REVIEW, actor=office().reviewer) == []
