"""Sessions, attendance lists and the hours of a firm."""

import datetime as dt

import pytest

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CaseState, CheckKind
from cultivation.models import Attendance, CaseCheck, TrainingSession
from cultivation.selectors.training import training_minutes, training_minutes_required
from cultivation.services import checks
from cultivation.services.training import AttendanceRow, create_session, record_attendance
from tests.factories import FirmFactory, case_at, staff, train

pytestmark = pytest.mark.django_db


def _session(minutes: int = 120, held_on: dt.date = dt.date(2019, 6, 30)) -> TrainingSession:
    return create_session(title="认定政策宣讲", held_on=held_on, minutes=minutes, actor=staff().caseworker)


class TestSessions:
    @pytest.mark.parametrize("minutes", [0, -1, 1441])
    def test_last_between_a_minute_and_a_day(self, minutes: int) -> None:
        with pytest.raises(Refused) as refusal:
            _session(minutes)
        assert refusal.value.code == "minutes_wrong"

    def test_have_a_title(self) -> None:
        with pytest.raises(Refused) as refusal:
            create_session(title=" ", held_on=clock.today(), minutes=60, actor=staff().caseworker)
        assert refusal.value.code == "title_missing"

    def test_are_made_by_city_caseworkers(self) -> None:
        with pytest.raises(NotAllowed):
            create_session(title="宣讲", held_on=clock.today(), minutes=60, actor=staff().county)


class TestAttendance:
    def test_is_recorded_in_bulk(self, django_assert_max_num_queries) -> None:
        firms, session, actor = FirmFactory.create_batch(30), _session(), staff().caseworker
        assert actor.roles
        rows = [AttendanceRow(firm, "演示联系人", 120) for firm in firms]
        with django_assert_max_num_queries(6):
            assert record_attendance(session=session, rows=rows, actor=actor) == 30

    def test_is_all_or_nothing_and_names_every_wrong_line(self) -> None:
        firm, session = FirmFactory(), _session()
        record_attendance(session=session, rows=[AttendanceRow(firm, "韦一", 100)], actor=staff().caseworker)
        rows = [
            AttendanceRow(firm, "黄二", 120),
            AttendanceRow(firm, "黄三", 121),
            AttendanceRow(firm, "黄四", 0),
            AttendanceRow(firm, "  ", 60),
            AttendanceRow(firm, "韦一", 60),
            AttendanceRow(firm, "黄二", 60),
        ]
        with pytest.raises(Refused) as refusal:
            record_attendance(session=session, rows=rows, actor=staff().caseworker)
        errors = refusal.value.details["errors"]
        assert [(error["row"], error["code"]) for error in errors] == [
            (2, "minutes_wrong"),
            (3, "minutes_wrong"),
            (4, "name_missing"),
            (5, "attends_twice"),
            (6, "attends_twice"),
        ]
        assert Attendance.objects.count() == 1

    def test_of_a_session_that_is_still_to_come_is_refused(self) -> None:
        session = _session(held_on=dt.date(2019, 7, 1))
        with pytest.raises(Refused) as refusal:
            record_attendance(session=session, rows=[], actor=staff().caseworker)
        assert refusal.value.code == "session_ahead"


class TestHours:
    def test_two_people_at_one_session_do_not_make_it_longer(self) -> None:
        case, session = case_at(CaseState.POOLED), _session()
        rows = [AttendanceRow(case.firm, "韦一", 100), AttendanceRow(case.firm, "黄二", 90)]
        record_attendance(session=session, rows=rows, actor=staff().caseworker)
        assert training_minutes(case) == 100
        train(case, 30)
        assert training_minutes(case) == 130

    def test_count_from_the_day_of_enrolment(self) -> None:
        case = case_at(CaseState.POOLED)
        assert case.pooled_on == dt.date(2019, 6, 30)
        for day in (dt.date(2019, 6, 29), dt.date(2019, 6, 30)):
            session = _session(held_on=day)
            rows = [AttendanceRow(case.firm, "韦一", 60)]
            record_attendance(session=session, rows=rows, actor=staff().caseworker)
        assert training_minutes(case) == 60

    def test_do_not_count_before_enrolment(self) -> None:
        case = case_at(CaseState.SUBMITTED)
        train(case)
        assert (training_minutes(case), training_minutes_required(case)) == (0, 0)

    @pytest.mark.parametrize("lacking", [1, 0])
    def test_decide_the_check_to_the_minute(self, lacking: int) -> None:
        case = case_at(CaseState.TRAINING)
        train(case, training_minutes_required(case) - lacking)
        if lacking:
            with pytest.raises(Refused) as refusal:
                checks.record_check(case=case, kind=CheckKind.TRAINING, actor=staff().caseworker)
            assert refusal.value.code == "hours_missing"
            assert not CaseCheck.objects.exists()
        else:
            assert checks.record_check(case=case, kind=CheckKind.TRAINING, actor=staff().caseworker).passed
