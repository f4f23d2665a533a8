"""Edge case 50: a wrong determination is corrected by a second person with a trace, never overwritten."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import CorrectionState
from cultivation.models import Accreditation, AccreditationCorrection
from cultivation.selectors.corrections import values_at
from cultivation.selectors.stock import stock_on
from cultivation.services.accreditation_corrections import (
    confirm_correction,
    propose_correction,
    reject_correction,
)
from tests.factories import AccreditationFactory


@pytest.fixture
def certificate(db) -> Accreditation:
    return AccreditationFactory(determined=True, issued_on=dt.date(2016, 11, 30))


def propose(certificate, cast, **options) -> AccreditationCorrection:
    return propose_correction(
        **{
            "accreditation": certificate,
            "changes": {"issued_on": dt.date(2017, 11, 30)},
            "reason": "发证日期录错",
            "document": "演示桂科〔2017〕1号复印件",
            "actor": cast.caseworker,
            **options,
        }
    )


def test_edge_case_50_a_second_person_corrects_and_both_versions_stay(certificate, cast):
    correction = propose(certificate, cast)
    certificate.refresh_from_db()
    assert certificate.issued_on == dt.date(2016, 11, 30)
    confirmed = confirm_correction(correction=correction, actor=cast.reviewer)
    assert (confirmed.issued_on, confirmed.last_day) == (dt.date(2017, 11, 30), dt.date(2020, 11, 29))
    correction.refresh_from_db()
    assert (correction.before, correction.after) == (
        {"issued_on": "2016-11-30"},
        {"issued_on": "2017-11-30"},
    )
    assert (correction.proposed_by, correction.decided_by) == (cast.caseworker, cast.reviewer)
    assert stock_on(dt.date(2019, 12, 31)).total == 1


def test_edge_case_50_nobody_corrects_alone(certificate, cast):
    correction = propose(certificate, cast)
    with pytest.raises(NotAllowed):
        confirm_correction(correction=correction, actor=cast.caseworker)
    correction.state, correction.decided_by = CorrectionState.CONFIRMED, cast.caseworker
    correction.decided_at = clock.now()
    with pytest.raises(IntegrityError, match="second_person"), transaction.atomic():
        correction.save()


def test_edge_case_50_what_it_said_is_known_for_every_moment(certificate, cast):
    with clock.fixed(dt.date(2019, 6, 1)):
        confirm_correction(correction=propose(certificate, cast), actor=cast.reviewer)
    with clock.fixed(dt.date(2019, 6, 10)):
        second = propose(certificate, cast, changes={"issued_on": dt.date(2017, 12, 1)})
        confirm_correction(correction=second, actor=cast.reviewer)
    certificate.refresh_from_db()
    for day, issued_on in ((30, "2016-11-30"), (32, "2017-11-30"), (50, "2017-12-01")):
        with clock.fixed(dt.date(2019, 5, 1) + dt.timedelta(days=day)):
            assert values_at(certificate, clock.now())["issued_on"] == issued_on


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"reason": " "}, "reason_missing"),
        ({"document": ""}, "document_missing"),
        ({"changes": {"firm_id": 1}}, "field_unknown"),
        ({"changes": {"kind": "golden"}}, "value_wrong"),
        ({"changes": {"name_on_certificate": "  "}}, "value_wrong"),
        ({"changes": {"issued_on": dt.date(2030, 1, 1)}}, "future_date"),
        ({"changes": {"issued_on": dt.date(2016, 11, 30)}}, "nothing_changes"),
        ({"changes": {}}, "nothing_changes"),
    ],
)
def test_what_cannot_be_is_refused(certificate, cast, options, code):
    with pytest.raises(Refused) as refusal:
        propose(certificate, cast, **options)
    assert refusal.value.code == code
    assert not AccreditationCorrection.objects.exists()


def test_a_number_that_somebody_else_holds_is_refused(certificate, cast):
    other = AccreditationFactory(determined=True)
    with pytest.raises(Refused) as refusal:
        propose(certificate, cast, changes={"certificate_number": other.certificate_number})
    assert refusal.value.code == "certificate_taken"


def test_one_waits_at_a_time_and_is_decided_once(certificate, cast):
    correction = propose(certificate, cast)
    with pytest.raises(Refused) as refusal:
        propose(certificate, cast)
    assert refusal.value.code == "correction_waiting"
    reject_correction(correction=correction, reason="原件无误", actor=cast.reviewer)
    with pytest.raises(Refused) as refusal:
        confirm_correction(correction=correction, actor=cast.reviewer)
    assert refusal.value.code == "correction_decided"
    certificate.refresh_from_db()
    assert certificate.issued_on == dt.date(2016, 11, 30)


def test_is_the_bureaus_business(certificate, cast):
    for person in (cast.county, cast.finance, cast.auditor, cast.firm):
        with pytest.raises(NotAllowed):
            propose(certificate, cast, actor=person)
