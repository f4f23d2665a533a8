"""Edge case 50: what follows for awards where a certificate was recorded wrongly, each award its own certificate's."""

import datetime as dt
from decimal import Decimal

import pytest

from cultivation.enums import AccreditationKind, Role
from cultivation.models import Accreditation
from cultivation.services.determination_corrections import (
    confirm_determination_correction,
    propose_determination_correction,
)
from cultivation.services.determinations import import_accreditations
from subsidies.enums import AwardState, OncePer, Reconciliation
from subsidies.models import Award, LedgerEntry, RegionalAward
from subsidies.rules.revocation import Consequence
from subsidies.selectors.preflight import preflight
from subsidies.selectors.recovery import recovery_of
from subsidies.selectors.revocations import reached_awards
from subsidies.services.awards import review_award
from subsidies.services.freezing import revoke_award, unfreeze_award
from subsidies.services.recovery import record_repayment
from subsidies.services.revocations import apply_revocations
from subsidies.services.verification import verify_records
from tests.factories import AccreditationFactory, DeterminationFactory, FirmFactory, UserFactory
from tests.subsidies.awarding import propose, refused
from tests.subsidies.factories import (
    accreditation,
    award_at,
    grant,
    import_rows,
    office,
    proposed,
    scheme_version,
)
from tests.subsidies.paying import desk
from tests.workbooks import workbook

pytestmark = pytest.mark.django_db

ISSUED = dt.date(2018, 11, 28)
UNPAID = (
    AwardState.AWAITING_BASIS,
    AwardState.CALCULATED,
    AwardState.REVIEWED,
    AwardState.DISCLOSED,
    AwardState.APPROVED,
)


def lift(certificate):
    correction = propose_determination_correction(
        determination=certificate.determination,
        reason="名单抄录错行",
        document="演示桂科函〔2019〕3号",
        actor=UserFactory(role=Role.CASEWORKER),
    )
    confirm_determination_correction(correction=correction, actor=UserFactory(role=Role.REVIEWER))
    certificate.refresh_from_db()
    return certificate


def apply(**options):
    return apply_revocations(actor=office().caseworker, **options)


def fresh(award):
    return Award.objects.select_related("accreditation").get(pk=award.pk)


def codes():
    return [problem.code for problem in verify_records().problems]


class TestUnpaid:
    @pytest.mark.parametrize("state", UNPAID)
    def test_is_frozen_and_then_revoked(self, state):
        award = award_at(state)
        lift(award.accreditation)
        assert codes() == ["revocation_not_applied"]
        assert apply().frozen == (award.number,)
        assert fresh(award).state == AwardState.FROZEN
        assert "演示桂科函〔2019〕3号" in award.events.latest("number").reason
        assert codes() == []
        revoke_award(award=award, actor=office().reviewer, reason="证书录入有误")
        assert fresh(award).state == AwardState.REVOKED
        assert codes() == []

    def test_what_was_committed_is_free_again(self):
        award = award_at(AwardState.APPROVED)
        lift(award.accreditation)
        apply()
        line = fresh(award).funding_line
        assert line.committed == Decimal("80000.00")
        revoke_award(award=award, actor=office().reviewer, reason="证书录入有误")
        line.refresh_from_db()
        assert line.committed == Decimal("0.00")

    def test_goes_no_further_before_that_either(self):
        award = award_at(AwardState.CALCULATED)
        lift(award.accreditation)
        assert refused(lambda: review_award(award=award, actor=office().reviewer)) == "certificate_revoked"
        apply()
        unfreeze = {"award": award, "actor": office().caseworker, "reason": "核实"}
        assert refused(lambda: unfreeze_award(**unfreeze)) == "certificate_revoked"

    def test_an_approved_one_is_stopped_before_a_list(self):
        award = award_at(AwardState.APPROVED)
        lift(award.accreditation)
        (outcome,) = preflight(awards=[fresh(award)])
        assert "certificate_revoked" in [problem.code for problem in outcome.problems]

    def test_on_a_list_it_is_left_to_finance(self):
        award = award_at(AwardState.LISTED)
        lift(award.accreditation)
        assert apply().on_list == (award.number,)

    def test_none_is_made_for_it(self):
        scheme_version()
        lift(accreditation())
        assert propose()["created"] == 0


class TestPaid:
    def test_a_recovery_of_the_whole_amount_opens_and_closes(self, cast):
        paying = desk(cast, amounts=[Decimal("80000.00")])
        paying.settled()
        (award,) = paying.again()
        paid = list(LedgerEntry.objects.filter(award=award).order_by("pk").values())
        lift(award.accreditation)
        recovery = recovery_of(fresh(award))
        assert (recovery.due, recovery.outstanding) == (Decimal("80000.00"), Decimal("80000.00"))
        assert "演示桂科函〔2019〕3号" in recovery.cause
        assert apply().recovering == (award.number,)
        assert fresh(award).state == AwardState.RECOVERING
        assert codes() == []
        record_repayment(
            award=award, amount=Decimal("80000.00"), reference="演示收据1", actor=office().finance
        )
        assert fresh(award).state == AwardState.RECOVERED
        assert list(LedgerEntry.objects.filter(award=award).order_by("pk").values())[: len(paid)] == paid
        assert codes() == []

    def test_applied_again_it_changes_nothing(self):
        award = award_at(AwardState.PAID)
        lift(award.accreditation)
        apply()
        events = award.events.count()
        assert apply().done_before == (award.number,)
        assert award.events.count() == events


class TestReachesItsOwnAwardAlone:
    def test_another_certificate_of_the_same_year_is_not_touched(self):
        award = award_at(AwardState.PAID, issued_on=dt.date(2018, 3, 1), last_day=dt.date(2021, 2, 28))
        wrong = AccreditationFactory(
            firm=award.firm, determined=True, kind=AccreditationKind.RENEWAL, issued_on=ISSUED
        )
        lift(wrong)
        assert reached_awards() == []
        assert recovery_of(fresh(award)).due == 0
        assert "revocation_not_applied" not in codes()

    def test_nor_stopped_on_its_way(self):
        award = award_at(AwardState.CALCULATED)
        lift(AccreditationFactory(firm=award.firm, determined=True, issued_on=ISSUED))
        assert review_award(award=award, actor=office().reviewer).state == AwardState.REVIEWED

    def test_its_own_is(self):
        award = award_at(AwardState.APPROVED)
        lift(award.accreditation)
        assert [(found.award, found.consequence) for found in reached_awards()] == [
            (award, Consequence.FREEZE)
        ]


class TestVerifyRecords:
    """What was done to a determination by SQL alone is found."""

    def test_a_certificate_taken_out_by_nobody(self):
        certificate = accreditation()
        Accreditation.objects.filter(pk=certificate.pk).update(
            revoked_on=certificate.issued_on,
            revoked_act_year=2018,
            revocation_cause="recorded_wrongly",
            revocation_document="演示",
            revoked_by=office().caseworker,
        )
        assert codes() == ["lifting_missing"]

    def test_a_certificate_brought_back(self):
        certificate = lift(accreditation())
        Accreditation.objects.filter(pk=certificate.pk).update(
            revoked_on=None,
            revoked_act_year=None,
            revocation_cause="",
            revocation_document="",
            revoked_by=None,
        )
        assert codes() == ["lifting_not_done"]

    def test_a_replacement_of_what_stands(self):
        wrong = accreditation().determination
        DeterminationFactory(firm=wrong.firm, corrects=wrong)
        assert codes() == ["replacement_without_lifting"]


class TestTheRightFirm:
    def test_edge_case_50_gets_its_own_award_for_the_same_number(self, cast):
        paying = desk(cast, amounts=[Decimal("80000.00")])
        paying.settled()
        wrong, right = lift(paying.awards[0].accreditation), FirmFactory()
        header = ("企业名称", "统一社会信用代码", "证书编号", "发证日期", "类型")
        import_accreditations(
            content=workbook(
                header, (right.name, right.credit_code, wrong.certificate_number, ISSUED, "首次")
            ),
            document_number="演示高企〔2018〕1号",
            document_date=ISSUED,
            actor=office().caseworker,
        )
        held = Accreditation.objects.get(firm=right)
        assert held.certificate_number == wrong.certificate_number
        grant(right, "60000.00")
        made = proposed(held)
        assert (made.firm, made.state) == (right, AwardState.AWAITING_BASIS)
        row = RegionalAward.objects.get(firm=right)
        assert (row.outcome, row.accreditation) == (Reconciliation.MATCHED, held)
        apply()
        assert codes() == []

    def test_a_grant_to_the_wrong_firm_finds_no_certificate(self):
        certificate = lift(accreditation())
        firm = certificate.firm
        import_rows((firm.name, firm.credit_code, "80000.00"))
        assert RegionalAward.objects.get(firm=firm).accreditation is None


class TestPaidOnceAFirm:
    """A firm recorded wrongly and accredited rightly later is paid once, and not while the wrong money is out."""

    @pytest.fixture
    def wrong(self):
        scheme_version(once_per=OncePer.FIRM)
        award = award_at(AwardState.PAID)
        lift(award.accreditation)
        accreditation(firm=award.firm, issued_on=dt.date(2018, 12, 3))
        return award

    def test_not_while_the_money_is_out(self, wrong):
        assert propose()["created"] == 0
        apply()
        assert propose()["created"] == 0

    def test_once_it_is_back(self, wrong):
        apply()
        record_repayment(
            award=wrong, amount=Decimal("80000.00"), reference="演示收据1", actor=office().finance
        )
        assert propose()["created"] == 1

    def test_an_unpaid_one_is_not_in_the_way(self):
        scheme_version(once_per=OncePer.FIRM)
        award = award_at(AwardState.APPROVED)
        lift(award.accreditation)
        apply()
        accreditation(firm=award.firm, issued_on=dt.date(2018, 12, 3))
        assert propose()["created"] == 1
