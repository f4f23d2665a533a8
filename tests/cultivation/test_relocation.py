"""Firms that come to Baise: from another area, from elsewhere in Guangxi, and those that come back."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import Refused
from cultivation.enums import AccreditationKind, Role
from cultivation.models import Accreditation, Determination, Firm, FirmDivision
from cultivation.selectors.determinations import final_determinations
from cultivation.selectors.stock import stock_on
from cultivation.services.firms import move_firm, register_firm
from cultivation.services.relocation import record_inbound_relocation
from tests.factories import AccreditationFactory, UserFactory, credit_code, division

pytestmark = pytest.mark.django_db

DAY = dt.date(2019, 5, 6)


@pytest.fixture
def caseworker():
    return UserFactory(role=Role.CASEWORKER)


@pytest.fixture
def firm(caseworker):
    return register(caseworker)


@pytest.fixture
def outside(caseworker):
    return register(caseworker, division=None, registered_capital=Decimal("1000000.00"))


def register(actor, **changes):
    values = {
        "credit_code": credit_code(8001),
        "name": "演示旧名（百色）有限公司",
        "division": division("youjiang"),
        "registered_on": dt.date(2015, 3, 1),
    }
    return register_firm(actor=actor, **(values | changes))


def relocate(firm, actor, **changes):
    values = {
        "division": division("pingguo"),
        "moved_on": DAY,
        "from_place": "广东省深圳市",
        "is_whole": True,
        "document_number": "演示迁入〔2019〕1号",
        "document_date": DAY,
        "certificate_number": "gr２０１７４４２００００１",
        "certificate_issued_on": dt.date(2017, 10, 31),
    }
    return record_inbound_relocation(firm=firm, actor=actor, **(values | changes))


def leave(firm, actor):
    return move_firm(
        firm=firm, division=None, moved_on=dt.date(2019, 1, 7), document="演示迁出〔2019〕1号", actor=actor
    )


def refused(service, **arguments):
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    return refusal.value.code


class TestFromAnotherArea:
    def test_edge_case_21_a_whole_move_keeps_number_and_term_though_they_are_not_guangxi_s(
        self, outside, caseworker
    ):
        certificate = relocate(outside, caseworker).accreditation
        assert (certificate.certificate_number, certificate.kind) == (
            "GR201744200001",
            AccreditationKind.INBOUND,
        )
        assert (certificate.issued_on, certificate.last_day) == (dt.date(2017, 10, 31), dt.date(2020, 10, 30))
        assert certificate.name_on_certificate == outside.name
        assert list(final_determinations()) == [certificate]

    def test_edge_case_21_it_counts_from_the_day_of_the_move(self, outside, caseworker):
        relocate(outside, caseworker)
        assert stock_on(DAY - dt.timedelta(days=1)).total == 0
        assert stock_on(DAY).by_division == {division("pingguo").pk: 1}
        assert Firm.objects.get().division.key == "pingguo"

    def test_edge_case_21_a_partial_move_needs_a_fresh_accreditation(self, outside, caseworker):
        assert refused(relocate, firm=outside, actor=caseworker, is_whole=False) == "partial_move"
        moved = relocate(outside, caseworker, is_whole=False, certificate_number="")
        assert moved.accreditation is None
        assert stock_on(DAY).total == 0
        assert not Determination.objects.exists()

    def test_edge_case_21_a_firm_that_comes_back_brings_its_own_certificate(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm)
        firm = leave(firm, caseworker)
        moved = relocate(firm, caseworker, certificate_number=certificate.certificate_number)
        assert moved.accreditation == certificate
        assert Accreditation.objects.count() == 1
        assert FirmDivision.objects.filter(firm=firm).count() == 3

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"certificate_issued_on": dt.date(2016, 5, 6)}, "certificate_expired"),
            ({"certificate_issued_on": dt.date(2019, 5, 7)}, "moved_before_issue"),
            ({"certificate_issued_on": None}, "certificate_incomplete"),
            ({"from_place": " "}, "place_missing"),
            ({"document_number": ""}, "document_missing"),
            ({"document_date": dt.date(2019, 7, 1)}, "document_in_future"),
            ({"moved_on": dt.date(2019, 7, 1)}, "future_date"),
        ],
    )
    def test_refuses(self, outside, caseworker, changes, code):
        assert refused(relocate, firm=outside, actor=caseworker, **changes) == code
        assert not Accreditation.objects.exists()

    def test_the_last_day_of_the_term_is_still_in_time(self, outside, caseworker):
        assert relocate(outside, caseworker, certificate_issued_on=dt.date(2016, 5, 7)).accreditation

    def test_a_certificate_of_another_firm_is_refused(self, outside, caseworker):
        taken = AccreditationFactory().certificate_number
        assert (
            refused(relocate, firm=outside, actor=caseworker, certificate_number=taken) == "certificate_taken"
        )

    def test_edge_case_21_a_revoked_certificate_does_not_come_along(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm, revoked=True)
        firm = leave(firm, caseworker)
        number = certificate.certificate_number
        assert (
            refused(relocate, firm=firm, actor=caseworker, certificate_number=number) == "certificate_revoked"
        )

    def test_a_firm_of_baise_does_not_move_in(self, firm, caseworker):
        assert refused(relocate, firm=firm, actor=caseworker) == "firm_not_outside"

    @pytest.mark.parametrize("number", ["", "known"])
    def test_edge_case_21_a_firm_that_comes_back_in_part_leaves_its_certificate_behind(
        self, firm, caseworker, number
    ):
        certificate = AccreditationFactory(firm=firm)
        firm = leave(firm, caseworker)
        number = certificate.certificate_number if number else ""
        code = refused(relocate, firm=firm, actor=caseworker, is_whole=False, certificate_number=number)
        assert code == "partial_move"
        assert stock_on(DAY).total == 0

    def test_a_firm_whose_certificate_has_ended_comes_back_in_part(self, firm, caseworker):
        AccreditationFactory(firm=firm, issued_on=dt.date(2016, 1, 4), last_day=dt.date(2019, 1, 3))
        moved = relocate(leave(firm, caseworker), caseworker, is_whole=False, certificate_number="")
        assert (moved.accreditation, stock_on(DAY).total) == (None, 0)


class TestFromElsewhereInGuangxi:
    @pytest.mark.parametrize("is_whole", [True, False])
    def test_edge_case_21_the_certificate_stays_as_it_is(self, outside, caseworker, is_whole):
        moved = relocate(
            outside,
            caseworker,
            is_inside_guangxi=True,
            is_whole=is_whole,
            certificate_number="GR201745000123",
        )
        certificate = moved.accreditation
        assert (moved.is_inside_guangxi, moved.is_whole) == (True, is_whole)
        assert (certificate.certificate_number, certificate.issued_on, certificate.last_day) == (
            "GR201745000123",
            dt.date(2017, 10, 31),
            dt.date(2020, 10, 30),
        )
        assert stock_on(DAY).by_division == {division("pingguo").pk: 1}

    def test_edge_case_21_nobody_decides_about_it_again_and_no_award_is_matched(self, outside, caseworker):
        relocate(outside, caseworker, is_inside_guangxi=True)
        assert not Determination.objects.exists()
        assert not final_determinations().exists()

    def test_edge_case_21_a_firm_that_comes_back_keeps_the_recorded_one(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm)
        moved = relocate(
            leave(firm, caseworker),
            caseworker,
            is_inside_guangxi=True,
            is_whole=False,
            certificate_number=certificate.certificate_number,
        )
        assert moved.accreditation == certificate
        assert (stock_on(DAY - dt.timedelta(days=1)).total, stock_on(DAY).total) == (0, 1)

    def test_the_term_still_has_to_run(self, outside, caseworker):
        issued_on = dt.date(2016, 5, 6)
        code = refused(
            relocate, firm=outside, actor=caseworker, is_inside_guangxi=True, certificate_issued_on=issued_on
        )
        assert code == "certificate_expired"
