"""Acceptance numbers: one for every submission, without gap or repeat in a year; and the receipts that show them."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction
from django.urls import reverse

from config.common import clock as business_clock
from config.common.errors import Refused
from cultivation.enums import CaseAction, CaseState
from cultivation.models import Acceptance, AcceptanceSeries
from cultivation.selectors.acceptances import acceptance_number, check_acceptances
from cultivation.services import case_flow, corrections
from tests.cultivation.pages import own_case
from tests.factories import FirmFactory, case_at, division, staff


def numbers() -> list[str]:
    return [acceptance.number for acceptance in Acceptance.objects.order_by("pk")]


class TestNumbers:
    def test_every_submission_gets_the_next_one(self, db):
        first, second = case_at(CaseState.SUBMITTED), case_at(CaseState.SUBMITTED)
        corrections.return_case(case=first, actor=staff().caseworker, reason="请补充")
        corrections.resubmit_case(case=first, actor=staff().caseworker)
        assert numbers() == ["SL2019-00001", "SL2019-00002", "SL2019-00003"]
        assert [row.case_id for row in Acceptance.objects.order_by("pk")] == [first.pk, second.pk, first.pk]
        assert [row.event.action for row in first.acceptances.all()] == [
            CaseAction.SUBMIT,
            CaseAction.RESUBMIT,
        ]

    def test_a_draft_has_none_and_letters_then_name_the_case(self, db):
        case = case_at(CaseState.DRAFT)
        assert numbers() == []
        assert acceptance_number(case) == case.number
        case_flow.submit_case(case=case, actor=staff().caseworker)
        assert acceptance_number(case) == "SL2019-00001"

    def test_each_year_begins_at_one(self, db):
        with business_clock.fixed(dt.date(2019, 12, 31)):
            case_at(CaseState.SUBMITTED)
        with business_clock.fixed(dt.date(2020, 1, 1)):
            case_at(CaseState.SUBMITTED)
        assert numbers() == ["SL2019-00001", "SL2020-00001"]

    def test_a_refused_submission_leaves_no_gap(self, db):
        case = case_at(CaseState.DRAFT, firm=FirmFactory(without_contact=True))
        with pytest.raises(Refused):
            case_flow.submit_case(case=case, actor=staff().caseworker)
        case_at(CaseState.SUBMITTED)
        assert numbers() == ["SL2019-00001"]

    def test_a_number_stays(self, db):
        case_at(CaseState.SUBMITTED)
        with pytest.raises(IntegrityError), transaction.atomic():
            Acceptance.objects.update(sequence=7)

    def test_the_check_of_the_records_names_a_year_that_does_not_add_up(self, db):
        case_at(CaseState.SUBMITTED)
        assert check_acceptances() == (1, [])
        AcceptanceSeries.objects.update(last=3)
        count, problems = check_acceptances()
        assert (count, [problem.subject for problem in problems]) == (1, ["acceptances:2019"])


class TestReceipts:
    def test_the_firm_prints_its_own(self, browse, cast):
        case = own_case(cast)
        url = reverse("cultivation:receipt", args=[case.acceptances.get().pk])
        client = browse(cast.firm)
        assert url in client.get(reverse("cultivation:case", args=[case.pk])).content.decode()
        text = client.get(url).content.decode()
        for said in ("SL2019-00001", case.number, case.firm.credit_code, "2019-06-30"):
            assert said in text
        assert "factory-caseworker" not in text

    def test_it_names_nobody_of_the_office_to_the_office_either(self, browse, cast):
        case = own_case(cast)
        text = browse(cast.auditor).get(reverse("cultivation:receipt", args=[case.acceptances.get().pk]))
        assert "factory-caseworker" not in text.content.decode()

    def test_the_paper_is_a_pdf_of_the_same(self, browse, cast):
        case = own_case(cast)
        answer = browse(cast.firm).get(reverse("cultivation:receipt_file", args=[case.acceptances.get().pk]))
        assert answer.content.startswith(b"%PDF")
        assert "SL2019-00001.pdf" in answer["Content-Disposition"]

    def test_those_of_others_do_not_exist(self, browse, cast):
        foreign = case_at(CaseState.SUBMITTED, firm=FirmFactory(division=division("tianyang")))
        for user in (cast.firm, cast.county):
            for name in ("receipt", "receipt_file"):
                url = reverse(f"cultivation:{name}", args=[foreign.acceptances.get().pk])
                assert browse(user).get(url).status_code == 404


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_get_sixteen_numbers_without_gap_or_repeat(transactional_db: None) -> None:
    cases = [case_at(CaseState.DRAFT) for _n in range(16)]
    office, together = staff().caseworker, threading.Barrier(len(cases))

    def submit(case) -> None:
        together.wait(20)
        try:
            case_flow.submit_case(case=case, actor=office)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(cases)) as pool:
        list(pool.map(submit, cases))
    found = sorted(Acceptance.objects.values_list("sequence", flat=True))
    assert found == list(range(1, 17))
    assert check_acceptances() == (16, [])
