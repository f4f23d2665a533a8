"""Figures moved on trial: judged as ``assess`` judges them, and the least move that makes a finding pass."""

from copy import deepcopy
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cultivation.rules.assessment import assess
from cultivation.rules.expenses import OtherCap
from cultivation.rules.facts import parse_facts
from cultivation.rules.findings import Code, Status
from cultivation.rules.self_check import judge
from cultivation.rules.what_if import CannotMove, Levers, levers_of, moved, remedy

from .sample import PASSING, rd, year

FEN = Decimal("0.01")


def three(**latest):
    return [year(2016), year(2017), year(2018, **latest)]


def closed(facts, code, cap=OtherCap.INTERNAL):
    """The facts with the gap of ``code`` closed."""
    judgement = judge(facts, cap)
    found = remedy(judgement.facts, judgement.result, code)
    assert found is not None
    return found, moved(facts, found)


def status(facts, code, cap=OtherCap.INTERNAL):
    return judge(facts, cap).result.finding(code).status


class TestMoving:
    def test_levers_that_stay_change_nothing(self):
        assert moved(PASSING, levers_of(parse_facts(PASSING))) == PASSING

    def test_each_lever_is_judged_as_assess_judges_the_same_facts(self):
        by_hand = deepcopy(PASSING)
        by_hand["years"][-1] |= {"sales": "60000000.00", "high_tech_income": "1.00"}
        by_hand["years"][-1]["rd"]["personnel"] = "900000.00"
        by_hand |= {"technical_average": "1.5", "employees_average": "20", "conversions": [5, 5, 9]}
        by_hand["ip"].append(
            {"class": 1, "kind": "invention_patent", "obtained": "own", "used_before": False}
        )
        by_hand["conversions"] = [*PASSING["conversions"][:2], 9]
        levers = Levers(
            sales=Decimal(60_000_000),
            rd_total=Decimal(900_000),
            high_tech_income=Decimal(1),
            technical=Decimal("1.5"),
            employees=Decimal(20),
            conversions=9,
            class_one=1,
        )
        tried = assess(parse_facts(moved(PASSING, levers))).as_json()
        expected = assess(parse_facts(by_hand)).as_json()
        assert {**tried, "inputs_sha256": ""} == {**expected, "inputs_sha256": ""}

    def test_the_facts_given_are_left_as_they_are(self):
        before = deepcopy(PASSING)
        moved(PASSING, Levers(sales=Decimal(1), class_one=2))
        assert before == PASSING

    def test_months_make_room_for_an_average(self):
        months = [{"opening": "10", "closing": "10"}] * 12
        facts = {**PASSING, "technical_average": None, "technical_monthly": months}
        assert levers_of(parse_facts(facts)).technical == 10
        after = moved(facts, Levers(technical=Decimal(11)))
        assert (after["technical_average"], "technical_monthly" in after) == ("11", False)

    def test_the_total_cannot_fall_below_the_other_categories(self):
        facts = {**PASSING, "years": three(rd=rd(personnel="10.00", direct_input="500.00"))}
        with pytest.raises(CannotMove, match=r"500\.00") as refused:
            moved(facts, Levers(rd_total=Decimal(499)))
        assert refused.value.lever == "rd_total"

    @pytest.mark.parametrize(
        ("missing", "levers"),
        [
            ("years", Levers(sales=Decimal(1))),
            ("years", Levers(rd_total=Decimal(1))),
            ("conversions", Levers(conversions=1)),
        ],
    )
    def test_what_is_not_there_cannot_be_moved(self, missing, levers):
        facts = {key: value for key, value in PASSING.items() if key != missing}
        with pytest.raises(CannotMove):
            moved(facts, levers)

    def test_a_total_needs_every_category(self):
        facts = {**PASSING, "years": three(rd={"personnel": "1.00"})}
        assert levers_of(parse_facts(facts)).rd_total is None
        with pytest.raises(CannotMove):
            moved(facts, Levers(rd_total=Decimal(5)))


class TestRemedies:
    """The move makes the finding pass, and one step less does not."""

    def test_technical_staff(self):
        facts = {**PASSING, "employees_average": "53", "technical_average": "3"}
        found, after = closed(facts, Code.TECHNICAL_STAFF_SHARE)
        assert found.technical == Decimal("5.30")
        assert status(after, Code.TECHNICAL_STAFF_SHARE) is Status.PASS
        less = moved(facts, replace(found, technical=found.technical - FEN))
        assert status(less, Code.TECHNICAL_STAFF_SHARE) is Status.FAIL

    def test_high_tech_income(self):
        facts = {**PASSING, "years": three(total_income="10.01", high_tech_income="1.00")}
        found, after = closed(facts, Code.HIGH_TECH_INCOME_SHARE)
        assert found.high_tech_income == Decimal("6.01")
        assert status(after, Code.HIGH_TECH_INCOME_SHARE) is Status.PASS

    @pytest.mark.parametrize("cap", list(OtherCap))
    @pytest.mark.parametrize("code", [Code.RD_INTENSITY, Code.RD_DOMESTIC_SHARE])
    @given(
        personnel=st.integers(0, 60_000_000),
        other=st.integers(0, 90_000_000),
        foreign=st.integers(0, 90_000_000),
        home=st.integers(0, 9_000_000),
    )
    def test_research_expenses(self, cap, code, personnel, other, foreign, home):
        """Spending on personnel makes room for other expenses above the cap, so less of it does than the gap says."""
        amounts = {
            "personnel": personnel,
            "other": other,
            "outsourced_foreign": foreign,
            "outsourced_domestic": home,
        }
        spent = rd(**{key: str(Decimal(fen).scaleb(-2)) for key, fen in amounts.items()})
        facts = {**PASSING, "years": three(rd=spent, sales="15000000.00")}
        if status(facts, code, cap) is not Status.FAIL:
            return
        found, after = closed(facts, code, cap)
        assert status(after, code, cap) is Status.PASS
        less = moved(facts, replace(found, rd_total=found.rd_total - FEN))
        assert status(less, code, cap) is Status.FAIL

    def test_property(self):
        found, after = closed({**PASSING, "ip": []}, Code.CORE_IP)
        assert found.class_one == 1
        assert status(after, Code.CORE_IP) is Status.PASS

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"core_ip_owned": False}, Code.CORE_IP),
            ({"registered_on": "2019-01-01"}, Code.REGISTERED_365_DAYS),
            ({}, Code.RD_INTENSITY),
        ],
    )
    def test_there_is_none_where_no_figure_helps_or_nothing_fails(self, changes, code):
        judgement = judge({**PASSING, **changes})
        assert remedy(judgement.facts, judgement.result, code) is None
