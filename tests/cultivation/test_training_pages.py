"""The pages of training: planned, signed in by phone, confirmed, recorded by hand, struck out."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from cultivation.enums import CaseState, SignInState
from cultivation.models import Attendance, SignIn, TrainingSession
from cultivation.selectors.training import training_minutes
from cultivation.services.training import create_session
from cultivation.services.training_codes import code_of
from tests.factories import ContactFactory, FirmFactory, case_at, staff, train
from tests.people import Cast
from tests.workbooks import read_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cast: Cast) -> TrainingSession:
    return create_session(
        title="研发费用归集",
        held_on=dt.date(2019, 6, 30),
        begins_at=dt.time(9),
        minutes=240,
        place="三楼",
        actor=cast.caseworker,
    )


def url(name: str, session: TrainingSession, *more: object) -> str:
    return reverse(f"cultivation:{name}", args=[session.pk, *more])


class TestPlanning:
    FIELDS = {"title": "政策宣讲", "held_on": "2019-07-10", "begins_at": "14:30", "minutes": "180"}

    def test_a_session_is_planned_and_shown(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.caseworker)
        answer = client.post(reverse("cultivation:session_new"), {**self.FIELDS, "seats": "60"}, follow=True)
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "14:30–17:30" in text
        assert reverse("cultivation:sign_in_wall", args=[TrainingSession.objects.get().pk]) not in text

    def test_what_was_typed_is_kept(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.caseworker)
        answer = client.post(reverse("cultivation:session_new"), {**self.FIELDS, "minutes": "0"})
        assert answer.status_code == 422
        assert "政策宣讲" in answer.content.decode()

    def test_the_list_asks_as_often_for_many_as_for_one(
        self, client: Client, cast: Cast, django_assert_max_num_queries
    ) -> None:
        for n in range(12):
            create_session(title=f"第{n}期", held_on=dt.date(2019, 6, 1), minutes=60, actor=cast.caseworker)
        client.force_login(cast.auditor)
        with django_assert_max_num_queries(8):
            assert client.get(reverse("cultivation:training")).status_code == 200


class TestAtTheDoor:
    def test_an_attendee_signs_in_without_an_account(self, client: Client, session: TrainingSession) -> None:
        case = case_at(CaseState.TRAINING)
        address = reverse("cultivation:sign_in", args=[code_of(session)])
        assert client.get(address).status_code == 200
        answer = client.post(address, {"credit_code": case.firm.credit_code, "attendee": "王明"})
        assert answer.status_code == 200
        assert case.firm.name not in answer.content.decode()
        assert SignIn.objects.get().state == SignInState.WAITING

    def test_a_firms_user_gives_the_name_alone(
        self, client: Client, cast: Cast, session: TrainingSession
    ) -> None:
        client.force_login(cast.firm)
        address = reverse("cultivation:sign_in", args=[code_of(session)])
        assert "credit_code" not in client.get(address).content.decode()
        client.post(address, {"attendee": "王明"})
        assert SignIn.objects.get().firm == cast.firm.firm

    def test_an_old_code_is_gone(self, client: Client, cast: Cast, session: TrainingSession) -> None:
        address = reverse("cultivation:sign_in", args=[code_of(session)])
        client.force_login(cast.caseworker)
        client.post(url("sign_in_replace", session))
        client.logout()
        assert client.get(address).status_code == 410
        assert client.post(address, {"attendee": "王明"}).status_code == 410
        assert not SignIn.objects.exists()

    def test_the_code_is_a_picture_that_a_strict_policy_lets_through(
        self, client: Client, cast: Cast, session: TrainingSession
    ) -> None:
        client.force_login(cast.caseworker)
        answer = client.get(url("sign_in_code", session))
        assert answer["Content-Type"].startswith("image/svg+xml")
        assert b"style" not in answer.content
        assert b"<script" not in answer.content

    def test_the_code_leads_to_the_public_site_where_there_is_one(
        self, client: Client, cast: Cast, session: TrainingSession, settings
    ) -> None:
        client.force_login(cast.caseworker)
        settings.PUBLIC_BASE_URL = "https://miaopu.example/"
        expected = "https://miaopu.example" + reverse("cultivation:sign_in", args=[code_of(session)])
        assert expected in client.get(url("sign_in_wall", session)).content.decode()


class TestTheCaseworkersSide:
    def sign_in(self, session: TrainingSession, firm, name: str = "王明") -> SignIn:
        Client().post(
            reverse("cultivation:sign_in", args=[code_of(session)]),
            {"credit_code": firm.credit_code, "attendee": name},
        )
        return SignIn.objects.get(firm=firm, attendee=name)

    def test_confirms_the_chosen(self, client: Client, cast: Cast, session: TrainingSession) -> None:
        case = case_at(CaseState.TRAINING)
        row = self.sign_in(session, case.firm)
        client.force_login(cast.caseworker)
        assert row.attendee in client.get(url("session", session)).content.decode()
        data = {"sign_in": [row.pk], "minutes": "240", "decision": "confirm"}
        assert client.post(url("sign_ins_decide", session), data).status_code == 302
        assert training_minutes(case) == 240

    @pytest.mark.parametrize(
        "data", [{}, {"sign_in": ["x"]}, {"sign_in": ["999"], "minutes": "60"}, {"minutes": "60"}]
    )
    def test_says_why_nothing_was_done(
        self, client: Client, cast: Cast, session: TrainingSession, data: dict
    ) -> None:
        client.force_login(cast.caseworker)
        assert client.post(url("sign_ins_decide", session), data).status_code == 409
        assert not Attendance.objects.exists()

    def test_rejects_the_chosen(self, client: Client, cast: Cast, session: TrainingSession) -> None:
        row = self.sign_in(session, FirmFactory())
        client.force_login(cast.caseworker)
        client.post(url("sign_ins_decide", session), {"sign_in": [row.pk], "decision": "reject"})
        row.refresh_from_db()
        assert row.state == SignInState.REJECTED

    def test_records_one_by_hand(self, client: Client, cast: Cast, session: TrainingSession) -> None:
        firm = FirmFactory()
        client.force_login(cast.caseworker)
        fields = {"credit_code": f" {firm.credit_code.lower()} ", "attendee": "李丽", "minutes": "90"}
        assert client.post(url("attendance_record", session), fields).status_code == 302
        again = client.post(url("attendance_record", session), fields)
        assert again.status_code == 409
        assert "李丽" in again.content.decode()

    @pytest.mark.parametrize(
        ("code", "minutes", "status"), [("91990000MA5K00017X", "60", 422), (None, "241", 409)]
    )
    def test_names_what_is_wrong(
        self, client: Client, cast: Cast, session: TrainingSession, code, minutes: str, status: int
    ) -> None:
        client.force_login(cast.caseworker)
        fields = {
            "credit_code": code or FirmFactory().credit_code,
            "attendee": "李丽",
            "minutes": minutes,
        }
        assert client.post(url("attendance_record", session), fields).status_code == status
        assert not Attendance.objects.exists()

    def test_strikes_out_with_a_reason(self, client: Client, cast: Cast) -> None:
        session = train(case_at(CaseState.TRAINING))
        line = Attendance.objects.get()
        client.force_login(cast.caseworker)
        address = url("attendance_strike", session, line.pk)
        assert client.post(address, {"reason": ""}).status_code == 409
        assert client.post(address, {"reason": "记错"}).status_code == 302
        assert "记错" in client.get(url("session", session)).content.decode()
        foreign = create_session(
            title="另一期", held_on=dt.date(2019, 6, 30), minutes=60, actor=cast.caseworker
        )
        assert client.post(url("attendance_strike", foreign, line.pk), {"reason": "x"}).status_code == 404


class TestWhoSeesWhat:
    def test_a_firm_sees_its_own_people_alone(self, client: Client, cast: Cast) -> None:
        ContactFactory(firm=cast.firm.firm)
        own = case_at(CaseState.TRAINING, firm=cast.firm.firm)
        session = train(own)
        other = FirmFactory()
        Attendance.objects.create(
            session=session, firm=other, attendee="外人", minutes=60, recorded_by=staff().caseworker
        )
        client.force_login(cast.firm)
        text = client.get(url("session", session)).content.decode()
        assert "演示联系人" in text
        assert "外人" not in text
        file = reverse("documents:export", args=["attendance"])
        rows = read_rows(client.get(file, {"session": session.pk}).content)
        assert [row[0] for row in rows[1:]] == [own.firm.name]
