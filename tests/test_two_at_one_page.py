"""Two people at one page: the second, with an old form, writes nothing, is told who did what, and loses nothing typed."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from config.common.overtaking import News, since, version_of
from cultivation.models import Accreditation, RefusedAttempt, SelfCheck
from documents.models import NoticeTemplate
from tests.cultivation import meetings as cultivation
from tests.meeting import Meeting, url
from tests.overtaking import from_page
from tests.people import Cast
from tests.subsidies import meetings as subsidies

pytestmark = pytest.mark.django_db


def form_to(act: str, page: str) -> str:
    """The form on a page that goes to an address, or to the page itself; nothing where there is none."""
    forms = [form for form in page.split("<form")[1:] if 'method="post"' in form.split(">")[0]]
    return next((form for form in forms if f'"{act}"' in form or "action=" not in form.split(">")[0]), "")


def rows_of(model: type[Model]) -> list[dict[str, Any]]:
    return list(model._default_manager.order_by("pk").values())


@pytest.mark.parametrize(
    "meeting", [*cultivation.MEETINGS, *subsidies.MEETINGS], ids=lambda meeting: meeting.__name__
)
def test_the_second_writes_nothing_is_told_what_changed_and_loses_nothing(
    client: Client, cast: Cast, meeting: Callable[[Cast], Meeting]
) -> None:
    met = meeting(cast)
    client.force_login(met.second)
    sent = from_page(client, met.page, **met.typed)
    form = form_to(met.act, client.get(met.page).content.decode())
    # The self-check offers to hand figures over once there are some.
    assert (f'name="seen" value="{sent["seen"]}"' in form) == (met.written is not SelfCheck)
    met.meanwhile()
    before, refused = rows_of(met.written), RefusedAttempt.objects.count()
    answer = client.post(met.act, sent)
    assert answer.status_code == 409
    assert rows_of(met.written) == before
    page = answer.content.decode()
    told = [
        (one.actor, f"{one.what} {one.was} → {one.becomes}", one.when) for one in answer.context["meanwhile"]
    ]
    assert [who for who, what, _when in told if met.told in what] == [str(met.first)]
    assert all(when in page and who in page for who, _what, when in told)
    assert [words for words in met.kept if words not in page] == []
    if met.written is not NoticeTemplate:
        assert RefusedAttempt.objects.count() == refused + 1
        assert RefusedAttempt.objects.latest("pk").code == "changed_meanwhile"
    # The page as it stands now is what a further form is sent from.
    assert answer.context["seen"] == from_page(client, met.page)["seen"]


@pytest.mark.parametrize("who", ["firm", "county"])
def test_a_forged_form_tells_nobody_outside_the_city_what_its_staff_did(
    client: Client, cast: Cast, who: str
) -> None:
    met = cultivation.correction_of_a_certificate(cast)
    met.meanwhile()
    client.force_login(getattr(cast, who))
    typed = {"report-year": "2018", "report-reported_on": "2019-05-03", "seen": "0.0.0.0"}
    key = Accreditation.objects.get().pk
    answer = client.post(url("cultivation:certificate_report", key), typed)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert met.told not in page
    assert str(met.first) not in page


def news(mark: int) -> News:
    return News(mark, dt.datetime(2019, 6, 30, tzinfo=dt.UTC), "甲", f"第{mark}件")


def test_a_version_says_how_far_every_strand_has_gone() -> None:
    strands = [[news(1), news(4)], [], [news(2)]]
    assert version_of(strands) == "4.0.2"
    assert [one.mark for one in since(strands, "1.0.2")] == [4]
    assert since(strands, "4.0.2") == []


@pytest.mark.parametrize("seen", ["", "x", "1.0", "1.0.2.3", "-1.0.0", "9" * 300])
def test_a_version_that_cannot_be_read_tells_nothing(seen: str) -> None:
    assert since([[news(1)], [], [news(2)]], seen) == []
