"""Edge case 50: nobody lifts a determination alone, nor where something else stands in the way."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed
from cultivation.enums import (
    CaseKind,
    CaseState,
    CorrectionState,
    RevocationCause,
)
from cultivation.models import (
    Accreditation,
    CultivationCase,
    DeterminationCorrection,
    RefusedAttempt,
)
from cultivation.selectors.stock import stock_on
from cultivation.services.accreditation_corrections import propose_correction
from cultivation.services.case_flow import open_case, withdraw_case
from cultivation.services.determination_corrections import (
    confirm_determination_correction,
    reject_determination_correction,
)
from cultivation.services.determinations import (
    revoke_accreditation,
)
from tests.cultivation.lifting import (
    ISSUED,
    decided,
    decline,
    lift,
    listed,
    propose,
    refused,
    two_and_the_recorder,
)
from tests.factories import UserFactory, case_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return two_and_the_recorder()


class TestFourEyes:
    @pytest.fixture
    def determination(self, two):
        case = case_at(CaseState.FILED)
        listed(two, case.firm)
        return decided(case.firm)

    def test_edge_case_50_one_person_alone_is_refused(self, two, determination):
        correction = propose(two, determination)
        with pytest.raises(NotAllowed):
            confirm_determination_correction(correction=correction, actor=two.proposer)
        with pytest.raises(NotAllowed):
            reject_determination_correction(correction=correction, reason="无误", actor=two.proposer)
        assert RefusedAttempt.objects.filter(actor=two.proposer, code="second_person").count() == 2
        assert determination.case.events.latest("number").to_state == CaseState.ACCREDITED
        correction.state, correction.decided_by = CorrectionState.CONFIRMED, two.proposer
        correction.decided_at = clock.now()
        with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
            correction.save()

    def test_whoever_recorded_it_does_not_confirm(self, two, determination):
        with pytest.raises(NotAllowed):
            confirm_determination_correction(correction=propose(two, determination), actor=two.recorder)

    def test_whoever_recorded_it_may_propose(self, two, determination):
        correction = propose(two, determination, actor=two.recorder)
        confirmed = confirm_determination_correction(correction=correction, actor=two.confirmer)
        assert confirmed.state == CorrectionState.CONFIRMED

    def test_others_have_no_part_in_it(self, two, cast, determination):
        correction = propose(two, determination)
        outsider = UserFactory(is_superuser=True)
        for person in (cast.firm, cast.county, cast.finance, cast.auditor, cast.administrator, outsider):
            with pytest.raises(NotAllowed):
                propose(two, determination, actor=person)
            with pytest.raises(NotAllowed):
                confirm_determination_correction(correction=correction, actor=person)
            with pytest.raises(NotAllowed):
                reject_determination_correction(correction=correction, reason="无误", actor=person)
        with pytest.raises(NotAllowed):
            propose(two, determination, actor=cast.reviewer)

    def test_a_rejected_one_changes_nothing_and_may_be_proposed_again(self, two, determination):
        correction = reject_determination_correction(
            correction=propose(two, determination), reason="名单无误", actor=two.confirmer
        )
        assert (correction.decided_by, correction.decision_reason) == (two.confirmer, "名单无误")
        assert stock_on(clock.today()).total == 1
        code = refused(lambda: confirm_determination_correction(correction=correction, actor=two.confirmer))
        assert code == "correction_decided"
        assert lift(two, determination).state == CorrectionState.CONFIRMED


class TestRefusals:
    @pytest.fixture
    def case(self, two):
        case = case_at(CaseState.FILED)
        listed(two, case.firm)
        return case

    @pytest.mark.parametrize(
        ("options", "code"),
        [
            ({"reason": " "}, "reason_missing"),
            ({"reason": "长" * 401}, "reason_too_long"),
            ({"document": " "}, "document_missing"),
        ],
    )
    def test_a_proposal_has_reason_and_document(self, two, case, options, code):
        assert refused(lambda: propose(two, decided(case.firm), **options)) == code
        assert not DeterminationCorrection.objects.exists()
        assert RefusedAttempt.objects.filter(actor=two.proposer, code=code).exists()

    def test_one_waits_at_a_time(self, two, case):
        propose(two, decided(case.firm))
        assert refused(lambda: propose(two, decided(case.firm))) == "correction_waiting"

    def test_another_open_case_is_in_the_way(self, two, case):
        correction = propose(two, decided(case.firm))
        open_case(firm=case.firm, kind=CaseKind.RENEWAL, actor=two.recorder)
        code = refused(lambda: confirm_determination_correction(correction=correction, actor=two.confirmer))
        assert code == "case_open"
        assert CultivationCase.objects.get(pk=case.pk).state == CaseState.ACCREDITED
        correction.refresh_from_db()
        assert correction.state == CorrectionState.PROPOSED
        reject_determination_correction(correction=correction, reason="先撤回", actor=two.confirmer)
        assert refused(lambda: propose(two, decided(case.firm))) == "case_open"

    def test_a_case_that_went_on_meanwhile_is_looked_at_again(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case)
        correction = propose(two, decided(case.firm))
        withdraw_case(case=CultivationCase.objects.get(pk=case.pk), actor=two.recorder, reason="企业撤回")
        code = refused(lambda: confirm_determination_correction(correction=correction, actor=two.confirmer))
        assert code == "changed_meanwhile"

    def test_a_revoked_certificate_stays_revoked(self, two, case):
        revoke_accreditation(
            accreditation=Accreditation.objects.get(),
            revoked_on=dt.date(2019, 6, 29),
            act_year=2019,
            cause=RevocationCause.FRAUD,
            document="演示撤〔2019〕1号",
            actor=two.recorder,
        )
        assert refused(lambda: propose(two, decided(case.firm))) == "certificate_revoked"

    def test_a_waiting_correction_of_the_certificate_comes_first(self, two, case):
        propose_correction(
            accreditation=Accreditation.objects.get(),
            changes={"name_on_certificate": "演示更正有限公司"},
            reason="名称录错",
            document="原件",
            actor=two.proposer,
        )
        assert refused(lambda: propose(two, decided(case.firm))) == "certificate_correction_waiting"

    def test_a_certificate_that_counted_cannot_be_called_recorded_wrongly(self, two, case):
        certificate = Accreditation.objects.get()
        certificate.revoked_on, certificate.revoked_act_year = ISSUED + dt.timedelta(days=1), 2019
        certificate.revocation_document, certificate.revoked_by = "演示", two.recorder
        certificate.revocation_cause = RevocationCause.RECORDED_WRONGLY
        with pytest.raises(IntegrityError, match="never_counted"), transaction.atomic():
            certificate.save()
