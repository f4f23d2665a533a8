"""What a failing finding asks for makes it pass, and a fen, a day or a hundredth of a person less does not."""

import re
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.cultivation.rules.judged import finding, status
from tests.cultivation.rules.sample import facts, rd, with_series, with_year

FEN = Decimal("0.01")
fen = st.integers(0, 10**11).map(lambda number: Decimal(number) / 100)
FILED = date(2019, 6, 30)


def gap(note, words):
    """The figure after the words, as a number."""
    return Decimal(re.search(f"{words} ([0-9,.]+)", note)[1].replace(",", ""))


def failing(mapping, code):
    found = finding(mapping, code)
    assume(found.status == "fail")
    return found.note


@settings(deadline=None)
@given(fen, fen, fen)
def test_research_that_is_missing(first, second, latest):
    mapping = with_series("sales", str(first), str(second), str(latest))

    def spending(amount):
        for figures, spent in zip(mapping["years"], (rd(), rd(), rd(design=str(amount))), strict=True):
            figures["rd"] = spent
        return mapping

    asked = gap(failing(spending(Decimal(0)), "rd_intensity"), "研发费用还差")
    assert status(spending(asked), "rd_intensity") == "pass"
    assert status(spending(asked - FEN), "rd_intensity") == "fail"


@settings(deadline=None)
@given(fen, fen.filter(bool))
def test_domestic_research_that_is_missing(home, abroad):
    def spending(personnel):
        mapping = facts()
        for index, figures in enumerate(mapping["years"]):
            figures["rd"] = (
                rd(personnel=str(personnel), outsourced_foreign=str(abroad)) if index == 1 else rd()
            )
        return mapping

    asked = gap(failing(spending(home), "rd_domestic_share"), "境内研发费用还差")
    assert status(spending(home + asked), "rd_domestic_share") == "pass"
    assert status(spending(home + asked - FEN), "rd_domestic_share") == "fail"


@settings(deadline=None)
@given(fen, fen.filter(bool))
def test_high_tech_income_that_is_missing(income, total):
    def earning(amount):
        return with_year(2, total_income=str(total), high_tech_income=str(amount))

    asked = gap(failing(earning(income), "high_tech_income_share"), "收入还差")
    assert status(earning(income + asked), "high_tech_income_share") == "pass"
    assert status(earning(income + asked - FEN), "high_tech_income_share") == "fail"


@settings(deadline=None)
@given(fen, fen.filter(bool))
def test_main_products_that_are_missing(income, total):
    def selling(amount):
        mapping = with_year(2, total_income=str(total), high_tech_income=str(total))
        return mapping | {"main_products": [{"name": "甲", "income": str(amount), "core_ip": True}]}

    asked = gap(failing(selling(income), "core_ip"), "收入还差")
    assert status(selling(income + asked), "core_ip") == "pass"
    assert status(selling(income + asked - FEN), "core_ip") == "fail"


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 10**7))
def test_technical_staff_that_is_missing(technical, employees):
    heads, everybody = Decimal(technical) / 100, Decimal(employees) / 100

    def staffed(more, hired=Decimal(0)):
        return facts(technical_average=str(heads + more), employees_average=str(everybody + hired))

    note = failing(staffed(Decimal(0)), "technical_staff_share")
    asked, people, hired = gap(note, "科技人员还差"), gap(note, "按整人计"), gap(note, "另行新聘的须")
    assert status(staffed(asked), "technical_staff_share") == "pass"
    assert status(staffed(asked - FEN), "technical_staff_share") == "fail"
    assert people - 1 < asked <= people
    assert status(staffed(hired, hired), "technical_staff_share") == "pass"
    assert status(staffed(hired - 1, hired - 1), "technical_staff_share") == "fail"


@given(st.integers(0, 364))
def test_the_first_day_on_which_a_young_firm_may_file(days):
    registered = (FILED - timedelta(days=days)).isoformat()
    note = failing(facts(registered_on=registered), "registered_365_days")
    first = date.fromisoformat(re.search("([0-9-]{10}) 起", note)[1])
    for day, verdict in ((first, "pass"), (first - timedelta(days=1), "fail")):
        mapping = facts(registered_on=registered, filed_on=day.isoformat())
        assert status(mapping, "registered_365_days") == verdict


@given(st.lists(st.integers(0, 365), min_size=1, max_size=3))
def test_the_first_day_after_the_last_incident(ages):
    incidents = [
        {
            "date": (FILED - timedelta(days=age)).isoformat(),
            "kind": "safety",
            "serious": True,
            "document": "演示安监〔2019〕1号",
        }
        for age in ages
    ]
    note = failing(facts(incidents=incidents), "no_incident")
    first = date.fromisoformat(re.search("([0-9-]{10}) 起", note)[1])
    for day, verdict in ((first, "pass"), (first - timedelta(days=1), "fail")):
        assert status(facts(incidents=incidents, filed_on=day.isoformat()), "no_incident") == verdict
