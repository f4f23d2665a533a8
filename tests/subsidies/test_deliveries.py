"""How the notice of an award reached the firm."""

import datetime as dt

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from config.common.errors import NotAllowed
from cultivation.enums import Role
from documents.api import DeliveryKind, NoticeDelivery
from subsidies.enums import AwardState
from subsidies.services.notices import deliver_notice, issue_grant_notice
from tests.factories import UserFactory
from tests.subsidies.awarding import refused
from tests.subsidies.factories import award_at, notice_organ, office

TODAY = dt.date(2019, 6, 30)


@pytest.fixture
def award(db):
    award = award_at(AwardState.APPROVED)
    issue_grant_notice(award=award, organ=notice_organ(), actor=office().caseworker)
    award.refresh_from_db()
    return award


def deliver(award, **changes):
    return deliver_notice(
        **{
            "award": award,
            "kind": DeliveryKind.HANDED_OVER,
            "delivered_on": TODAY,
            "receiver": "演示联系人",
            "proof": "送达回证第1号",
            "actor": office().caseworker,
            **changes,
        }
    )


def test_a_handed_over_notice_names_receiver_and_day(award):
    delivery = deliver(award)
    assert (delivery.notice, delivery.receiver) == (award.notice, "演示联系人")
    assert award.events.order_by("-number").first().action == "deliver_notice"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receiver": " "}, "receiver_missing"),
        ({"delivered_on": TODAY + dt.timedelta(days=1)}, "date_in_future"),
        ({"delivered_on": dt.date(2019, 1, 1)}, "before_issue"),
    ],
)
def test_what_cannot_be_is_refused(award, changes, code):
    assert refused(lambda: deliver(award, **changes)) == code


def test_there_is_nothing_to_deliver_before_the_issue(db):
    bare = award_at(AwardState.APPROVED)
    assert refused(lambda: deliver(bare)) == "notice_missing"


def test_is_the_offices_business(award, cast):
    with pytest.raises(NotAllowed):
        deliver(award, actor=cast.finance)


def test_a_firm_that_takes_its_notice_is_noted_once_and_the_office_never(award, client):
    address = reverse("subsidies:notice", kwargs={"pk": award.pk})
    client.force_login(UserFactory(username="reader", role=Role.AUDITOR))
    assert client.get(address).status_code == 200
    assert not NoticeDelivery.objects.exists()
    taker = UserFactory(username="taker", role=Role.FIRM, firm=award.firm)
    client.force_login(taker)
    for _ in range(2):
        assert client.get(address).status_code == 200
    delivery = NoticeDelivery.objects.get()
    assert (delivery.kind, delivery.recorded_by) == (DeliveryKind.DOWNLOADED, taker)


def test_no_delivery_is_ever_changed(award):
    delivery = deliver(award)
    delivery.receiver = "别人"
    with pytest.raises(DatabaseError), transaction.atomic():
        delivery.save()
