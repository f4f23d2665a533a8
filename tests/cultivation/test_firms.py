"""Firms change by document, and what was stays known."""

import datetime as dt
from decimal import Decimal

import pytest

from config.common.errors import NotAllowed, Refused
from cultivation.enums import AccreditationKind, Role
from cultivation.models import Accreditation, Contact, Determination, Firm, FirmDivision, RefusedAttempt
from cultivation.selectors.determinations import final_determinations
from cultivation.selectors.firms import firm_list
from cultivation.selectors.stock import stock_on
from cultivation.services.firms import move_firm, register_firm, rename_firm, set_contact
from cultivation.services.relocation import record_inbound_relocation
from tests.factories import AccreditationFactory, FirmFactory, UserFactory, credit_code, division

pytestmark = pytest.mark.django_db

BORN = dt.date(2015, 3, 1)


@pytest.fixture
def caseworker():
    return UserFactory(role=Role.CASEWORKER)


@pytest.fixture
def firm(caseworker):
    return register(caseworker)


def register(actor, **changes):
    values = {
        "credit_code": credit_code(8001),
        "name": "演示旧名（百色）有限公司",
        "division": division("youjiang"),
        "registered_on": BORN,
    }
    return register_firm(actor=actor, **(values | changes))


def refused(service, **arguments):
    with pytest.raises(Refused) as refusal:
        service(**arguments)
    return refusal.value.code


class TestRegistering:
    def test_keeps_the_beginning_of_name_and_place(self, firm):
        assert [(row.name, row.valid_from) for row in firm.names.all()] == [(firm.name, BORN)]
        assert [(row.division, row.valid_from) for row in firm.places.all()] == [(firm.division, BORN)]

    def test_normalises_what_people_type(self, caseworker):
        firm = register(
            caseworker, credit_code=f"　{credit_code(8002).lower()} ", name=" 演示 Ａ１（百色）公司　"
        )
        assert (firm.credit_code, firm.name) == (credit_code(8002), "演示 A1（百色）公司")

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"credit_code": "91350100M000100Y4Z"}, "credit_code"),
            ({"name": "　", "credit_code": credit_code(8002)}, "name_missing"),
            ({"registered_on": dt.date(2019, 7, 1), "credit_code": credit_code(8002)}, "future_date"),
            ({}, "firm_exists"),
        ],
    )
    def test_refuses(self, firm, caseworker, changes, code):
        assert refused(register, actor=caseworker, **changes) == code

    def test_a_county_registers_for_itself_alone(self):
        county = UserFactory(role=Role.COUNTY, division=division("napo"))
        assert register(county, division=division("napo")).division.key == "napo"
        with pytest.raises(NotAllowed):
            register(county, credit_code=credit_code(8003), division=division("youjiang"))
        with pytest.raises(NotAllowed):
            register(county, credit_code=credit_code(8003), division=None)


class TestCase22Renaming:
    NEW = "演示新名有限公司"
    DAY = dt.date(2019, 4, 1)

    def rename(self, firm, actor, **changes):
        values = {"name": self.NEW, "valid_from": self.DAY, "document": "演示变更〔2019〕1号"}
        return rename_firm(firm=firm, actor=actor, **(values | changes))

    def test_the_name_of_a_day_is_the_one_in_force_on_it(self, firm, caseworker):
        old = firm.name
        firm = self.rename(firm, caseworker)
        assert firm.name == self.NEW
        assert firm.name_on(self.DAY - dt.timedelta(days=1)) == old
        assert firm.name_on(self.DAY) == self.NEW
        assert firm.history.count() == 2

    def test_the_old_name_can_be_searched(self, firm, caseworker):
        self.rename(firm, caseworker)
        assert firm_list(caseworker, text="旧名").rows == [firm]

    def test_the_certificate_keeps_number_and_term(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm)
        self.rename(firm, caseworker)
        after = Accreditation.objects.get(pk=certificate.pk)
        assert (after.certificate_number, after.last_day, after.name_on_certificate) == (
            certificate.certificate_number,
            certificate.last_day,
            "演示旧名（百色）有限公司",
        )

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": "演示旧名(百色)有限公司"}, "same_name"),
            ({"name": ""}, "name_missing"),
            ({"document": " "}, "document_missing"),
            ({"valid_from": dt.date(2019, 7, 1)}, "future_date"),
            ({"valid_from": BORN}, "name_before_last"),
        ],
    )
    def test_refuses(self, firm, caseworker, changes, code):
        assert refused(self.rename, firm=firm, actor=caseworker, **changes) == code
        assert Firm.objects.get().name == "演示旧名（百色）有限公司"
        assert RefusedAttempt.objects.get().code == code

    def test_a_firm_without_rows_of_its_own_keeps_its_first_name(self, caseworker):
        firm = FirmFactory()
        old = firm.name
        assert self.rename(firm, caseworker).name_on(BORN) == old


class TestMoving:
    DAY = dt.date(2019, 5, 6)

    def move(self, firm, actor, **changes):
        values = {"division": division("napo"), "moved_on": self.DAY, "document": "演示迁移〔2019〕1号"}
        return move_firm(firm=firm, actor=actor, **(values | changes))

    def test_case_21_a_move_inside_baise_changes_the_county_only(self, firm, caseworker):
        AccreditationFactory(firm=firm, issued_on=dt.date(2018, 1, 1), last_day=dt.date(2020, 12, 31))
        firm = self.move(firm, caseworker)
        before, after = stock_on(self.DAY - dt.timedelta(days=1)), stock_on(self.DAY)
        assert before.by_division == {division("youjiang").pk: 1}
        assert after.by_division == {division("napo").pk: 1}
        assert firm.credit_code == credit_code(8001)

    def test_a_firm_that_leaves_baise_leaves_the_stock(self, firm, caseworker):
        AccreditationFactory(firm=firm)
        self.move(firm, caseworker, division=None)
        assert (stock_on(self.DAY - dt.timedelta(days=1)).total, stock_on(self.DAY).total) == (1, 0)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"division": "youjiang"}, "same_division"),
            ({"division": "baise"}, "city_is_no_county"),
            ({"moved_on": dt.date(2019, 7, 1)}, "future_date"),
            ({"moved_on": BORN}, "move_before_last"),
            ({"document": ""}, "document_missing"),
        ],
    )
    def test_refuses(self, firm, caseworker, changes, code):
        if "division" in changes:
            changes = {"division": division(changes["division"])}
        assert refused(self.move, firm=firm, actor=caseworker, **changes) == code

    def test_only_the_city_moves_firms(self, firm):
        with pytest.raises(NotAllowed):
            self.move(firm, UserFactory(role=Role.COUNTY, division=firm.division))


class TestContact:
    def test_the_firm_keeps_its_own_contact(self, firm):
        own = UserFactory(role=Role.FIRM, firm=firm)
        set_contact(firm=firm, name="某", phone="１３８", actor=own)
        set_contact(firm=firm, name="别人", email="a@example.cn", actor=own)
        contact = Contact.objects.get(firm=firm)
        assert (contact.name, contact.phone, contact.email) == ("别人", "", "a@example.cn")
        assert refused(set_contact, firm=firm, name="某", actor=own) == "contact_missing"

    def test_and_no_other_firm_s(self, firm):
        with pytest.raises(NotAllowed):
            set_contact(
                firm=firm, name="某", phone="1", actor=UserFactory(role=Role.FIRM, firm=FirmFactory())
            )


class TestCase21Inbound:
    DAY = dt.date(2019, 5, 6)

    @pytest.fixture
    def outside(self, caseworker):
        return register(caseworker, division=None, registered_capital=Decimal("1000000.00"))

    def relocate(self, firm, actor, **changes):
        values = {
            "division": division("pingguo"),
            "moved_on": self.DAY,
            "from_place": "广东省深圳市",
            "is_whole": True,
            "document_number": "演示迁入〔2019〕1号",
            "document_date": self.DAY,
            "certificate_number": "gr２０１７４４２００００１",
            "certificate_issued_on": dt.date(2017, 10, 31),
        }
        return record_inbound_relocation(firm=firm, actor=actor, **(values | changes))

    def test_a_whole_move_keeps_number_and_term_though_they_are_not_guangxi_s(self, outside, caseworker):
        certificate = self.relocate(outside, caseworker).accreditation
        assert (certificate.certificate_number, certificate.kind) == (
            "GR201744200001",
            AccreditationKind.INBOUND,
        )
        assert (certificate.issued_on, certificate.last_day) == (dt.date(2017, 10, 31), dt.date(2020, 10, 30))
        assert certificate.name_on_certificate == outside.name
        assert list(final_determinations()) == [certificate]

    def test_it_counts_from_the_day_of_the_move(self, outside, caseworker):
        self.relocate(outside, caseworker)
        assert stock_on(self.DAY - dt.timedelta(days=1)).total == 0
        assert stock_on(self.DAY).by_division == {division("pingguo").pk: 1}
        assert Firm.objects.get().division.key == "pingguo"

    def test_a_partial_move_needs_a_fresh_accreditation(self, outside, caseworker):
        assert refused(self.relocate, firm=outside, actor=caseworker, is_whole=False) == "partial_move"
        moved = self.relocate(outside, caseworker, is_whole=False, certificate_number="")
        assert moved.accreditation is None
        assert stock_on(self.DAY).total == 0
        assert not Determination.objects.exists()

    def test_a_firm_that_comes_back_brings_its_own_certificate(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm)
        firm = move_firm(
            firm=firm, division=None, moved_on=dt.date(2019, 1, 7), document="演示", actor=caseworker
        )
        moved = self.relocate(firm, caseworker, certificate_number=certificate.certificate_number)
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
        assert refused(self.relocate, firm=outside, actor=caseworker, **changes) == code
        assert not Accreditation.objects.exists()

    def test_the_last_day_of_the_term_is_still_in_time(self, outside, caseworker):
        assert self.relocate(outside, caseworker, certificate_issued_on=dt.date(2016, 5, 7)).accreditation

    def test_a_certificate_of_another_firm_is_refused(self, outside, caseworker):
        taken = AccreditationFactory().certificate_number
        assert (
            refused(self.relocate, firm=outside, actor=caseworker, certificate_number=taken)
            == "certificate_taken"
        )

    def test_a_revoked_certificate_does_not_come_along(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm, revoked=True)
        firm = move_firm(
            firm=firm, division=None, moved_on=dt.date(2019, 1, 7), document="演示", actor=caseworker
        )
        number = certificate.certificate_number
        assert (
            refused(self.relocate, firm=firm, actor=caseworker, certificate_number=number)
            == "certificate_revoked"
        )

    def test_a_firm_of_baise_does_not_move_in(self, firm, caseworker):
        assert refused(self.relocate, firm=firm, actor=caseworker) == "firm_not_outside"
