"""The stock put on record on its page: preliminary, then final by a second person; later changes show beside it."""

import datetime as dt

import pytest
from django.urls import reverse

from cultivation.enums import StockStage
from cultivation.models import Accreditation, StockRecord
from tests.factories import AccreditationFactory, FirmFactory, division
from tests.overtaking import from_page

DAY = "2018-12-31"
LIST = "cultivation:stock_records"


@pytest.fixture
def certificate(cast):
    return AccreditationFactory(firm=FirmFactory(division=division("youjiang")))


@pytest.fixture
def drawn(client, cast, certificate) -> StockRecord:
    client.force_login(cast.caseworker)
    assert draw_up(client).status_code == 302
    return StockRecord.objects.get()


def draw_up(client, **fields):
    return client.post(reverse(LIST), from_page(client, reverse(LIST), day=DAY, **fields))


def lock(client, record):
    page = reverse("cultivation:stock_record", args=[record.pk])
    return client.post(reverse("cultivation:stock_lock", args=[record.pk]), from_page(client, page))


def test_edge_case_44_a_second_person_locks_what_the_first_one_drew_up(client, cast, drawn):
    assert lock(client, drawn).status_code == 403
    client.force_login(cast.reviewer)
    answer = lock(client, drawn)
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.context["record"].stage == StockStage.FINAL
    assert dict(page.context["by_division"])["右江区"] == 1
    assert not page.context["may_lock"]


def test_edge_case_44_a_later_change_shows_beside_the_locked_version(client, cast, drawn, certificate):
    client.force_login(cast.reviewer)
    page = lock(client, drawn)["Location"]
    Accreditation.objects.filter(pk=certificate.pk).update(
        revoked_on=dt.date(2018, 12, 1),
        revoked_act_year=2018,
        revocation_document="演示撤〔2019〕1号",
        revocation_cause="fraud",
        revoked_by=cast.caseworker,
    )
    shown = client.get(page).context
    assert shown["record"].total == 1
    assert [(change.firm, change.what) for change, _words in shown["changes"]] == [
        (certificate.firm, "dropped")
    ]


def test_another_version_after_a_final_one_asks_for_reason_and_document_beside_their_fields(
    client, cast, drawn
):
    client.force_login(cast.reviewer)
    lock(client, drawn)
    AccreditationFactory()
    client.force_login(cast.caseworker)
    answer = draw_up(client, document="演示文")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["reason"])
    answer = draw_up(client, reason="补录")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["document"])
    answer = draw_up(client, reason="补录", document="演示文")
    assert answer.status_code == 302


def test_the_same_again_is_refused_and_only_quarter_ends_that_are_over_are_offered(client, drawn):
    assert draw_up(client).status_code == 409
    days = [value for value, _name in client.get(reverse(LIST)).context["form"].fields["day"].choices]
    assert days[0] == "2019-06-30"
    assert client.post(reverse(LIST), {"day": "2019-09-30"}).status_code == 422


def test_it_names_firms_and_is_for_the_citys_staff(client, cast, drawn):
    for person, status in ((cast.auditor, 200), (cast.county, 403), (cast.administrator, 403)):
        client.force_login(person)
        assert client.get(reverse(LIST)).status_code == status
