"""Inviting a firm: who may, the slip that tells its code once, and what is on record afterwards."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from config.common.errors import NotAllowed, Refused
from cultivation.enums import Role
from cultivation.models import Invitation, RefusedAttempt, User
from cultivation.services.invitations import accept_invitation, issue_invitation, withdraw_invitation
from tests.factories import FirmFactory, division
from tests.people import person

URL = "/invitations/"
PASSWORD = "seven-green-Saplings"


def accept(firm, code, **changes):
    answers = {
        "credit_code": firm.credit_code,
        "code": code,
        "username": "miao-zhang",
        "display_name": "张苗",
        "password": PASSWORD,
    }
    return accept_invitation(**(answers | changes))


def refusal_of(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


@pytest.fixture
def firm(db):
    return FirmFactory()


class TestIssuing:
    @pytest.mark.parametrize(
        ("name", "may"),
        [
            ("caseworker", True),
            ("county", True),
            ("reviewer", False),
            ("finance", False),
            ("auditor", False),
            ("administrator", False),
            ("firm", False),
        ],
    )
    def test_who_may(self, cast, firm, name, may):
        def act():
            return issue_invitation(firm=firm, actor=getattr(cast, name))

        if may:
            assert act()[0].issued_by == getattr(cast, name)
        else:
            assert refusal_of(act) == "not_allowed"

    def test_a_county_invites_its_own_firms_alone(self, cast):
        with pytest.raises(NotAllowed):
            issue_invitation(firm=FirmFactory(division=division("tianyang")), actor=cast.county)

    def test_the_code_is_nowhere_in_the_database(self, cast, firm):
        invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        assert len(code.replace("-", "")) == 16
        row = Invitation.objects.values().get(pk=invitation.pk)
        assert code not in str(row)
        assert code.replace("-", "") not in str(row)

    def test_a_new_one_withdraws_the_one_before(self, cast, firm):
        first, old = issue_invitation(firm=firm, actor=cast.caseworker)
        issue_invitation(firm=firm, actor=cast.caseworker2)
        first.refresh_from_db()
        assert first.withdrawn_by == cast.caseworker2
        assert refusal_of(lambda: accept(firm, old)) == "invitation_unknown"

    def test_two_open_ones_cannot_be(self, cast, firm):
        invitation, _code = issue_invitation(firm=firm, actor=cast.caseworker)
        with pytest.raises(IntegrityError), transaction.atomic():
            Invitation.objects.create(
                firm=firm,
                code_hash="x",
                issued_by=cast.caseworker,
                issued_at=invitation.issued_at,
                expires_at=invitation.expires_at,
            )


class TestAccepting:
    def test_the_account_is_bound_to_the_firm_and_has_no_other_role(self, cast, firm):
        invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        user = accept(firm, code.lower().replace("-", " "))
        assert (user.firm, user.display_name, user.roles) == (firm, "张苗", {Role.FIRM.value})
        assert user.check_password(PASSWORD)
        assert not user.is_staff
        invitation.refresh_from_db()
        assert invitation.used_by == user

    def test_it_works_once(self, cast, firm):
        _invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        accept(firm, code)
        assert refusal_of(lambda: accept(firm, code, username="second")) == "invitation_unknown"

    def test_it_works_for_its_firm_alone(self, cast, firm):
        _invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        assert refusal_of(lambda: accept(FirmFactory(), code)) == "invitation_unknown"

    def test_it_expires_after_thirty_days(self, cast, firm, clock):
        _invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        clock(dt.date(2019, 8, 1))
        assert refusal_of(lambda: accept(firm, code)) == "invitation_unknown"
        assert RefusedAttempt.objects.filter(action="accept_invitation").get().actor is None

    def test_a_withdrawn_one_does_not_work(self, cast, firm):
        invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        withdraw_invitation(invitation=invitation, actor=cast.caseworker)
        assert refusal_of(lambda: accept(firm, code)) == "invitation_unknown"
        assert (
            refusal_of(lambda: withdraw_invitation(invitation=invitation, actor=cast.caseworker))
            == "invitation_over"
        )

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"password": "short"}, "password_weak"),
            ({"password": "1234567890123"}, "password_weak"),
            ({"username": "miaozhanglong", "password": "miaozhanglong"}, "password_weak"),
            ({"username": "a b"}, "username_wrong"),
            ({"username": "COUNTY"}, "username_taken"),
        ],
    )
    def test_what_is_wrong_with_name_or_password_is_said_and_the_code_still_works(
        self, cast, firm, changes, code
    ):
        _invitation, secret = issue_invitation(firm=firm, actor=cast.caseworker)
        assert refusal_of(lambda: accept(firm, secret, **changes)) == code
        assert accept(firm, secret).firm == firm

    def test_a_forgotten_password_of_the_firms_own_account_is_replaced(self, cast, firm):
        user = person("miao-zhang", Role.FIRM, firm=firm)
        _invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        assert accept(firm, code).pk == user.pk
        assert User.objects.get(pk=user.pk).check_password(PASSWORD)

    @pytest.mark.parametrize("trait", ["another_firm", "closed", "office_role"])
    def test_nobody_elses_password_is(self, cast, firm, trait):
        user = person("miao-zhang", Role.FIRM, firm=FirmFactory() if trait == "another_firm" else firm)
        if trait == "closed":
            User.objects.filter(pk=user.pk).update(is_active=False)
        if trait == "office_role":
            user.groups.add(cast.finance.groups.get())
        _invitation, code = issue_invitation(firm=firm, actor=cast.caseworker)
        assert refusal_of(lambda: accept(firm, code)) == "username_taken"


class TestPages:
    def test_the_slip_shows_the_code_once(self, browse, cast, firm):
        client = browse(cast.county)
        answer = client.post(URL, {"credit_code": firm.credit_code})
        code = answer.context["code"]
        text = answer.content.decode()
        assert code in text
        assert reverse("account_invited") in text
        assert "no-store" in answer["Cache-Control"]
        assert code not in client.get(URL).content.decode()

    def test_the_slip_sends_the_firm_to_the_public_server(self, browse, cast, firm, settings):
        client = browse(cast.county)
        own = client.post(URL, {"credit_code": firm.credit_code}).context["address"]
        assert own == "http://testserver" + reverse("account_invited")
        settings.PUBLIC_BASE_URL = "https://firms.example/"
        public = client.post(URL, {"credit_code": firm.credit_code}).context["address"]
        assert public == "https://firms.example" + reverse("account_invited")

    def test_a_foreign_firm_is_not_there(self, browse, cast):
        foreign = FirmFactory(division=division("tianyang"))
        answer = browse(cast.county).post(URL, {"credit_code": foreign.credit_code})
        assert answer.status_code == 422
        assert foreign.name not in answer.content.decode()
        assert not Invitation.objects.exists()

    def test_a_county_sees_and_withdraws_its_own_alone(self, browse, cast, firm):
        own, _code = issue_invitation(firm=firm, actor=cast.caseworker)
        foreign, _code = issue_invitation(
            firm=FirmFactory(division=division("tianyang")), actor=cast.caseworker
        )
        client = browse(cast.county)
        assert client.get(URL).context["page"].rows == [own]
        withdraw = [reverse("cultivation:invitation_withdraw", args=[row.pk]) for row in (own, foreign)]
        assert [client.post(url).status_code for url in withdraw] == [302, 404]
        assert client.post(withdraw[0]).status_code == 409

    def test_an_auditor_reads_who_did_what_and_changes_nothing(self, browse, cast, firm):
        invitation, code = issue_invitation(firm=firm, actor=cast.county)
        accept(firm, code)
        client = browse(cast.auditor)
        text = client.get(URL).content.decode()
        assert "miao-zhang" in text
        assert "county" in text
        assert client.post(URL, {"credit_code": firm.credit_code}).status_code == 403
        url = reverse("cultivation:invitation_withdraw", args=[invitation.pk])
        assert client.post(url).status_code == 403

    def test_the_queries_do_not_grow_with_the_rows(self, browse, cast, django_assert_max_num_queries):
        client = browse(cast.caseworker)
        issue_invitation(firm=FirmFactory(), actor=cast.caseworker)
        client.get(URL)
        with django_assert_max_num_queries(12) as first:
            client.get(URL)
        for _n in range(6):
            issue_invitation(firm=FirmFactory(), actor=cast.county)
        with django_assert_max_num_queries(len(first)):
            client.get(URL)
