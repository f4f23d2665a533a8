"""The pages of letters about a case."""

import datetime as dt

import pytest
from django.urls import reverse

from cultivation.enums import CaseState
from documents.api import Notice, NoticeKind, PolicyDocument, SourceMark
from tests.factories import case_at, staff
from tests.subsidies.factories import notice_organ


@pytest.fixture
def answers(db):
    organ = notice_organ(NoticeKind.ENROLMENT, NoticeKind.RETURN, NoticeKind.STATUS)
    basis = PolicyDocument.objects.create(
        title="演示培育办法",
        issuer="演示机关",
        document_number="演示办〔2018〕1号",
        issued_on=dt.date(2018, 1, 2),
        is_formal=True,
        source="演示",
        mark=SourceMark.READ,
        is_demo=True,
    )
    return {"organ": organ.pk, "issued_on": "2019-06-30", "bases": [basis.pk]}


def url(case, kind):
    return reverse("cultivation:case_letter", args=[case.pk, kind])


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        (NoticeKind.ENROLMENT, CaseState.POOLED),
        (NoticeKind.RETURN, CaseState.RETURNED),
        (NoticeKind.STATUS, CaseState.SUBMITTED),
    ],
)
def test_previewed_issued_and_linked_from_the_case(client, answers, kind, state):
    case = case_at(state)
    client.force_login(staff().caseworker)
    assert url(case, kind) in client.get(reverse("cultivation:case", args=[case.pk])).content.decode()
    assert client.post(url(case, kind), answers | {"preview": "yes"}).content.startswith(b"%PDF")
    assert client.post(url(case, kind), answers)["Location"] == reverse(
        "documents:notice", args=[Notice.objects.get().pk]
    )
    assert client.post(url(case, kind), answers).status_code == 409
    first = Notice.objects.get()
    assert client.post(url(case, kind), answers | {"replace_reason": "依据有误"}).status_code == 302
    first.refresh_from_db()
    assert (first.state, Notice.objects.get(supersedes=first).state) == ("superseded", "issued")


def test_faults_and_strangers(client, answers, cast):
    case = case_at(CaseState.POOLED)
    client.force_login(staff().caseworker)
    assert client.post(url(case, "enrolment"), {}).status_code == 422
    unnumbered = PolicyDocument.objects.create(title="草案", issuer="演示", source="演示")
    faulty = client.post(url(case, "enrolment"), answers | {"bases": [unnumbered.pk]})
    assert faulty.status_code == 422
    assert client.get(url(case, "return")).status_code == 404
    assert client.get(url(case, "grant")).status_code == 404
    for outsider in (cast.firm, cast.county, cast.finance):
        client.force_login(outsider)
        assert client.get(url(case, "enrolment")).status_code == 403
