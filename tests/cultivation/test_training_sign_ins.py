"""Signing in for oneself at a session, confirmed by a caseworker; and lines struck out."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import signing

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, CheckKind, SignInState
from cultivation.models import Attendance, SignIn, TrainingSession
from cultivation.selectors.training import training_minutes, waiting_sign_ins
from cultivation.services import checks
from cultivation.services.training import (
    AttendanceRow,
    change_session,
    create_session,
    record_attendance,
    strike_attendance,
)
from cultivation.services.training_codes import code_of, session_of
from cultivation.services.training_sign_ins import (
    confirm_sign_ins,
    reject_sign_ins,
    replace_code,
    sign_in,
)
from tests.factories import FirmFactory, case_at, credit_code, staff, train
from tests.people import Cast

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.date], None]


@pytest.fixture
def session() -> TrainingSession:
    return create_session(
        title="研发费用归集", held_on=clock.today(), minutes=240, actor=staff().caseworker, seats=40
    )


def refusal_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refusal:
        act()
    return refusal.value.code


class TestTheCode:
    def test_opens_its_session_on_its_day_alone(self, session: TrainingSession, clock: Clock) -> None:
        code = code_of(session)
        assert session_of(code) == session
        for day in (dt.date(2019, 6, 29), dt.date(2019, 7, 1)):
            clock(day)
            assert refusal_of(lambda: session_of(code)) == "code_of_another_day"

    def test_is_worthless_once_replaced(self, session: TrainingSession) -> None:
        before = code_of(session)
        renewed = replace_code(session=session, actor=staff().caseworker)
        assert refusal_of(lambda: session_of(before)) == "code_replaced"
        assert session_of(code_of(renewed)) == session

    @pytest.mark.parametrize("forged", ["", "1-1", "1-1.x", "x.y", "9" * 500])
    def test_cannot_be_made_up(self, session: TrainingSession, forged: str) -> None:
        assert refusal_of(lambda: session_of(forged)) == "code_unknown"

    def test_of_another_purpose_opens_nothing(self, session: TrainingSession) -> None:
        foreign = signing.Signer(salt="other").sign(f"{session.pk}-1").replace(":", ".")
        assert refusal_of(lambda: session_of(foreign)) == "code_unknown"


class TestSigningIn:
    def test_waits_and_counts_for_nothing_until_confirmed(self, session: TrainingSession) -> None:
        case = case_at(CaseState.TRAINING)
        row = sign_in(code=code_of(session), attendee=" 王 明 ", credit_code=case.firm.credit_code.lower())
        assert (row.firm, row.attendee, row.state) == (case.firm, "王 明", SignInState.WAITING)
        assert training_minutes(case) == 0
        confirm_sign_ins(session=session, sign_ins=[row.pk], minutes=200, actor=staff().caseworker)
        assert training_minutes(case) == 200
        row.refresh_from_db()
        assert (row.state, row.decided_by) == (SignInState.CONFIRMED, staff().caseworker)

    def test_of_a_firms_own_user_is_for_that_firm_whatever_is_typed(
        self, cast: Cast, session: TrainingSession
    ) -> None:
        other = FirmFactory()
        row = sign_in(code=code_of(session), attendee="王明", credit_code=other.credit_code, actor=cast.firm)
        assert (row.firm, row.account) == (cast.firm.firm, cast.firm)

    def test_twice_is_once(self, session: TrainingSession) -> None:
        firm = FirmFactory()
        rows = {
            sign_in(code=code_of(session), attendee="王明", credit_code=firm.credit_code).pk for _ in range(2)
        }
        assert len(rows) == SignIn.objects.count() == 1

    def test_takes_the_code_of_no_firm_without_telling_and_never_confirms_it(
        self, session: TrainingSession
    ) -> None:
        row = sign_in(code=code_of(session), attendee="王明", credit_code=credit_code(999_999))
        (line,) = waiting_sign_ins(session)
        assert (line.sign_in.firm, line.enrolled) == (None, False)
        code = refusal_of(
            lambda: confirm_sign_ins(session=session, sign_ins=[row.pk], minutes=60, actor=staff().caseworker)
        )
        assert code == "firm_unknown"
        assert not Attendance.objects.exists()

    @pytest.mark.parametrize(
        ("attendee", "number", "code"),
        [
            (" ", "91990000MA5K00017Y", "name_missing"),
            ("名" * 61, "91990000MA5K00017Y", "name_missing"),
            ("王明", "91990000MA5K00017X", "credit_code"),
            ("王明", "", "credit_code"),
        ],
    )
    def test_needs_a_name_and_a_sound_code(
        self, session: TrainingSession, attendee: str, number: str, code: str
    ) -> None:
        assert (
            refusal_of(lambda: sign_in(code=code_of(session), attendee=attendee, credit_code=number)) == code
        )

    def test_is_closed_on_other_days(self, session: TrainingSession, clock: Clock) -> None:
        code, number = code_of(session), FirmFactory().credit_code
        clock(dt.date(2019, 7, 1))
        assert (
            refusal_of(lambda: sign_in(code=code, attendee="王明", credit_code=number))
            == "code_of_another_day"
        )


class TestDeciding:
    def rows(self, session: TrainingSession, count: int = 3) -> list[int]:
        return [
            sign_in(code=code_of(session), attendee=f"学员{n}", credit_code=FirmFactory().credit_code).pk
            for n in range(count)
        ]

    def test_is_for_caseworkers(self, cast: Cast, session: TrainingSession) -> None:
        (row,) = self.rows(session, 1)
        for person in (cast.county, cast.reviewer, cast.firm):
            with pytest.raises(NotAllowed):
                confirm_sign_ins(session=session, sign_ins=[row], minutes=60, actor=person)
            with pytest.raises(NotAllowed):
                reject_sign_ins(session=session, sign_ins=[row], actor=person)

    def test_twice_is_refused_whole(self, session: TrainingSession) -> None:
        first, second, third = self.rows(session)
        reject_sign_ins(session=session, sign_ins=[first], actor=staff().caseworker)
        code = refusal_of(
            lambda: confirm_sign_ins(
                session=session, sign_ins=[first, second, third], minutes=60, actor=staff().caseworker
            )
        )
        assert code == "sign_ins_decided"
        assert SignIn.objects.filter(state=SignInState.WAITING).count() == 2

    def test_counts_nobody_twice_who_is_on_the_list(self, session: TrainingSession) -> None:
        firm = FirmFactory()
        row = sign_in(code=code_of(session), attendee="王明", credit_code=firm.credit_code)
        by_hand = AttendanceRow(firm=firm, attendee="王明", minutes=240)
        record_attendance(session=session, rows=[by_hand], actor=staff().caseworker)
        confirm_sign_ins(session=session, sign_ins=[row.pk], minutes=60, actor=staff().caseworker)
        assert Attendance.objects.get().minutes == 240

    def test_longer_than_the_session_is_refused_whole(self, session: TrainingSession) -> None:
        rows = self.rows(session)
        code = refusal_of(
            lambda: confirm_sign_ins(session=session, sign_ins=rows, minutes=241, actor=staff().caseworker)
        )
        assert code == "attendance_wrong"
        assert SignIn.objects.filter(state=SignInState.WAITING).count() == 3

    def test_lists_the_waiting_in_two_queries(
        self, session: TrainingSession, django_assert_num_queries
    ) -> None:
        self.rows(session, 12)
        with django_assert_num_queries(2):
            assert len(waiting_sign_ins(session)) == 12


class TestStrikingOut:
    def test_takes_the_hours_away_and_keeps_the_line(self) -> None:
        case = case_at(CaseState.TRAINING)
        train(case, 300)
        line = Attendance.objects.get()
        strike_attendance(attendance=line, reason="记错企业", actor=staff().caseworker)
        assert training_minutes(case) == 0
        assert Attendance.objects.get().struck_reason == "记错企业"

    def test_makes_room_for_the_right_line(self) -> None:
        case = case_at(CaseState.TRAINING)
        session = train(case, 300)
        line = Attendance.objects.get()
        strike_attendance(attendance=line, reason="时长记错", actor=staff().caseworker)
        again = AttendanceRow(firm=case.firm, attendee=line.attendee, minutes=120)
        record_attendance(session=session, rows=[again], actor=staff().caseworker)
        assert training_minutes(case) == 120

    def test_waits_while_a_passed_check_rests_on_it(self) -> None:
        case = case_at(CaseState.TRAINING)
        train(case)
        checks.record_check(case=case, kind=CheckKind.TRAINING, actor=staff().caseworker)
        line = Attendance.objects.get()

        def strike() -> Attendance:
            return strike_attendance(attendance=line, reason="记错", actor=staff().caseworker)

        assert refusal_of(strike) == "attendance_counted"
        checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="签到有误", actor=staff().caseworker)
        assert strike().struck_at is not None

    def test_needs_a_reason_and_happens_once(self) -> None:
        train(case_at(CaseState.TRAINING))
        line = Attendance.objects.get()
        actor = staff().caseworker
        assert (
            refusal_of(lambda: strike_attendance(attendance=line, reason=" ", actor=actor))
            == "reason_missing"
        )
        strike_attendance(attendance=line, reason="记错", actor=actor)
        assert (
            refusal_of(lambda: strike_attendance(attendance=line, reason="记错", actor=actor))
            == "struck_already"
        )


class TestChangingASession:
    def test_moves_it_until_somebody_came(self, session: TrainingSession) -> None:
        terms = {"title": "政策宣讲", "held_on": dt.date(2019, 6, 28), "minutes": 120}
        actor = staff().caseworker
        assert change_session(session=session, **terms, actor=actor).minutes == 120
        row = AttendanceRow(firm=FirmFactory(), attendee="王明", minutes=60)
        record_attendance(session=session, rows=[row], actor=actor)
        change_session(session=session, **{**terms, "title": "宣讲"}, place="三楼", actor=actor)
        later = {**terms, "minutes": 180}
        assert refusal_of(lambda: change_session(session=session, **later, actor=actor)) == "session_attended"

    @pytest.mark.parametrize("seats", [0, -1, 5001])
    def test_has_a_sensible_number_of_seats(self, seats: int) -> None:
        actor = staff().caseworker

        def plan() -> TrainingSession:
            return create_session(title="宣讲", held_on=clock.today(), minutes=60, seats=seats, actor=actor)

        assert refusal_of(plan) == "seats_wrong"
