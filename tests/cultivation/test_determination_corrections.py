"""Edge case 50: a determination with the wrong outcome or for the wrong firm is lifted by two people, never overwritten."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import Refused
from cultivation.enums import (
    CaseAction,
    CaseState,
    CertificateFilter,
    DeterminationOutcome,
    RevocationCause,
)
from cultivation.models import (
    Accreditation,
    CaseEvent,
    CultivationCase,
    Determination,
)
from cultivation.rules.after_accreditation import Standing
from cultivation.selectors.benefits import years_with_certificate
from cultivation.selectors.certificates import certificate_counts, certificate_lines, with_standing
from cultivation.selectors.determinations import determinations_about
from cultivation.selectors.events import check_case_events
from cultivation.selectors.forecasts import estimation_on
from cultivation.selectors.readiness import revoked_in
from cultivation.selectors.stock import stock_at_year_ends, stock_on
from cultivation.services import filing
from cultivation.services.case_flow import withdraw_case
from cultivation.services.determinations import (
    record_opening_accreditation,
)
from tests.cultivation.lifting import (
    ISSUED,
    LIST,
    NUMBER,
    OTHER_LIST,
    decided,
    decline,
    lift,
    listed,
    propose,
    refused,
    two_and_the_recorder,
)
from tests.factories import FirmFactory, case_at

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return two_and_the_recorder()


def decisions() -> tuple[int, int]:
    """Decisions on filings that the forecast reckons with, and accreditations among them."""
    passing = estimation_on(clock.today()).passing
    return passing.seen, passing.came


class TestAccreditedInsteadOfDeclined:
    @pytest.fixture(params=[CaseState.FILED, CaseState.DISCLOSED])
    def state(self, request):
        return request.param

    @pytest.fixture
    def case(self, two, state):
        case = case_at(state)
        listed(two, case.firm)
        case.refresh_from_db()
        assert case.state == CaseState.ACCREDITED
        return case

    def test_edge_case_50_the_case_goes_back_to_where_it_was_decided_and_is_declined(self, two, case, state):
        wrong = decided(case.firm)
        lift(two, wrong)
        case = CultivationCase.objects.get(pk=case.pk)
        assert (case.state, case.accreditation, case.state_by) == (state, None, two.confirmer)
        decline(two, case)
        right = decided(case.firm)
        assert (right.outcome, right.corrects) == (DeterminationOutcome.DECLINED, wrong)
        wrong.refresh_from_db()
        assert wrong.outcome == DeterminationOutcome.ACCREDITED
        assert check_case_events()[1] == []

    def test_the_event_tells_of_it_with_reason_and_document(self, two, case, state):
        lift(two, decided(case.firm))
        event = CaseEvent.objects.filter(case=case).latest("number")
        assert (event.action, event.actor) == (CaseAction.REOPEN, two.confirmer)
        assert (event.from_state, event.to_state) == (CaseState.ACCREDITED, state)
        assert "名单抄录错行" in event.reason
        assert "演示桂科函〔2019〕3号" in event.reason

    def test_the_certificate_never_counted(self, two, case):
        assert stock_on(dt.date(2019, 12, 31)).total == 1
        lift(two, decided(case.firm))
        certificate = Accreditation.objects.get(firm=case.firm)
        assert (certificate.revoked_on, certificate.revoked_act_year) == (ISSUED, 2019)
        assert certificate.revocation_cause == RevocationCause.RECORDED_WRONGLY
        assert (certificate.revocation_document, certificate.revoked_by) == (
            "演示桂科函〔2019〕3号",
            two.confirmer,
        )
        assert [stock_on(day).total for day in (ISSUED, clock.today(), dt.date(2019, 12, 31))] == [0, 0, 0]
        assert set(stock_at_year_ends(2018, 2022).values()) == {0}
        assert years_with_certificate(case.firm) == {}

    def test_the_register_tells_it_from_a_revocation(self, two, case):
        lift(two, decided(case.firm))
        (line,) = certificate_lines(
            list(with_standing(Accreditation.objects.all(), clock.today())), clock.today()
        )
        assert line.standing is Standing.RECORDED_WRONGLY
        counts = certificate_counts(two.recorder, clock.today())
        assert counts[CertificateFilter.RECORDED_WRONGLY] == counts[CertificateFilter.ALL] == 1
        assert counts[CertificateFilter.REVOKED] == 0

    def test_it_blocks_no_filing_this_year(self, two, case):
        lift(two, decided(case.firm))
        assert revoked_in(case.firm_id, 2019) is None

    def test_of_the_decisions_it_counts_no_more(self, two, case):
        assert decisions() == (1, 1)
        lift(two, decided(case.firm))
        assert decisions() == (0, 0)
        decline(two, CultivationCase.objects.get(pk=case.pk))
        assert decisions() == (1, 0)


class TestDeclinedInsteadOfAccredited:
    def test_edge_case_50_the_list_accredits_by_the_same_document(self, two):
        case = case_at(CaseState.DISCLOSED)
        decline(two, case, LIST["document_number"])
        wrong = decided(case.firm)
        with pytest.raises(Refused):
            listed(two, case.firm)
        lift(two, wrong)
        report = listed(two, case.firm)
        assert (report.created, report.cases_accredited) == (1, 1)
        case = CultivationCase.objects.get(pk=case.pk)
        right = decided(case.firm)
        assert (case.state, right.corrects) == (CaseState.ACCREDITED, wrong)
        assert case.accreditation == right.accreditation
        assert stock_on(clock.today()).total == 1

    def test_by_another_document_too(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case)
        wrong = decided(case.firm)
        lift(two, wrong)
        listed(two, case.firm)
        assert decided(case.firm).corrects == wrong

    def test_a_case_that_went_back_to_the_pool_is_fetched_from_there(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case)
        filing.return_case_to_pool(case=case, actor=two.recorder)
        assert decisions() == (1, 0)
        lift(two, decided(case.firm))
        case = CultivationCase.objects.get(pk=case.pk)
        assert (case.state, decisions()) == (CaseState.FILED, (0, 0))
        listed(two, case.firm)
        case = CultivationCase.objects.get(pk=case.pk)
        assert case.state == CaseState.ACCREDITED

    def test_a_case_that_was_withdrawn_since_stays_closed(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case, LIST["document_number"])
        case = CultivationCase.objects.get(pk=case.pk)
        withdraw_case(case=case, actor=two.recorder, reason="企业撤回")
        correction = lift(two, decided(case.firm))
        case = CultivationCase.objects.get(pk=case.pk)
        assert (correction.case, case.state) == (None, CaseState.WITHDRAWN)
        assert listed(two, case.firm).created == 1

    def test_of_two_declines_only_the_last_moves_the_case(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case)
        first = decided(case.firm)
        lift(two, first)
        decline(two, CultivationCase.objects.get(pk=case.pk), "演示不予认定〔2019〕2号")
        assert [(line.is_lifted, line.replaced_by) for line in determinations_about(case)] == [
            (True, decided(case.firm)),
            (False, None),
        ]
        assert refused(lambda: propose(two, first)) == "already_lifted"


class TestForTheWrongFirm:
    def test_edge_case_50_the_number_is_free_for_the_right_firm(self, two):
        wrong, right = case_at(CaseState.DISCLOSED), case_at(CaseState.DISCLOSED)
        listed(two, wrong.firm)
        lift(two, decided(wrong.firm))
        listed(two, right.firm)
        held = Accreditation.objects.rightly_recorded().get(certificate_number=NUMBER)
        assert held.firm == right.firm
        assert Accreditation.objects.filter(certificate_number=NUMBER).count() == 2
        states = CultivationCase.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == [CaseState.DISCLOSED, CaseState.ACCREDITED]

    def test_without_a_case_the_certificate_alone_goes(self, two):
        firm = FirmFactory()
        listed(two, firm)
        correction = lift(two, decided(firm))
        assert correction.case is None
        assert stock_on(clock.today()).total == 0

    def test_two_firms_whose_numbers_were_swapped(self, two):
        one, other = FirmFactory(), FirmFactory()
        listed(two, one, other)
        for firm in (one, other):
            lift(two, decided(firm))
        listed(two, other, one)
        held = Accreditation.objects.rightly_recorded().order_by("certificate_number")
        assert [row.firm for row in held] == [other, one]
        assert [row.determination.corrects.firm for row in held] == [other, one]

    def test_the_number_is_held_once(self, two):
        one, other = FirmFactory(), FirmFactory()
        listed(two, one)
        lift(two, decided(one))
        listed(two, other)
        taken = {"kind": "first", "certificate_number": NUMBER, "issued_on": ISSUED, "actor": two.recorder}
        assert refused(lambda: record_opening_accreditation(firm=one, **taken, **LIST)) == "certificate_taken"
        again = Accreditation.objects.rightly_recorded().get()
        again.pk, again.determination, again.is_opening = None, None, True
        with pytest.raises(IntegrityError, match="certificate_number"), transaction.atomic():
            again.save()


class TestTheSameDocumentAgain:
    def test_the_wrong_list_brings_nothing_back(self, two):
        case = case_at(CaseState.FILED)
        listed(two, case.firm)
        lift(two, decided(case.firm))
        before = Determination.objects.count()
        report = listed(two, case.firm)
        assert (report.created, report.unchanged, report.cases_accredited) == (0, 1, 0)
        assert [warning.code for warning in report.warnings] == ["recorded_wrongly"]
        assert Determination.objects.count() == before
        assert CultivationCase.objects.get(pk=case.pk).state == CaseState.FILED

    def test_the_wrong_list_changes_nothing_for_the_right_firm(self, two):
        one, other = FirmFactory(), FirmFactory()
        listed(two, one)
        lift(two, decided(one))
        listed(two, other)
        assert listed(two, one).unchanged == 1
        assert Accreditation.objects.count() == 2

    def test_the_right_list_does_nothing_twice(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case, LIST["document_number"])
        lift(two, decided(case.firm))
        listed(two, case.firm)
        before = (Determination.objects.count(), Accreditation.objects.count(), CaseEvent.objects.count())
        report = listed(two, case.firm)
        assert (report.created, report.updated, report.unchanged) == (0, 0, 1)
        assert before == (
            Determination.objects.count(),
            Accreditation.objects.count(),
            CaseEvent.objects.count(),
        )

    def test_another_document_may_say_it_again(self, two):
        case = case_at(CaseState.FILED)
        listed(two, case.firm)
        wrong = decided(case.firm)
        lift(two, wrong)
        report = listed(two, case.firm, **OTHER_LIST)
        assert (report.created, report.cases_accredited) == (1, 1)
        assert decided(case.firm).corrects == wrong

    def test_a_document_still_decides_about_a_firm_once(self, two):
        case = case_at(CaseState.FILED)
        decline(two, case, LIST["document_number"])
        lift(two, decided(case.firm))
        decline(two, CultivationCase.objects.get(pk=case.pk), OTHER_LIST["document_number"])
        with pytest.raises(Refused):
            listed(two, case.firm)
        with pytest.raises(IntegrityError, match=r"(?i)unique"), transaction.atomic():
            Determination.objects.create(
                firm=case.firm, outcome="accredited", recorded_by=two.recorder, **LIST
            )
