"""Awards proposed from determinations and calculated from the region's document."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from config.common.errors import Refused
from cultivation.enums import AccreditationKind
from subsidies.enums import AwardState, Decision, OncePer
from subsidies.models import Award, Calculation
from subsidies.services import awards, recomputing
from subsidies.services.regional_sources import check_sources
from tests.factories import AccreditationFactory
from tests.subsidies.awarding import CaptureCount, calculate, chain, propose, refused
from tests.subsidies.factories import (
    accreditation,
    award_at,
    funding_line,
    grant,
    office,
    proposed,
    scheme_version,
)


class TestProposal:
    def test_a_determination_makes_one_award_and_again_none(self, db):
        scheme_version()
        certificate = accreditation()
        waiting = {"awaiting_basis": 1, "awaiting_policy": 0}
        assert propose() == {"created": 1, "existing": 0, "waiting": waiting}
        assert propose() == {"created": 0, "existing": 1, "waiting": waiting}
        award = Award.objects.get()
        assert (award.accreditation, award.firm) == (certificate, certificate.firm)
        assert chain(award) == [(1, "", AwardState.AWAITING_BASIS)]

    def test_edge_case_30_undecided_kinds_wait_for_the_policy(self, db):
        scheme_version()
        for kind in AccreditationKind:
            accreditation(kind=kind)
        assert propose()["waiting"] == {"awaiting_basis": 1, "awaiting_policy": 2}
        award = Award.objects.filter(state=AwardState.AWAITING_POLICY).first()
        grant(award.firm)
        assert refused(lambda: calculate(award)) == "awaiting_policy"

    def test_edge_case_30_a_later_version_decides(self, db):
        scheme_version()
        renewal, inbound = accreditation(kind="renewal"), accreditation(kind="inbound")
        propose()
        scheme_version(renewal_eligible=Decision.YES, inbound_eligible=Decision.NO)
        assert propose()["waiting"] == {"awaiting_basis": 1, "awaiting_policy": 1}
        decided = Award.objects.get(accreditation=renewal)
        assert chain(decided)[1:] == [(2, AwardState.AWAITING_POLICY, AwardState.AWAITING_BASIS)]
        excluded = Award.objects.get(accreditation=inbound)
        assert excluded.state == AwardState.AWAITING_POLICY
        assert refused(lambda: calculate(excluded)) == "not_eligible"

    def test_an_undecided_question_may_come_back(self, db):
        scheme_version(renewal_eligible=Decision.YES)
        award = proposed(accreditation(kind="renewal"))
        scheme_version()
        propose()
        award.refresh_from_db()
        assert award.state == AwardState.AWAITING_POLICY

    def test_an_excluded_kind_makes_no_award(self, db):
        scheme_version(first_eligible=Decision.NO)
        accreditation()
        assert propose()["created"] == 0

    @pytest.mark.parametrize(
        ("once_per", "state"),
        [
            (OncePer.ACCREDITATION, AwardState.AWAITING_BASIS),
            (OncePer.UNDECIDED, AwardState.AWAITING_POLICY),
            (OncePer.FIRM, None),
        ],
    )
    def test_edge_case_30_once_matters_from_a_firms_second_certificate_on(self, db, once_per, state):
        scheme_version(renewal_eligible=Decision.YES, once_per=once_per)
        first = accreditation()
        second = accreditation(firm=first.firm, kind="renewal", document_date=dt.date(2019, 6, 1))
        assert propose()["created"] == (1 if state is None else 2)
        award = Award.objects.filter(accreditation=second).first()
        assert (award and award.state) == state
        assert Award.objects.get(accreditation=first).state == AwardState.AWAITING_BASIS
        if state is AwardState.AWAITING_POLICY:
            assert Award.objects.get(accreditation=first).number in award.waiting_for

    def test_edge_case_49_opening_data_and_edge_case_23_revoked_certificates_make_none(self, db):
        scheme_version()
        AccreditationFactory()
        accreditation(revoked=True)
        assert propose()["created"] == 0

    def test_the_version_of_the_documents_day_governs(self, db):
        scheme_version(valid_from=dt.date(2019, 1, 1))
        accreditation(document_date=dt.date(2018, 12, 31))
        covered = accreditation(document_date=dt.date(2019, 1, 1))
        assert propose()["created"] == 1
        assert Award.objects.get().accreditation == covered

    def test_two_schemes_match_the_same_regional_award(self, db):
        scheme_version()
        scheme_version(key="second", ratio_denominator=2)
        certificate = accreditation()
        assert propose()["created"] == 2
        grant(certificate.firm)
        found = [calculate(award) for award in Award.objects.order_by("pk")]
        assert [award.amount for award in found] == [Decimal("80000.00"), Decimal("40000.00")]
        assert found[0].regional_award == found[1].regional_award

    def test_the_arrival_of_the_document_is_told(self, db):
        scheme_version()
        award = proposed(accreditation())
        before = award.waiting_for
        grant(award.firm)
        propose()
        award.refresh_from_db()
        assert award.waiting_for != before
        assert len(chain(award)) == 1

    def test_a_revoked_certificate_is_told(self, db):
        scheme_version()
        award = proposed(accreditation())
        award.accreditation.revoked_on = dt.date(2019, 6, 1)
        award.accreditation.revoked_act_year = 2018
        award.accreditation.revocation_document = "演示撤〔2019〕2号"
        award.accreditation.revoked_by = office().caseworker
        award.accreditation.save()
        propose()
        award.refresh_from_db()
        assert "revoked" in award.waiting_for or "撤销" in award.waiting_for
        assert refused(lambda: calculate(award)) == "certificate_revoked"

    def test_queries_do_not_grow_with_the_certificates(self, db, django_assert_num_queries):
        scheme_version()
        accreditation()
        propose()
        for _ in range(3):
            accreditation()
        with transaction.atomic(), CaptureCount() as few:
            propose()
        for _ in range(9):
            accreditation()
        with CaptureCount() as many:
            propose()
        assert many.count <= few.count

    def test_the_command_answers_in_json(self, db, capsys):
        scheme_version()
        accreditation()
        call_command("propose_awards")
        answer = json.loads(capsys.readouterr().out)
        assert answer == {
            "created": 1,
            "existing": 0,
            "waiting": {"awaiting_basis": 1, "awaiting_policy": 0},
        }


class TestCalculation:
    def test_edge_case_27_without_the_regions_document_the_award_waits(self, db):
        award = award_at(AwardState.AWAITING_BASIS)
        assert refused(lambda: calculate(award)) == "awaiting_basis"
        assert award.amount is None

    @pytest.mark.parametrize("amount", ["80000.00", "0.01", "123456.78", "50000000.00"])
    def test_edge_case_28_the_city_gives_what_the_region_gave(self, db, amount):
        award = award_at(AwardState.CALCULATED, amount=amount)
        assert award.amount == award.regional_award.amount == Decimal(amount)

    def test_edge_case_32_zero_is_never_matched(self, db):
        award = award_at(AwardState.AWAITING_BASIS)
        grant(award.firm, "0.00")
        assert refused(lambda: calculate(award)) == "nothing_to_match"

    def test_edge_case_29_a_second_award_of_the_firm_names_the_first(self, db):
        scheme_version(renewal_eligible=Decision.YES, once_per=OncePer.ACCREDITATION)
        first = proposed(accreditation())
        second = proposed(accreditation(firm=first.firm, kind="renewal", issued_on=dt.date(2019, 5, 1)))
        scheme_version(renewal_eligible=Decision.YES, once_per=OncePer.FIRM)
        grant(first.firm)
        with pytest.raises(Refused, match=first.number) as found:
            calculate(second)
        assert (found.value.code, found.value.details["earlier"]) == ("not_eligible", first.number)

    def test_edge_case_29_the_same_accreditation_is_matched_once_a_scheme(self, db):
        award = award_at(AwardState.CALCULATED)
        assert refused(lambda: calculate(award)) == "wrong_state"
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.create(
                scheme=award.scheme,
                accreditation=award.accreditation,
                firm=award.firm,
                state_since=award.state_since,
                state_by=award.state_by,
            )

    def test_it_keeps_its_inputs_steps_and_hash(self, db):
        kept = award_at(AwardState.CALCULATED).calculation
        assert kept.inputs["regional_award"]["amount"] == "80000.00"
        assert len(kept.inputs["regional_award"]["file_sha256"]) == 64
        assert kept.inputs["scheme"]["version"] == 1
        assert kept.steps[-1] == "市级奖励性补助金额为80000.00元。"
        assert len(kept.sha256) == 64
        assert recomputing.recompute_and_compare(kept) == []
        assert recomputing.check_calculations() == (1, [])

    @pytest.mark.parametrize(
        ("change", "codes"),
        [
            ({"amount": Decimal("80000.01")}, {"calculation_hash_differs", "calculation_differs"}),
            ({"steps": ["80000.00"]}, {"calculation_hash_differs", "calculation_differs"}),
            ({"sha256": "0" * 64}, {"calculation_hash_differs"}),
        ],
    )
    def test_a_changed_calculation_is_found(self, db, change, codes):
        kept = award_at(AwardState.CALCULATED).calculation
        for name, value in change.items():
            setattr(kept, name, value)
        assert {problem.code for problem in recomputing.recompute_and_compare(kept)} == codes

    def test_changed_inputs_and_a_changed_source_file_are_found(self, db):
        kept = award_at(AwardState.CALCULATED).calculation
        file = kept.award.regional_award.document.source_file.file
        with file.storage.open(file.name, "ab") as stored:
            stored.write(b" ")
        kept.inputs["regional_award"]["firm_name"] = "另一企业"
        codes = {problem.code for problem in recomputing.recompute_and_compare(kept)}
        assert codes == {"calculation_hash_differs", "calculation_differs", "inputs_differ"}
        assert [problem.code for problem in check_sources()[1]] == ["source_file_differs"]

    def test_a_later_document_needs_a_word_before_it_counts(self, db):
        award = award_at(AwardState.AWAITING_BASIS)
        grant(award.firm, "80000.00")
        grant(award.firm, "70000.00")
        assert refused(lambda: calculate(award)) == "amount_changed"
        award = calculate(award, reason="自治区更正金额")
        assert award.amount == Decimal("70000.00")
        assert award.calculation.inputs["reason"] == "自治区更正金额"

    @pytest.mark.parametrize("state", [AwardState.CALCULATED, AwardState.DISCLOSED, AwardState.APPROVED])
    def test_a_later_document_stops_every_further_step(self, db, state):
        people, line = office(), funding_line()
        award = award_at(state, line=line)
        grant(award.firm, "70000.00")
        step = {
            AwardState.CALCULATED: lambda: awards.review_award(award=award, actor=people.reviewer),
            AwardState.DISCLOSED: lambda: awards.approve_award(
                award=award, actor=people.reviewer, funding_line=line
            ),
            AwardState.APPROVED: lambda: awards.put_award_on_list(award=award, actor=people.finance),
        }[state]
        assert refused(step) == "basis_changed"

    def test_sent_back_it_is_calculated_afresh_and_both_stay(self, db):
        award = award_at(AwardState.REVIEWED)
        award = awards.send_back_award(award=award, actor=office().reviewer, reason="金额有误")
        assert (award.state, award.amount, award.reviewed_by) == (AwardState.AWAITING_BASIS, None, None)
        award = calculate(award)
        assert Calculation.objects.filter(award=award).count() == 2
        assert chain(award)[-2][2] == chain(award)[-1][1] == AwardState.AWAITING_BASIS
