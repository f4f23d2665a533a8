"""City awards before this system: opening data by document, never matched or paid again (edge cases 29, 30 and 49)."""

import datetime as dt
import hashlib
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from config.common.workbooks import RowsRefused
from cultivation.enums import AccreditationKind
from cultivation.models import Accreditation, RefusedAttempt
from documents.api import Attachment
from subsidies.enums import AwardState, Decision, OncePer, ReceiptKind
from subsidies.models import Award, OtherReceipt, Scheme
from subsidies.services import claims
from subsidies.services.past_awards import import_past_awards, write_past_award_template
from tests.subsidies.awarding import CaptureCount, calculate, propose, refused
from tests.subsidies.claiming import exclude, receive
from tests.subsidies.factories import accreditation, award_at, grant, office, proposed, scheme_version
from tests.workbooks import workbook

HEADERS = (
    "企业名称",
    "统一社会信用代码",
    "证书编号",
    "拨付单位",
    "奖补金额（元）",
    "拨付日期",
    "文号",
    "文件日期",
)


def row(of: Accreditation, **changes) -> tuple:
    told = {
        "name": of.firm.name,
        "code": of.firm.credit_code,
        "certificate": of.certificate_number,
        "payer": "演示市财政局",
        "amount": "50000.00",
        "paid_on": "2016-12-20",
        "number": "演示财〔2016〕1号",
        "date": "2016-12-01",
        **changes,
    }
    return tuple(told.values())


def hand_in(*rows, **changes):
    return import_past_awards(
        **{
            "content": workbook(HEADERS, *rows),
            "original_name": "历年奖补.xlsx",
            "scheme": Scheme.objects.get(),
            "actor": office().caseworker,
            **changes,
        }
    )


def faults(*rows, **changes):
    before = (OtherReceipt.objects.count(), Attachment.objects.count())
    with pytest.raises(RowsRefused) as refusal:
        hand_in(*rows, **changes)
    assert (OtherReceipt.objects.count(), Attachment.objects.count()) == before
    return [(error.row, error.column, error.value, error.code) for error in refusal.value.errors]


def past(certificate: Accreditation, *, confirm: bool = True) -> OtherReceipt:
    receipt = claims.record_receipt(
        accreditation=certificate,
        kind=ReceiptKind.PAST_AWARD,
        scheme=Scheme.objects.get(),
        payer="演示市财政局",
        amount=Decimal("50000.00"),
        document_number="演示财〔2016〕1号",
        document_date=dt.date(2016, 12, 1),
        actor=office().caseworker,
    )
    return claims.confirm_receipt(receipt=receipt, actor=office().reviewer) if confirm else receipt


class TestTheSameCertificate:
    @pytest.mark.parametrize("once", list(OncePer))
    def test_edge_case_29_is_never_matched_a_second_time_whatever_once_means(self, db, once):
        scheme_version(once_per=once)
        certificate = accreditation()
        grant(certificate.firm)
        past(certificate)
        assert propose()["created"] == 0
        assert not Award.objects.exists()

    def test_edge_case_29_an_award_that_waits_is_refused_with_the_first_one_named(self, db):
        scheme_version(once_per=OncePer.ACCREDITATION)
        certificate = accreditation()
        grant(certificate.firm)
        award = proposed(certificate)
        past(certificate)
        with pytest.raises(Refused) as refusal:
            calculate(award)
        assert refusal.value.code == "not_eligible"
        assert refusal.value.details["earlier"] == "演示财〔2016〕1号"
        propose()
        award.refresh_from_db()
        assert award.state == AwardState.AWAITING_BASIS
        assert "演示财〔2016〕1号" in award.waiting_for

    def test_another_certificate_of_the_firm_is_matched_where_each_one_is(self, db):
        scheme_version(once_per=OncePer.ACCREDITATION)
        first = accreditation()
        past(first)
        second = accreditation(firm=first.firm)
        grant(second.firm)
        assert calculate(proposed(second)).state == AwardState.CALCULATED

    def test_edge_case_30_and_waits_for_the_policy_where_once_is_undecided(self, db):
        scheme_version(once_per=OncePer.UNDECIDED)
        first = accreditation()
        past(first)
        second = accreditation(firm=first.firm)
        assert proposed(second).state == AwardState.AWAITING_POLICY

    def test_one_that_nobody_confirmed_holds_the_calculation_up(self, db):
        scheme_version(once_per=OncePer.ACCREDITATION)
        certificate = accreditation()
        grant(certificate.firm)
        award = proposed(certificate)
        receipt = past(certificate, confirm=False)
        assert refused(lambda: calculate(award)) == "receipt_unconfirmed"
        claims.withdraw_receipt(receipt=receipt, reason="录错", actor=office().caseworker)
        assert calculate(award).state == AwardState.CALCULATED

    @pytest.mark.parametrize("once", list(OncePer))
    def test_an_unconfirmed_one_for_another_certificate_counts_where_the_firm_does(self, db, once):
        scheme_version(once_per=once)
        award = award_at(AwardState.AWAITING_BASIS)
        grant(award.firm)
        past(accreditation(firm=award.firm, kind=AccreditationKind.RENEWAL), confirm=False)
        if once == OncePer.ACCREDITATION:
            assert calculate(award).state == AwardState.CALCULATED
        else:
            assert refused(lambda: calculate(award)) == "receipt_unconfirmed"

    def test_is_not_recorded_while_an_award_here_is_on_its_way(self, db):
        award = award_at(AwardState.CALCULATED)
        assert refused(lambda: past(award.accreditation)) == "already_awarded"
        other = accreditation(firm=award.firm)
        past(other, confirm=False)

    def test_nor_for_another_certificate_of_a_firm_that_is_paid_once(self, db):
        scheme_version(once_per=OncePer.FIRM)
        award = award_at(AwardState.PAID)
        other = accreditation(firm=award.firm)
        assert refused(lambda: past(other)) == "already_awarded"

    def test_a_payment_of_tomorrow_is_refused(self, db):
        scheme_version()
        award = award_at(AwardState.AWAITING_BASIS)
        with pytest.raises(Refused) as refusal:
            receive(award, paid_on=dt.date(2019, 7, 1))
        assert refusal.value.code == "date_in_future"


class TestImport:
    def test_takes_over_every_row_with_its_file_and_counts_after_a_second_person(self, db):
        scheme_version(once_per=OncePer.FIRM)
        certificates = [accreditation() for _number in range(3)]
        content = workbook(HEADERS, *(row(certificate) for certificate in certificates))
        report = hand_in(content=content)
        assert (report.rows, report.created, report.unchanged, report.warnings) == (3, 3, 0, [])
        receipts = list(OtherReceipt.objects.order_by("pk"))
        assert {receipt.source_file.sha256 for receipt in receipts} == {hashlib.sha256(content).hexdigest()}
        assert {(receipt.kind, receipt.amount, receipt.paid_on) for receipt in receipts} == {
            (ReceiptKind.PAST_AWARD, Decimal("50000.00"), dt.date(2016, 12, 20))
        }
        assert propose()["created"] == 3
        for receipt in receipts:
            with pytest.raises(NotAllowed):
                claims.confirm_receipt(receipt=receipt, actor=office().caseworker)
            claims.confirm_receipt(receipt=receipt, actor=office().finance)
        assert refused(lambda: calculate(Award.objects.order_by("pk")[0])) == "not_eligible"

    def test_edge_case_49_the_same_list_again_changes_nothing(self, db):
        scheme_version()
        certificates = [accreditation(), accreditation()]
        rows = [row(certificate) for certificate in certificates]
        hand_in(*rows)
        before = list(OtherReceipt.objects.order_by("pk").values())
        report = hand_in(*rows)
        assert (report.created, report.unchanged) == (0, 2)
        third = accreditation()
        more = hand_in(*rows, row(third))
        assert (more.created, more.unchanged) == (1, 2)
        assert list(OtherReceipt.objects.order_by("pk").values())[:2] == before
        # Nothing new: the second file was not kept.
        assert Attachment.objects.count() == 2

    def test_a_withdrawn_row_may_come_again(self, db):
        scheme_version()
        certificate = accreditation()
        hand_in(row(certificate))
        claims.withdraw_receipt(receipt=OtherReceipt.objects.get(), reason="录错", actor=office().caseworker)
        assert hand_in(row(certificate)).created == 1

    def test_a_trial_writes_nothing(self, db):
        scheme_version()
        report = hand_in(row(accreditation()), dry_run=True)
        assert report.created == 1
        assert (OtherReceipt.objects.count(), Attachment.objects.count()) == (0, 0)

    def test_one_faulty_row_refuses_all_and_each_fault_is_named(self, db):
        scheme_version()
        good, other = accreditation(), accreditation()
        found = faults(
            row(good),
            row(good),
            row(other, amount="0"),
            row(other, date="2019-07-01"),
            row(other, code="91990000MA5K00017X"),
            row(other, certificate="GR209900000001"),
            row(other, certificate=good.certificate_number),
            row(other, payer=""),
        )
        assert [(number, column, code) for number, column, _value, code in found] == [
            (3, "证书编号", "duplicate_row"),
            (4, "奖补金额（元）", "too_small"),
            (5, "文件日期", "date_in_future"),
            (6, "统一社会信用代码", "credit_code"),
            (7, "证书编号", "unknown_certificate"),
            (8, "证书编号", "certificate_taken"),
            (9, "拨付单位", "required"),
        ]
        assert found[3][2] == "91990000MA5K00017X"
        assert RefusedAttempt.objects.filter(code="rows_refused").exists()

    def test_a_firm_that_nobody_knows_is_a_fault(self, db):
        scheme_version()
        certificate = accreditation()
        found = faults(row(certificate, code="91990000MA5K00017Y"))
        assert [fault[3] for fault in found] == ["unknown_firm"]

    @pytest.mark.parametrize(
        "changes", [{"amount": "50000.01"}, {"date": "2016-12-02"}, {"paid_on": "2016-12-21"}]
    )
    def test_a_row_that_says_something_else_is_a_fault(self, db, changes):
        scheme_version()
        certificate = accreditation()
        hand_in(row(certificate))
        assert [fault[3] for fault in faults(row(certificate, **changes))] == ["receipt_differs"]

    def test_an_award_here_is_not_recorded_as_a_past_one(self, db):
        award = award_at(AwardState.APPROVED)
        assert [fault[3] for fault in faults(row(award.accreditation))] == ["already_awarded"]

    def test_another_name_is_an_oddity(self, db):
        scheme_version()
        report = hand_in(row(accreditation(), name="另一名称有限公司"))
        assert [warning.code for warning in report.warnings] == ["name_differs"]

    @pytest.mark.parametrize("member", ["reviewer", "finance"])
    def test_is_the_caseworkers(self, db, member):
        scheme_version()
        with pytest.raises(NotAllowed):
            hand_in(row(accreditation()), actor=getattr(office(), member))
        assert not OtherReceipt.objects.exists()

    def test_the_template_is_the_form_of_the_list(self, db):
        scheme_version()
        with pytest.raises(RowsRefused):
            hand_in(row(accreditation(), number=""))
        assert hand_in(content=write_past_award_template()).rows == 0

    def test_asks_no_more_for_many_rows_than_for_few(self, db):
        scheme_version(renewal_eligible=Decision.YES)
        few = [row(accreditation()) for _number in range(2)]
        many = [row(accreditation()) for _number in range(8)]
        with CaptureCount() as first:
            hand_in(*few, dry_run=True)
        with CaptureCount() as second:
            hand_in(*many, dry_run=True)
        assert first.count == second.count


def test_the_same_finding_is_recorded_once(db):
    firm = accreditation().firm
    exclude(firm)
    with pytest.raises(Refused) as refusal:
        exclude(firm)
    assert refusal.value.code == "exclusion_exists"
