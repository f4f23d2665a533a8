"""The grant notice: one an award, from its approval on, on documents that can be cited."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from documents.api import Notice, PolicyDocument, read_notice, void_notice
from subsidies.enums import AwardState
from subsidies.models import Award
from subsidies.services.notices import grant_context, issue_grant_notice
from tests.factories import rename
from tests.subsidies.factories import award_at, basis, notice_organ, office, scheme_version

PLAN = "百色市科技创新支撑产业高质量发展三年行动实施方案"


@pytest.fixture
def organ(db):
    return notice_organ()


def issue(award, organ, **options):
    return issue_grant_notice(award=award, organ=organ, actor=office().caseworker, **options)


class TestIssue:
    def test_an_approved_award_gets_its_numbered_notice(self, organ):
        award = award_at(AwardState.APPROVED)
        notice = issue(award, organ)
        award.refresh_from_db()
        assert award.notice == notice
        assert notice.number == "演科字〔2019〕1号"
        assert notice.subject == f"award:{award.pk}"
        assert read_notice(notice).startswith(b"%PDF")
        assert notice.context["amount"] == notice.context["regional_amount"] == "80000.00"
        assert set(notice.bases.all()) == {award.version.basis, award.regional_award.document.policy}
        event = award.events.order_by("-number").first()
        assert (event.reason, event.from_state, event.to_state) == (notice.number, "approved", "approved")

    def test_it_tells_what_the_award_rests_on(self, organ):
        award = award_at(AwardState.APPROVED)
        context = grant_context(award, dt.date(2019, 6, 30))
        assert context == {
            "firm_name": award.firm.name,
            "credit_code": award.firm.credit_code,
            "certificate_number": award.accreditation.certificate_number,
            "certificate_issued_on": dt.date(2018, 11, 28),
            "accreditation_kind": "首次认定",
            "scheme_document_title": award.version.basis.title,
            "scheme_document_number": award.version.basis.document_number,
            "regional_document_title": "演示自治区高新技术企业奖励资金下达文件",
            "regional_document_number": award.regional_award.document.policy.document_number,
            "regional_amount": Decimal("80000.00"),
            "matching_ratio": "1:1",
            "amount": Decimal("80000.00"),
            "fiscal_year": 2019,
            "fund_name": "演示市技术创新引导专项资金",
        }

    def test_edge_case_22_the_name_in_force_on_its_day(self, organ):
        award = award_at(AwardState.APPROVED)
        rename(award.firm, "演示新名科技有限公司", dt.date(2019, 6, 1))
        assert issue(award, organ).recipient == "演示新名科技有限公司"

    def test_one_standing_notice_an_award(self, organ):
        award = award_at(AwardState.APPROVED)
        notice = issue(award, organ)
        with pytest.raises(Refused) as refused:
            issue(award, organ)
        assert refused.value.code == "notice_exists"
        void_notice(notice=notice, actor=office().caseworker, reason="收件人有误")
        assert issue(award, organ).number == "演科字〔2019〕2号"

    def test_two_awards_get_following_numbers(self, organ):
        numbers = [issue(award_at(AwardState.APPROVED), organ).sequence for _ in range(2)]
        assert numbers == [1, 2]


class TestRefused:
    def test_before_the_approval(self, organ):
        award = award_at(AwardState.DISCLOSED)
        with pytest.raises(Refused) as refused:
            issue(award, organ)
        assert refused.value.code == "wrong_state"

    @pytest.mark.parametrize("role", ["firm", "county", "finance", "auditor", "administrator"])
    def test_others_issue_nothing(self, cast, organ, role):
        award = award_at(AwardState.APPROVED)
        with pytest.raises(NotAllowed):
            issue_grant_notice(award=award, organ=organ, actor=getattr(cast, role))

    def test_edge_case_41_the_plan_has_no_number_and_carries_no_notice(self, organ):
        """The plan is a revised draft without number or date: a scheme that rests on it alone grants nothing."""
        plan = PolicyDocument.objects.get(title__startswith=PLAN)
        assert (plan.document_number, plan.issued_on, plan.is_formal) == ("", None, False)
        scheme_version(basis=plan)
        award = award_at(AwardState.APPROVED)
        with pytest.raises(Refused) as refused:
            issue(award, organ)
        assert refused.value.code == "basis_without_number"
        award.refresh_from_db()
        assert award.notice is None
        assert not Notice.objects.exists()

    def test_edge_case_41_a_region_document_nobody_has_read_carries_none(self, organ):
        award = award_at(AwardState.APPROVED)
        policy = award.regional_award.document.policy
        policy.mark, policy.is_demo = PolicyDocument.Mark.UNVERIFIED, False
        policy.save()
        with pytest.raises(Refused) as refused:
            issue(award, organ)
        assert refused.value.code == "basis_unverified"

    def test_a_firm_whose_name_cannot_be_printed_gets_none_and_no_number_is_lost(self, organ):
        award = award_at(AwardState.APPROVED)
        rename(award.firm, "演示\U0002ebf0科技有限公司", dt.date(2019, 6, 1))
        with pytest.raises(Refused) as refused:
            issue(award, organ)
        assert refused.value.code == "missing_glyph"
        assert issue(award_at(AwardState.APPROVED), organ).sequence == 1
        assert Award.objects.get(pk=award.pk).notice is None


def test_a_scheme_may_rest_on_a_real_document_too(organ):
    """A formal document of its own, cited by an organ of its own kind."""
    scheme_version(basis=basis(title="演示市科技奖补实施细则"))
    notice = issue(award_at(AwardState.PAID), organ)
    assert notice.is_demo
