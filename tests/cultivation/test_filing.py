"""Between the bureau and the region: filing, disclosure, decision, and the way back to the pool."""

import datetime as dt

import pytest
from django.db import transaction

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import CaseState, CheckKind
from cultivation.models import CaseCheck, CultivationCase, Determination
from cultivation.selectors.events import check_case_events
from cultivation.services import assessments, case_flow, checks, filing
from tests.factories import (
    AccreditationFactory,
    case_at,
    pass_check,
    staff,
)

pytestmark = pytest.mark.django_db
S = CaseState


def _code(error: pytest.ExceptionInfo[Refused]) -> str:
    return error.value.code


class TestFiling:
    def test_is_dated_today(self) -> None:
        assert case_at(S.FILED).filed_on == clock.today()

    def test_a_check_reset_in_ready_has_to_be_passed_again(self) -> None:
        case = case_at(S.READY)
        checks.reset_check(case=case, kind=CheckKind.TRAINING, reason="签到表有误", actor=staff().caseworker)
        with pytest.raises(Refused) as refusal:
            filing.file_case(case=case, actor=staff().caseworker)
        assert _code(refusal) == "check_missing"
        pass_check(case, CheckKind.TRAINING)
        assert filing.file_case(case=case, actor=staff().caseworker).state == S.FILED

    def test_an_assessment_for_last_year_does_not_do(self) -> None:
        case = case_at(S.READY)
        with clock.fixed(dt.date(2019, 12, 31)):
            assert not _file_refusal(case)
        with clock.fixed(dt.date(2020, 1, 1)):
            assert _file_refusal(case) == "assessment_outdated"

    def test_edge_case_23_no_new_filing_in_the_calendar_year_of_a_revocation(self) -> None:
        case = case_at(S.READY)
        revoked = AccreditationFactory(
            firm=case.firm,
            issued_on=dt.date(2017, 1, 1),
            last_day=dt.date(2019, 12, 31),
            revoked=True,
            revoked_on=dt.date(2019, 1, 1),
        )
        assert _file_refusal(case) == "revoked_this_year"
        revoked.revoked_on = dt.date(2018, 12, 31)
        revoked.save()
        assert not _file_refusal(case)

    def test_edge_case_23_the_year_of_the_act_does_not_matter_here(self) -> None:
        case = case_at(S.READY)
        AccreditationFactory(
            firm=case.firm, revoked=True, revoked_on=dt.date(2018, 6, 1), revoked_act_year=2019
        )
        assert not _file_refusal(case)


def _file_refusal(case: CultivationCase) -> str:
    """The code of the refusal, or nothing where the case could be filed; in both cases undone."""
    with transaction.atomic():
        try:
            filing.file_case(case=case, actor=staff().caseworker)
        except Refused as refusal:
            return refusal.code
        finally:
            transaction.set_rollback(True)
    return ""


class TestDisclosing:
    def test_one_period_serves_a_whole_list(self) -> None:
        first, second = case_at(S.DISCLOSED), case_at(S.DISCLOSED)
        assert first.disclosure == second.disclosure
        assert first.disclosure.working_days == 10

    def test_does_not_come_before_the_filing(self) -> None:
        case = case_at(S.FILED)
        with pytest.raises(Refused) as refusal:
            filing.disclose_case(
                case=case,
                actor=staff().caseworker,
                published_on=clock.today() - dt.timedelta(days=1),
                place="演示公示网",
            )
        assert _code(refusal) == "published_before_filing"


class TestAccrediting:
    def test_does_not_wait_for_the_end_of_the_disclosure(self) -> None:
        case = case_at(S.ACCREDITED)
        assert case.disclosure.last_day > clock.today()
        assert case.accreditation.determination is not None

    def test_another_firms_certificate_is_refused(self) -> None:
        _assert_certificate_refused(AccreditationFactory(determined=True), "other_firms_certificate")

    def test_opening_data_is_refused(self) -> None:
        case = case_at(S.FILED)
        _assert_certificate_refused(
            AccreditationFactory(firm=case.firm), "certificate_without_determination", case
        )

    def test_a_revoked_certificate_is_refused(self) -> None:
        case = case_at(S.FILED)
        revoked = AccreditationFactory(firm=case.firm, determined=True, revoked=True)
        _assert_certificate_refused(revoked, "certificate_revoked", case)


def _assert_certificate_refused(certificate, code: str, case: CultivationCase | None = None) -> None:
    with pytest.raises(Refused) as refusal:
        filing.accredit_case(
            case=case or case_at(S.FILED), accreditation=certificate, actor=staff().caseworker
        )
    assert _code(refusal) == code


class TestDeclining:
    def test_records_the_regions_document(self) -> None:
        case = case_at(S.DECLINED)
        decision = Determination.objects.get(case=case)
        assert (decision.outcome, decision.reason) == ("declined", "专家评审未通过")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"document_number": " "}, "document_missing"),
            ({"document_date": dt.date(2019, 7, 1)}, "document_in_future"),
            ({"reason": " "}, "reason_missing"),
        ],
    )
    def test_needs_document_and_reason(self, changes: dict[str, object], code: str) -> None:
        case = case_at(S.FILED)
        arguments = {
            "document_number": "演示〔2019〕5号",
            "document_date": dt.date(2019, 6, 30),
            "reason": "未通过",
            **changes,
        }
        with pytest.raises(Refused) as refusal:
            filing.decline_case(case=case, actor=staff().caseworker, **arguments)
        assert _code(refusal) == code
        assert not Determination.objects.exists()

    def test_a_document_decides_about_a_firm_once(self) -> None:
        case = case_at(S.FILED)
        AccreditationFactory(
            firm=case.firm, determined=True, determination__document_number="演示〔2019〕5号"
        )
        with pytest.raises(Refused) as refusal:
            filing.decline_case(
                case=case,
                actor=staff().caseworker,
                document_number="演示〔2019〕5号",
                document_date=clock.today(),
                reason="未通过",
            )
        assert _code(refusal) == "already_decided"

    def test_back_in_the_pool_expenses_and_attachments_are_checked_anew(self) -> None:
        case = case_at(S.DECLINED)
        enrolled = case.pooled_on
        with clock.fixed(dt.date(2019, 9, 1)):
            case = filing.return_case_to_pool(case=case, actor=staff().caseworker)
        standing = CaseCheck.objects.filter(case=case, reset_at__isnull=True)
        assert [check.kind for check in standing] == [CheckKind.TRAINING]
        assert (case.state, case.pooled_on) == (S.POOLED, enrolled)

    def test_the_second_way_to_the_region_is_open(self) -> None:
        case = case_at(S.DECLINED)
        caseworker = staff().caseworker
        case = filing.return_case_to_pool(case=case, actor=caseworker)
        case = case_flow.start_training(case=case, actor=caseworker)
        case = case_flow.start_expense_review(case=case, actor=caseworker)
        assessments.assess_case(case=case, actor=caseworker)
        for kind in (CheckKind.EXPENSES, CheckKind.ATTACHMENTS):
            checks.record_check(case=case, kind=kind, actor=caseworker)
        case = case_flow.clear_case(case=case, actor=caseworker)
        assert filing.file_case(case=case, actor=caseworker).state == S.FILED
        assert check_case_events()[1] == []
