"""The pages of letters about money: preview, issue, and every way it may be refused."""

import pytest
from django.urls import reverse

from documents.api import Notice, NoticeKind, NoticeState
from subsidies.enums import AwardState
from subsidies.services.awards import review_award
from tests.subsidies.factories import award_at, disclosed, notice_organ, office
from tests.subsidies.paying import desk


@pytest.fixture
def paying(cast):
    return desk(cast)


class TestAllotment:
    @pytest.fixture
    def answers(self, db):
        organ = notice_organ(NoticeKind.ALLOTMENT)
        return {"organ": organ.pk, "issued_on": "2019-06-30", "recipient": "演示市财政局"}

    def url(self, payment_list):
        return reverse("subsidies:allotment", args=[payment_list.number])

    def test_previewed_and_then_issued_once(self, client, paying, answers):
        client.force_login(paying.cast.reviewer)
        url = self.url(paying.released())
        preview = client.post(url, answers | {"preview": "yes"})
        assert preview.content.startswith(b"%PDF")
        assert not Notice.objects.exists()
        answer = client.post(url, answers)
        notice = Notice.objects.get()
        assert answer["Location"] == reverse("documents:notice", args=[notice.pk])
        again = client.post(url, answers)
        assert again.status_code == 409
        assert notice.number in again.content.decode()

    def test_a_wrong_one_is_replaced_with_a_reason(self, client, paying, answers):
        client.force_login(paying.cast.reviewer)
        url = self.url(paying.released())
        assert client.get(url).context["standing"] is None
        client.post(url, answers)
        first = Notice.objects.get()
        assert client.get(url).context["standing"] == first
        answer = client.post(url, answers | {"recipient": "演示县财政局", "replace_reason": "主送机关有误"})
        second = Notice.objects.get(supersedes=first)
        assert answer["Location"] == reverse("documents:notice", args=[second.pk])
        first.refresh_from_db()
        assert (first.state, first.end_reason) == (NoticeState.SUPERSEDED, "主送机关有误")
        assert (first.ended_by, second.recipient) == (paying.cast.reviewer, "演示县财政局")
        page = client.get(reverse("documents:notice", args=[first.pk])).content.decode()
        assert second.number in page
        assert "主送机关有误" in page

    def test_what_is_faulty_stays_typed_and_what_is_refused_says_why(self, client, paying, answers):
        client.force_login(paying.cast.reviewer)
        payment_list = paying.checked()
        faulty = client.post(self.url(payment_list), answers | {"issued_on": "x"})
        assert faulty.status_code == 422
        assert "演示市财政局" in faulty.content.decode()
        assert client.post(self.url(payment_list), answers).status_code == 409
        assert client.post(self.url(payment_list), answers | {"preview": "yes"}).status_code == 409
        assert client.get(reverse("subsidies:allotment", args=["ZF2019-999"])).status_code == 404

    def test_finance_is_not_asked(self, client, paying, answers):
        client.force_login(paying.first)
        assert client.post(self.url(paying.released()), answers).status_code == 403


def test_a_grant_notice_is_looked_at_issued_and_replaced(client, paying):
    paying.released()
    award, organ = paying.awards[0], notice_organ(NoticeKind.GRANT)
    client.force_login(paying.cast.caseworker)
    url = reverse("subsidies:grant_letter", args=[award.pk])
    award_page = reverse("subsidies:award", args=[award.pk])
    assert url in client.get(award_page).content.decode()
    answers = {"organ": organ.pk, "issued_on": "2019-06-30"}
    assert client.post(url, answers | {"preview": "yes"}).content.startswith(b"%PDF")
    assert not Notice.objects.exists()
    assert client.post(url, answers).status_code == 302
    assert client.post(url, answers).status_code == 409
    assert client.post(url, answers | {"replace_reason": "证书编号有误"}).status_code == 302
    award.refresh_from_db(fields=["notice"])
    first, second = Notice.objects.order_by("sequence")
    assert (first.state, second.state, second.supersedes) == ("superseded", "issued", first)
    assert award.notice == second
    assert second.number in client.get(award_page).content.decode()
    client.force_login(paying.first)
    assert client.post(url, answers | {"replace_reason": "再来"}).status_code == 403


def test_the_announcement_is_dated_the_first_day(client, db):
    organ = notice_organ(NoticeKind.DISCLOSURE)
    award = disclosed(review_award(award=award_at(AwardState.CALCULATED), actor=office().reviewer))
    client.force_login(office().caseworker)
    url = reverse("subsidies:announcement", args=[award.disclosure_id])
    assert client.get(url).context["form"].initial["issued_on"] == award.disclosure.published_on
    answers = {"organ": organ.pk, "issued_on": "2019-06-03", "contact": "演示科"}
    assert client.post(url, answers | {"preview": "yes"}).content.startswith(b"%PDF")
    assert client.post(url, answers).status_code == 302
    assert [notice.number for notice in client.get(url).context["notices"]] == ["演科字〔2019〕1号"]


def test_a_recovery_letter_needs_an_open_recovery(client, paying):
    organ = notice_organ(NoticeKind.RECOVERY)
    client.force_login(paying.cast.caseworker)
    url = reverse("subsidies:recovery_letter", args=[paying.awards[0].pk])
    answers = {
        "organ": organ.pk,
        "issued_on": "2019-06-30",
        "repay_by": "2019-07-31",
        "account": "户名演示，账号0012",
    }
    assert client.get(url).status_code == 200
    assert client.post(url, answers).status_code == 409
