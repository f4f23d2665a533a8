"""Letters about money: what they say is what the records say, and nobody types an amount."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from documents.api import NoticeKind, read_notice
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.services.awards import review_award
from subsidies.services.freezing import freeze_award
from subsidies.services.letters import (
    issue_allotment,
    issue_announcement,
    issue_recovery_notice,
)
from subsidies.services.recovery import open_recovery, record_repayment
from tests.documents.reading import words_of
from tests.subsidies.factories import award_at, disclosed, notice_organ, office
from tests.subsidies.paying import desk, region_grants

ACCOUNT = "户名演示市财政局，账号0012345678901234567"


def refused(act) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


@pytest.fixture
def paying(cast):
    return desk(cast)


class TestAllotment:
    @pytest.fixture
    def organ(self, db):
        return notice_organ(NoticeKind.ALLOTMENT)

    def issue(self, paying, organ, payment_list, actor=None):
        return issue_allotment(
            payment_list=payment_list,
            recipient="演示市财政局",
            organ=organ,
            actor=actor or paying.cast.caseworker,
        )

    def test_a_released_list_stands_line_by_line_in_the_annex(self, paying, organ, tmp_path):
        payment_list = paying.released()
        notice = self.issue(paying, organ, payment_list)
        assert (notice.recipient, notice.subject) == ("演示市财政局", f"list:{payment_list.number}")
        assert (notice.context["total"], notice.context["firms"]) == ("160000.55", 3)
        (annex,) = notice.context["annexes"]
        assert [row[1:] for row in annex["rows"]] == [
            [
                award.firm.name,
                award.firm.credit_code,
                award.accreditation.certificate_number,
                f"{award.regional_award.amount:.2f}",
                f"{award.amount:.2f}",
            ]
            for award in paying.again()
        ]
        assert annex["total"] == ["", "合计", "", "", "160000.55", "160000.55"]
        drawn = "".join(word.text for word in words_of(read_notice(notice), tmp_path))
        assert "人民币壹拾陆万元零伍角伍分" in drawn or "人民币壹拾陆万元伍角伍分" in drawn
        assert "functional：2060404" in drawn
        assert "（此件公开发布）" in drawn
        assert refused(lambda: self.issue(paying, organ, payment_list)) == "notice_exists"

    def test_not_for_a_list_that_may_still_be_cancelled(self, paying, organ):
        checked = paying.checked()
        assert refused(lambda: self.issue(paying, organ, checked)) == "not_released"

    def test_not_by_finance(self, paying, organ):
        with pytest.raises(NotAllowed):
            self.issue(paying, organ, paying.released(), actor=paying.first)


class TestAnnouncement:
    @pytest.fixture
    def organ(self, db):
        return notice_organ(NoticeKind.DISCLOSURE)

    def test_it_has_no_addressee_and_names_firms_amounts_and_days(self, organ, tmp_path):
        award = disclosed(review_award(award=award_at(AwardState.CALCULATED), actor=office().reviewer))
        notice = issue_announcement(
            period=award.disclosure, contact="演示科0776-0000000", organ=organ, actor=office().caseworker
        )
        assert (notice.recipient, notice.issued_on) == ("", award.disclosure.published_on)
        assert notice.context["ends_on"] == award.disclosure.last_day.isoformat()
        (annex,) = notice.context["annexes"]
        assert annex["rows"][0][1] == award.firm.name
        drawn = "".join(word.text for word in words_of(read_notice(notice), tmp_path))
        assert "公示自2019年6月3日起" in drawn
        assert "：：" not in drawn

    def test_frozen_awards_are_left_out_and_nothing_is_no_announcement(self, organ):
        award = disclosed(review_award(award=award_at(AwardState.CALCULATED), actor=office().reviewer))
        freeze_award(award=award, reason="核实", actor=office().caseworker)
        code = refused(
            lambda: issue_announcement(
                period=award.disclosure, contact="演示", organ=organ, actor=office().caseworker
            )
        )
        assert code == "nothing_to_disclose"


class TestRecovery:
    @pytest.fixture
    def organ(self, db):
        return notice_organ(NoticeKind.RECOVERY)

    @pytest.fixture
    def award(self, paying):
        payment_list = paying.settled()
        award = payment_list.lines.order_by("number").first().award
        region_grants(paying.cast, [award.accreditation], [Decimal("60000.00")], number=2)
        open_recovery(award=award, actor=paying.cast.caseworker)
        return Award.objects.get(pk=award.pk)

    def issue(self, paying, organ, award, repay_by=dt.date(2019, 7, 31)):
        return issue_recovery_notice(
            award=award, repay_by=repay_by, account=ACCOUNT, organ=organ, actor=paying.cast.reviewer
        )

    def test_it_demands_what_is_still_outstanding(self, paying, organ, award, tmp_path):
        record_repayment(
            award=award, amount=Decimal("5000.00"), reference="演示收据1", actor=paying.cast.finance
        )
        notice = self.issue(paying, organ, award)
        assert notice.recipient == award.firm.name
        assert {key: notice.context[key] for key in ("paid", "due", "recovered", "outstanding")} == {
            "paid": "80000.00",
            "due": "20000.00",
            "recovered": "5000.00",
            "outstanding": "15000.00",
        }
        assert "演示科发〔2019〕2号" in notice.context["cause"]
        assert not notice.context["cause"].isascii()
        drawn = "".join(word.text for word in words_of(read_notice(notice), tmp_path))
        assert "人民币壹万伍仟元整" in drawn

    def test_the_cause_is_chinese_whatever_the_page_is_in(self, paying, organ, award):
        from django.utils import translation

        with translation.override("en"):
            notice = self.issue(paying, organ, award)
        assert "changed" not in notice.context["cause"]

    def test_only_while_a_recovery_is_open_and_with_time_to_pay(self, paying, organ, award):
        assert refused(lambda: self.issue(paying, organ, award, dt.date(2019, 6, 30))) == "repay_by_too_early"
        other = paying.again()[1]
        assert refused(lambda: self.issue(paying, organ, other)) == "wrong_state"
