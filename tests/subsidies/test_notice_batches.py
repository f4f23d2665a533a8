"""Grant notices for many awards from the page to the file: the real source of the batches of documents."""

import pytest
from django.urls import reverse
from django_tasks import default_task_backend

from documents.api import Notice, work_on_batch
from documents.enums import BatchState
from documents.models import NoticeBatch
from subsidies.models import Award
from subsidies.services.freezing import freeze_award
from subsidies.services.notices import issue_grant_notice
from tests.subsidies.factories import notice_organ
from tests.subsidies.paying import desk

URL = reverse("subsidies:notice_batch_new")


@pytest.fixture
def paying(cast):
    return desk(cast)


@pytest.fixture
def organ(db):
    return notice_organ()


def send(client, paying, organ, awards):
    client.force_login(paying.cast.caseworker)
    data = {"organ": organ.pk, "issued_on": "2019-06-30", "awards": [award.pk for award in awards]}
    return client.post(URL, data)


def test_the_chosen_awards_get_their_notices_in_the_background(client, paying, organ, settings):
    settings.NOTICE_WORKERS = 2
    default_task_backend.clear()
    answer = send(client, paying, organ, paying.awards)
    batch = NoticeBatch.objects.get()
    assert answer["Location"] == reverse("documents:batch", args=[batch.pk])
    assert [result.args for result in default_task_backend.results] == [[batch.pk], [batch.pk]]
    assert {item.group for item in batch.items.all()} == {"右江区"}
    assert work_on_batch(batch.pk) == 3
    page = client.get(answer["Location"])
    assert page.context["issued_count"] == 3
    for award in paying.again():
        assert award.notice.subject == f"award:{award.pk}"
        assert award.events.order_by("-number").first().reason == award.notice.number
    assert [notice.sequence for notice in Notice.objects.order_by("pk")] == [1, 2, 3]
    assert "rows" in client.get(URL).context
    assert client.get(URL).context["rows"] == []


def test_the_notice_of_a_batch_is_the_one_that_would_be_issued_alone(client, paying, organ):
    first, second, _third = paying.awards
    alone = issue_grant_notice(award=first, organ=organ, actor=paying.cast.caseworker)
    send(client, paying, organ, [second])
    work_on_batch(NoticeBatch.objects.get().pk)
    other = Award.objects.get(pk=second.pk).notice
    assert set(other.context) == set(alone.context)
    assert other.context["scheme_document_number"] == alone.context["scheme_document_number"]
    assert set(other.bases.all()) == {second.version.basis, second.regional_award.document.policy}


def test_an_award_frozen_meanwhile_is_reported_and_stops_no_other(client, paying, organ):
    send(client, paying, organ, paying.awards)
    batch = NoticeBatch.objects.get()
    freeze_award(award=paying.awards[1], reason="核实", actor=paying.cast.caseworker)
    assert work_on_batch(batch.pk) == 2
    page = client.get(reverse("documents:batch", args=[batch.pk]))
    (failed,) = page.context["failed"]
    assert (failed.error_code, failed.label) == ("wrong_state", paying.awards[1].firm.name)
    batch.refresh_from_db()
    assert batch.state == BatchState.FINISHED
    assert [notice.sequence for notice in Notice.objects.order_by("pk")] == [1, 2]


def test_nothing_chosen_keeps_the_page_and_an_award_with_a_notice_cannot_be_chosen(client, paying, organ):
    answer = send(client, paying, organ, [])
    assert answer.status_code == 422
    issue_grant_notice(award=paying.awards[0], organ=organ, actor=paying.cast.caseworker)
    assert send(client, paying, organ, paying.awards[:1]).status_code == 422
    assert not NoticeBatch.objects.exists()


@pytest.mark.parametrize("action", ["cancel", "resume", "print", "archive"])
def test_acts_on_the_batch_page(client, paying, organ, action):
    send(client, paying, organ, paying.awards)
    batch = NoticeBatch.objects.get()
    act = reverse(f"documents:batch_{action}", args=[batch.pk])
    if action in ("print", "archive"):
        assert client.post(act).status_code == 409
        work_on_batch(batch.pk)
    assert client.post(act)["Location"] == reverse("documents:batch", args=[batch.pk])
    page = client.get(reverse("documents:batch", args=[batch.pk]))
    assert page.status_code == 200
    assert client.get(page.request["PATH_INFO"], headers={"HX-Request": "true"}).status_code == 200
    if action == "cancel":
        assert client.post(act).status_code == 409
    client.force_login(paying.cast.auditor)
    assert client.post(act).status_code == 403


def test_the_list_asks_no_more_for_many_awards(client, paying, organ, django_assert_max_num_queries):
    client.force_login(paying.cast.caseworker)
    with django_assert_max_num_queries(12):
        client.get(URL)
