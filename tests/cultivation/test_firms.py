"""Firms change by document, and what was stays known."""

import datetime as dt

import pytest

from config.common import clock
from config.common.errors import NotAllowed, Refused
from cultivation.enums import ChangeKind, Role
from cultivation.models import Accreditation, Contact, Firm, MaterialChange, RefusedAttempt
from cultivation.selectors.firms import firm_list
from cultivation.selectors.stock import stock_on
from cultivation.services.changes import record_material_change
from cultivation.services.firms import move_firm, register_firm, rename_firm, set_contact
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


class TestRenaming:
    NEW = "演示新名有限公司"
    DAY = dt.date(2019, 4, 1)

    def rename(self, firm, actor, **changes):
        values = {"name": self.NEW, "valid_from": self.DAY, "document": "演示变更〔2019〕1号"}
        return rename_firm(firm=firm, actor=actor, **(values | changes))

    def test_edge_case_22_the_name_of_a_day_is_the_one_in_force_on_it(self, firm, caseworker):
        old = firm.name
        firm = self.rename(firm, caseworker)
        assert firm.name == self.NEW
        assert firm.name_on(self.DAY - dt.timedelta(days=1)) == old
        assert firm.name_on(self.DAY) == self.NEW
        assert firm.history.count() == 2

    def test_edge_case_22_the_old_name_can_be_searched(self, firm, caseworker):
        self.rename(firm, caseworker)
        assert firm_list(caseworker, text="旧名").rows == [firm]

    def test_edge_case_22_the_certificate_keeps_number_and_term(self, firm, caseworker):
        certificate = AccreditationFactory(firm=firm)
        self.rename(firm, caseworker)
        after = Accreditation.objects.get(pk=certificate.pk)
        assert (after.certificate_number, after.last_day, after.name_on_certificate) == (
            certificate.certificate_number,
            certificate.last_day,
            "演示旧名（百色）有限公司",
        )

    @pytest.mark.parametrize(
        ("reported_on", "late"), [(dt.date(2019, 5, 28), False), (dt.date(2019, 5, 29), True)]
    )
    def test_edge_case_22_the_report_is_due_within_three_months(self, firm, caseworker, reported_on, late):
        self.rename(firm, caseworker, valid_from=dt.date(2019, 2, 28), reported_on=reported_on)
        change = MaterialChange.objects.get(firm=firm)
        assert (change.kind, change.happened_on) == (ChangeKind.RENAME, dt.date(2019, 2, 28))
        assert (change.due_on, change.is_late) == (dt.date(2019, 5, 28), late)

    def test_without_another_day_it_is_reported_today(self, firm, caseworker):
        self.rename(firm, caseworker)
        assert MaterialChange.objects.get(firm=firm).reported_on == clock.today()

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": "演示旧名(百色)有限公司"}, "same_name"),
            ({"reported_on": dt.date(2019, 3, 31)}, "reported_before_change"),
            ({"reported_on": dt.date(2019, 7, 1)}, "future_date"),
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

    def test_edge_case_21_a_move_inside_baise_changes_the_county_only(self, firm, caseworker):
        AccreditationFactory(firm=firm, issued_on=dt.date(2018, 1, 1), last_day=dt.date(2020, 12, 31))
        firm = self.move(firm, caseworker)
        before, after = stock_on(self.DAY - dt.timedelta(days=1)), stock_on(self.DAY)
        assert before.by_division == {division("youjiang").pk: 1}
        assert after.by_division == {division("napo").pk: 1}
        assert firm.credit_code == credit_code(8001)

    def test_edge_case_21_a_firm_that_leaves_baise_leaves_the_stock(self, firm, caseworker):
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


class TestMaterialChanges:
    def record(self, firm, actor, **changes):
        values = {
            "kind": ChangeKind.MERGER,
            "happened_on": dt.date(2019, 3, 15),
            "reported_on": dt.date(2019, 4, 1),
            "document": "演示报告〔2019〕1号",
        }
        return record_material_change(firm=firm, actor=actor, **(values | changes))

    def test_are_kept_with_their_document(self, firm, caseworker):
        change = self.record(firm, caseworker, remark=" 吸收合并 ")
        assert (change.due_on, change.is_late, change.remark) == (dt.date(2019, 6, 15), False, "吸收合并")
        assert change.recorded_by == caseworker

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"kind": ChangeKind.RENAME}, "rename_apart"),
            ({"document": " "}, "document_missing"),
            ({"reported_on": dt.date(2019, 7, 1)}, "future_date"),
            ({"reported_on": dt.date(2019, 3, 14)}, "reported_before_change"),
        ],
    )
    def test_refuse(self, firm, caseworker, changes, code):
        assert refused(self.record, firm=firm, actor=caseworker, **changes) == code
        assert not MaterialChange.objects.exists()

    def test_the_same_one_is_recorded_once(self, firm, caseworker):
        self.record(firm, caseworker)
        assert refused(self.record, firm=firm, actor=caseworker) == "change_recorded"

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
    def test_are_the_caseworkers(self, firm, role):
        with pytest.raises(NotAllowed):
            self.record(firm, UserFactory(role=role))


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
