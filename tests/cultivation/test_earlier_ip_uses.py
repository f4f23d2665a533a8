"""Uses of property before this system, by document; and what the property page of a firm says."""

import datetime as dt
from typing import Any

import pytest

from config.common import clock
from config.common.errors import NotAllowed
from cultivation.enums import Role
from cultivation.models import IpUse
from cultivation.selectors.firm_property import firm_property
from cultivation.services.ip_uses import record_earlier_ip_use
from tests.cultivation.property import MODEL, ON, OTHER_MODEL, PATENT, facts_of, filed_with, refusal
from tests.factories import AccreditationFactory, FirmFactory, UserFactory, staff

pytestmark = pytest.mark.django_db


class TestEarlierUse:
    def record(self, **changes: Any) -> IpUse:
        answers = {
            "firm": FirmFactory() if "firm" not in changes else changes["firm"],
            "number": "zl201520123456.1",
            "kind": "utility_model",
            "filed_on": dt.date(2016, 8, 1),
            "document": "演申报〔2016〕7号",
            "actor": staff().caseworker,
        }
        return record_earlier_ip_use(**{**answers, **changes})

    def test_is_on_record_with_its_document(self) -> None:
        use = self.record()
        assert (use.number, use.ip_class, use.case, use.document) == (
            "ZL201520123456.1",
            2,
            None,
            "演申报〔2016〕7号",
        )

    def test_spends_class_two_for_the_firm_and_for_others(self) -> None:
        firm = FirmFactory()
        self.record(firm=firm)
        for who in (firm, None):
            (model,) = facts_of(MODEL, firm=who)
            assert model["used_before"] is True
            assert "co_owned_used_by_other" not in model

    def test_holds_while_the_certificate_that_followed_it_runs(self) -> None:
        firm = FirmFactory()
        self.record(firm=firm, number=PATENT["number"], kind="invention_patent")
        AccreditationFactory(firm=firm, issued_on=dt.date(2015, 1, 1), last_day=dt.date(2030, 1, 1))
        assert facts_of(PATENT) == [PATENT]
        AccreditationFactory(firm=firm, issued_on=dt.date(2016, 11, 30), last_day=dt.date(2019, 11, 29))
        AccreditationFactory(firm=firm, issued_on=dt.date(2019, 12, 30), last_day=dt.date(2022, 12, 29))
        assert facts_of(PATENT)[0]["co_owned_used_by_other"] is True
        with clock.fixed(dt.date(2019, 11, 30)):
            assert facts_of(PATENT) == [PATENT]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"number": "  "}, "number_missing"),
            ({"number": "9" * 61}, "number_too_long"),
            ({"kind": "trademark"}, "kind_unknown"),
            ({"kind": ""}, "kind_unknown"),
            ({"filed_on": dt.date(2019, 7, 1)}, "future_date"),
            ({"document": " "}, "document_missing"),
            ({"document": "演" * 121}, "document_too_long"),
        ],
    )
    def test_is_refused_where_something_is_wrong(self, changes: Any, code: str) -> None:
        assert refusal(lambda: self.record(**changes)).code == code
        assert not IpUse.objects.exists()

    def test_is_entered_once(self) -> None:
        firm = FirmFactory()
        self.record(firm=firm)
        assert refusal(lambda: self.record(firm=firm, number="ZL 201520123456.1")).code == "use_known"
        self.record(firm=firm, filed_on=dt.date(2013, 8, 1))
        assert IpUse.objects.count() == 2

    @pytest.mark.parametrize("role", [role for role in Role if role is not Role.CASEWORKER])
    def test_is_the_caseworkers_to_enter(self, role: Role) -> None:
        with pytest.raises(NotAllowed):
            self.record(actor=UserFactory(role=role))


def test_the_property_of_a_firm_says_what_may_be_used_again(django_assert_max_num_queries: Any) -> None:
    firm = FirmFactory()
    record_earlier_ip_use(
        firm=firm,
        number="ZL201520777777.7",
        kind="utility_model",
        filed_on=dt.date(2016, 8, 1),
        document="演申报〔2016〕7号",
        actor=staff().caseworker,
    )
    filed_with(PATENT, MODEL, {**OTHER_MODEL, "used_before": True}, {**PATENT, "number": None}, firm=firm)
    with django_assert_max_num_queries(6):
        lines = {line.number: line for line in firm_property(firm, ON).lines}
    said = {number: (line.declared, line.usable, line.why) for number, line in lines.items()}
    assert said == {
        "": (True, True, "没有登记号，无法与台账核对"),
        "ZL201510123456.7": (True, True, "Ⅰ类，可再次使用"),
        "ZL201520123456.1": (
            True,
            False,
            "为Ⅱ类且以前申报已使用，不计（台账：本企业 2019-06-30 申报已使用）",
        ),
        "ZL201520123457.X": (True, False, "为Ⅱ类且以前申报已使用，不计"),
        "ZL201520777777.7": (
            False,
            False,
            "为Ⅱ类且以前申报已使用，不计（台账：本企业 2016-08-01 申报已使用）",
        ),
    }
