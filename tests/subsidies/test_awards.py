"""Awards: proposed from determinations, calculated from the region's document, approved by a second person."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from config.common.clock import fixed
from config.common.errors import NotAllowed, Refused
from cultivation.enums import AccreditationKind, Role
from cultivation.models import RefusedAttempt
from subsidies.enums import AwardState, Decision, EntryKind, OncePer
from subsidies.models import Award, AwardEvent, Calculation, LedgerEntry
from subsidies.rules.balances import Figures
from subsidies.selectors.awards import award_counts, award_detail, award_page, awards_by_state
from subsidies.services import awards, calculation, disclosure, freezing, proposals
from subsidies.services.ledger import figures_of
from tests.factories import AccreditationFactory, FirmFactory, division
from tests.people import person
from tests.subsidies.factories import (
    DISCLOSED_ON,
    accreditation,
    award_at,
    funding_line,
    grant,
    office,
    proposed,
    scheme_version,
)


def propose():
    return proposals.propose_awards(actor=office().caseworker)


def calculate(award, **options):
    return calculation.calculate_award(award=award, actor=office().caseworker, **options)


def chain(award):
    return list(award.events.order_by("number").values_list("number", "from_state", "to_state"))


def refused(act):
    """The code of the refusal; nothing but the trace of it may be left."""
    before = (
        list(Award.objects.order_by("pk").values()),
        AwardEvent.objects.count(),
        LedgerEntry.objects.count(),
    )
    with pytest.raises(Refused) as found:
        act()
    after = (
        list(Award.objects.order_by("pk").values()),
        AwardEvent.objects.count(),
        LedgerEntry.objects.count(),
    )
    assert after == before
    assert RefusedAttempt.objects.filter(code=found.value.code).exists()
    return found.value.code


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


class CaptureCount:
    def __enter__(self):
        self._before, connection.force_debug_cursor = connection.force_debug_cursor, True
        self._start = len(connection.queries_log)
        return self

    def __exit__(self, *error):
        self.count = len(connection.queries_log) - self._start
        connection.force_debug_cursor = self._before


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
        assert calculation.recompute_and_compare(kept) == []
        assert calculation.check_calculations() == (1, [])

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
        assert {problem.code for problem in calculation.recompute_and_compare(kept)} == codes

    def test_changed_inputs_and_a_changed_source_file_are_found(self, db):
        kept = award_at(AwardState.CALCULATED).calculation
        file = kept.award.regional_award.document.source_file.file
        with file.storage.open(file.name, "ab") as stored:
            stored.write(b" ")
        kept.inputs["regional_award"]["firm_name"] = "另一企业"
        codes = {problem.code for problem in calculation.recompute_and_compare(kept)}
        assert codes == {"calculation_hash_differs", "calculation_differs", "inputs_differ"}
        assert [problem.code for problem in calculation.check_calculations()[1]] == ["source_file_differs"]

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


class TestFourEyes:
    @pytest.fixture
    def both(self, db):
        """One person who is caseworker and reviewer at once."""
        return person("both", Role.CASEWORKER, Role.REVIEWER)

    def test_the_calculator_neither_reviews_nor_approves(self, both):
        line, people = funding_line(), office()
        award = award_at(AwardState.AWAITING_BASIS)
        grant(award.firm)
        award = calculation.calculate_award(award=award, actor=both)
        with pytest.raises(NotAllowed) as found:
            awards.review_award(award=award, actor=both)
        assert found.value.code == "second_person"
        award = awards.review_award(award=award, actor=people.reviewer)
        disclosure.disclose_awards(
            awards=[award], actor=people.caseworker, place="网", published_on=DISCLOSED_ON
        )
        approve = lambda: awards.approve_award(award=award, actor=both, funding_line=line)  # noqa: E731
        assert refused(approve) == "second_person"

    def test_reviewer_and_approver_may_be_one(self, db):
        award = award_at(AwardState.APPROVED)
        assert award.approved_by == award.reviewed_by != award.calculated_by

    @pytest.mark.parametrize("field", ["reviewed_by", "approved_by"])
    def test_the_database_holds_it_too(self, db, field):
        award = award_at(AwardState.APPROVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**{field: award.calculated_by_id})

    @pytest.mark.parametrize(
        "fields",
        [
            {"amount": None},
            {"amount": Decimal("0.00")},
            {"regional_award": None},
            {"calculation": None},
            {"reviewed_at": None},
            {"approved_at": None},
            {"funding_line": None},
        ],
    )
    def test_no_approved_award_without_amount_basis_people_and_line(self, db, fields):
        award = award_at(AwardState.APPROVED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**fields)


class TestDisclosureAndApproval:
    def test_ten_working_days_with_the_holiday_then_the_next_day(self, db):
        """Published 2019-06-03 with 7 June (端午节) free: the tenth working day is 18 June (edge case 43)."""
        line, people = funding_line(), office()
        award = award_at(AwardState.DISCLOSED)
        assert award.disclosure.last_day == dt.date(2019, 6, 18)
        approve = lambda: awards.approve_award(award=award, actor=people.reviewer, funding_line=line)  # noqa: E731
        with fixed(dt.date(2019, 6, 18)):
            assert refused(approve) == "disclosure_running"
        with fixed(dt.date(2019, 6, 19)):
            assert approve().state == AwardState.APPROVED

    def test_without_disclosure_only_where_the_scheme_says_so(self, db):
        line, people = funding_line(), office()
        award = award_at(AwardState.REVIEWED)
        approve = lambda one: awards.approve_award(award=one, actor=people.reviewer, funding_line=line)  # noqa: E731
        assert refused(lambda: approve(award)) == "disclosure_missing"
        scheme_version(disclosure_required=False, disclosure_source="演示办法第九条")
        assert approve(award_at(AwardState.REVIEWED)).state == AwardState.APPROVED
        assert refused(lambda: approve(award)) == "disclosure_missing"

    def test_several_awards_share_a_period_all_or_none(self, db):
        people = office()
        found = [award_at(AwardState.REVIEWED), award_at(AwardState.REVIEWED)]
        early = award_at(AwardState.CALCULATED)
        disclose = lambda rows: disclosure.disclose_awards(  # noqa: E731
            awards=rows, actor=people.caseworker, place="演示公示网"
        )
        assert refused(lambda: disclose([*found, early])) == "wrong_state"
        assert refused(lambda: disclose([])) == "nothing_to_disclose"
        period = disclose(found)
        assert list(period.awards.order_by("pk")) == found

    def test_approval_commits_the_amount(self, db):
        line = funding_line("80000.00")
        award = award_at(AwardState.APPROVED, line=line)
        line.refresh_from_db()
        assert figures_of(line) == Figures(Decimal("80000.00"), Decimal("80000.00"), Decimal("0.00"))
        entry = LedgerEntry.objects.get(award=award)
        assert (entry.kind, entry.amount) == (EntryKind.COMMITTED, award.amount)

    def test_edge_case_31_an_overdraw_is_refused_whole(self, db):
        line = funding_line("79999.99")
        award = award_at(AwardState.DISCLOSED)
        with pytest.raises(Refused) as found:
            awards.approve_award(award=award, actor=office().reviewer, funding_line=line)
        assert found.value.details == {"available": "79999.99", "needed": "80000.00"}
        award.refresh_from_db()
        line.refresh_from_db()
        assert (award.state, award.approved_by, line.committed) == (AwardState.DISCLOSED, None, 0)
        assert RefusedAttempt.objects.get().code == "overdrawn"

    def test_a_revoked_certificate_stops_the_approval(self, db):
        line = funding_line()
        award = award_at(AwardState.DISCLOSED)
        certificate = award.accreditation
        certificate.revoked_on, certificate.revoked_act_year = dt.date(2019, 6, 1), 2018
        certificate.revocation_document, certificate.revoked_by = "演示撤〔2019〕2号", office().caseworker
        certificate.save()
        approve = lambda: awards.approve_award(  # noqa: E731
            award=award, actor=office().reviewer, funding_line=line
        )
        assert refused(approve) == "certificate_revoked"


class TestPaymentAndEnd:
    def test_money_from_approval_to_payment_and_back(self, db):
        line, people = funding_line("80000.00"), office()
        award = award_at(AwardState.LISTED, line=line)
        award = awards.take_award_off_list(award=award, actor=people.finance, reason="账户有误")
        award = awards.put_award_on_list(award=award, actor=people.finance, reason="ZF2019-002")
        award = awards.pay_award(award=award, actor=people.finance, key="paid:line:1")
        line.refresh_from_db()
        assert figures_of(line) == Figures(Decimal("80000.00"), Decimal("0.00"), Decimal("80000.00"))
        assert award.paid_on == dt.date(2019, 6, 30)
        award = awards.bounce_award(award=award, actor=people.finance, key="returned:1", reason="账号不存在")
        line.refresh_from_db()
        assert figures_of(line) == Figures(Decimal("80000.00"), Decimal("80000.00"), Decimal("0.00"))
        returned = LedgerEntry.objects.get(kind=EntryKind.RETURNED)
        assert returned.reverses.idempotency_key == "paid:line:1"
        award = awards.put_award_on_list(award=award, actor=people.finance)
        award = awards.pay_award(award=award, actor=people.finance, key="paid:line:2")
        assert award.state == AwardState.PAID

    def test_revocation_gives_the_committed_money_back(self, db):
        for state in (AwardState.APPROVED, AwardState.FROZEN):
            line = funding_line("80000.00")
            award = award_at(state, line=line)
            freezing.revoke_award(award=award, actor=office().reviewer, reason="证书撤销")
            line.refresh_from_db()
            assert figures_of(line).available == Decimal("80000.00")
            entry = LedgerEntry.objects.get(award=award, kind=EntryKind.DECOMMITTED)
            assert entry.reverses.kind == EntryKind.COMMITTED

    def test_revocation_before_approval_moves_no_money(self, db):
        award = award_at(AwardState.DISCLOSED)
        freezing.revoke_award(award=award, actor=office().reviewer, reason="企业放弃")
        assert not LedgerEntry.objects.filter(award=award).exists()

    @pytest.mark.parametrize(
        "state",
        [
            AwardState.AWAITING_BASIS,
            AwardState.CALCULATED,
            AwardState.REVIEWED,
            AwardState.DISCLOSED,
            AwardState.APPROVED,
        ],
    )
    def test_a_frozen_award_goes_on_from_where_it_was(self, db, state):
        award = award_at(AwardState.FROZEN, frozen_from=state)
        committed = LedgerEntry.objects.filter(kind=EntryKind.COMMITTED).count()
        award = freezing.unfreeze_award(award=award, actor=office().reviewer, reason="核实无误")
        assert award.state == state
        assert LedgerEntry.objects.filter(kind=EntryKind.COMMITTED).count() == committed

    def test_every_event_begins_where_the_last_one_ended(self, db):
        award = award_at(AwardState.RECOVERED)
        events = chain(award)
        assert [number for number, _from, _to in events] == list(range(1, len(events) + 1))
        assert [event[1] for event in events] == ["", *(event[2] for event in events[:-1])]
        assert events[-1][2] == award.state


class TestSelectors:
    def test_a_list_is_paged_by_key_in_one_query(self, db, django_assert_num_queries):
        scheme_version()
        for _ in range(5):
            accreditation()
        propose()
        reader = person("reader", Role.AUDITOR)
        reader.roles  # noqa: B018 - asked once a request
        seen, after = [], ""
        for _ in range(3):
            with django_assert_num_queries(1):
                page = award_page(reader, after=after, size=2)
                seen += [
                    (row.firm.name, row.accreditation.certificate_number, row.notice) for row in page.rows
                ]
            after = page.next
        assert len(set(seen)) == 5
        assert after == ""

    def test_an_unreadable_key_gives_the_first_page(self, db):
        award = award_at(AwardState.AWAITING_BASIS)
        for key in ("x", "_", "2019-06-30_1", f"{award.state_since.isoformat()}_{2**70}"):
            assert award_page(office().reviewer, after=key).rows == [award]

    def test_counts_by_state_in_one_query(self, db, django_assert_num_queries):
        award_at(AwardState.AWAITING_BASIS)
        award_at(AwardState.AWAITING_POLICY)
        reader = person("reader", Role.AUDITOR)
        reader.roles  # noqa: B018
        with django_assert_num_queries(1):
            counts = award_counts(reader)
        assert [row.state for row in counts] == list(AwardState)
        assert sum(row.count for row in counts) == 2
        assert awards_by_state() == {"awaiting_basis": 1, "awaiting_policy": 1}

    def test_each_sees_what_is_theirs(self, cast):
        scheme_version()
        own = proposed(accreditation(firm=cast.firm.firm))
        neighbour = proposed(accreditation(firm=FirmFactory(division=division("youjiang"))))
        far = proposed(accreditation(firm=FirmFactory(division=division("tianyang"))))
        seen = {role: set(award_page(cast.of_role(role)).rows) for role in Role}
        everything = {own, neighbour, far}
        assert seen == {
            Role.FIRM: {own},
            Role.COUNTY: {own, neighbour},
            Role.CASEWORKER: everything,
            Role.REVIEWER: everything,
            Role.FINANCE: everything,
            Role.AUDITOR: everything,
            Role.ADMINISTRATOR: set(),
        }
        assert [award_page(cast.auditor, state=AwardState.PAID).rows, awards_by_state()] == [
            [],
            {"awaiting_basis": 3},
        ]

    def test_the_detail_costs_a_fixed_number_of_queries(self, db, django_assert_num_queries):
        award = award_at(AwardState.PAID)
        reader = person("reader", Role.AUDITOR)
        reader.roles  # noqa: B018
        with django_assert_num_queries(3):
            detail = award_detail(reader, award.pk)
            assert detail.regional_award.document.policy.document_number
            assert detail.version.basis.title
            assert [event.actor.username for event in detail.events.all()]
        with pytest.raises(Award.DoesNotExist):
            award_detail(person("nobody", Role.ADMINISTRATOR), award.pk)
